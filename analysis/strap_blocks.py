"""Both thigh straps in blocks of a fifth of a second: what slips and tension are told from.

Invariant: block `n` holds the ticks with number // TICKS == n, whatever the pushes; a block with a missing tick is NaN.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from analysis.grid import StrapGrid
from analysis.motion import GRID_HZ
from analysis.orientation import ACCEL, GYRO, ROW_COLUMNS
from sensor.samples import THIGHS, Floats, Placement

TICKS = 10
BLOCK_HZ = GRID_HZ / TICKS
FLEX_COLUMN, TENSION_COLUMN = 11, 12


@dataclass(frozen=True, slots=True)
class BlockRows:
    """Means of one strap's ticks, in strap axes; `tension` and `flex` raw counts.

    Tilt is told from `acc_m_s2`, as lost packets do not turn it: an integrated orientation needs seconds to recover.
    """

    acc_m_s2: Floats  # (N, 3)
    gyr_rad_s: Floats  # (N, 3)
    tension: Floats  # (N,)
    flex: Floats  # (N,)


@dataclass(frozen=True, slots=True)
class StrapBlocks:
    """Blocks of both thigh straps; `time_s` is the time of each block's last tick."""

    time_s: Floats  # (N,)
    straps: Mapping[Placement, BlockRows]

    def __len__(self) -> int:
        return len(self.time_s)


def block_rows(ticks: Floats) -> BlockRows:
    """Means over whole blocks of ticks (N * TICKS, 15)."""
    mean = ticks.reshape(-1, TICKS, ROW_COLUMNS).mean(axis=1)
    return BlockRows(mean[:, ACCEL], mean[:, GYRO], mean[:, TENSION_COLUMN], mean[:, FLEX_COLUMN])


class Blocking:
    """Gathers ticks into blocks."""

    def __init__(self) -> None:
        self._next: int | None = None  # number of the first tick held
        self._ticks = {p: np.empty((0, ROW_COLUMNS)) for p in THIGHS}

    def push(self, grid: StrapGrid) -> StrapBlocks:
        """Blocks that these ticks complete."""
        if len(grid.time_s):
            self._hold(grid)
        n = min(len(t) for t in self._ticks.values()) // TICKS
        first = (self._next or 0) // TICKS
        straps = {p: block_rows(t[: n * TICKS]) for p, t in self._ticks.items()}
        if n:
            self._ticks = {p: t[n * TICKS :] for p, t in self._ticks.items()}
            self._next = (first + n) * TICKS
        last_ticks = np.arange(first + 1, first + n + 1) * TICKS - 1
        return StrapBlocks(last_ticks / GRID_HZ, straps)

    def _hold(self, grid: StrapGrid) -> None:
        n, lead = len(grid.time_s), 0
        if self._next is None:
            first = round(float(grid.time_s[0]) * GRID_HZ)
            lead = first % TICKS
            self._next = first - lead
        for placement, held in self._ticks.items():
            rows = grid.straps.get(placement)
            rows = np.full((n, ROW_COLUMNS), np.nan) if rows is None else rows
            before = np.full((lead, ROW_COLUMNS), np.nan) if lead else held
            self._ticks[placement] = np.concatenate([before, rows]) if len(before) else rows
