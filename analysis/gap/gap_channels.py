"""Fast channels on slow errors: the gap row by row."""

from dataclasses import dataclass, fields
from typing import Self

import numpy as np
from numpy.typing import NDArray

from analysis.gap.flex import held
from analysis.gap.gap_filter import (
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
)
from analysis.gap.gap_ticks import FastRows
from analysis.gap.heading import Geometry, wrapped
from analysis.gap.smoothing import SlowErrors
from analysis.results import GapSeries
from sensor.samples import Floats

STRAP_WOBBLE_SD_M = 0.0009
TURN_SD_M = 0.003  # straps that turn with muscles and knees; none where the knees touch, for there it is seen
STEEP_TURN_SD_M = 0.005
TURN_WITHIN_M = 0.03
AXES_SHARE_SD = 0.015  # of the gap: axes of straps and pelvis are not quite where they are thought to be
SWING_SHARE_SD = 0.06  # of the stride: a leg that swings does not swing straight ahead
STEEP_UP = -0.3
CORD_SD_COUNTS = 14.0
LONE_CORD_SD_M = 0.004  # muscles and slips that move it are not seen
PASSING_SD_M = 0.15  # nor knees that pass each other, with which a lone cord says little of the gap
ASKEW_SHARE = 0.5
ASKEW_MAX = 0.3  # femur lengths; beyond, the cord tells nothing while there is anything else
NEAR_M = 0.01
LEAST_DECAY = 0.03  # a cord near saturation tells no more
SEEN = np.array([HEADING, SCALE, OFFSET, LEFT_TILT, RIGHT_TILT])  # errors that the inertial gap shows
CORD = np.array([FLOOR, SLOPE, LENGTH, CREEP])


@dataclass(frozen=True, slots=True)
class Sizes:
    """What stays: the taped sizes, the cord's answer at once (see `flex`) with its change with the creep, and how far a
    cord without motion sensors may be off."""

    taped: Geometry
    direct: tuple[float, float]
    lone_cord_sd_m: float = LONE_CORD_SD_M


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
        """The result alone; unknown before session zero, when the straps are not worn."""
        worn = self.time_s >= 0
        if worn.all():
            return GapSeries(self.time_s, self.gap_m, self.sd_m, self.contact)
        gap_m, sd_m = (np.where(worn, x, np.nan) for x in (self.gap_m, self.sd_m))
        return GapSeries(self.time_s, gap_m, sd_m, np.where(worn, self.contact, 0.0))


@dataclass(frozen=True, slots=True)
class SlowRows:
    """Slow errors for rows (N): state (STATES, N), standard deviations of inertial gap and cord, touching, and the
    cord's memory (2, N): itself, and its change with the amount of creep."""

    x: Floats
    inertial_sd_m: Floats
    flex_sd_m: Floats
    touching: Floats
    memory: Floats

    def take(self, index: NDArray[np.int64]) -> Self:
        """The rows that `index` selects."""
        return type(self)(*(getattr(self, f.name)[..., index] for f in fields(self)))


def nothing_known(n: int) -> SlowRows:
    """`n` rows before the first calibration."""
    none = np.full(n, np.nan)
    return SlowRows(np.full((STATES, n), np.nan), none, none, np.zeros(n), np.full((2, n), np.nan))


def join_slow(parts: list[SlowRows]) -> SlowRows:
    """Parts one after another."""
    return SlowRows(*(np.concatenate([getattr(p, f.name) for p in parts], axis=-1) for f in fields(SlowRows)))


def slow_rows(errors: SlowErrors, memory: Floats, at: FastRows, sizes: Sizes, before: SlowRows) -> SlowRows:
    """Slow errors (T) and what their covariances mean for the channels at the rows `at` (T).

    Where these rows lack a channel, its standard deviation stays what it was, at first that of `before` (1).
    """
    x = np.ascontiguousarray(errors.x.T)
    slow = SlowRows(x, np.zeros(len(at)), np.zeros(len(at)), errors.touching, memory)
    h = inertial_change(at, slow, sizes.taped)
    inertial = np.einsum("in,nij,jn->n", h, errors.p[:, SEEN[:, None], SEEN], h)
    known, per_count, h = flex_change(at, slow, sizes.direct)
    cord = np.einsum("in,nij,jn->n", h, errors.p[:, CORD[:, None], CORD], h)
    flex_sd_m = np.where(known, np.sqrt(np.maximum(cord, 0.0) + CORD_SD_COUNTS**2) * per_count, np.nan)
    inertial_sd_m = held(np.sqrt(np.maximum(inertial, 0.0)), float(before.inertial_sd_m[-1]))
    return SlowRows(x, inertial_sd_m, held(flex_sd_m, float(before.flex_sd_m[-1])), errors.touching, memory)


def between_steps(steps: SlowRows, step_s: Floats, time_s: Floats, memory: Floats) -> SlowRows:
    """Slow errors at any time, in a straight line between the filter's steps; `memory` is that of the times."""
    x = np.empty((STATES, len(time_s)))
    for i in (*SEEN, *CORD):
        x[i] = np.interp(time_s, step_s, steps.x[i])
    inertial, flex = (np.interp(time_s, step_s, sd) for sd in (steps.inertial_sd_m, steps.flex_sd_m))
    at = np.minimum(np.searchsorted(step_s, time_s), len(step_s) - 1)
    return SlowRows(x, inertial, flex, steps.touching[at], memory)


def channels(fast: FastRows, slow: SlowRows, sizes: Sizes) -> GapChannels:
    """The gap of fast rows (N) on the slow errors known at each."""
    signed = sizes.taped.between_m + slow.x[OFFSET] + _across_m(fast, slow, sizes.taped)[0]
    steep = fast.up < STEEP_UP
    swing = np.where(steep, SWING_SHARE_SD * sizes.taped.femur_m * fast.askew, 0.0)
    variance = slow.inertial_sd_m**2 + STRAP_WOBBLE_SD_M**2 + np.square(AXES_SHARE_SD * signed) + swing**2
    decay = _decay(fast, slow, sizes.direct)[0]
    flex = -np.exp(slow.x[LENGTH]) * np.log(decay)
    turn = np.where(steep, STEEP_TURN_SD_M, TURN_SD_M) * (1 - np.exp(-np.maximum(signed, 0.0) / TURN_WITHIN_M))
    flex_sd_m = np.hypot(
        slow.flex_sd_m, np.where(np.isnan(signed), sizes.lone_cord_sd_m, askew_sd_m(fast, sizes.taped))
    )
    gap, sd = combined(signed, np.sqrt(variance + turn**2), flex, flex_sd_m)
    gap = np.maximum(gap, 0.0)
    contact = np.where(gap < NEAR_M, slow.touching, 0.0)
    return GapChannels(fast.time_s, gap, sd, contact, signed, flex, slow.flex_sd_m)


def askew_sd_m(fast: FastRows, taped: Geometry) -> Floats:
    """What the cord's running not straight across does to its gap."""
    askew = np.where(np.isnan(fast.askew), 0.0, fast.askew)
    return np.where(askew < ASKEW_MAX, ASKEW_SHARE * taped.femur_m * askew, 1.0)


def combined(first: Floats, first_sd: Floats, second: Floats, second_sd: Floats) -> tuple[Floats, Floats]:
    """Mean of two channels weighted by their variances, and its standard deviation, wider where they disagree.

    The slow errors of both are tied to each other by the filter, so that two are hardly surer than the better one.
    """
    a, b = np.square(first_sd), np.square(second_sd)
    weight = np.where(np.isfinite(b), a / (a + b), 0.0)
    weight = np.where(np.isfinite(first), weight, 1.0)
    apart = second - first
    apart[np.isnan(apart)] = 0.0
    mean = np.where(np.isfinite(first), first + weight * apart, second)
    least = np.fmin(a, b)
    spread = np.square(apart) * weight * (1 - weight)
    return mean, np.sqrt(least + spread)


def inertial_change(fast: FastRows, slow: SlowRows, taped: Geometry) -> Floats:
    """Change (5, N) of the signed gap that the directions of the thighs give, with the errors SEEN."""
    across, left, right = _across_m(fast, slow, taped)
    slope = -np.exp(slow.x[SCALE]) * Geometry(taped.femur_m, 0.0).slope_m(fast.left, fast.right, _relative(fast, slow))
    return np.stack([slope, across, np.ones(len(across)), left, right])


def _across_m(fast: FastRows, slow: SlowRows, taped: Geometry) -> tuple[Floats, Floats, Floats]:
    """How far one knee is beside the other as the thighs point, and what a radian of tilt adds for left and right."""
    scale = np.exp(slow.x[SCALE])
    left, right = (taped.femur_m * scale * rolled for rolled in (fast.rolled[:, 0], -fast.rolled[:, 1]))
    across = scale * Geometry(taped.femur_m, 0.0).gap_m(fast.left, fast.right, _relative(fast, slow))
    across += left * slow.x[LEFT_TILT] + right * slow.x[RIGHT_TILT]
    return across, left, right


def _relative(fast: FastRows, slow: SlowRows) -> Floats:
    return wrapped(np.angle(fast.relative) - slow.x[HEADING])


def flex_change(
    fast: FastRows, slow: SlowRows, direct: tuple[float, float]
) -> tuple[NDArray[np.bool_], Floats, Floats]:
    """Where the cord tells a gap, metres per count there, and the change (4, N) of its counts with the errors CORD."""
    decay, per_amount = _decay(fast, slow, direct)
    slope, length_m = slow.x[SLOPE], np.exp(slow.x[LENGTH])
    gap_m, reach_m = -length_m * np.log(decay), length_m * (1 - decay)
    h = np.stack([np.ones(len(decay)), reach_m, slope * (reach_m - gap_m * decay), -per_amount])
    return np.isfinite(gap_m), 1.0 / (slope * decay), h


def _decay(fast: FastRows, slow: SlowRows, direct: tuple[float, float]) -> tuple[Floats, Floats]:
    """What is left (N,) of the way to the cord's saturation, and the change of its counts with the creep."""
    creep = slow.x[CREEP]
    static = (direct[0] + creep * direct[1]) * fast.flex + slow.memory[0] + creep * slow.memory[1]
    per_amount = direct[1] * fast.flex + slow.memory[1]
    decay = 1 - (static - slow.x[FLOOR]) / (slow.x[SLOPE] * np.exp(slow.x[LENGTH]))
    return np.maximum(decay, LEAST_DECAY), per_amount
