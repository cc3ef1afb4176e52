"""The last samples of a strap, kept to be sent again.

Invariant: holds the newest `capacity` samples in order, numbered without holes.
"""

from collections import deque

import numpy as np

from firmware_sim.worn.strap_sensors import StrapCounts, join_counts


class SampleRing:
    """Samples by number, the oldest forgotten."""

    def __init__(self, capacity: int) -> None:
        self._capacity = capacity
        self._parts: deque[StrapCounts] = deque()

    def add(self, rows: StrapCounts) -> None:
        """The samples that follow."""
        if len(rows):
            self._parts.append(rows)
        while self._parts and self._parts[0].number[-1] < self._forgotten_before():
            self._parts.popleft()

    def kept(self, start: int, stop: int) -> tuple[int, int]:
        """The part of samples `start` to `stop` (exclusive) that is kept; empty where both are equal."""
        if not self._parts:
            return start, start
        oldest = max(self._forgotten_before(), int(self._parts[0].number[0]))
        first = max(start, oldest)
        return first, max(first, min(stop, self._newest() + 1))

    def rows(self, start: int, stop: int) -> StrapCounts:
        """Samples `start` to `stop` (exclusive), which are kept."""
        parts = [p for p in self._parts if p.number[-1] >= start and p.number[0] < stop]
        joined = join_counts(parts)
        first, last = np.searchsorted(joined.number, (start, stop))
        return joined.take(slice(int(first), int(last)))

    def clear(self) -> None:
        """Forget everything."""
        self._parts.clear()

    def _newest(self) -> int:
        return int(self._parts[-1].number[-1])

    def _forgotten_before(self) -> int:
        return self._newest() + 1 - self._capacity
