"""Everything that is told from how the whole body moves: postures, repetitions, steps, and the check."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from analysis.exercises import knees_in
from analysis.exercises.feet_turned import FeetTurned
from analysis.exercises.mistakes import Mistake
from analysis.exercises.repetitions import RepetitionStage
from analysis.exercises.span import ExerciseSpans
from analysis.exercises.walk import WalkParams, WalkStage
from analysis.motion import Motion
from analysis.movement.body_ticks import BodyTickStage
from analysis.movement.check import CheckParams, CheckStage
from analysis.movement.postures import Axis, PostureParams, PostureStage
from analysis.results import CheckRow, GapSeries, Hold, Posture, PostureSpan, Repetition, Step, UnderWay
from sensor.samples import THIGHS, Placement
from sensor.wearer import Wearer

USUAL_FEMUR_M = 0.42


@dataclass(frozen=True, slots=True)
class BodyParams:
    """Parameters of the stages."""

    postures: PostureParams = field(default_factory=PostureParams)
    walk: WalkParams = field(default_factory=WalkParams)
    check: CheckParams = field(default_factory=CheckParams)


@dataclass(frozen=True, slots=True)
class BodyUpdate:
    """What became known; `posture`, `mistakes` and what is under way (`working`) are those of the last row."""

    postures: tuple[PostureSpan, ...] = ()
    repetitions: tuple[Repetition, ...] = ()
    steps: tuple[Step, ...] = ()
    check: tuple[CheckRow, ...] = ()
    posture: Posture | None = None
    mistakes: frozenset[Mistake] = frozenset()
    working: UnderWay | None = None


class BodyStage:
    """Motion, gap and closed holds to postures, repetitions, steps and rows of `check`."""

    def __init__(
        self,
        wearer: Wearer | None,
        exercise: str | None,
        params: BodyParams,
        walked: Mapping[Placement, Axis] | None = None,
    ) -> None:
        """`walked` are long axes of thighs whose straps are not aligned, where they are known from before."""
        self._spans = ExerciseSpans(exercise)
        self._ticks = BodyTickStage()
        self._postures = PostureStage(exercise, params.postures, walked)
        self._repetitions = RepetitionStage(self._spans, wearer.femur_m if wearer else USUAL_FEMUR_M)
        self._walk = WalkStage(self._spans, params.walk)
        self._check = CheckStage(self._spans, params.check)
        self._feet = FeetTurned()

    def push(self, motion: Motion, gap: GapSeries, holds: Iterable[Hold]) -> BodyUpdate:
        """What these rows, and the holds that they closed, make known."""
        self._spans.take(motion.edges)
        ticks = self._ticks.push(motion, gap)
        postures = self._postures.push(motion, ticks)
        repetitions = self._repetitions.push(ticks, holds)
        steps = self._walk.push(motion)
        self._repetitions.mistakes.stepped(steps)
        check = self._check.push(ticks, motion.edges)
        self._feet.push(motion)
        return BodyUpdate(
            postures, repetitions, steps, check, self._postures.now, self._mistakes(), self._repetitions.working
        )

    def finish(self, holds: Iterable[Hold]) -> BodyUpdate:
        """What the end of the session, and the holds that it closed, make known."""
        return BodyUpdate(
            self._postures.finish(),
            tuple(self._repetitions.of_holds(holds)),
            self._walk.finish(),
            self._check.finish(),
        )

    def _mistakes(self) -> frozenset[Mistake]:
        seen = self._repetitions.mistakes.now
        out = self._feet.out and self._repetitions.on == knees_in.NAME
        return seen | {Mistake.FEET_OUT} if out else seen

    def looked_back(self) -> tuple[Step, ...] | None:
        """All steps again with everything that the session taught; None where that is nothing."""
        return self._walk.again()


def walked_axes(motion: Motion, gap: GapSeries) -> dict[Placement, Axis]:
    """Long axes of thighs whose straps are not aligned, from all the walking in `motion`."""
    if all(motion.segments[p].aligned for p in THIGHS):
        return {}
    postures = PostureStage(None)
    postures.push(motion, BodyTickStage().push(motion, gap))
    return postures.walked
