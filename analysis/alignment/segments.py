"""Motion of segments from the grid of straps and their alignment.

Invariant: both thighs are always there, NaN where no strap is worn; a strap that is not aligned keeps its own axes.
"""

import numpy as np

from analysis.alignment.mounting import Alignment
from analysis.motion import Motion, SegmentMotion, unknown_segment
from analysis.quaternion import matrix, right_factor
from analysis.straps.grid import StrapGrid
from analysis.straps.orientation import ACCEL, GYRO, MEASURED, Q
from sensor.arrivals import MarkerEdge
from sensor.samples import THIGHS, Floats

NO_ALIGNMENT = Alignment({})


class Segments:
    """Turns rows of straps into rows of segments by one alignment."""

    def __init__(self, alignment: Alignment) -> None:
        self._turns = {
            p: (right_factor(a.q_strap_from_segment), matrix(a.q_strap_from_segment))
            for p, a in alignment.straps.items()
        }

    def motion(self, grid: StrapGrid, edges: tuple[MarkerEdge, ...]) -> Motion:
        """The segments' motion on the grid's ticks."""
        segments = {p: _segment(rows, self._turns.get(p)) for p, rows in grid.straps.items()}
        for placement in THIGHS:
            if placement not in segments:
                segments[placement] = unknown_segment(len(grid.time_s))
        return Motion(grid.time_s, segments, edges)


def _segment(rows: Floats, turns: tuple[Floats, Floats] | None) -> SegmentMotion:
    q, gyr, acc = rows[:, Q], rows[:, GYRO], rows[:, ACCEL]
    if turns is not None:
        orientations, vectors = turns
        # einsum gives the same bits however the rows are cut; @ does not.
        q = np.einsum("ni,ij->nj", q, orientations)
        gyr = np.einsum("ni,ij->nj", gyr, vectors)
        acc = np.einsum("ni,ij->nj", acc, vectors)
    others = (rows[:, 10], rows[:, 11], rows[:, 12], rows[:, 13], rows[:, MEASURED])
    return SegmentMotion(q, gyr, acc, *others, aligned=turns is not None)
