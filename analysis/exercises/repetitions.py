"""Repetitions of whatever exercise is on.

Invariant: a repetition lies inside the span of its exercise; outside nothing is counted.
"""

from collections import deque
from collections.abc import Iterable, Mapping
from typing import Protocol

from analysis.exercises import knees_in, lying_press, seated_twist, squat, walk
from analysis.exercises.body_tick import BodyTick, each_tick
from analysis.exercises.mistakes import MistakeWatch
from analysis.exercises.span import ExerciseSpans
from analysis.movement.body_ticks import TICK_S, BodyTicks
from analysis.results import Hold, Repetition, UnderWay

WATCHED = frozenset({knees_in.NAME, seated_twist.NAME, lying_press.NAME, squat.EXERCISE, walk.NAME})
TOLD_S = 2.0  # a hold is told about this long after its end
EARLY_S = 0.5  # a marker may open this much after the movement began


class Detector(Protocol):
    """Tells the repetitions of one exercise."""

    def tick(self, tick: BodyTick) -> list[Repetition]:
        """Repetitions that this tick ends."""
        ...

    def reset(self) -> None:
        """Forgets what is on."""
        ...


class RepetitionStage:
    """Body ticks and closed holds to repetitions."""

    def __init__(self, spans: ExerciseSpans, femur_m: float) -> None:
        self._spans = spans
        self.knees_in = knees_in.KneesIn()
        self.seated_twist = seated_twist.SeatedTwist(femur_m)
        self.lying_press = lying_press.LyingPress()
        self._detectors: Mapping[str, Detector] = {
            knees_in.NAME: self.knees_in,
            seated_twist.NAME: self.seated_twist,
            lying_press.NAME: self.lying_press,
            squat.EXERCISE: squat.Squats(),
        }
        self.on: str | None = None  # the exercise of the last tick
        self.mistakes = MistakeWatch(TICK_S)

    @property
    def working(self) -> UnderWay | None:
        """What is under way in a one-sided exercise."""
        if self.on == seated_twist.NAME:
            return self.seated_twist.turning
        return self.lying_press.pressing if self.on == lying_press.NAME else None

    def push(self, ticks: BodyTicks, holds: Iterable[Hold]) -> tuple[Repetition, ...]:
        """Repetitions that these ticks and the holds closed with them end."""
        found: list[Repetition] = []
        waiting = deque(holds)
        if len(ticks) and self._spans.among(WATCHED):
            for tick in each_tick(ticks):
                # In order of time, as what is remembered of a closing does not last for ever.
                while waiting and waiting[0].end_s < tick.time_s - TOLD_S:
                    found += self._told(self.of_holds([waiting.popleft()]))
                found += self._told(self._tick(tick))
        found += self._told(self.of_holds(waiting))
        return tuple(found)

    def _told(self, ended: list[Repetition]) -> list[Repetition]:
        self.mistakes.repeated(ended)
        return ended

    def of_holds(self, holds: Iterable[Hold]) -> list[Repetition]:
        """Repetitions that are holds."""
        return self.knees_in.repetitions(h for h in holds if self._spans.name_at(h.start_s + EARLY_S) == knees_in.NAME)

    def _tick(self, tick: BodyTick) -> list[Repetition]:
        name = self._spans.name_at(tick.time_s)
        if name != self.on:
            if self.on is not None and self.on in self._detectors:
                self._detectors[self.on].reset()
            self.on = name
        self.mistakes.tick(name, tick)
        detector = self._detectors.get(name) if name is not None else None
        return detector.tick(tick) if detector is not None else []
