"""Phases in which the straps lie, are put on, or are kept still in a pose.

Invariant: a pose is marked only while every strap that can tell is still; the first that moves is named, and the pose
begins anew.
"""

from collections.abc import Collection, Mapping

from monitor.coach.plan import Phase, PhaseKind
from monitor.coach.progress import Progress
from monitor.coach.signals import Action, Seen
from monitor.language import gettext as _
from monitor.wording.names import strap_place
from sensor.samples import THIGHS, Placement

HANDLED_S = 0.5
# A pose that was kept for this share of its time is good enough for its marker.
ENOUGH = 0.6
# Legs that go into a pose move for this long at least, and then rest for this long before the pose is recognised.
MOVED_S = 0.3
RESTED_S = 1.0
# Who is told to take up a pose may be on the way into it for so long.
COMING_S = 4.0


class Pose:
    """Recognises the pose or is told of it, counts down, then marks it."""

    def __init__(self, phase: Phase) -> None:
        self._phase = phase
        self._watched = Watched()
        self._counting_from_s: float | None = None
        self._marking_from_s: float | None = None
        self._note = ""

    def tick(self, t_s: float, seen: Seen, actions: Collection[Action]) -> Progress:
        if self._phase.kind is PhaseKind.TABLE and not seen.resting:
            # Bands without a gyroscope have nothing that could be set to zero.
            return Progress(done=True)
        still = seen.resting if self._phase.kind is PhaseKind.TABLE else seen.still
        moving = [p for p, s in still.items() if not s or seen.turning.get(p, False)]
        self._watched.tick(t_s, moved=any(seen.turning.values()), still=not moving)
        if self._marking_from_s is not None:
            return self._marked(moving, t_s - self._marking_from_s)
        if self._counting_from_s is None:
            if not (self._recognised() or Action.CONFIRM in actions):
                return Progress(note=self._waiting(still, moving))
            self._counting_from_s = t_s
        return self._count(t_s, moving, coming=t_s < COMING_S and not seen.lost)

    def _recognised(self) -> bool:
        if self._phase.kind is PhaseKind.TABLE:
            return self._watched.rested_s >= RESTED_S
        return not self._phase.moves_first or (self._watched.moved and self._watched.rested_s >= RESTED_S)

    def _waiting(self, still: Mapping[Placement, bool], moving: list[Placement]) -> str:
        if self._phase.kind is PhaseKind.TABLE:
            lying = _("{n} of {all} straps lie still.").format(n=len(still) - len(moving), all=len(still))
            return " ".join(part for part in (self._note, lying) if part)
        if self._watched.moved and moving:
            return _("Keep still. Still moving: {straps}.").format(straps=straps_named(moving))
        return self._note or _("When you are there, keep still, tap a strap twice or press space.")

    def _count(self, t_s: float, moving: list[Placement], *, coming: bool) -> Progress:
        left_s = self._phase.countdown_s - (t_s - (self._counting_from_s or 0.0))
        if moving and left_s <= 0 and coming and not self._phase.moves_first:
            return Progress(countdown_s=0.0)
        # A double tap shakes the strap: only the last second of the countdown has to be still.
        if moving and (left_s <= 0 or (left_s < RESTED_S and self._phase.moves_first)):
            return self._again(moving)
        if left_s > 0:
            return Progress(countdown_s=left_s, counting=True, note=self._note)
        self._marking_from_s = t_s
        return self._marked(moving, 0.0)

    def _marked(self, moving: list[Placement], held_s: float) -> Progress:
        fraction = min(held_s / self._phase.seconds, 1.0)
        if fraction >= 1.0 or (moving and fraction >= ENOUGH):
            return Progress(done=True, fraction=1.0)
        if not moving:
            return Progress(marking=True, fraction=fraction, countdown_s=self._phase.seconds - held_s)
        return self._again(moving)

    def _again(self, moving: list[Placement]) -> Progress:
        """Back to the beginning; a pose that was recognised by itself only has to come to rest again."""
        self._counting_from_s = self._marking_from_s = None
        self._watched.rested_s = 0.0
        self._note = _("{straps} moved: once more.").format(straps=straps_named(moving, begins=True))
        return Progress(note=self._note, again=True)


class Watched:
    """Whether the wearer has moved since the phase began, and for how long nothing has since."""

    def __init__(self) -> None:
        self._last_s = 0.0
        self._moved_s = 0.0
        self.rested_s = 0.0

    @property
    def moved(self) -> bool:
        """Whether there was a movement worth the name."""
        return self._moved_s >= MOVED_S

    def tick(self, t_s: float, *, moved: bool, still: bool) -> None:
        """Follows the straps."""
        step_s, self._last_s = t_s - self._last_s, t_s
        self._moved_s += step_s if moved else 0.0
        self.rested_s = self.rested_s + step_s if still and not moved else 0.0


class PutOn:
    """Over when each strap was handled and all have been still for a while."""

    def __init__(self, phase: Phase) -> None:
        self._phase = phase
        self._last_s = 0.0
        self._handled_s: dict[Placement, float] = {}
        self._still_from_s: float | None = None

    def tick(self, t_s: float, seen: Seen, actions: Collection[Action]) -> Progress:
        step_s, self._last_s = t_s - self._last_s, t_s
        for placement, still in seen.still.items():
            if not still and placement not in seen.lost:
                self._handled_s[placement] = self._handled_s.get(placement, 0.0) + step_s
        if Action.CONFIRM in actions:
            return Progress(done=True)
        if not seen.still:
            return Progress(note=_("Press space when the straps are on."))
        waiting = [p for p in seen.still if not self._on(p, seen)]
        if waiting:
            return Progress(note=_("Waiting for {straps}.").format(straps=straps_named(waiting)))
        if not all(seen.still.values()):
            self._still_from_s = None
            return Progress(note=_("Keep still when both straps are on."))
        self._still_from_s = t_s if self._still_from_s is None else self._still_from_s
        left_s = self._phase.seconds - (t_s - self._still_from_s)
        return Progress(done=left_s <= 0, countdown_s=max(left_s, 0.0))

    def _on(self, placement: Placement, seen: Seen) -> bool:
        if self._phase.kind is PhaseKind.WORN:
            return not seen.resting.get(placement, False)
        return self._handled_s.get(placement, 0.0) >= HANDLED_S


class Move:
    """A movement of both legs under a marker, timed; a leg that hardly moved makes it begin anew."""

    def __init__(self, phase: Phase) -> None:
        self._phase = phase
        self._from_s = 0.0
        self._last_s = 0.0
        self._turned_s: dict[Placement, float] = {}
        self._note = ""

    def tick(self, t_s: float, seen: Seen, actions: Collection[Action]) -> Progress:
        if not seen.turning:
            # Bands without a gyroscope learn nothing from it.
            return Progress(done=True)
        step_s, self._last_s = t_s - self._last_s, t_s
        active_s = t_s - self._from_s - self._phase.countdown_s
        if active_s < 0:
            return Progress(countdown_s=-active_s, counting=True, note=self._note)
        for placement in THIGHS:
            turned_s = step_s if seen.turning.get(placement, True) else 0.0
            self._turned_s[placement] = self._turned_s.get(placement, 0.0) + turned_s
        if Action.CONFIRM in actions:
            return Progress(done=True, fraction=1.0)
        if active_s >= self._phase.seconds:
            return self._over(t_s)
        left_s = self._phase.seconds - active_s
        return Progress(marking=True, fraction=active_s / self._phase.seconds, countdown_s=left_s, note=self._note)

    def _over(self, t_s: float) -> Progress:
        idle = [p for p, turned_s in self._turned_s.items() if turned_s < MOVED_S]
        if not idle:
            return Progress(done=True, fraction=1.0)
        self._from_s, self._turned_s = t_s, {}
        self._note = _("{straps} did not move: once more.").format(straps=straps_named(idle, begins=True))
        return Progress(note=self._note, again=True)


def straps_named(placements: Collection[Placement], *, begins: bool = False) -> str:
    """The straps in a sentence, or at its beginning."""
    places = [strap_place(p) for p in placements]
    if len(places) > 1:
        several = _("The {straps} straps") if begins else _("the {straps} straps")
        return several.format(straps=_(" and ").join(places))
    one = _("The {strap} strap") if begins else _("the {strap} strap")
    return one.format(strap=places[0] if places else "")
