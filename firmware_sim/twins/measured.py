"""What a virtual person's strap measures, in SI units, for devices that send it in their own way.

Invariant: several devices can sit on one strap; each gets every sample.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from firmware_sim.air.sampling import Sensors
from firmware_sim.person import quaternion
from firmware_sim.worn.strap_sensors import StrapCounts, join_counts
from sensor.gatt import FULL_SCALE_COUNTS, NO_COUNT
from sensor.packet import COLUMNS, Channel, StrapInfo
from sensor.samples import Floats


@dataclass(frozen=True, slots=True)
class Measured:
    """Samples in order of time: clock of the device, SI units (range in m), NaN where nothing is measured."""

    clock_s: Floats  # (N,)
    acc_m_s2: Floats  # (N, 3)
    gyr_rad_s: Floats  # (N, 3)
    q_start_from_strap: Floats  # (N, 4)
    flex: Floats  # (N,)
    tension: Floats  # (N,)
    range_m: Floats  # (N,)

    def __len__(self) -> int:
        return len(self.clock_s)

    def rows(self) -> Iterator["Measured"]:
        """Sample by sample."""
        for i in range(len(self)):
            yield self.take(slice(i, i + 1))

    def take(self, index: slice) -> "Measured":
        """The samples that `index` selects."""
        return Measured(
            self.clock_s[index],
            self.acc_m_s2[index],
            self.gyr_rad_s[index],
            self.q_start_from_strap[index],
            self.flex[index],
            self.tension[index],
            self.range_m[index],
        )


class Shared:
    """One strap's sensors, read by several devices."""

    def __init__(self, sensors: Sensors) -> None:
        self.info = sensors.info
        self._sensors = sensors
        self._waiting: list[list[StrapCounts]] = []

    def reader(self) -> "Reader":
        """One more device."""
        return Reader(self, self._another())

    def strap(self) -> "SharedStrap":
        """The sensors as one of our own straps reads them."""
        return SharedStrap(self, self._another())

    def _another(self) -> int:
        self._waiting.append([])
        return len(self._waiting) - 1

    def counts(self, device: int, until_s: float) -> list[StrapCounts]:
        """What this device has not had yet."""
        counts = self._sensors.read(until_s)
        for waiting in self._waiting:
            if len(counts) or not waiting:
                waiting.append(counts)
        had, self._waiting[device] = self._waiting[device], []
        return had


class SharedStrap:
    """One of our own straps' view of the sensors."""

    def __init__(self, shared: Shared, device: int) -> None:
        self.info: StrapInfo = shared.info
        self._shared, self._device = shared, device

    def read(self, until_s: float) -> StrapCounts:
        """The samples since the last reading."""
        return join_counts(self._shared.counts(self._device, until_s))


class Reader:
    """One device's view of the sensors: every sample once, at 100 Hz, or at `rate_hz` between them."""

    def __init__(self, shared: Shared, device: int) -> None:
        self._shared, self._device = shared, device
        self._next = 0
        self._last: Measured | None = None
        self._last_q = np.array([[1.0, 0.0, 0.0, 0.0]])

    def read(self, until_s: float) -> list[Measured]:
        """The samples up to this time, in parts."""
        parts = self._shared.counts(self._device, until_s)
        return [_measured(self._shared.info, counts) for counts in parts if len(counts)]

    def read_at(self, until_s: float, rate_hz: float) -> list[Measured]:
        """The same at times that are multiples of `1 / rate_hz` on the device's clock."""
        out: list[Measured] = []
        for part in self.read(until_s):
            given = part if self._last is None else _joined(self._last, part)
            self._last = given.take(slice(-1, None))
            first = max(self._next, int(np.ceil(given.clock_s[0] * rate_hz)))
            self._next = int(np.floor(given.clock_s[-1] * rate_hz)) + 1
            if self._next > first:
                out.append(self._between(given, np.arange(first, self._next) / rate_hz, rate_hz))
        return out

    def _between(self, given: Measured, at_s: Floats, rate_hz: float) -> Measured:
        """Values between samples; the rate of turn is the mean over the time since the sample before."""
        upper = np.clip(np.searchsorted(given.clock_s, at_s), 1, len(given) - 1)
        lower = upper - 1
        share = ((at_s - given.clock_s[lower]) / (given.clock_s[upper] - given.clock_s[lower]))[:, None]
        q = given.q_start_from_strap[lower]
        q = q + share * (given.q_start_from_strap[upper] - q)
        q /= np.sqrt((q * q).sum(axis=1, keepdims=True))
        before = np.concatenate([self._last_q, q[:-1]])
        self._last_q = q[-1:]
        turn = quaternion.multiply(quaternion.conjugate(before), q)
        nearest = given.take(slice(0, 0))
        return Measured(
            at_s,
            given.acc_m_s2[lower] + share * (given.acc_m_s2[upper] - given.acc_m_s2[lower]),
            2 * turn[:, 1:] * np.sign(turn[:, :1]) * rate_hz,
            q,
            *(np.full(len(at_s), np.nan) for _ in (nearest.flex, nearest.tension, nearest.range_m)),
        )


def _joined(one: Measured, other: Measured) -> Measured:
    names = Measured.__slots__
    return Measured(*(np.concatenate([getattr(one, n), getattr(other, n)]) for n in names))


def _measured(info: StrapInfo, counts: StrapCounts) -> Measured:
    rows = counts.samples.astype(np.float64)
    n = len(counts)
    at, columns = 0, dict[Channel, Floats]()
    for channel, width in COLUMNS:
        if channel in info.channels:
            columns[channel] = rows[:, at : at + width]
            at += width
    none, nothing = np.full((n, 3), np.nan), np.full((n, 1), np.nan)
    distance = columns.get(Channel.RANGE, nothing)[:, 0]
    return Measured(
        counts.clock / info.clock_hz,
        columns.get(Channel.ACC, none) * (info.acc_full_scale_m_s2 / FULL_SCALE_COUNTS),
        columns.get(Channel.GYR, none) * (info.gyr_full_scale_rad_s / FULL_SCALE_COUNTS),
        counts.q_start_from_strap,
        columns.get(Channel.FLEX, nothing)[:, 0],
        columns.get(Channel.TENSION, nothing)[:, 0],
        np.where(distance == NO_COUNT, np.nan, distance / 1000.0),
    )
