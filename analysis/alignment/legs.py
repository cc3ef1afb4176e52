"""Which strap sits on which leg: from a touch the knees can only open, whatever was written on the straps.

Aligned thighs tell it wherever they are. Straps that are not aligned see knees that open about the vertical, as they do
seated and lying; standing they tilt, and then nothing can be told before the alignment.

Invariant: a false alarm ruins a session and a missed one does not, so that what is not clear in every way is not told.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analysis.motion import GRID_HZ, Motion
from analysis.quaternion import normalized, up_in_segment
from analysis.straps.grid import StrapGrid
from analysis.straps.orientation import GYRO, MEASURED, Q
from analysis.straps.timebase import Bools
from sensor.markers import Label, Marker
from sensor.samples import THIGHS, Floats


@dataclass(frozen=True, slots=True)
class LegParams:
    """How far knees have to have opened to tell whose they are: by `least_rad` in the middle.

    Each opened by `each_share` of that at least, they went the other way by `back_share` of it at most, and no hole in
    what is known of them was longer than `hole_s`. About the vertical a thigh tilts by `tilt_share` of that at most.
    One that tilts by more than `posture_rad` takes another posture: knees open by less, sitting down is three times
    that. They were apart by `first_share` of it at first: knees that had let go again by the time the touch was marked
    came from there and went back.
    """

    before_s: float = 15.0
    least_rad: float = 0.06
    each_share: float = 0.35  # lopsided persons 0.8, less the 2 degrees by which who stands shifts his weight
    back_share: float = 0.12
    hole_s: float = 0.25
    tilt_share: float = 0.5
    posture_rad: float = 0.5
    first_share: float = 0.5


@dataclass(frozen=True, slots=True)
class _Turn:
    """How far each thigh is turned to the left from the touch, at the rows around it."""

    left_rad: Floats  # (n,)
    right_rad: Floats

    @property
    def opened_rad(self) -> Floats:
        """How far both are turned outwards, in the middle (n,)."""
        return (self.left_rad - self.right_rad) / 2


def swapped_about_vertical(grid: StrapGrid, markers: Sequence[Marker], params: LegParams) -> bool | None:
    """Whether the knees that came to touch came from the wrong side, as level thighs show it; None if unclear."""
    if any(p not in grid.straps for p in THIGHS):
        return None
    ups = [up_in_segment(grid.straps[p][:, Q]) for p in THIGHS]
    rows = _around_touch(grid.time_s, ups, markers, params)
    if rows is None:
        return None
    around, still = rows
    straps = [grid.straps[p][around] for p in THIGHS]
    if any(_longest_hole_s(r[:, MEASURED]) > params.hole_s for r in straps):
        return None
    turn = _Turn(*(_turned_from(_about_vertical(r), still) for r in straps))
    way = _way(turn, params)
    return None if way is None or not _level(straps, turn, still, params) else way < 0


def swapped_aligned(motion: Motion, markers: Sequence[Marker], params: LegParams) -> bool | None:
    """The same of aligned thighs: seated or standing, the left one opens about +x and the right one about -x."""
    thighs = [motion.segments[p] for p in THIGHS]
    if not all(thigh.aligned for thigh in thighs):
        return None
    ups = [up_in_segment(thigh.q_earth_from_segment) for thigh in thighs]
    rows = _around_touch(motion.time_s, ups, markers, params)
    if rows is None:
        return None
    around, still = rows
    if any(_longest_hole_s(thigh.measured[around]) > params.hole_s for thigh in thighs):
        return None
    way = _way(_Turn(*(_turned_from(np.nan_to_num(t.gyr_rad_s[around, 0]), still) for t in thighs)), params)
    return None if way is None else way < 0


def _around_touch(
    time_s: Floats, ups: Sequence[Floats], markers: Sequence[Marker], params: LegParams
) -> tuple[Bools, Bools] | None:
    """Rows from before the touch to after the spacer, and which of them are of the touch.

    Who stood up or sat down before turned his thighs far more than knees open: nothing but the posture of the touch
    counts, as `ups` (upward in strap or segment axes, (N, 3) each) show it.
    """
    touch, spacer = _last(markers, Label.TOUCH), _last(markers, Label.SPACER)
    if touch is None:
        return None
    until_s = max(touch.end_s, spacer.end_s if spacer else touch.end_s)
    around = _between(time_s, max(0.0, touch.start_s - params.before_s), until_s)
    still = _between(time_s, touch.start_s, touch.end_s)
    for up in ups:
        if not np.isfinite(up[still]).all(axis=1).any():
            return None
        cos = np.einsum("ni,i->n", up, normalized(np.nanmean(up[still], axis=0)))
        tilted = ~(cos > np.cos(params.posture_rad))
        before = np.flatnonzero(tilted & (time_s < touch.start_s))
        after = np.flatnonzero(tilted & (time_s > touch.end_s))
        around[: before[-1] + 1 if len(before) else 0] = False
        around[after[0] if len(after) else len(around) :] = False
    return (around, still[around]) if still[around].any() else None


def _way(turn: _Turn, params: LegParams) -> float | None:
    """1 where both thighs clearly turned outwards from the touch, -1 where they turned inwards."""
    opened = turn.opened_rad
    at = int(np.argmax(np.abs(opened)))
    size, way = float(abs(opened[at])), float(np.sign(opened[at]))
    slower = float(min(way * turn.left_rad[at], -way * turn.right_rad[at]))
    back = float((-way * opened).max())
    first = float(np.median(way * opened[: round(GRID_HZ)]))
    clear = size > params.least_rad and slower > params.each_share * size and back < params.back_share * size
    return way if clear and first > params.first_share * size else None


def _level(straps: Sequence[Floats], turn: _Turn, still: Bools, params: LegParams) -> bool:
    """Whether the thighs hardly tilted while they turned: upright ones tilt when their knees open."""
    at = int(np.argmax(np.abs(turn.opened_rad)))
    for rows, turned in zip(straps, (turn.left_rad, turn.right_rad), strict=True):
        up = up_in_segment(rows[:, Q])
        touching = np.nanmean(up[still], axis=0)
        cos = float(up[at] @ touching / np.linalg.norm(touching))
        if not np.arccos(np.clip(cos, -1.0, 1.0)) < params.tilt_share * abs(turned[at]):
            return False
    return True


def _about_vertical(rows: Floats) -> Floats:
    """Turn rate about the vertical (N,) of rows (N, 15), 0 where it is not known."""
    return np.nan_to_num(np.einsum("ni,ni->n", up_in_segment(rows[:, Q]), rows[:, GYRO]))


def _turned_from(rate_rad_s: Floats, still: Bools) -> Floats:
    """Angle (N,) from where it was while nothing turned; what the gyroscope told meanwhile is its error."""
    angle = np.cumsum(rate_rad_s - float(rate_rad_s[still].mean())) / GRID_HZ
    return angle - float(angle[still].mean())


def _longest_hole_s(measured: Floats) -> float:
    """The longest time without a measured row."""
    known = np.flatnonzero(np.nan_to_num(measured) > 0)
    edges = np.concatenate([[-1], known, [len(measured)]])
    return float(np.diff(edges).max() - 1) / GRID_HZ


def _last(markers: Sequence[Marker], label: Label) -> Marker | None:
    return next((m for m in reversed(markers) if m.label == label), None)


def _between(time_s: Floats, start_s: float, end_s: float) -> Bools:
    found: Bools = (time_s >= start_s) & (time_s < end_s)
    return found
