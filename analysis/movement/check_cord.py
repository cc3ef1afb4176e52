"""The cord as a measure of the standing gap: its curve is learned seated, where the heading gives the gap.

After rising neither gravity nor heading knows the gap to better than some centimetres (the straps' axes are off by
degrees in the frontal plane, which seated gravity does not show); the cord kept its curve. Squeezing muscles bulge
against it.
"""

from dataclasses import dataclass, field

import numpy as np
from scipy.optimize import least_squares

from analysis.gap.flex import CreepParams, FlexRelaxation
from analysis.movement.body_ticks import TICK_S
from sensor.markers import Label, Marker
from sensor.samples import Floats

TOUCH_GAP_M = 0.0007  # knees that touch lightly, as in `GapCalibrationParams`
SETTLE_S = 0.5
ANCHORS_APART_M = 0.02
STRETCH_MAX = 0.15
NEAR = np.array([20.0, 1.4, 1.8])  # hundreds, thousands of counts, logarithm: how far from usual a cord may be
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
    curve_sd_m: float = 0.0035
    curve_sd_share: float = 0.04
    reach_min_m: float = 0.03
    residual_max_m: float = 0.01
    ticks_min: int = 50
    standing_sd_m: float = 0.0025  # where a spacer was held standing, there


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


@dataclass(frozen=True, slots=True)
class SeatedTicks:
    """Raw counts of the cord from the start of the session (M,), and the gap (M,) where the heading gave it seated."""

    flex: Floats
    gap_m: Floats


def measured(record: SeatedTicks, phase: slice, params: CheckCordParams, *, squeezed: bool) -> tuple[float, float]:
    """Median gap of the ticks of a phase and its standard deviation, m; NaN where the cord cannot tell."""
    static = FlexRelaxation(params.creep, 1 / TICK_S).push(record.flex).counts
    curve = learned(static, record.gap_m, params)
    counts = static[phase]
    counts = counts[np.isfinite(counts)]
    if curve is None or not len(counts):
        return np.nan, np.nan
    gap_m = float(curve.gap_m(float(np.median(counts))))
    sd_m = float(np.hypot(params.curve_sd_m, params.curve_sd_share * gap_m))
    if not squeezed:
        return gap_m, sd_m
    return max(gap_m - params.bulge_m, 0.0), float(np.hypot(sd_m, params.bulge_sd_m))


@dataclass(frozen=True, slots=True)
class StandingSpacer:
    """A spacer that was held standing: its width, and what the cord made of it."""

    true_m: float
    seen_m: float


def corrected(gap_m: float, spacer: StandingSpacer, params: CheckCordParams, *, squeezed: bool) -> tuple[float, float]:
    """A gap by the cord, right where the spacer was held, and its standard deviation."""
    gap_m = max(gap_m + spacer.true_m - spacer.seen_m, 0.0)
    sd_m = float(np.hypot(params.standing_sd_m, params.curve_sd_share * (gap_m - spacer.true_m)))
    return gap_m, float(np.hypot(sd_m, params.bulge_sd_m)) if squeezed else sd_m


def learned(static: Floats, gap_m: Floats, params: CheckCordParams) -> CordCurve | None:
    """The curve through counts (N,) and gaps (N,); None where they do not reach far enough or do not fit."""
    known = np.isfinite(static) & np.isfinite(gap_m)
    static, gap_m = static[known], gap_m[known]
    if len(static) < params.ticks_min or np.ptp(gap_m) < params.reach_min_m:
        return None

    def off(x: Floats) -> Floats:
        return (100.0 * x[0] + 1000.0 * x[1] * (1 - np.exp(-gap_m / np.exp(x[2]))) - static) / SPREAD_COUNTS

    start = np.array([static.min() / 100.0, 1.5, np.log(0.15)])
    fit = least_squares(off, start, loss="soft_l1", bounds=(start - NEAR, start + NEAR))
    curve = CordCurve(100.0 * fit.x[0], 1000.0 * fit.x[1], float(np.exp(fit.x[2])))
    residual_m = float(np.sqrt(np.mean(np.square(curve.gap_m(static) - gap_m))))
    return curve if residual_m < params.residual_max_m else None


def anchored(time_s: Floats, gap_m: Floats, known: list[tuple[float, float, float]]) -> Floats:
    """The gap (M,) stretched so that it is right in spans (start, end, gap) in which it is known."""
    seen: list[tuple[float, float]] = []
    for start_s, end_s, true_m in known:
        inside = gap_m[(time_s > start_s + SETTLE_S) & (time_s < end_s)]
        if np.isfinite(inside).any():
            seen.append((float(np.nanmedian(inside)), true_m))
    if not seen:
        return gap_m
    found, true = np.array(seen).T
    spread = np.ptp(found)
    slope = np.polyfit(found, true, 1)[0] if spread > ANCHORS_APART_M else 1.0
    slope = float(np.clip(slope, 1 - STRETCH_MAX, 1 + STRETCH_MAX))
    return true.mean() + slope * (gap_m - found.mean())


def known_gap(marker: Marker) -> tuple[Marker, float] | None:
    """A marker of the calibration with the gap that the wearer then had; None where it does not tell."""
    if marker.label == Label.TOUCH:
        return marker, TOUCH_GAP_M
    try:
        return (marker, float(marker.value) / 1000) if marker.label == Label.SPACER else None
    except ValueError:
        return None
