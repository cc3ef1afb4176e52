"""What one strap's sensors give to its firmware: raw counts at the nominal rate, on the strap's own clock.

Invariant: the same person read in any sequence of times gives the same samples.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Self

import numpy as np

from sensor.packet import Counts, StrapInfo, column_count
from sensor.samples import Floats, Ints, Placement


@dataclass(frozen=True, slots=True)
class StrapCounts:
    """Samples of one strap in order of time.

    `samples` has the columns that a stream packet of the strap's channels holds (`sensor.packet.COLUMNS`).
    `clock` counts ticks of `StrapInfo.clock_hz` since power-on and does not wrap. `time_s` is the true time of a sample
    on the person's clock (0 at power-on of the straps): for the simulation alone, a real strap does not know it.
    """

    time_s: Floats  # (N,)
    number: Ints  # (N,) from 0, without holes
    clock: Ints  # (N,)
    samples: Counts  # (N, columns)
    temperature_centi_c: Ints  # (N,)
    q_start_from_strap: Floats  # (N, 4) w x y z

    def __len__(self) -> int:
        return len(self.number)

    def take(self, index: slice) -> Self:
        """The rows that `index` selects."""
        return type(self)(
            self.time_s[index],
            self.number[index],
            self.clock[index],
            self.samples[index],
            self.temperature_centi_c[index],
            self.q_start_from_strap[index],
        )


def join_counts(parts: list[StrapCounts]) -> StrapCounts:
    """Counts of one strap, one after another, as one."""
    return StrapCounts(
        np.concatenate([p.time_s for p in parts]),
        np.concatenate([p.number for p in parts]),
        np.concatenate([p.clock for p in parts]),
        np.concatenate([p.samples for p in parts]),
        np.concatenate([p.temperature_centi_c for p in parts]),
        np.concatenate([p.q_start_from_strap for p in parts]),
    )


class StrapSensors:
    """The sensors of one strap on a virtual person; the person is lived on as far as somebody reads."""

    def __init__(self, info: StrapInfo, placement: Placement, live_until: Callable[[float], None]) -> None:
        self.info = info
        self.placement = placement
        self._live_until = live_until
        self._waiting: deque[StrapCounts] = deque()

    def take_in(self, counts: StrapCounts) -> None:
        """Samples that the person's sensors have just taken."""
        if len(counts):
            self._waiting.append(counts)

    def read(self, until_s: float) -> StrapCounts:
        """The samples taken since the last reading and not after `until_s` (person's clock, s)."""
        self._live_until(until_s)
        ready = [self._none()]
        while self._waiting and self._waiting[0].time_s[0] <= until_s:
            first = self._waiting.popleft()
            n = int(np.searchsorted(first.time_s, until_s, side="right"))
            ready.append(first.take(slice(0, n)))
            if n < len(first):
                self._waiting.appendleft(first.take(slice(n, None)))
                break
        return ready[1] if len(ready) == 2 else join_counts(ready)

    def _none(self) -> StrapCounts:
        columns = column_count(self.info.channels)
        whole = np.zeros(0, dtype=np.int64)
        return StrapCounts(np.zeros(0), whole, whole, np.zeros((0, columns), dtype=np.int32), whole, np.zeros((0, 4)))
