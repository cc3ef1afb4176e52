"""The gap and the cord in steps of a second: what slow openings are told from.

Invariant: second `n` holds the ticks with number // STEP_TICKS == n; a second with a row missing is NaN.
"""

from dataclasses import dataclass
from typing import Self

import numpy as np

from analysis.motion import GRID_HZ
from analysis.results import GapSeries
from sensor.samples import Floats

STEP_TICKS = round(GRID_HZ)
COLUMNS = 4  # time, gap, sd, cord


@dataclass(frozen=True, slots=True)
class GapSeconds:
    """Time of each second's last tick, mean gap, its mean sd, the spread of its values, and the cord's mean counts."""

    time_s: Floats  # (N,)
    gap_m: Floats  # (N,)
    sd_m: Floats  # (N,)
    spread_m: Floats  # (N,)
    cord: Floats  # (N,)

    def take(self, index: slice) -> Self:
        """The seconds that `index` selects."""
        return type(self)(
            self.time_s[index], self.gap_m[index], self.sd_m[index], self.spread_m[index], self.cord[index]
        )


class GapSteps:
    """Gathers rows into seconds."""

    def __init__(self) -> None:
        self._held: Floats | None = None  # (N, COLUMNS); the first row is the last of the second before

    def push(self, gap: GapSeries, cord: Floats) -> GapSeconds:
        """Seconds that these rows complete; `cord` (N,) counts, NaN without one."""
        rows = np.stack([gap.time_s, gap.gap_m, gap.sd_m, cord], axis=1)
        if self._held is None and len(rows):
            lead = round(float(rows[0, 0]) * GRID_HZ) % STEP_TICKS
            self._held = np.full((lead + 1, COLUMNS), np.nan)
        held = np.concatenate([self._held, rows]) if self._held is not None else rows
        n = max(len(held) - 1, 0) // STEP_TICKS
        used = n * STEP_TICKS
        seconds = held[1 : used + 1].reshape(n, STEP_TICKS, COLUMNS)
        before = held[0:used:STEP_TICKS, 1] if n else np.empty(0)
        if self._held is not None:
            self._held = held[used:]
        mean = seconds.mean(axis=1)
        top = np.fmax(seconds[:, :, 1].max(axis=1), before)
        bottom = np.fmin(seconds[:, :, 1].min(axis=1), before)
        return GapSeconds(seconds[:, -1, 0], mean[:, 1], mean[:, 2], top - bottom, mean[:, 3])
