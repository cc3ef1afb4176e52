"""How well a strap's samples arrived.

Invariant: counts cover the whole recording, the time before session zero included.
"""

import numpy as np

from analysis.results import Quality
from analysis.straps.timebase import TimedSamples
from sensor.samples import Placement


def quality(placement: Placement, timed: TimedSamples, rate_hz: float, clock_drift: float) -> Quality:
    """Counts of one strap from all its samples in sample order; `clock_drift` is session seconds gained per strap's."""
    if not len(timed):
        return Quality(placement, 0, 0, float("nan"), float("nan"), 0.0)
    span = int(timed.number[-1] - timed.number[0])
    longest = int(np.diff(timed.number).max(initial=1)) - 1
    return Quality(
        placement,
        samples=len(timed),
        lost=span + 1 - len(timed),
        rate_hz=rate_hz / (1 + clock_drift),
        clock_ppm=-clock_drift * 1e6,
        longest_gap_s=longest / rate_hz,
    )
