"""Decoding of devices without a clock: what a driver reads from bytes, placed on the device's line of arrivals.

Invariant: `device_s` is arrival time made regular, not the device's; `arrival_s` is when a sample's place was known.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from sensor.decoding.stream_batch import Notification
from sensor.drivers.arrival_line import ArrivalLine
from sensor.errors import PacketError
from sensor.packet import StrapInfo
from sensor.recorded import LinkCounts
from sensor.samples import Floats, Placement, SampleBlock, empty_block

# Columns of values: accelerometer in m/s2, gyroscope in rad/s, flex and tension in counts, range in m.
ACC, GYR, FLEX, TENSION, RANGE = slice(0, 3), slice(3, 6), 6, 7, 8
VALUES = 9


@dataclass(frozen=True, slots=True)
class Rows:
    """Samples as read from bytes: `came_s` is when their last byte came, `known_s` when it was known that they are."""

    came_s: Floats  # (N,)
    known_s: Floats  # (N,)
    values: Floats  # (N, 9), NaN where a device measures nothing


def no_rows() -> Rows:
    """Not a single sample."""
    return Rows(np.empty(0), np.empty(0), np.empty((0, VALUES)))


def join_rows(parts: Sequence[Rows]) -> Rows:
    """Rows one after another."""
    return Rows(
        np.concatenate([p.came_s for p in parts]),
        np.concatenate([p.known_s for p in parts]),
        np.concatenate([p.values for p in parts]),
    )


class Reader(Protocol):
    """Notifications of one connection after another to rows; `corrupt` counts what was none."""

    @property
    def corrupt(self) -> int: ...

    def read(self, notifications: Sequence[Notification]) -> Rows:
        """The rows that these notifications complete."""
        ...

    def rest(self) -> Rows:
        """Rows that only waited for what could follow; after it a new connection begins."""
        ...


class EachNotification:
    """Reads formats in which a notification holds whole samples: `parse` gives its values (k, 9), or `PacketError`."""

    def __init__(self, parse: Callable[[bytes], Floats]) -> None:
        self._parse = parse
        self.corrupt = 0

    def read(self, notifications: Sequence[Notification]) -> Rows:
        parts = [no_rows()]
        for arrival_s, data in notifications:
            try:
                values = self._parse(data)
            except PacketError:
                self.corrupt += 1
                continue
            came_s = np.full(len(values), arrival_s)
            parts.append(Rows(came_s, came_s, values))
        return join_rows(parts)

    def rest(self) -> Rows:
        return no_rows()


class ClocklessDecoder:
    """Places what a reader reads."""

    def __init__(self, info: StrapInfo, placement: Placement, reader: Reader) -> None:
        self._placement, self._rate_hz = placement, info.rate_hz
        self._reader = reader
        self._line = ArrivalLine(info.rate_hz)
        self._held = no_rows()
        self._left = no_rows()

    @property
    def counts(self) -> LinkCounts:
        return LinkCounts(corrupt=self._reader.corrupt)

    def inform(self, info: StrapInfo) -> None:
        del info  # its rate is set anew at every connection
        self._left = join_rows([self._left, self._reader.rest()])

    def push(self, notifications: Sequence[Notification]) -> SampleBlock:
        rows = self._reader.read(notifications)
        if notifications and len(self._left.came_s):
            # What the connection before left is given out with the first of the next one.
            known_s = np.full(len(self._left.came_s), notifications[0].arrival_s)
            rows = join_rows([Rows(self._left.came_s, known_s, self._left.values), rows])
            self._left = no_rows()
        return self._place(rows, last=False)

    def finish(self) -> SampleBlock:
        left, self._left = self._left, no_rows()
        return self._place(join_rows([left, self._reader.rest()]), last=True)

    def _place(self, rows: Rows, *, last: bool) -> SampleBlock:
        given = join_rows([self._held, rows])
        settled = self._line.settle(given.came_s, last=last)
        n = len(settled.number)
        self._held = Rows(given.came_s[n:], given.known_s[n:], given.values[n:])
        block = empty_block(self._placement, n, self._rate_hz)
        block.sample[:], block.device_s[:] = settled.number, settled.time_s
        block.arrival_s[:] = np.maximum(given.known_s[:n], settled.known_s)
        block.acc_m_s2[:], block.gyr_rad_s[:] = given.values[:n, ACC], given.values[:n, GYR]
        block.flex[:], block.tension[:] = given.values[:n, FLEX], given.values[:n, TENSION]
        block.range_m[:] = given.values[:n, RANGE]
        return block
