"""Motion and gap in whole beats of 0.2 s, so that what is told from them costs a live block little.

Invariant: blocks end where the row number is a multiple of `ROWS`, wherever they were cut before.
"""

from analysis.motion import GRID_HZ, Motion, join_motions
from analysis.results import GapSeries
from analysis.update import join_gaps

ROWS = 10


class Beat:
    """Holds rows back until a beat is full."""

    def __init__(self) -> None:
        self._motions: list[Motion] = []
        self._gaps: list[GapSeries] = []

    def push(self, motion: Motion, gap: GapSeries) -> tuple[Motion, GapSeries] | None:
        """Rows up to the last full beat, None while none is full."""
        if not len(motion):
            return None
        after = (round(float(motion.time_s[-1]) * GRID_HZ) + 1) % ROWS  # rows behind the last full beat
        if after >= len(motion):
            self._hold(motion, gap)
            return None
        split = len(motion) - after
        self._hold(motion.take(slice(0, split)), _take(gap, slice(0, split)))
        whole = self.rest()
        if after:
            self._hold(motion.take(slice(split, None)), _take(gap, slice(split, None)))
        return whole

    def rest(self) -> tuple[Motion, GapSeries] | None:
        """Rows still held back."""
        if not self._motions:
            return None
        one = len(self._motions) == 1
        whole = (
            self._motions[0] if one else join_motions(self._motions),
            self._gaps[0] if one else join_gaps(self._gaps),
        )
        self._motions, self._gaps = [], []
        return whole

    def _hold(self, motion: Motion, gap: GapSeries) -> None:
        self._motions.append(motion)
        self._gaps.append(gap)


def _take(gap: GapSeries, index: slice) -> GapSeries:
    return GapSeries(gap.time_s[index], gap.gap_m[index], gap.sd_m[index], gap.contact[index])
