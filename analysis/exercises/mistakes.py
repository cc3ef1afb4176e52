"""What goes wrong in an exercise right now, as far as the straps can see it: what the coach's cues hang on.

Invariant: told of the last tick, from everything up to it; outside of exercises there are no mistakes.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from math import acos, isnan

from analysis.exercises import knees_in, lying_press, seated_twist, walk
from analysis.exercises.body_tick import BodyTick, ThighTick
from analysis.results import Repetition, RepVerdict, Side, Step


class Mistake(StrEnum):
    """What goes wrong, by the names under which the exercises' files ask for cues.

    Those of the first group only who leads the exercise can know, as they go by what was asked.
    """

    APART = "apart"  # knees that should be together
    FEET_APART = "feet_apart"  # ankles that should be together
    MOVING = "moving"  # in a pose that should be kept
    AGAIN = "again"  # a pose was lost and begins anew
    WRONG_SIDE = "wrong_side"
    STRAP_LOST = "strap_lost"
    STRAPS_SWAPPED = "straps_swapped"
    STRAP_TURNED = "strap_turned"

    LEFT_LAGS = "left_lags"
    RIGHT_LAGS = "right_lags"
    LEANING = "leaning"
    FEET_OUT = "feet_out"
    BOTH_KNEES = "both_knees"
    NOT_FAR = "not_far"
    TOO_FAST = "too_fast"
    RELEASED_EARLY = "released_early"
    HIPS_TURNED = "hips_turned"
    LEFT_TOES_OUT = "left_toes_out"
    RIGHT_TOES_OUT = "right_toes_out"


@dataclass(frozen=True, slots=True)
class MistakeParams:
    """When a way of moving is a mistake; sines of angles for thighs, angles for pelvis and feet."""

    shown_s: float = 1.0  # how long something that is over by itself stays a mistake
    way_out: float = 0.12
    way_lags: float = 0.4  # of the other knee's way
    lags_s: float = 0.3
    rest_tau_s: float = 3.0
    rest_way: float = 0.05
    both_knees: float = 0.1
    too_fast_s: float = 1.2
    leaning_rad: float = 0.26
    hips_rad: float = 0.17
    toes_out_rad: float = 0.23  # mean of the last steps
    toes_steps: int = 3
    toes_far_out_rad: float = 0.31  # a single step


@dataclass(slots=True)
class _Way:
    """How far a thigh is from where it rested, and its rest."""

    rest: float = float("nan")
    now: float = 0.0

    def tick(self, value: float, keep: float, rest_way: float) -> None:
        if isnan(value):
            return
        self.rest = value if isnan(self.rest) else self.rest
        self.now = value - self.rest
        if abs(self.now) < rest_way or self.now < 0:
            self.rest += (1 - keep) * self.now


class MistakeWatch:
    """Ticks, repetitions and steps to the mistakes of the moment."""

    def __init__(self, tick_s: float, params: MistakeParams | None = None) -> None:
        self._p = params or MistakeParams()
        self._tick_s = tick_s
        self._on: str | None = None
        self.reset()

    def reset(self) -> None:
        """Forgets everything, as between exercises."""
        self._ways = {Side.LEFT: _Way(), Side.RIGHT: _Way()}
        self._lag_s = {Side.LEFT: 0.0, Side.RIGHT: 0.0}
        self._met = False
        self._upright: tuple[float, float, float] | None = None
        self._until_s: dict[Mistake, float] = {}
        self._toes: dict[Side, list[float]] = {Side.LEFT: [], Side.RIGHT: []}
        self._lasting: set[Mistake] = set()
        self._now_s = 0.0

    @property
    def now(self) -> frozenset[Mistake]:
        """The mistakes of the last tick."""
        return frozenset(self._lasting | {m for m, until_s in self._until_s.items() if self._now_s < until_s})

    def tick(self, name: str | None, tick: BodyTick) -> None:
        """Follows the body in the exercise that is on."""
        if name != self._on:
            self._on = name
            self.reset()
        self._now_s = tick.time_s
        self._lasting.clear()
        if name == knees_in.NAME:
            self._lagging(tick)
            self._tilted(tick, Mistake.LEANING, self._p.leaning_rad)
        elif name == seated_twist.NAME:
            self._twisting(tick)
        elif name == lying_press.NAME:
            self._tilted(tick, Mistake.HIPS_TURNED, self._p.hips_rad)

    def repeated(self, repetitions: Iterable[Repetition]) -> None:
        """Takes in repetitions that ended."""
        for r in repetitions:
            if r.exercise == seated_twist.NAME:
                self._show(Mistake.NOT_FAR, r.verdict is RepVerdict.SHORT)
                self._show(Mistake.TOO_FAST, r.end_s - r.start_s < self._p.too_fast_s)
            elif r.exercise in (lying_press.NAME, knees_in.NAME):
                self._show(Mistake.RELEASED_EARLY, r.verdict is RepVerdict.SHORT)

    def stepped(self, steps: Iterable[Step]) -> None:
        """Takes in steps with their foot progression angles."""
        if self._on != walk.NAME:
            return
        for step in steps:
            if isnan(step.foot_progression_rad):
                continue
            last = [*self._toes[step.side], step.foot_progression_rad][-self._p.toes_steps :]
            self._toes[step.side] = last
            far = step.foot_progression_rad > self._p.toes_far_out_rad
            often = len(last) == self._p.toes_steps and sum(last) > len(last) * self._p.toes_out_rad
            # A foot that is straight again is right, whatever its last steps were.
            out = far or (often and step.foot_progression_rad > self._p.toes_out_rad)
            mistake = Mistake.LEFT_TOES_OUT if step.side is Side.LEFT else Mistake.RIGHT_TOES_OUT
            # Until the next step of that foot.
            self._until_s[mistake] = self._now_s + (2.0 if out else 0.0)

    def _show(self, mistake: Mistake, made: bool) -> None:
        if made:
            self._until_s[mistake] = self._now_s + self._p.shown_s

    def _lagging(self, tick: BodyTick) -> None:
        """One knee has come most of its way while the other has hardly begun."""
        p, keep = self._p, 1 - self._tick_s / self._p.rest_tau_s
        for side, thigh in ((Side.LEFT, tick.left), (Side.RIGHT, tick.right)):
            self._ways[side].tick(_bend(thigh), keep, p.rest_way)
        ways = [way.now for way in self._ways.values()]
        # Once both have come, one that goes back first is no laggard.
        self._met = min(ways) > p.way_out or (self._met and max(ways) > p.way_out / 2)
        for side, other, mistake in (
            (Side.LEFT, Side.RIGHT, Mistake.LEFT_LAGS),
            (Side.RIGHT, Side.LEFT, Mistake.RIGHT_LAGS),
        ):
            ahead = self._ways[other].now
            lags = not self._met and ahead > p.way_out and self._ways[side].now < p.way_lags * ahead
            self._lag_s[side] = self._lag_s[side] + self._tick_s if lags else 0.0
            if self._lag_s[side] >= p.lags_s:
                self._lasting.add(mistake)

    def _twisting(self, tick: BodyTick) -> None:
        p, keep = self._p, 1 - self._tick_s / self._p.rest_tau_s
        for side, thigh in ((Side.LEFT, tick.left), (Side.RIGHT, tick.right)):
            self._ways[side].tick(thigh.inward, keep, p.rest_way)
        left, right = self._ways[Side.LEFT].now, self._ways[Side.RIGHT].now
        if min(left, right) > p.both_knees:
            self._lasting.add(Mistake.BOTH_KNEES)

    def _tilted(self, tick: BodyTick, mistake: Mistake, limit_rad: float) -> None:
        up = tick.pelvis_up
        if isnan(up[0]):
            return
        if self._upright is None:
            self._upright = up
        cos = sum(a * b for a, b in zip(self._upright, up, strict=True))
        if acos(min(1.0, max(-1.0, cos))) > limit_rad:
            self._lasting.add(mistake)


def _bend(thigh: ThighTick) -> float:
    return (max(0.0, 1.0 - thigh.upright * thigh.upright)) ** 0.5
