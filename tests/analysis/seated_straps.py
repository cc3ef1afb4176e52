"""A made-up person who sits still: motion of both thighs with tension and tilt as a test wants them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np

from analysis.drift.slip_watch import SlipWatch, StrapSeries, no_straps
from analysis.holds.gap_spans import GapRows
from analysis.motion import GRID_HZ, Motion, SegmentMotion
from analysis.results import GapSeries
from sensor.arrivals import MarkerEdge
from sensor.markers import Marker
from sensor.samples import THIGHS, Floats, Placement

Curve = Callable[[Floats], Floats]
SLACK, DONNED = 400.0, 1600.0
TABLE = Marker("table", -34.0, -26.0)


def zero(time_s: Floats) -> Floats:
    """Nothing, always."""
    return np.zeros_like(time_s)


def ramp(start_s: float, end_s: float, size: float) -> Curve:
    """From 0 to `size` between two times."""
    return lambda time_s: size * np.clip((time_s - start_s) / (end_s - start_s), 0.0, 1.0)


def swing(start_s: float, end_s: float, size: float) -> Curve:
    """From 0 to `size` between two times, starting and ending gently."""
    steady = ramp(start_s, end_s, 1.0)
    return lambda time_s: size * (1 - np.cos(np.pi * steady(time_s))) / 2


def both(*curves: Curve) -> Curve:
    """The sum of curves."""
    return lambda time_s: np.sum([c(time_s) for c in curves], axis=0)


@dataclass(frozen=True, slots=True)
class Sitting:
    """Changes of tension (fraction), turn about the thigh (rad), gap and stretch of a cord (m); noise is seeded."""

    duration_s: float
    tension: Mapping[Placement, Curve] = field(default_factory=dict[Placement, Curve])
    turn_rad: Mapping[Placement, Curve] = field(default_factory=dict[Placement, Curve])
    gap_m: Curve = zero
    cord_m: Curve | None = None
    standing: bool = False

    def motion(self) -> Motion:
        """Motion from the table record on."""
        time_s = np.arange(round(-35 * GRID_HZ), round(self.duration_s * GRID_HZ)) / GRID_HZ
        rng = np.random.default_rng(1)
        segments = {p: self._segment(p, time_s, rng) for p in THIGHS}
        edges = (MarkerEdge(TABLE, TABLE.start_s, closed=False), MarkerEdge(TABLE, TABLE.end_s, closed=True))
        return Motion(time_s, segments, edges)

    def rows(self, motion: Motion) -> GapRows:
        """The gap, known to a millimetre."""
        n = len(motion)
        gap_m = self.gap_m(motion.time_s)
        gap = GapSeries(motion.time_s, gap_m, np.full(n, 0.001), (gap_m < 0.002).astype(np.float64))
        return GapRows(gap, np.zeros(n), (motion.time_s <= 0).astype(np.float64))

    def _segment(self, placement: Placement, time_s: Floats, rng: np.random.Generator) -> SegmentMotion:
        n = len(time_s)
        turn = self.turn_rad.get(placement, zero)(time_s)
        level = np.stack([np.cos(turn), np.sin(turn), np.zeros(n)], axis=1)
        up = np.tile([0.0, 0.0, 1.0], (n, 1)) if self.standing else level
        acc = 9.81 * up + rng.normal(0, 0.05, (n, 3))
        gyr = np.stack([np.zeros(n), np.zeros(n), -np.gradient(turn, 1 / GRID_HZ)], axis=1)
        worn = np.clip((time_s + 10) / 8, 0.0, 1.0)
        tension = SLACK + (DONNED - SLACK) * worn * (1 + self.tension.get(placement, zero)(time_s))
        none = np.full(n, np.nan)
        cord = none if self.cord_m is None else 1500 + 6000 * self.cord_m(time_s) + rng.normal(0, 3.0, n)
        return SegmentMotion(
            np.tile([1.0, 0.0, 0.0, 0.0], (n, 1)),
            gyr + rng.normal(0, 0.005, (n, 3)),
            acc,
            np.full(n, 30.0),
            cord,
            np.round(tension + rng.normal(0, 3.0, n)),
            none,
            np.ones(n),
        )


def straps_of(motion: Motion) -> StrapSeries:
    """The motion's blocks and slips."""
    return SlipWatch().push(motion) or no_straps()
