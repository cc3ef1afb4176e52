"""How well one strap's link works, measured from what comes in time.

Invariant: looks back over a fixed span; samples that were sent again do not make a link better.
"""

from collections import deque
from itertools import pairwise
from statistics import median

OVER_S = 10.0


class RecentArrivals:
    """Fresh notifications of the last 10 s of one connection."""

    def __init__(self) -> None:
        self._came: deque[tuple[float, int]] = deque()

    def add(self, arrival_s: float, samples: int) -> None:
        """A notification came with so many fresh samples."""
        self._came.append((arrival_s, samples))

    def clear(self) -> None:
        """Another connection begins."""
        self._came.clear()

    def forget_before(self, now_s: float) -> None:
        """Drop what is no longer recent."""
        while self._came and self._came[0][0] < now_s - OVER_S:
            self._came.popleft()

    def ratio(self, now_s: float, rate_hz: float) -> float:
        """The share of samples that came in time; 0.0 where none came."""
        if not self._came:
            return 0.0
        first_s, first_samples = self._came[0]
        span_s = now_s - first_s + first_samples / rate_hz
        arrived = sum(samples for _, samples in self._came)
        return min(1.0, arrived / max(1.0, span_s * rate_hz))

    def jitter_s(self) -> float | None:
        """How far intervals between notifications stray from the usual one (mean deviation from the median)."""
        times = [arrival_s for arrival_s, _ in self._came]
        intervals = [b - a for a, b in pairwise(times)]
        if not intervals:
            return None
        usual = median(intervals)
        return sum(abs(interval - usual) for interval in intervals) / len(intervals)
