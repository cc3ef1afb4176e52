"""What of a session was exercise: touching knees while calibrating are measured, but nobody held them.

Invariant: the tables keep every hold; only what is counted for the wearer leaves the calibration out.
"""

from collections.abc import Sequence
from dataclasses import replace

from analysis.holds.counted_holds import RunningHold
from analysis.results import Hold, HoldVerdict
from sensor.markers import CALIBRATION, Label, Marker
from sensor.recorded import Recorded

# A marker is set by a finger or by the coach's tick, a little after what it marks began.
EARLY_S = 0.5


def exercised_holds(holds: Sequence[Hold], markers: Sequence[Marker]) -> tuple[Hold, ...]:
    """Holds of the exercise, from its beginning on; where nothing marks it, those outside of the calibration."""
    spans = [m for m in markers if m.label == Label.EXERCISE]
    if spans:
        held = (of_exercise(h, m.start_s) for h in holds for m in spans if h.start_s <= m.end_s)
        return tuple(h for h in held if h is not None)
    steps = [m for m in markers if m.label in CALIBRATION]
    return tuple(h for h in holds if not any(h.start_s < m.end_s and m.start_s < h.end_s for m in steps))


def of_exercise(hold: Hold, start_s: float) -> Hold | None:
    """The part of a hold in an exercise that began at `start_s`: knees may be together already when it begins."""
    before_s = start_s - hold.start_s
    if before_s <= EARLY_S:
        return hold
    if hold.end_s <= start_s:
        return None
    return replace(hold, start_s=start_s, gross_s=hold.gross_s - before_s, net_s=exercised_net_s(hold, start_s))


def exercised_net_s(hold: Hold | RunningHold, start_s: float) -> float:
    """What counts of a hold in an exercise that began at `start_s`."""
    before_s = start_s - hold.start_s
    return hold.net_s if before_s <= EARLY_S else max(hold.net_s - before_s, 0.0)


class CreditedTime:
    """The net time of an exercise that began at `begun_s` (session), as far as its holds are told.

    What missing samples cut off counts, since straps send it again: `unsure_s` of it. What was never sure does not.
    """

    def __init__(self, begun_s: float) -> None:
        self._begun_s = begun_s
        self._closed_s = self.unsure_s = 0.0

    def take(self, hold: Hold) -> None:
        """A hold that was closed."""
        held = of_exercise(hold, self._begun_s)
        if held is not None:
            self._closed_s += held.net_s if held.verdict is HoldVerdict.OK or held.cut else 0.0
            self.unsure_s += held.net_s if held.cut else 0.0

    def net_s(self, running: RunningHold | None) -> float:
        """All of it, the running hold included."""
        return self._closed_s + (exercised_net_s(running, self._begun_s) if running else 0.0)


def exercise_s(recorded: Recorded) -> float | None:
    """How long the exercise was on, in seconds; None where nothing marks it."""
    spans = [m for m in recorded.markers if m.label == Label.EXERCISE]
    return sum(m.end_s - m.start_s for m in spans) if spans else None
