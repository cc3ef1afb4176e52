"""How each kind of phase recognises its progress; one small state machine per kind (those of poses are in `poses`).

Invariant: `t_s` is active time since the phase began (pauses do not count) and only grows; nothing else is a clock.
"""

from collections.abc import Callable, Collection, Mapping
from math import isnan

from analysis.results import RepVerdict
from monitor.coach.plan import Phase, PhaseKind
from monitor.coach.poses import Move, Pose, PutOn
from monitor.coach.progress import PhaseRun, Progress
from monitor.coach.signals import Action, Ending, Seen
from monitor.language import gettext as _
from monitor.wording.names import reason_text, verdict_name

ANSWER_WITHIN_S = 60.0
# Without a known gap nothing can be credited; said once it has lasted.
UNKNOWN_S = 5.0
SHORT_S = 60.0
# A hold that does not count in the end is told for a while, where it is more than what counted until a strap turned out
# to be lost.
UNCREDITED_S = 3.0
NOTED_S = 15.0


def start(phase: Phase) -> PhaseRun:
    """A run of `phase` from its beginning."""
    return _RUNS[phase.kind](phase)


class _Timed:
    """Over after its seconds; `ready` can be confirmed early."""

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
        self._known_s = 0.0
        self._note, self._noted_until_s = "", float("inf")

    def tick(self, t_s: float, seen: Seen, actions: Collection[Action]) -> Progress:
        del actions
        if self._net_before_s is None:
            self._net_before_s, self._hold_before_s = seen.net_s, seen.hold_s
        held_s = self._unbroken(seen) if self._phase.unbroken else self._net(seen.net_s - self._net_before_s, t_s)
        over = self._phase.limit_s is not None and t_s >= self._phase.limit_s
        fraction = min(held_s / self._phase.seconds, 1.0)
        note = self._blind(t_s, seen) or (self._note if t_s < self._noted_until_s else "")
        return Progress(
            fraction >= 1.0 or over,
            marking=True,
            countdown_s=self._left(held_s),
            counting=self._phase.unbroken and held_s > 0,
            fraction=fraction,
            note=note,
        )

    def _left(self, held_s: float) -> float | None:
        """A short hold counts down; of a long one the screens show how much is done."""
        return max(self._phase.seconds - held_s, 0.0) if self._phase.seconds <= SHORT_S else None

    def _net(self, net_s: float, t_s: float) -> float:
        """The net time; that a hold turned out not to count is said for a while."""
        if net_s < self._longest_s - UNCREDITED_S:
            self._note = _("What was held last could not be judged: it does not count.")
            self._noted_until_s, self._longest_s = t_s + NOTED_S, net_s
        self._longest_s = max(self._longest_s, net_s)
        return net_s

    def _unbroken(self, seen: Seen) -> float:
        if seen.hold_s < self._hold_before_s:
            self._hold_before_s = 0.0
        held_s = seen.hold_s - self._hold_before_s
        if held_s < self._longest_s:
            kept = _("That was {n} of {all} s: once more.")
            self._note = kept.format(n=round(self._longest_s), all=round(self._phase.seconds))
            self._longest_s = 0.0
        self._longest_s = max(self._longest_s, held_s)
        return held_s

    def _blind(self, t_s: float, seen: Seen) -> str:
        self._known_s = t_s if not isnan(seen.gap_m) or seen.lost else self._known_s
        if t_s - self._known_s < UNKNOWN_S:
            return ""
        return _("The gap is not known, so nothing is credited. Finish, and calibrate in the next session.")


class _Repetitions:
    """Over when enough repetitions of its sides were good; each is held for the phase's seconds, if it has any."""

    def __init__(self, phase: Phase) -> None:
        self._phase = phase
        self._before: int | None = None

    def tick(self, t_s: float, seen: Seen, actions: Collection[Action]) -> Progress:
        if self._before is None:
            self._before = len(seen.repetitions)
        new = [r for r in seen.repetitions[self._before :] if r.side in self._phase.sides]
        good = sum(r.verdict is RepVerdict.OK for r in new)
        over = self._phase.limit_s is not None and t_s >= self._phase.limit_s
        done = good >= self._phase.count or over or Action.CONFIRM in actions
        note = judged_text(new[-1].verdict, new[-1].reason) if new and new[-1].reason else ""
        under_way = seen.working if seen.working and seen.working.side in self._phase.sides else None
        if done or under_way is None:
            return Progress(done=done, marking=True, fraction=min(good / self._phase.count, 1.0), note=note)
        if not self._phase.seconds:
            return Progress(marking=True, fraction=min(under_way.share, 1.0), note=note)
        return self._held(under_way.held_s, note)

    def _held(self, held_s: float, note: str) -> Progress:
        """One that is held: it is let go of only once it was told that it may be."""
        left_s = self._phase.seconds - held_s
        if left_s <= 0:
            return Progress(marking=True, fraction=1.0, word=_("Let go"), reached=True)
        fraction = held_s / self._phase.seconds
        return Progress(marking=True, countdown_s=left_s, counting=True, fraction=fraction, note=note, word=_("Hold"))


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


def judged_text(verdict: RepVerdict, reason: str) -> str:
    """What is said of a repetition that was not complete."""
    return _("{verdict}: {reason}").format(verdict=verdict_name(verdict), reason=reason_text(reason))


_RUNS: Mapping[PhaseKind, Callable[[Phase], PhaseRun]] = {
    PhaseKind.TABLE: Pose,
    PhaseKind.PUT_ON: PutOn,
    PhaseKind.WORN: PutOn,
    PhaseKind.POSE: Pose,
    PhaseKind.MOVE: Move,
    PhaseKind.READY: _Timed,
    PhaseKind.HOLD: _Hold,
    PhaseKind.REPS: _Repetitions,
    PhaseKind.FREE: _Timed,
    PhaseKind.ASK: _Ask,
}
