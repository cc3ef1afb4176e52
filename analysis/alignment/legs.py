"""Which strap sits on which leg: from a touch the knees can only open, whatever was written on the straps.

Seated or lying, knees open by turning outwards about the vertical, which each strap sees by itself, however it is
mounted. Standing they tilt about the forward axis instead, which only aligned straps see.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analysis.motion import GRID_HZ, Motion
from analysis.quaternion import up_in_segment
from analysis.straps.grid import StrapGrid
from analysis.straps.orientation import GYRO, Q
from analysis.straps.timebase import Bools
from sensor.markers import Label, Marker
from sensor.samples import THIGHS, Floats


@dataclass(frozen=True, slots=True)
class LegParams:
    """How far knees have to have opened, about the vertical or tilted, to tell whose they are.

    Both open by so much in the middle and each by `each_share` of it; the other way they go by `back_share` at most.
    """

    before_s: float = 15.0
    vertical_rad: float = 0.06
    tilt_rad: float = 0.03
    each_share: float = 0.25
    back_share: float = 0.25


def swapped_about_vertical(grid: StrapGrid, markers: Sequence[Marker], params: LegParams) -> bool | None:
    """Whether the knees that came to touch came from the wrong side; None where they did not turn enough to tell."""
    if any(p not in grid.straps for p in THIGHS):
        return None
    rates = [_about_vertical(grid.straps[p]) for p in THIGHS]
    return _swapped(grid.time_s, rates, markers, params, params.vertical_rad)


def swapped_tilted(motion: Motion, markers: Sequence[Marker], params: LegParams) -> bool | None:
    """The same of aligned thighs that tilted: left about +x, right about -x is outwards."""
    thighs = [motion.segments[p] for p in THIGHS]
    if not all(thigh.aligned for thigh in thighs):
        return None
    rates = [np.nan_to_num(thigh.gyr_rad_s[:, 0]) for thigh in thighs]
    return _swapped(motion.time_s, rates, markers, params, params.tilt_rad)


def _swapped(
    time_s: Floats, to_left_rad_s: Sequence[Floats], markers: Sequence[Marker], params: LegParams, least_rad: float
) -> bool | None:
    """From the rates (N,) at which both thighs turn to the left, the left one first."""
    touch, spacer = _last(markers, Label.TOUCH), _last(markers, Label.SPACER)
    if touch is None:
        return None
    until_s = max(touch.end_s, spacer.end_s if spacer else touch.end_s)
    rows = _between(time_s, max(0.0, touch.start_s - params.before_s), until_s)
    still = _between(time_s[rows], touch.start_s, touch.end_s)
    if not still.any():
        return None
    left, right = (_turned_from(rate[rows], still) for rate in to_left_rad_s)
    both = (left - right) / 2
    at = int(np.argmax(np.abs(both)))
    size, way = float(abs(both[at])), float(np.sign(both[at]))
    slower = float(min(way * left[at], -way * right[at]))
    if size < least_rad or slower < params.each_share * size:
        return None
    back = float((-way * both).max())
    return None if back > params.back_share * size else way < 0


def _about_vertical(rows: Floats) -> Floats:
    """Turn rate about the vertical (N,) of rows (N, 15), 0 where it is not known."""
    return np.nan_to_num(np.einsum("ni,ni->n", up_in_segment(rows[:, Q]), rows[:, GYRO]))


def _turned_from(rate_rad_s: Floats, still: Bools) -> Floats:
    """Angle (N,) from where it was while nothing turned; what the gyroscope told meanwhile is its error."""
    angle = np.cumsum(rate_rad_s - float(rate_rad_s[still].mean())) / GRID_HZ
    return angle - float(angle[still].mean())


def _last(markers: Sequence[Marker], label: Label) -> Marker | None:
    return next((m for m in reversed(markers) if m.label == label), None)


def _between(time_s: Floats, start_s: float, end_s: float) -> Bools:
    found: Bools = (time_s >= start_s) & (time_s < end_s)
    return found
