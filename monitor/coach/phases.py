"""How each kind of phase recognises its progress; one small state machine per kind.

Invariant: `t_s` is active time since the phase began (pauses do not count) and only grows; nothing else is a clock.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Protocol

from analysis.results import RepVerdict
from monitor.coach.plan import Phase, PhaseKind
from monitor.coach.signals import Action, Ending, Seen
from sensor.samples import Placement

ANSWER_WITHIN_S = 60.0
HANDLED_S = 0.5
# A pose that was kept for this share of its time is good enough for its marker.
ENOUGH = 0.6


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a phase stands after a tick."""

    done: bool = False
    marking: bool = False
    countdown_s: float | None = None
    fraction: float | None = None
    note: str = ""
    moving: bool = False
    ending: Ending | None = None


class PhaseRun(Protocol):
    """A phase under way."""

    def tick(self, t_s: float, seen: Seen, actions: Collection[Action]) -> Progress:
        """Progress at `t_s`."""
        ...


def start(phase: Phase) -> PhaseRun:
    """A run of `phase` from its beginning."""
    return _RUNS[phase.kind](phase)


class _Pose:
    """Counts down, waits until all straps are still, then marks; a strap that moves starts it again."""

    def __init__(self, phase: Phase) -> None:
        self._phase = phase
        self._from_s = 0.0
        self._marking_from_s: float | None = None
        self._note = ""

    def tick(self, t_s: float, seen: Seen, actions: Collection[Action]) -> Progress:
        left_s = self._phase.countdown_s - (t_s - self._from_s)
        if self._marking_from_s is None and left_s > 0 and Action.CONFIRM not in actions:
            return Progress(countdown_s=left_s, note=self._note)
        moving = _moving(self._still(seen))
        if self._marking_from_s is None:
            if moving:
                return Progress(note=f"waiting: {_names(moving)} still moves", moving=True)
            self._marking_from_s = t_s
        return self._marked(t_s, moving, t_s - self._marking_from_s)

    def _still(self, seen: Seen) -> Mapping[Placement, bool]:
        return seen.resting if self._phase.kind is PhaseKind.TABLE else seen.still

    def _marked(self, t_s: float, moving: list[Placement], held_s: float) -> Progress:
        fraction = min(held_s / self._phase.seconds, 1.0)
        if fraction >= 1.0 or (moving and fraction >= ENOUGH):
            return Progress(done=True, fraction=1.0)
        if not moving:
            return Progress(marking=True, fraction=fraction, countdown_s=self._phase.seconds - held_s)
        self._from_s, self._marking_from_s = t_s, None
        self._note = f"{_names(moving)} moved: once more"
        return Progress(note=self._note, moving=True)


class _PutOn:
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
        waiting = [p for p in seen.still if self._handled_s.get(p, 0.0) < HANDLED_S]
        if Action.CONFIRM in actions:
            return Progress(done=True)
        if waiting or not seen.still:
            return Progress(note=f"waiting for {_names(waiting)}" if waiting else "press space when they are on")
        if _moving(seen.still):
            self._still_from_s = None
            return Progress(note="keep still when both are on")
        self._still_from_s = t_s if self._still_from_s is None else self._still_from_s
        left_s = self._phase.seconds - (t_s - self._still_from_s)
        return Progress(done=left_s <= 0, countdown_s=max(left_s, 0.0))


class _Timed:
    """Over after its seconds; `move` marks them, `ready` can be confirmed early."""

    def __init__(self, phase: Phase) -> None:
        self._phase = phase

    def tick(self, t_s: float, seen: Seen, actions: Collection[Action]) -> Progress:
        del seen
        active_s = t_s - self._phase.countdown_s
        if active_s < 0:
            return Progress(countdown_s=-active_s)
        early = Action.CONFIRM in actions and self._phase.kind is not PhaseKind.FREE
        if early or active_s >= self._phase.seconds:
            return Progress(done=True, fraction=1.0)
        left_s = self._phase.seconds - active_s
        return Progress(marking=True, fraction=active_s / self._phase.seconds, countdown_s=left_s)


class _Hold:
    """Over when the knees were together for the net seconds asked for, in one go if `unbroken`."""

    def __init__(self, phase: Phase) -> None:
        self._phase = phase
        self._net_before_s: float | None = None
        self._hold_before_s = 0.0
        self._longest_s = 0.0
        self._note = ""

    def tick(self, t_s: float, seen: Seen, actions: Collection[Action]) -> Progress:
        del actions
        if self._net_before_s is None:
            self._net_before_s, self._hold_before_s = seen.net_s, seen.hold_s
        held_s = self._unbroken(seen) if self._phase.unbroken else seen.net_s - self._net_before_s
        over = self._phase.limit_s is not None and t_s >= self._phase.limit_s
        fraction = min(held_s / self._phase.seconds, 1.0)
        return Progress(done=fraction >= 1.0 or over, marking=True, fraction=fraction, note=self._note)

    def _unbroken(self, seen: Seen) -> float:
        if seen.hold_s < self._hold_before_s:
            self._hold_before_s = 0.0
        held_s = seen.hold_s - self._hold_before_s
        if held_s < self._longest_s:
            self._note = f"that was {self._longest_s:.0f} of {self._phase.seconds:.0f} s: once more"
            self._longest_s = 0.0
        self._longest_s = max(self._longest_s, held_s)
        return held_s


class _Repetitions:
    """Over when enough repetitions of its sides were good."""

    def __init__(self, phase: Phase) -> None:
        self._phase = phase
        self._before: int | None = None

    def tick(self, t_s: float, seen: Seen, actions: Collection[Action]) -> Progress:
        if self._before is None:
            self._before = len(seen.repetitions)
        new = [r for r in seen.repetitions[self._before :] if r.side in self._phase.sides]
        good = sum(r.verdict is RepVerdict.OK for r in new)
        over = self._phase.limit_s is not None and t_s >= self._phase.limit_s
        note = f"{new[-1].verdict}: {new[-1].reason}" if new and new[-1].reason else ""
        done = good >= self._phase.count or over or Action.CONFIRM in actions
        return Progress(done=done, marking=True, fraction=min(good / self._phase.count, 1.0), note=note)


class _Ask:
    """Over with the answer; no answer ends the session."""

    def __init__(self, phase: Phase) -> None:
        self._phase = phase

    def tick(self, t_s: float, seen: Seen, actions: Collection[Action]) -> Progress:
        del seen
        refused = (Action.YES in actions and self._phase.stop_on_yes) or (
            Action.NO in actions and self._phase.stop_on_no
        )
        if refused:
            return Progress(ending=Ending.NOT_TODAY)
        if Action.YES in actions or Action.NO in actions:
            return Progress(done=True)
        if t_s >= ANSWER_WITHIN_S:
            return Progress(ending=Ending.NO_ANSWER)
        return Progress(countdown_s=ANSWER_WITHIN_S - t_s)


def _moving(still: Mapping[Placement, bool]) -> list[Placement]:
    return [p for p, s in still.items() if not s]


def _names(placements: list[Placement]) -> str:
    names = " and the ".join(p.replace("_thigh", "").replace("_", " ") for p in placements)
    return f"the {names} strap{'s' if len(placements) > 1 else ''}"


_RUNS: Mapping[PhaseKind, Callable[[Phase], PhaseRun]] = {
    PhaseKind.TABLE: _Pose,
    PhaseKind.PUT_ON: _PutOn,
    PhaseKind.POSE: _Pose,
    PhaseKind.MOVE: _Timed,
    PhaseKind.READY: _Timed,
    PhaseKind.HOLD: _Hold,
    PhaseKind.REPS: _Repetitions,
    PhaseKind.FREE: _Timed,
    PhaseKind.ASK: _Ask,
}
