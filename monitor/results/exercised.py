"""What of a session was exercise: touching knees while calibrating are measured, but nobody held them.

Invariant: the tables keep every hold; only what is counted for the wearer leaves the calibration out.
"""

from collections.abc import Sequence

from analysis.results import Hold
from sensor.markers import CALIBRATION, Label, Marker
from sensor.recorded import Recorded

# A marker is set by a finger or by the coach's tick, a little after what it marks began.
EARLY_S = 0.5


def exercised_holds(holds: Sequence[Hold], markers: Sequence[Marker]) -> tuple[Hold, ...]:
    """Holds inside the exercise or, where nothing marks it, outside of the calibration."""
    spans = [m for m in markers if m.label == Label.EXERCISE]
    if spans:
        return tuple(h for h in holds if any(m.start_s - EARLY_S <= h.start_s <= m.end_s for m in spans))
    steps = [m for m in markers if m.label in CALIBRATION]
    return tuple(h for h in holds if not any(h.start_s < m.end_s and m.start_s < h.end_s for m in steps))


def exercise_s(recorded: Recorded) -> float | None:
    """How long the exercise was on, in seconds; None where nothing marks it."""
    spans = [m for m in recorded.markers if m.label == Label.EXERCISE]
    return sum(m.end_s - m.start_s for m in spans) if spans else None
