"""Motion of segments from the grid of straps and their alignment.

Invariant: both thighs are always there, NaN where no strap is worn; a strap that is not aligned keeps its own axes.
"""

import numpy as np

from analysis.alignment import Alignment, StrapAlignment
from analysis.grid import StrapGrid
from analysis.motion import Motion, SegmentMotion, unknown_segment
from analysis.orientation import ACCEL, GYRO, MEASURED, Q
from analysis.quaternion import matrix, right_factor
from sensor.arrivals import MarkerEdge
from sensor.samples import THIGHS, Floats

NO_ALIGNMENT = Alignment({})


def motion_from(grid: StrapGrid, alignment: Alignment, edges: tuple[MarkerEdge, ...]) -> Motion:
    """The segments' motion on the grid's ticks."""
    segments = {p: _segment(rows, alignment.straps.get(p)) for p, rows in grid.straps.items()}
    for placement in THIGHS:
        if placement not in segments:
            segments[placement] = unknown_segment(len(grid.time_s))
    return Motion(grid.time_s, segments, edges)


def _segment(rows: Floats, aligned: StrapAlignment | None) -> SegmentMotion:
    q, gyr, acc = rows[:, Q], rows[:, GYRO], rows[:, ACCEL]
    if aligned is not None:
        # einsum gives the same bits however the rows are cut; @ does not.
        strap_from_segment = matrix(aligned.q_strap_from_segment)
        q = np.einsum("ni,ij->nj", q, right_factor(aligned.q_strap_from_segment))
        gyr = np.einsum("ni,ij->nj", gyr, strap_from_segment)
        acc = np.einsum("ni,ij->nj", acc, strap_from_segment)
    others = (rows[:, 10], rows[:, 11], rows[:, 12], rows[:, 13], rows[:, MEASURED])
    return SegmentMotion(q, gyr, acc, *others, aligned=aligned is not None)
