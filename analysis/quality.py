"""How well each strap's samples arrived, and spells without any.

Invariant: counts cover the whole recording, the time before session zero included.
"""

import numpy as np

from analysis.results import Cause, DriftEvent, Quality
from analysis.timebase import TimedSamples
from sensor.samples import Placement

GAP_MIN_S = 1.5


def quality(placement: Placement, timed: TimedSamples, rate_hz: float, clock_drift: float) -> Quality:
    """Counts of one strap from all its samples in sample order."""
    if not len(timed):
        return Quality(placement, 0, 0, float("nan"), float("nan"), 0.0)
    span = int(timed.number[-1] - timed.number[0])
    longest = int(np.diff(timed.number).max(initial=1)) - 1
    span_s = float(timed.time_s[-1] - timed.time_s[0])
    return Quality(
        placement,
        samples=len(timed),
        lost=span + 1 - len(timed),
        rate_hz=span / span_s if span_s > 0 else rate_hz,
        clock_ppm=-clock_drift * 1e6,
        longest_gap_s=longest / rate_hz,
    )


def data_gaps(placement: Placement, timed: TimedSamples, detected: bool) -> tuple[DriftEvent, ...]:
    """Spells of more than 1.5 s without samples; `detected` tells them as they were noticed live."""
    last, first = timed.time_s[:-1], timed.time_s[1:]
    out: list[DriftEvent] = []
    for i in np.flatnonzero(first - last > GAP_MIN_S).tolist():
        start_s, end_s = float(last[i]), float(first[i])
        noticed_s = start_s + GAP_MIN_S if detected else float("nan")
        out.append(DriftEvent(Cause.DATA_GAP, placement, start_s, end_s, noticed_s, end_s - start_s, 1.0))
    return tuple(out)
