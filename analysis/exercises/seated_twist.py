"""Seated twist: one knee at a time turns inward to the centre and back; counted out and back, per side.

The way to the centre is half the gap before; a knee that came less than half of it was `short`. How far it came is the
turn about the vertical over the few seconds of the repetition; where the gap is not known, the tilt has to tell.
"""

from collections import deque
from dataclasses import dataclass, field
from math import isnan, nan, sin
from typing import NamedTuple

from analysis.exercises.body_tick import BodyTick, Lean, ThighTick
from analysis.exercises.excursions import Excursion, ExcursionParams, Excursions
from analysis.movement.body_ticks import TICK_S
from analysis.results import Movement, Repetition, RepVerdict, Side, UnderWay

NAME = "seated_twist"


@dataclass(frozen=True, slots=True)
class SeatedTwistParams:
    """`half_way` is the part of the way to the centre that makes a repetition whole; tilts are sines of angles.

    A tilt over `sure` is nobody's fidgeting.
    """

    tilt: ExcursionParams = field(
        default_factory=lambda: ExcursionParams(leave=0.05, least=0.06, share=0.15, longest_s=15.0)
    )
    half_way: float = 0.5
    whole_tilt: float = 0.28
    gap_sd_share: float = 0.25
    sure: float = 0.12


class _Past(NamedTuple):
    time_s: float
    yaw_rad: float
    inward: float
    gap_m: float


class _Knee:
    """One knee: its excursions and how far it turned meanwhile."""

    def __init__(self, params: SeatedTwistParams) -> None:
        self.tilts = Excursions(params.tilt, TICK_S)
        self._yaw_rad = 0.0
        self._past: deque[_Past] = deque(maxlen=round((params.tilt.longest_s + 2) / TICK_S))

    def reset(self) -> None:
        self.tilts.reset()
        self._past.clear()

    def tick(self, time_s: float, thigh: ThighTick, gap_m: float) -> Excursion | None:
        self._yaw_rad += 0.0 if isnan(thigh.yaw_rad_s) else thigh.yaw_rad_s * TICK_S
        self._past.append(_Past(time_s, self._yaw_rad, thigh.inward, gap_m))
        return self.tilts.tick(time_s, thigh.inward)

    def during(self, start_s: float) -> list[_Past]:
        """Everything from just before `start_s` on."""
        return [p for p in self._past if p.time_s >= start_s - 2 * TICK_S]


class SeatedTwist:
    """Repetitions of the seated twist."""

    def __init__(self, femur_m: float, params: SeatedTwistParams | None = None) -> None:
        self._p = params or SeatedTwistParams()
        self._femur_m = femur_m
        self._knees = {Side.LEFT: _Knee(self._p), Side.RIGHT: _Knee(self._p)}
        self._lean = Lean()

    def reset(self) -> None:
        """Forgets what is on."""
        for knee in self._knees.values():
            knee.reset()

    def tick(self, tick: BodyTick) -> list[Repetition]:
        """Repetitions that this tick ends."""
        gap_m = tick.gap_m if tick.gap_sd_m < self._p.gap_sd_share * tick.gap_m else nan
        ended = [
            (side, self._knees[side].tick(tick.time_s, thigh, gap_m))
            for side, thigh in ((Side.LEFT, tick.left), (Side.RIGHT, tick.right))
        ]
        if not any(knee.tilts.out for knee in self._knees.values()) and not any(e for _, e in ended):
            self._lean.start(tick.pelvis_up)
        else:
            self._lean.tick(tick.pelvis_up)
        return [
            self._repetition(side, excursion)
            for side, excursion in ended
            if excursion is not None and not self._came_along(side, excursion)
        ]

    @property
    def turning(self) -> UnderWay | None:
        """The side that is on its way, clearly and alone: the other did not come along, nor is it on its way back."""
        left, right = (self._knees[side].tilts.amount for side in (Side.LEFT, Side.RIGHT))
        side, amount = (Side.LEFT, left) if left > right else (Side.RIGHT, right)
        if amount < self._p.sure or self._other_rad(side, self._knees[side].tilts.since_s) > 0.5 * amount:
            return None
        tilts = self._knees[side].tilts
        return UnderWay(side, tilts.held_s, self._share(self._knees[side], tilts.since_s, tilts.amount))

    def _repetition(self, side: Side, excursion: Excursion) -> Repetition:
        other_rad = self._other_rad(side, excursion.start_s)
        movement = Movement(range_rad=excursion.peak, other_rad=other_rad, trunk_rad=self._lean.angle_rad)
        verdict, reason = self._verdict(self._knees[side], excursion)
        return Repetition(NAME, side, excursion.start_s, excursion.end_s, verdict, reason, movement)

    def _came_along(self, side: Side, excursion: Excursion) -> bool:
        """Whether the other knee went further meanwhile: then the repetition is that one's."""
        other = [p.inward for p in self._knees[_other(side)].during(excursion.start_s)]
        return bool(other) and max(other) - min(other) > excursion.peak

    def _other_rad(self, side: Side, since_s: float) -> float:
        """How far the knee of the other side tipped since then, to either side (sine)."""
        other = self._knees[_other(side)].during(since_s)
        return max(abs(p.inward - other[0].inward) for p in other) if other else nan

    def _verdict(self, knee: _Knee, excursion: Excursion) -> tuple[RepVerdict, str]:
        if not excursion.whole:
            return RepVerdict.UNKNOWN, "samples were lost"
        if self._share(knee, excursion.start_s, excursion.peak) >= 1.0:
            return RepVerdict.OK, ""
        return RepVerdict.SHORT, "turned in less than half-way"

    def _share(self, knee: _Knee, start_s: float, peak: float) -> float:
        """How far the knee came since `start_s`, 1 being half-way to the centre."""
        past = knee.during(start_s)
        if not past or isnan(past[0].gap_m):
            return peak / self._p.whole_tilt
        turned = max(abs(p.yaw_rad - past[0].yaw_rad) for p in past)
        return self._femur_m * sin(turned) / (self._p.half_way * past[0].gap_m / 2)


def _other(side: Side) -> Side:
    return Side.RIGHT if side is Side.LEFT else Side.LEFT
