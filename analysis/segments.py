"""Motion of segments from the grid of straps and their alignment.

Invariant: segments other than thighs keep their strap's axes, as nothing in the calibration aligns them.
"""

from collections.abc import Mapping

import numpy as np

from analysis.alignment import Alignment, StrapAlignment
from analysis.grid import StrapGrid
from analysis.motion import Motion, SegmentMotion
from analysis.orientation import ACCEL, GYRO, MEASURED, Q
from analysis.quaternion import matrix, right_factor
from sensor.arrivals import MarkerEdge
from sensor.samples import THIGHS, Floats, Placement

NO_ALIGNMENT = Alignment({})


def motion_from(grid: StrapGrid, alignment: Alignment, edges: tuple[MarkerEdge, ...]) -> Motion:
    """The segments' motion on the grid's ticks."""
    return Motion(grid.time_s, _segments(grid.straps, alignment), edges)


def _segments(straps: Mapping[Placement, Floats], alignment: Alignment) -> dict[Placement, SegmentMotion]:
    return {p: _segment(p, rows, alignment.straps.get(p)) for p, rows in straps.items()}


def _segment(placement: Placement, rows: Floats, aligned: StrapAlignment | None) -> SegmentMotion:
    if aligned is None and placement not in THIGHS:
        q, gyr, acc = rows[:, Q], rows[:, GYRO], rows[:, ACCEL]
    elif aligned is None:
        q, gyr, acc = np.full((len(rows), 4), np.nan), np.full((len(rows), 3), np.nan), np.full((len(rows), 3), np.nan)
    else:
        # einsum gives the same bits however the rows are cut; @ does not.
        strap_from_segment = matrix(aligned.q_strap_from_segment)
        q = np.einsum("ni,ij->nj", rows[:, Q], right_factor(aligned.q_strap_from_segment))
        gyr = np.einsum("ni,ij->nj", rows[:, GYRO], strap_from_segment)
        acc = np.einsum("ni,ij->nj", rows[:, ACCEL], strap_from_segment)
    return SegmentMotion(q, gyr, acc, rows[:, 10], rows[:, 11], rows[:, 12], rows[:, 13], rows[:, MEASURED])
