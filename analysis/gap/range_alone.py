"""The gap where a range finder between the knees is all there is.

Invariant: a row is the range of that row; nothing else is asked of it, and nothing is known before session zero.
"""

from dataclasses import replace

import numpy as np

from analysis.motion import Motion
from analysis.results import GapSeries
from sensor.samples import THIGHS

# Mean error of a time-of-flight finder between two legs that stand askew by up to 30 degrees [bertuletti2017].
RANGE_SD_M = 0.004


def with_range_alone(gap: GapSeries, motion: Motion) -> GapSeries:
    """`gap` with the range in the rows that nothing else tells."""
    left, right = (motion.segments[p].range_m for p in THIGHS)
    range_m = np.where(np.isfinite(left), left, right)
    alone = np.isnan(gap.gap_m) & np.isfinite(range_m) & (gap.time_s >= 0)
    if not alone.any():
        return gap
    gap_m, sd_m = np.where(alone, np.maximum(range_m, 0.0), gap.gap_m), np.where(alone, RANGE_SD_M, gap.sd_m)
    return replace(gap, gap_m=gap_m, sd_m=sd_m)
