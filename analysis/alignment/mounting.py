"""How each strap sits on its segment, from the movements of the calibration.

Invariant: nothing is assumed of the mounting; the hip is the pivot, the knee lifts to the front (`docs/frames.md`).

For a thigh, three things are seen from the strap: the way from the hip to the strap (the pivot about which its
accelerations turn), the knee axis (about which a leg raise turns the thigh) and up (gravity, in a touch). Seated or
lying the front of the thigh is up, standing its long axis is.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np
from scipy.signal import butter, sosfiltfilt

from analysis.alignment.calibration_findings import CalibrationFinding, Finding
from analysis.motion import GRID_HZ
from analysis.quaternion import about, conjugate, from_axes, multiply, normalized, rotate, up_in_segment
from analysis.straps.grid import StrapGrid
from analysis.straps.orientation import ACCEL, GYRO, Q
from analysis.straps.timebase import Bools
from sensor.markers import Label, Marker
from sensor.samples import THIGHS, Floats, Placement
from sensor.wearer import Wearer

G_M_S2 = 9.81
LEVEL_COS = 0.5  # of long axis and up, below which thighs count as level
# From axes given as x and z to axes given as x and y.
UPRIGHT = about(np.array([1.0, 0.0, 0.0]), -np.pi / 2)


class CalibrationPosture(StrEnum):
    """Posture in which the touch was made; thighs level covers sitting and lying."""

    THIGHS_LEVEL = "thighs_level"
    STANDING = "standing"
    UNKNOWN = "unknown"


# About x, y, z: the knee axis of a leg raise is 0 to 9 degrees off about the vertical; a thigh that is taken for level
# or upright is so within some degrees.
SD_RAD = {
    CalibrationPosture.THIGHS_LEVEL: (0.09, 0.1, 0.03),
    CalibrationPosture.STANDING: (0.04, 0.06, 0.09),
    CalibrationPosture.UNKNOWN: (0.15, 0.2, 0.15),
}


@dataclass(frozen=True, slots=True)
class AlignmentParams:
    """What the estimate of the pivot listens to and when it is believed."""

    band_hz: tuple[float, float] = (0.2, 4.0)
    pivot_r2_clear: float = 0.6
    pivot_r2_min: float = 0.3
    settle_s: float = 0.3
    touch_still_rad_s: float = 0.12
    knee_axis_ratio_min: float = 2.5
    knee_axis_slow_hz: float = 2.5
    knee_axis_slow_ratio_min: float = 5.0
    standing_cos_min: float = 0.8
    # A strap that is put on again sits within some degrees of where it sat; further off it is another way round.
    again_sd_rad: float = 0.12
    again_cos_min: float = 0.85


@dataclass(frozen=True, slots=True)
class StrapAlignment:
    """Rotation from segment to strap axes; `sd_rad` about the segment's x, y, z; `strap_from_hip_m` in segment axes."""

    q_strap_from_segment: Floats  # (4,)
    sd_rad: Floats  # (3,)
    strap_from_hip_m: Floats  # (3,)
    posture: CalibrationPosture
    knee_axis_seen: bool


@dataclass(frozen=True, slots=True)
class Alignment:
    """How all straps sit, as far as the calibration showed."""

    straps: Mapping[Placement, StrapAlignment]
    findings: tuple[CalibrationFinding, ...] = ()


def align(
    grid: StrapGrid,
    markers: tuple[Marker, ...],
    wearer: Wearer | None,
    params: AlignmentParams,
    remembered: Mapping[Placement, StrapAlignment] | None = None,
) -> Alignment:
    """Alignment of the thigh straps from `grid` with its calibration `markers`; `remembered` is that of last time."""
    straps: dict[Placement, StrapAlignment] = {}
    findings: list[CalibrationFinding] = []
    for placement in THIGHS:
        if placement in grid.straps:
            before = remembered.get(placement) if remembered else None
            aligned, found = _align_thigh(placement, grid, markers, wearer, params, before)
            findings += [CalibrationFinding(f, placement) for f in found]
            if aligned is not None:
                straps[placement] = aligned
    return Alignment(straps, tuple(findings))


def _align_thigh(
    placement: Placement,
    grid: StrapGrid,
    markers: tuple[Marker, ...],
    wearer: Wearer | None,
    params: AlignmentParams,
    before: StrapAlignment | None,
) -> tuple[StrapAlignment | None, list[Finding]]:
    rows = grid.straps[placement]
    findings: list[Finding] = []
    pivot, r2 = hip_to_strap(rows[grid.time_s > 0], params)
    if r2 < params.pivot_r2_clear:
        findings.append(Finding.PIVOT_UNCLEAR)
    touch = _inside(grid, markers, Label.TOUCH, params.settle_s)
    still = touch if touch.any() else _inside(grid, markers, Label.SPACER, params.settle_s)
    up = mean_up(rows[still]) if np.isfinite(rows[still, Q]).all(axis=1).any() else None
    if up is not None and float(np.nanstd(rows[still, GYRO], axis=0).mean()) > params.touch_still_rad_s:
        findings.append(Finding.TOUCH_NOT_STILL)
    raised = _inside(grid, markers, Label.LEG_RAISE, 0.0)
    if before is not None and not raised.any() and (up is None or r2 < params.pivot_r2_clear):
        again = _donned_again(placement, before, up, wearer, params)
        return again, [Finding.MEMORY_CONTRADICTED if again is None else Finding.MOUNTING_REMEMBERED]
    if r2 < params.pivot_r2_min:
        return None, findings
    axis = knee_axis(rows[raised], params) if raised.any() else None
    if axis is None:
        findings.append(Finding.NO_KNEE_AXIS)
    left = None if axis is None else to_left(axis, pivot, up, mean_up(rows[raised]))
    return _axes(placement, pivot, up, left, wearer, params), findings


def _axes(
    placement: Placement,
    pivot: Floats,
    up: Floats | None,
    left: Floats | None,
    wearer: Wearer | None,
    p: AlignmentParams,
) -> StrapAlignment | None:
    seen = left is not None
    # Along the knee axis, about which the thigh mostly turned, the pivot is hardly seen.
    seen_pivot = pivot if left is None else pivot - left * (left @ pivot)
    cos = float(normalized(seen_pivot) @ up) if up is not None else 0.0
    if up is not None and abs(cos) < LEVEL_COS:
        posture = CalibrationPosture.THIGHS_LEVEL
        front = up
        # The leg raise's axis wanders with the knee; the pivot tells left and right just as well.
        left = normalized(np.cross(-pivot, front)) if left is None else left
        q = from_axes(front, left - front * (left @ front))
    elif up is not None and -cos > p.standing_cos_min and left is not None:
        posture = CalibrationPosture.STANDING
        q = from_axes(np.cross(left, up), up + inward_slope(placement, wearer) * normalized(left - up * (left @ up)))
        q = multiply(q, UPRIGHT)
    elif left is not None:
        posture = CalibrationPosture.UNKNOWN
        z = -normalized(seen_pivot)
        q = from_axes(np.cross(left, z), left - z * (left @ z))
    else:
        return None
    return StrapAlignment(q, np.array(SD_RAD[posture]), _in_segment(q, pivot), posture, seen)


def _donned_again(
    placement: Placement, before: StrapAlignment, up: Floats | None, wearer: Wearer | None, p: AlignmentParams
) -> StrapAlignment | None:
    """The mounting of last time as it sits now: up is seen, the rest is remembered; None where up says otherwise."""
    front, left, long_axis = (rotate(before.q_strap_from_segment, axis) for axis in np.eye(3))
    if up is not None and max(float(front @ up), float(long_axis @ up)) < p.again_cos_min:
        return None
    pivot = rotate(before.q_strap_from_segment, before.strap_from_hip_m)
    again = _axes(placement, pivot, up, left, wearer, p)
    sd_rad = np.hypot(again.sd_rad if again else 0.0, p.again_sd_rad)
    return again and replace(again, sd_rad=sd_rad, knee_axis_seen=False)


def inward_slope(placement: Placement, wearer: Wearer | None) -> float:
    """Slope to the left of the thigh's long axis where the knees touch standing: hips are wider apart than knees."""
    if wearer is None or wearer.hip_width_m is None or wearer.knee_width_m is None:
        return 0.0
    slope = (wearer.hip_width_m - wearer.knee_width_m) / 2 / wearer.femur_m
    return slope if placement is Placement.LEFT_THIGH else -slope


def hip_to_strap(rows: Floats, params: AlignmentParams) -> tuple[Floats, float]:
    """The way from the hip to the strap (3,) in strap axes, m, and the share of the accelerations that it explains.

    From rows (N, 15) of a moving thigh; the share is 0 where they say nothing.
    """
    rows = rows[np.isfinite(rows[:, :10]).all(axis=1)]
    if len(rows) < 2 * GRID_HZ:
        return np.full(3, np.nan), 0.0
    gyr = rows[:, GYRO]
    turn = _cross_matrix(np.gradient(gyr, 1 / GRID_HZ, axis=0))
    cross = _cross_matrix(gyr)
    terms = (turn + np.einsum("nij,njk->nik", cross, cross)).reshape(len(rows), 9)
    free = rows[:, ACCEL] - G_M_S2 * up_in_segment(rows[:, Q])
    sos = butter(2, params.band_hz, "band", fs=GRID_HZ, output="sos")
    a = sosfiltfilt(sos, terms, axis=0).reshape(-1, 3)
    b = sosfiltfilt(sos, free, axis=0).reshape(-1)
    if not b.any():
        return np.full(3, np.nan), 0.0
    pivot = np.linalg.lstsq(a, b, rcond=None)[0]
    return pivot, 1 - float(np.var(b - a @ pivot) / np.var(b))


def mean_up(rows: Floats) -> Floats:
    """Mean upward direction (3,) in strap axes of rows (N, 15)."""
    return normalized(np.nanmean(up_in_segment(rows[:, Q]), axis=0))


def knee_axis(rows: Floats, params: AlignmentParams) -> Floats | None:
    """The axis (3,) in strap axes, to either side, about which a leg raise (rows (N, 15)) turns the thigh."""
    gyr = rows[:, GYRO][np.isfinite(rows[:, GYRO]).all(axis=1)]
    if len(gyr) < GRID_HZ:
        return None
    axis = _main_axis(gyr, params.knee_axis_ratio_min)
    if axis is not None:
        return axis
    # Raised legs tremble faster than they are raised, which hides the axis of who raises them slowly.
    sos = butter(2, params.knee_axis_slow_hz, fs=GRID_HZ, output="sos")
    return _main_axis(sosfiltfilt(sos, gyr, axis=0), params.knee_axis_slow_ratio_min)


def _main_axis(gyr_rad_s: Floats, ratio_min: float) -> Floats | None:
    """The axis (3,) of most turning, where its rates are so many times those about the next one."""
    spread, axes = np.linalg.eigh(np.cov(gyr_rad_s.T))
    return axes[:, 2] if spread[2] > ratio_min**2 * spread[1] else None


def to_left(axis: Floats, pivot: Floats, up: Floats | None, raised_up: Floats) -> Floats:
    """The knee axis (3,) on its left side, all in strap axes.

    Level thighs: from the pivot, as left, the long axis and up are at right angles. Else the knee lifts to the front,
    which moves up, as the thigh sees it, by left x up from where it was at rest (`up`). Without a rest the strap is
    taken to sit on the front.
    """
    long_axis = -normalized(pivot - axis * (axis @ pivot))
    if up is None:
        side = float(np.cross(axis, long_axis) @ pivot)
    elif abs(long_axis @ up) < LEVEL_COS:
        side = float(np.cross(long_axis, up) @ axis)
    else:
        side = float(np.cross(axis, up) @ (raised_up - up))
    return axis if side > 0 else -axis


def _inside(grid: StrapGrid, markers: tuple[Marker, ...], label: Label, settle_s: float) -> Bools:
    inside = np.zeros(len(grid.time_s), dtype=bool)
    for m in markers:
        if m.label == label:
            inside |= (grid.time_s >= m.start_s + settle_s) & (grid.time_s <= m.end_s - settle_s)
    return inside


def _cross_matrix(v: Floats) -> Floats:
    zero = np.zeros(len(v))
    x, y, z = v[:, 0], v[:, 1], v[:, 2]
    return np.stack([np.stack([zero, -z, y], -1), np.stack([z, zero, -x], -1), np.stack([-y, x, zero], -1)], -2)


def _in_segment(q_strap_from_segment: Floats, v: Floats) -> Floats:
    return rotate(conjugate(q_strap_from_segment), v)
