"""The cord as a measure of the standing gap: its curve is learned seated, where the heading gives the gap.

After rising neither gravity nor heading knows the gap to better than some centimetres (the straps' axes are off by
degrees in the frontal plane, which seated gravity does not show); the cord kept its curve. Squeezing muscles bulge
against it.
"""

from dataclasses import dataclass, field

import numpy as np
from scipy.optimize import least_squares

from analysis.body_ticks import TICK_S
from analysis.flex import CreepParams, FlexRelaxation
from sensor.samples import Floats

SPREAD_COUNTS = 5.0  # of the cord about its curve; more is hysteresis and counts for less


@dataclass(frozen=True, slots=True)
class CheckCordParams:
    """Creep that is taken off, what makes a curve trustworthy, and what a squeeze adds to the cord.

    The creep and `bulge_m` were set on `check_a` to `check_c` (docs/method.md); a wide range of both does as well.
    """

    creep: CreepParams = field(
        default_factory=lambda: CreepParams((0.02,) * 8, (0.3, 1.0, 3.0, 10.0, 30.0, 100.0, 300.0, 1000.0))
    )
    bulge_m: float = 0.0045
    bulge_sd_m: float = 0.0015
    curve_sd_m: float = 0.003
    curve_sd_share: float = 0.03
    reach_min_m: float = 0.03
    residual_max_m: float = 0.01
    ticks_min: int = 50


@dataclass(frozen=True, slots=True)
class CordCurve:
    """Counts = floor + span * (1 - exp(-gap / length))."""

    floor: float
    span: float
    length_m: float

    def gap_m(self, counts: Floats | float) -> Floats:
        """Gap (N,) at counts (N,) of the cord; not below 0."""
        left = np.maximum(1.0 - (np.asarray(counts) - self.floor) / self.span, 0.02)
        return np.maximum(-self.length_m * np.log(left), 0.0)


class CheckCord:
    """Learns the curve from seated ticks, then measures."""

    def __init__(self, params: CheckCordParams | None = None) -> None:
        self._p = params or CheckCordParams()
        self._relaxation = FlexRelaxation(self._p.creep, 1 / TICK_S)
        self._static: list[float] = []
        self._gap_m: list[float] = []
        self._curve: CordCurve | None = None
        self._learned = 0

    def push(self, flex: Floats) -> list[float]:
        """Counts of the cord (M,) freed of its creep."""
        return self._relaxation.push(flex).counts.tolist()

    def seated(self, static: float, gap_m: float) -> None:
        """A tick at which the heading gave the gap."""
        self._static.append(static)
        self._gap_m.append(gap_m)

    def measured(self, static: Floats, *, squeezed: bool) -> tuple[float, float]:
        """Median gap of ticks (M,) and its standard deviation, m; NaN where the cord cannot tell."""
        curve = self._known()
        counts = static[np.isfinite(static)]
        if curve is None or not len(counts):
            return np.nan, np.nan
        gap_m = float(curve.gap_m(float(np.median(counts))))
        sd = np.hypot(self._p.curve_sd_m, self._p.curve_sd_share * gap_m)
        if not squeezed:
            return gap_m, float(sd)
        return max(gap_m - self._p.bulge_m, 0.0), float(np.hypot(sd, self._p.bulge_sd_m))

    def _known(self) -> CordCurve | None:
        if self._learned != len(self._static):
            self._learned = len(self._static)
            self._curve = learned(np.array(self._static), np.array(self._gap_m), self._p)
        return self._curve


def learned(static: Floats, gap_m: Floats, params: CheckCordParams) -> CordCurve | None:
    """The curve through counts (N,) and gaps (N,); None where they do not reach far enough or do not fit."""
    known = np.isfinite(static) & np.isfinite(gap_m)
    static, gap_m = static[known], gap_m[known]
    if len(static) < params.ticks_min or np.ptp(gap_m) < params.reach_min_m:
        return None

    def off(x: Floats) -> Floats:
        return (100.0 * x[0] + 1000.0 * x[1] * (1 - np.exp(-gap_m / np.exp(x[2]))) - static) / SPREAD_COUNTS

    fit = least_squares(off, [static.min() / 100.0, 1.5, np.log(0.15)], loss="soft_l1")
    curve = CordCurve(100.0 * fit.x[0], 1000.0 * fit.x[1], float(np.exp(fit.x[2])))
    residual_m = float(np.sqrt(np.mean(np.square(curve.gap_m(static) - gap_m))))
    return curve if residual_m < params.residual_max_m else None
