"""Knees in: standing, both knees close until the thighs touch; a repetition is the hold, `short` when under 10 s.

Which knee came first and how much of the way each made is told from the thighs' tilt before the hold.
"""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from math import isnan, nan
from typing import NamedTuple

from analysis.exercises.body_tick import BodyTick, ThighTick
from analysis.movement.body_ticks import TICK_S
from analysis.results import Hold, HoldVerdict, Movement, Repetition, RepVerdict, Side

NAME = "knees_in"


@dataclass(frozen=True, slots=True)
class KneesInParams:
    """Length of a full hold, and how far back its closing movement is looked for.

    A hold is told within `told_within_s` of its end; its closing is remembered for `memory_s`.
    """

    hold_s: float = 10.0
    closing_s: float = 4.0
    memory_s: float = 600.0
    told_within_s: float = 60.0
    started: float = 0.3


class _Past(NamedTuple):
    time_s: float
    left: float
    right: float


class KneesIn:
    """Repetitions of knees in, from closed holds."""

    def __init__(self, params: KneesInParams | None = None) -> None:
        self._p = params or KneesInParams()
        self._past: deque[_Past] = deque(maxlen=round(self._p.memory_s / TICK_S))

    def reset(self) -> None:
        """Nothing is on: a hold may be told after the exercise, and then asks for what was before."""

    def tick(self, tick: BodyTick) -> list[Repetition]:
        """Keeps how far each knee is from straight; holds make the repetitions."""
        self._past.append(_Past(tick.time_s, _bend(tick.left), _bend(tick.right)))
        return []

    def repetitions(self, holds: Iterable[Hold]) -> list[Repetition]:
        """One repetition for each hold."""
        return [Repetition(NAME, Side.BOTH, h.start_s, h.end_s, *self._verdict(h), self._movement(h)) for h in holds]

    def _verdict(self, hold: Hold) -> tuple[RepVerdict, str]:
        if hold.verdict is HoldVerdict.UNKNOWN:
            return RepVerdict.UNKNOWN, "the gap is not sure"
        if hold.gross_s < self._p.hold_s:
            return RepVerdict.SHORT, "released early"
        return RepVerdict.OK, ""

    def _movement(self, hold: Hold) -> Movement:
        if hold.gross_s > self._p.memory_s - self._p.told_within_s:
            return Movement()
        past = [p for p in self._past if hold.start_s - self._p.closing_s <= p.time_s <= hold.start_s + 0.5]
        if len(past) < 2 or isnan(sum(p.left + p.right for p in past)):
            return Movement()
        left, right = [p.left for p in past], [p.right for p in past]
        ways = max(left) - min(left), max(right) - min(right)
        if sum(ways) <= 0:
            return Movement()
        lag_s = (self._start(left) - self._start(right)) * TICK_S
        return Movement(range_rad=min(ways), left_share=ways[0] / sum(ways), left_lag_s=lag_s)

    def _start(self, way: list[float]) -> float:
        low, high = min(way), max(way)
        return next((float(i) for i, v in enumerate(way) if v > low + self._p.started * (high - low)), nan)


def _bend(thigh: ThighTick) -> float:
    """How far the thigh is from upright, inward and forward alike (sine)."""
    return (max(0.0, 1.0 - thigh.upright * thigh.upright)) ** 0.5
