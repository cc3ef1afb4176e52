"""Which exercise is on: from markers, else the one the session was started for.

Invariant: what is said of a time rests on marker edges up to that time alone.
"""

from collections.abc import Container, Iterable
from dataclasses import dataclass

from sensor.arrivals import MarkerEdge
from sensor.markers import CALIBRATION, Label

AFTER_CALIBRATION_S = 4.0  # where no marker tells, an exercise begins this long after the last step of a calibration
CALIBRATES_FIRST_S = 30.0  # a session without markers may be one that has not yet begun to calibrate


@dataclass(slots=True)
class _Span:
    name: str
    start_s: float
    end_s: float


class ExerciseSpans:
    """Spans of time with their exercise."""

    def __init__(self, exercise: str | None) -> None:
        self._exercise = exercise
        self._spans: list[_Span] = []
        self._calibrating: list[_Span] = []

    def take(self, edges: Iterable[MarkerEdge]) -> None:
        """Marker edges that became known."""
        for edge in edges:
            spans = self._spans if edge.marker.label == Label.EXERCISE else self._calibrating
            if edge.marker.label != Label.EXERCISE and edge.marker.label not in CALIBRATION:
                continue
            if not edge.closed:
                spans.append(_Span(edge.marker.value, edge.time_s, float("inf")))
                continue
            for span in reversed(spans):
                if span.start_s == edge.marker.start_s:
                    span.end_s = edge.time_s
                    break

    def among(self, names: Container[str]) -> bool:
        """Whether one of these exercises has been on so far."""
        return (self._exercise is not None and self._exercise in names) or any(s.name in names for s in self._spans)

    def free(self, time_s: float) -> bool:
        """Whether nothing was asked for up to a time, as when the straps just log a day."""
        return self._exercise is None and not any(s.start_s <= time_s for s in self._spans + self._calibrating)

    def name_at(self, time_s: float) -> str | None:
        """The exercise at a time; None in calibration and outside of exercises."""
        for span in reversed(self._spans):
            if span.start_s <= time_s:
                return span.name if time_s <= span.end_s else None
        calibrated = [s for s in self._calibrating if 0 <= s.start_s <= time_s]
        if any(time_s <= s.end_s + AFTER_CALIBRATION_S for s in calibrated) or (
            not calibrated and time_s < CALIBRATES_FIRST_S
        ):
            return None
        return self._exercise
