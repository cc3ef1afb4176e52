"""Fast channels on slow errors: the gap row by row."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Self

import numpy as np
from numpy.typing import NDArray

from analysis.gap_filter import (
    CREEP,
    FLOOR,
    HEADING,
    LEFT_TILT,
    LENGTH,
    OFFSET,
    RIGHT_TILT,
    SCALE,
    SLOPE,
    STATES,
    Errors,
)
from analysis.gap_ticks import FastRows
from analysis.heading import Geometry, wrapped
from analysis.results import GapSeries
from analysis.smoothing import SlowErrors
from sensor.samples import Floats

STRAP_WOBBLE_SD_M = 0.001
TURN_SD_M = 0.003  # straps that turn with muscles and knees; none where the knees touch, for there it is seen
STEEP_TURN_SD_M = 0.005
TURN_WITHIN_M = 0.03
AXES_SHARE_SD = 0.02  # of the gap: axes of straps and pelvis are not quite where they are thought to be
SWING_SHARE_SD = 0.06  # of the stride: a leg that swings does not swing straight ahead
STEEP_UP = -0.3
CORD_SD_COUNTS = 20.0
ASKEW_SHARE = 0.5
ASKEW_MAX = 0.3  # femur lengths; beyond, the cord tells nothing while there is anything else
NEAR_M = 0.01
SEEN = np.array([HEADING, SCALE, OFFSET, LEFT_TILT, RIGHT_TILT])  # errors that the inertial gap shows
CORD = np.array([FLOOR, SLOPE, LENGTH, CREEP])


@dataclass(frozen=True, slots=True)
class GapChannels:
    """The gap and what it was made from, row by row; NaN where unknown."""

    time_s: Floats
    gap_m: Floats
    sd_m: Floats
    contact: Floats
    inertial_m: Floats
    flex_m: Floats
    flex_sd_m: Floats

    @property
    def series(self) -> GapSeries:
        """The result alone."""
        return GapSeries(self.time_s, self.gap_m, self.sd_m, self.contact)


@dataclass(frozen=True, slots=True)
class SlowRows:
    """Slow errors for rows (N): state (N, STATES), covariances of what inertial gap (SEEN) and cord (CORD) show.

    `memory` (N, 2) of the cord, and its change with the creep share.
    """

    x: Floats
    inertial: Floats
    cord: Floats
    touching: Floats
    memory: Floats

    def take(self, index: NDArray[np.int64]) -> Self:
        """The rows that `index` selects."""
        return type(self)(*(getattr(self, f.name)[index] for f in fields(self)))


NO_SLOW = SlowRows(np.empty((0, STATES)), np.empty((0, 5, 5)), np.empty((0, 4, 4)), np.empty(0), np.empty((0, 2)))
Known = tuple[Floats, Floats, bool]


def known(errors: Errors | None) -> Known | None:
    """A copy of what the filter knows."""
    return None if errors is None else (errors.x.copy(), errors.p.copy(), errors.touching)


def slow_rows(rows: Sequence[Known | None], memory: Floats) -> SlowRows:
    """What was known, as arrays; NaN where nothing was."""
    x, p = np.full((len(rows), STATES), np.nan), np.full((len(rows), STATES, STATES), np.nan)
    touching = np.zeros(len(rows))
    for i, row in enumerate(rows):
        if row is not None:
            x[i], p[i], touching[i] = row
    return SlowRows(x, p[:, SEEN[:, None], SEEN], p[:, CORD[:, None], CORD], touching, memory)


def between_steps(errors: SlowErrors, time_s: Floats, memory: Floats) -> SlowRows:
    """Slow errors at any time, in a straight line between the filter's steps."""
    upper = np.clip(np.searchsorted(errors.time_s, time_s), 1, max(len(errors.time_s) - 1, 1))
    upper = np.minimum(upper, len(errors.time_s) - 1)
    lower = np.maximum(upper - 1, 0)
    span = errors.time_s[upper] - errors.time_s[lower]
    part = np.divide(time_s - errors.time_s[lower], span, out=np.zeros(len(time_s)), where=span > 0)
    part = np.clip(part, 0.0, 1.0)

    def line(values: Floats) -> Floats:
        share = part.reshape(-1, *[1] * (values.ndim - 1))
        return values[lower] + share * (values[upper] - values[lower])

    inertial, cord = (errors.p[:, states[:, None], states] for states in (SEEN, CORD))
    return SlowRows(line(errors.x), line(inertial), line(cord), errors.touching[upper], memory)


def channels(fast: FastRows, slow: SlowRows, taped: Geometry, direct: tuple[float, float]) -> GapChannels:
    """The gap of fast rows (N) on the slow errors known at each; `direct`: the cord's answer at once, see `flex`."""
    signed, inertial_sd = inertial_channel(fast, slow, taped)
    creep = slow.x[:, CREEP]
    static = (direct[0] + creep * direct[1]) * fast.flex + slow.memory[:, 0] + creep * slow.memory[:, 1]
    per_amount = direct[1] * fast.flex + slow.memory[:, 1]
    flex, flex_sd = flex_channel(static, per_amount, slow)
    gap, sd = combined(signed, inertial_sd, flex, np.hypot(flex_sd, askew_sd_m(fast, taped)))
    gap = np.maximum(gap, 0.0)
    turn_sd_m = np.where(fast.up < STEEP_UP, STEEP_TURN_SD_M, TURN_SD_M)
    sd = np.hypot(sd, turn_sd_m * (1 - np.exp(-gap / TURN_WITHIN_M)))
    contact = np.where(gap < NEAR_M, slow.touching, 0.0)
    return GapChannels(fast.time_s, gap, sd, contact, signed, flex, flex_sd)


def askew_sd_m(fast: FastRows, taped: Geometry) -> Floats:
    """What the cord's running not straight across does to its gap."""
    askew = np.nan_to_num(fast.askew)
    return np.where(askew < ASKEW_MAX, ASKEW_SHARE * taped.femur_m * askew, 1.0)


def combined(first: Floats, first_sd: Floats, second: Floats, second_sd: Floats) -> tuple[Floats, Floats]:
    """Mean of two channels weighted by their variances, and its standard deviation, wider where they disagree.

    The slow errors of both are tied to each other by the filter, so that two are hardly surer than the better one.
    """
    a, b = np.square(first_sd), np.square(second_sd)
    weight = np.where(np.isfinite(b), a / (a + b), 0.0)
    weight = np.where(np.isfinite(first), weight, 1.0)
    apart = np.nan_to_num(second - first)
    mean = np.where(np.isfinite(first), first + weight * apart, second)
    least = np.fmin(a, b)
    spread = np.square(apart) * weight * (1 - weight)
    return mean, np.sqrt(least + spread)


def inertial_channel(fast: FastRows, slow: SlowRows, taped: Geometry) -> tuple[Floats, Floats]:
    """Signed gap from the directions of the thighs, and its standard deviation."""
    relative = wrapped(np.angle(fast.relative) - slow.x[:, HEADING])
    sized = Geometry(taped.femur_m, 0.0)
    scale = np.exp(slow.x[:, SCALE])
    across = scale * sized.gap_m(fast.left, fast.right, relative)
    tilts = taped.femur_m * scale[:, None] * fast.rolled * np.array([1.0, -1.0])
    across += np.einsum("ni,ni->n", tilts, slow.x[:, [LEFT_TILT, RIGHT_TILT]])
    signed = taped.between_m + slow.x[:, OFFSET] + across
    slope = -scale * sized.slope_m(fast.left, fast.right, relative)
    h = np.column_stack([slope, across, np.ones(len(across)), tilts])
    variance = np.einsum("ni,nij,nj->n", h, slow.inertial, h)
    swing = np.where(fast.up < STEEP_UP, SWING_SHARE_SD * taped.femur_m * fast.askew, 0.0)
    variance = np.maximum(variance, 0.0) + STRAP_WOBBLE_SD_M**2 + np.square(AXES_SHARE_SD * signed) + swing**2
    return signed, np.sqrt(variance)


def flex_channel(static_counts: Floats, per_amount: Floats, slow: SlowRows) -> tuple[Floats, Floats]:
    """Gap from the cord alone, and its standard deviation."""
    slope, length_m = slow.x[:, SLOPE], np.exp(slow.x[:, LENGTH])
    decay = np.maximum(1 - (static_counts - slow.x[:, FLOOR]) / (slope * length_m), 0.03)
    gap_m, reach_m = -length_m * np.log(decay), length_m * (1 - decay)
    h = np.stack([np.ones(len(decay)), reach_m, slope * (reach_m - gap_m * decay), -per_amount], axis=1)
    variance = np.einsum("ni,nij,nj->n", h, slow.cord, h) + CORD_SD_COUNTS**2
    return gap_m, np.sqrt(np.maximum(variance, 0.0)) / slope / decay
