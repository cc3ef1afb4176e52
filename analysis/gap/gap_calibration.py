"""What touch and spacer teach: the filter's first state, in one least-squares fit.

Known gaps fix heading error and cord; the movement between them, which no drift can spoil in so short a time, shows
the shape of the cord's curve. It also shows which of them cannot be true: knees that had let go of the spacer, or did
not touch yet, by the time their marker began.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Self

import numpy as np

from analysis.gap.gap_filter import (
    CREEP,
    FLOOR,
    FLOOR_SHIFT,
    HEADING,
    HEADING_SHIFT,
    LEFT_TILT,
    LENGTH,
    OFFSET,
    RATE,
    RIGHT_TILT,
    SCALE,
    SLOPE,
    STATES,
    Errors,
)
from analysis.gap.gap_ticks import Ticks
from analysis.gap.heading import Geometry, wrapped
from analysis.gap.learned import LEARNED, Learned
from sensor.samples import Floats


@dataclass(frozen=True, slots=True)
class GapCalibrationParams:
    """What is known before, and how well the calibration movements fix it."""

    touch_gap_m: float = 0.0007
    touch_sd_m: float = 0.001  # light: muscles turn the straps far less than in a press
    spacer_sd_m: float = 0.0015
    lead_s: float = 0.5
    trail_s: float = 0.2
    femur_log_sd: float = 0.028
    rate_sd_rad_s: float = 1e-3  # bias left after the table record, and a minute's warming
    slope_counts_m: float = 9700.0
    slope_sd_counts_m: float = 1500.0
    length_m: float = 0.16
    length_log_sd: float = 0.3
    creep_sd: float = 0.4
    flex_sd_counts: float = 12.0
    flex_noise_counts: float = 12.0
    moving_sd_counts: float = 40.0
    level_offset_sd_m: float = 0.001  # level, the heading error holds all that the mountings get wrong
    steep_offset_sd_m: float = 0.06
    level_heading_sd_rad: float = 1.0
    steep_heading_sd_rad: float = 0.15
    heading_shift_sd_rad: float = 0.015  # muscles turn each strap by half a degree to a degree
    floor_shift_counts: float = 25.0  # they bulge under the cord by millimetres, and it has play: both push it out
    floor_shift_sd_counts: float = 20.0
    tilt_sd_rad: float = 0.04  # of the long axis, seen when the thigh rolls
    steep_reach: float = 1.2  # sum of both horizontal reaches, in femur lengths
    contradiction_sd: float = 4.0  # between known gaps; up to 2.8 where all of them are true
    touch_odds: float = 16.0  # that a touch was none, as a sum of squares: it is felt, a spacer may be another


@dataclass(frozen=True, slots=True)
class KnownGap:
    """A span of session time in which the gap is known."""

    start_s: float
    end_s: float
    gap_m: float
    sd_m: float


@dataclass(frozen=True, slots=True)
class _Movements:
    """What was seen while the gap was known, and from the first such span on."""

    known: tuple[tuple[KnownGap, Ticks], ...]
    whole: Ticks
    taped: Geometry
    params: GapCalibrationParams

    @property
    def end_s(self) -> float:
        return float(self.whole.time_s[-1])

    def without(self, i: int) -> Self:
        """The same with one known gap less."""
        return replace(self, known=self.known[:i] + self.known[i + 1 :])

    def gap_m(self, x: Floats, ticks: Ticks) -> Floats:
        """Inertial gap of `ticks` with the errors `x`, which hold at the end."""
        error = x[HEADING] + x[RATE] * (ticks.time_s - self.end_s)
        sized = Geometry(self.taped.femur_m * float(np.exp(x[SCALE])), self.taped.between_m + float(x[OFFSET]))
        rolled = x[LEFT_TILT] * ticks.left_rolled - x[RIGHT_TILT] * ticks.right_rolled
        return sized.gap_m(*ticks.reaches(), wrapped(ticks.relative_rad - error)) + sized.femur_m * rolled

    def residuals(self, x: Floats) -> Floats:
        """What `x` leaves unexplained, in standard deviations; a row for every known gap and moving tick."""
        p = self.params
        gaps = [(_mean(self.gap_m(x, t)) - k.gap_m) / k.sd_m for k, t in self.known]
        held = [static_counts(x, t) for _, t in self.known]
        cord_sd = [np.hypot(p.flex_sd_counts, p.slope_counts_m * k.sd_m) for k, _ in self.known]
        cords = [
            (_mean(c) - cord_counts(x, k.gap_m)) / sd for c, sd, (k, _) in zip(held, cord_sd, self.known, strict=True)
        ]
        steady = [(c - _mean(c)) / p.flex_noise_counts for c in held]
        moving = static_counts(x, self.whole) - cord_counts(x, np.maximum(self.gap_m(x, self.whole), 0.0))
        moving = moving / p.moving_sd_counts
        robust = np.sign(moving) * (np.sqrt(1 + 2 * np.abs(moving)) - 1)
        return np.nan_to_num(np.concatenate([np.array(gaps), np.array(cords), *steady, robust]))


def calibrated(
    ticks: Ticks,
    spans: tuple[KnownGap, ...],
    taped: Geometry,
    p: GapCalibrationParams,
    prior: Learned | None = None,
) -> Errors | None:
    """The filter's state after the last of `ticks`, `prior` known from before; None where no span has data."""
    known = tuple((k, ticks.between(k.start_s + p.lead_s, k.end_s - p.trail_s)) for k in spans)
    known = tuple((k, t) for k, t in known if _any(t.relative_rad) or _any(t.static_counts))
    if not known:
        return None
    whole = ticks.between(known[0][0].start_s, np.inf)
    movements = _agreeing(_Movements(known, whole, taped, p), prior)
    fit = _fitted(movements, prior)
    x = fit.x
    if not _any(whole.relative_rad):  # nothing will tell a lone cord when the knees press, as they mostly will
        x[FLOOR] += x[FLOOR_SHIFT]
    return Errors(x, fit.covariance, steep=is_steep(movements.known[0][1], p))


@dataclass(frozen=True, slots=True)
class _Fit:
    """State (STATES,) with its covariance, and the sum of squares that it leaves."""

    x: Floats
    covariance: Floats
    cost: float


def _fitted(movements: _Movements, prior: Learned | None) -> _Fit:
    mean, before = _before(movements, prior)
    whiten = np.linalg.inv(np.linalg.cholesky(before))

    def unexplained(x: Floats) -> Floats:
        return np.concatenate([whiten @ (x - mean), movements.residuals(x)])

    x, covariance = least_squares(unexplained, mean, 1e-3 * np.sqrt(np.diag(before)))
    return _Fit(x, covariance, float(np.square(unexplained(x)).sum()))


def _agreeing(movements: _Movements, prior: Learned | None) -> _Movements:
    """The movements without known gaps that the others contradict."""
    while len(movements.known) > 1:
        doubts = [_doubted(movements, i, prior) for i in range(len(movements.known))]
        if max(doubt.contradiction_sd for doubt in doubts) < movements.params.contradiction_sd:
            break
        movements = min(doubts, key=lambda doubt: doubt.cost).rest
    return movements


@dataclass(frozen=True, slots=True)
class _Doubted:
    """The movements without one of the known gaps, how much they contradict it, and what it costs not to believe it."""

    rest: _Movements
    contradiction_sd: float
    cost: float


def _doubted(movements: _Movements, i: int, prior: Learned | None) -> _Doubted:
    rest, (known, ticks) = movements.without(i), movements.known[i]
    fit = _fitted(rest, prior)
    gap_m = _mean(movements.gap_m(fit.x, ticks))
    if np.isnan(gap_m):
        return _Doubted(rest, 0.0, fit.cost)
    step = 1e-2 * np.sqrt(np.diag(fit.covariance))
    change = [_mean(movements.gap_m(fit.x + unit, ticks)) - gap_m for unit in np.diag(step)]
    h = np.array(change) / step
    sd_m = float(np.hypot(np.sqrt(h @ fit.covariance @ h), known.sd_m))
    # Knees are never nearer than touching: a known gap that makes others so is wrong itself.
    least_m = float(np.nanmin(movements.gap_m(fit.x, movements.whole)))
    cost = fit.cost + (min(least_m, 0.0) / sd_m) ** 2
    cost += movements.params.touch_odds if known.gap_m <= movements.params.touch_gap_m else 0.0
    return _Doubted(rest, abs(gap_m - known.gap_m) / sd_m, cost)


def _before(movements: _Movements, prior: Learned | None) -> tuple[Floats, Floats]:
    """Mean and covariance of the state from all but the fit itself."""
    p = movements.params
    first, touch = movements.known[0]
    steep = is_steep(touch, p)
    mean, sd = np.zeros(STATES), np.zeros(STATES)
    mean[HEADING] = heading_error(touch, movements.taped, first.gap_m, steep=steep)
    sd[HEADING] = p.steep_heading_sd_rad if steep else p.level_heading_sd_rad
    sd[RATE], sd[SCALE] = p.rate_sd_rad_s, p.femur_log_sd
    mean[FLOOR], sd[FLOOR] = np.nan_to_num(_mean(touch.static_counts)), 1000.0
    mean[SLOPE], sd[SLOPE] = p.slope_counts_m, p.slope_sd_counts_m
    mean[LENGTH], sd[LENGTH] = np.log(p.length_m), p.length_log_sd
    sd[OFFSET] = p.steep_offset_sd_m if steep else p.level_offset_sd_m
    sd[CREEP] = p.creep_sd
    sd[LEFT_TILT] = sd[RIGHT_TILT] = p.tilt_sd_rad
    mean[FLOOR_SHIFT] = p.floor_shift_counts
    sd[HEADING_SHIFT], sd[FLOOR_SHIFT] = p.heading_shift_sd_rad, p.floor_shift_sd_counts
    covariance = np.diag(np.square(sd))
    if prior is not None:
        mean[list(LEARNED)] = prior.mean
        covariance[np.ix_(LEARNED, LEARNED)] = prior.covariance
    return mean, covariance


def static_counts(x: Floats, ticks: Ticks) -> Floats:
    """Static counts of the cord if its creep is what the state says."""
    return ticks.static_counts + x[CREEP] * ticks.static_per_amount


def _any(x: Floats) -> bool:
    return bool(np.isfinite(x).any())


def _mean(x: Floats) -> float:
    return float(np.nanmean(x)) if _any(x) else np.nan


def is_steep(ticks: Ticks, p: GapCalibrationParams) -> bool:
    """Whether both thighs point down rather than ahead."""
    left, right = ticks.reaches()
    return _mean(np.abs(left) + np.abs(right)) < p.steep_reach


LEAST_REACH = 0.1
DONE_STEPS = 30.0  # in steps of the derivatives, 0.03 standard deviations before the fit


def heading_error(touch: Ticks, taped: Geometry, gap_m: float, *, steep: bool) -> float:
    """Relative heading in a touch less what the sizes ask for there; steep thighs point straight ahead."""
    if not _any(touch.relative_rad):
        return 0.0
    seen = float(np.angle(np.nanmean(np.exp(1j * touch.relative_rad))))
    left, right = (complex(np.nanmean(r)) for r in touch.reaches())
    asked = (gap_m - taped.between_m) / (taped.femur_m * max(abs(left) + abs(right), LEAST_REACH))
    level = seen - 2 * float(np.arcsin(np.clip(asked, -1, 1))) + float(np.angle(left)) - float(np.angle(right))
    return seen if steep else level


def cord_counts(x: Floats, gap_m: Floats | float) -> Floats:
    """Static counts of the cord at a gap."""
    length_m = np.exp(x[LENGTH])
    return x[FLOOR] + x[SLOPE] * length_m * (1 - np.exp(-np.asarray(gap_m) / length_m))


def least_squares(
    residuals: Callable[[Floats], Floats], start: Floats, step: Floats, rounds: int = 6
) -> tuple[Floats, Floats]:
    """Gauss-Newton solution near `start` and its covariance; derivatives by differences of `step`."""
    x = start.copy()
    normal = np.eye(len(x))
    for _ in range(rounds):
        at = residuals(x)
        slopes = [(residuals(x + s * unit) - at) / s for unit, s in zip(np.eye(len(x)), step, strict=True)]
        jacobian = np.stack(slopes, axis=1)
        normal = np.einsum("ni,nj->ij", jacobian, jacobian)
        change = np.linalg.solve(normal, np.einsum("ni,n->i", jacobian, at))
        x = x - change
        if np.abs(change / step).max() < DONE_STEPS:
            break
    return x, np.asarray(np.linalg.inv(normal), dtype=np.float64)
