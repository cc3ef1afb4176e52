"""Steps in walking, with the foot progression angle where the feet wear straps.

Invariant: a step is told when its foot has landed again, or no later than a stride may last; `again` tells all steps
with the axes that the whole walk has taught.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from analysis.exercises.foot_direction import FootAxes, FootDirectionParams, FootStep, foot_progression_rad
from analysis.exercises.foot_stances import FootStances, Landing, StanceParams, Stride, foot_rows
from analysis.exercises.span import ExerciseSpans
from analysis.exercises.thigh_steps import ThighStepParams, ThighSteps
from analysis.motion import Motion
from analysis.results import Side, Step
from sensor.samples import Floats, Placement

NAME = "walk"
FEET: Mapping[Placement, Side] = {Placement.LEFT_FOOT: Side.LEFT, Placement.RIGHT_FOOT: Side.RIGHT}


@dataclass(frozen=True, slots=True)
class WalkParams:
    """Parameters of the parts."""

    stances: StanceParams = field(default_factory=StanceParams)
    direction: FootDirectionParams = field(default_factory=FootDirectionParams)
    thighs: ThighStepParams = field(default_factory=ThighStepParams)


class _Foot:
    """Steps of one foot, each when the next has landed."""

    def __init__(self, side: Side, params: WalkParams) -> None:
        self._side = side
        self._p = params
        self._stances = FootStances(params.stances)
        self._landing: Landing | None = None
        self._ended: FootStep | None = None
        self.axes = FootAxes()
        self.steps: list[FootStep] = []

    def push(self, rows: Floats) -> list[Step]:
        """Steps that these rows complete."""
        told: list[Step] = []
        for event in self._stances.push(rows):
            if isinstance(event, Landing):
                told += self._land(event)
            else:
                self._take_off(event.start_s, event.end_s)
        late = (
            self._ended is not None and len(rows) and rows[-1, 0] - self._ended.end_s > self._p.stances.stride_max_s + 1
        )
        return told + self._tell(None) if late else told

    def finish(self) -> list[Step]:
        """The last step."""
        return self._tell(None)

    def again(self) -> list[Step]:
        """All steps so far, with the axes as they are now."""
        return [self._step(s) for s in self.steps]

    def _land(self, landing: Landing) -> list[Step]:
        self._landing = landing if landing.stride is not None else None
        if landing.stride is None:
            return self._tell(None)
        self.axes.learn(landing.stride, landing.up)
        return self._tell(landing.stride)

    def _take_off(self, start_s: float, end_s: float) -> None:
        landing, self._landing = self._landing, None
        if landing is None or landing.stride is None:
            return
        standing = end_s - start_s > self._p.stances.standing_s
        until_s = start_s + self._p.stances.window_s if standing else end_s
        self._ended = FootStep(start_s, until_s, landing.up, landing.stride, None)

    def _tell(self, stride_out: Stride | None) -> list[Step]:
        ended, self._ended = self._ended, None
        if ended is None:
            return []
        self.steps.append(replace(ended, stride_out=stride_out))
        return [self._step(self.steps[-1])]

    def _step(self, step: FootStep) -> Step:
        angle = foot_progression_rad(self._side, self.axes, step, self._p.direction)
        return Step(self._side, step.start_s, step.end_s, angle)


class WalkStage:
    """Motion to steps: of the feet where they wear straps, else of the thighs, without an angle."""

    def __init__(self, spans: ExerciseSpans, params: WalkParams | None = None) -> None:
        self._spans = spans
        self._p = params or WalkParams()
        self._feet: dict[Placement, _Foot] = {}
        self._thighs = ThighSteps(self._p.thighs)

    def push(self, motion: Motion) -> tuple[Step, ...]:
        """Steps that these rows complete."""
        steps: list[Step] = []
        for placement, side in FEET.items():
            segment = motion.segments.get(placement)
            if segment is not None:
                foot = self._feet.setdefault(placement, _Foot(side, self._p))
                steps += foot.push(foot_rows(motion.time_s, segment))
        if not self._feet and len(motion) and self._walking_asked(float(motion.time_s[-1])):
            steps += self._thighs.push(motion)
        return self._walked(steps)

    def finish(self) -> tuple[Step, ...]:
        """Steps that the end completes."""
        steps = [step for foot in self._feet.values() for step in foot.finish()]
        return self._walked(steps + ([] if self._feet else self._thighs.finish()))

    def again(self) -> tuple[Step, ...] | None:
        """All steps with everything learned; None where looking back teaches nothing."""
        if not self._feet:
            return None
        return self._walked([step for foot in self._feet.values() for step in foot.again()])

    def _walking_asked(self, time_s: float) -> bool:
        return self._spans.among({NAME}) or self._spans.free(time_s)

    def _walked(self, steps: list[Step]) -> tuple[Step, ...]:
        """Those inside the exercise, in order of time."""
        kept = [s for s in steps if self._spans.name_at(s.start_s) == NAME or self._spans.free(s.start_s)]
        return tuple(sorted(kept, key=lambda s: s.start_s))
