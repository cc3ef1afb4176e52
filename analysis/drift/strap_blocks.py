"""Both thigh straps in blocks of a fifth of a second: what slips and tension are told from.

Invariant: block `n` holds the ticks with number // TICKS == n, whatever the pushes; a block of which nothing was
measured is NaN.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from analysis.motion import GRID_HZ, Motion, SegmentMotion
from sensor.samples import THIGHS, Floats, Placement

TICKS = 10
BLOCK_HZ = GRID_HZ / TICKS
COLUMNS = 9
MEASURED_MIN = 1.0  # ticks of a block; what is bridged in between follows one sample's noise


@dataclass(frozen=True, slots=True)
class BlockRows:
    """Means of one strap's ticks, in the axes of its segment; `tension` and `flex` raw counts.

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


def block_rows(columns: Floats) -> BlockRows:
    """Means over whole blocks of ticks (N * TICKS, COLUMNS), each tick counting as far as it was measured."""
    ticks = columns.reshape(-1, TICKS, COLUMNS)
    weight = np.where(np.isnan(ticks[:, :, 8]), 0.0, ticks[:, :, 8])
    total = weight.sum(axis=1)
    share = weight / np.where(total >= MEASURED_MIN, total, np.nan)[:, None]
    mean = np.einsum("nt,ntc->nc", share, ticks[:, :, :8])
    return BlockRows(mean[:, 0:3], mean[:, 3:6], mean[:, 6], mean[:, 7])


class Blocking:
    """Gathers rows of motion into blocks."""

    def __init__(self) -> None:
        self._first: int | None = None  # number of the block that is not full yet
        self._lead = 0  # ticks of it that no row came for
        self._held = 0
        self._waiting: list[Motion] = []

    def push(self, motion: Motion) -> StrapBlocks | None:
        """Blocks that these rows complete; None where there is none."""
        if not len(motion):
            return None
        if self._first is None:
            self._first, self._lead = divmod(round(float(motion.time_s[0]) * GRID_HZ), TICKS)
            self._held = self._lead
        self._waiting.append(motion)
        self._held += len(motion)
        return self._blocks(self._first) if self._held >= TICKS else None

    def _blocks(self, first: int) -> StrapBlocks:
        n = self._held // TICKS
        rest = self._held - n * TICKS
        straps = {p: block_rows(self._ticks(p)[: n * TICKS]) for p in THIGHS}
        last = self._waiting[-1]
        self._waiting = [last.take(slice(len(last) - rest, None))] if rest else []
        self._first, self._lead, self._held = first + n, 0, rest
        last_ticks = np.arange(first + 1, first + n + 1) * TICKS - 1
        return StrapBlocks(last_ticks / GRID_HZ, straps)

    def _ticks(self, placement: Placement) -> Floats:
        lead = [np.full((self._lead, COLUMNS), np.nan)] if self._lead else []
        return np.concatenate([*lead, *(_columns(m.segments[placement]) for m in self._waiting)])


def _columns(rows: SegmentMotion) -> Floats:
    out = np.empty((len(rows.tension), COLUMNS))
    out[:, 0:3], out[:, 3:6] = rows.acc_m_s2, rows.gyr_rad_s
    out[:, 6], out[:, 7], out[:, 8] = rows.tension, rows.flex, rows.measured
    return out
