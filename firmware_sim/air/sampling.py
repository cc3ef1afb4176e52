"""A strap's samples as it numbers them: counter, clock and orientation of the running epoch, and the last 30 s kept.

Invariant: within an epoch samples are numbered without holes and the clock paces them; an epoch's number never returns
before 255 others.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from firmware_sim.air.ring import SampleRing
from firmware_sim.person import quaternion
from firmware_sim.worn.strap_sensors import StrapCounts
from sensor import gatt
from sensor.control import Started
from sensor.packet import StrapInfo
from sensor.samples import Floats, Ints

DIVISORS = (1, 2, 4, 5, 10)
EPOCHS = 256


class Sensors(Protocol):
    """What measures: `firmware_sim.worn.strap_sensors.StrapSensors` of a virtual person, or a test's own."""

    info: StrapInfo

    def read(self, until_s: float) -> StrapCounts:
        """The samples since the last reading, at the nominal rate."""
        ...


@dataclass(frozen=True, slots=True)
class _Life:
    """An epoch: every `divisor`-th sample from `first_raw` on, numbered from `first_number`."""

    epoch: int
    divisor: int
    first_raw: int
    first_number: int
    clock_offset: int
    q_strap_from_start: Floats


class Sampling:
    """Reads the sensors and keeps what they gave."""

    def __init__(self, sensors: Sensors, epoch: int = 0, first_number: int = 0, clock_offset: int = 0) -> None:
        self._sensors = sensors
        self._nominal_hz = sensors.info.rate_hz
        self._first_number = first_number
        self._raw_next = 0
        self._raw_clock = 0
        self._raw_q = np.array([1.0, 0.0, 0.0, 0.0])
        self._life = _Life(epoch, 1, 0, first_number, clock_offset, self._raw_q)
        self._next_number = first_number
        self.ring = SampleRing(round(gatt.KEPT_S * self._nominal_hz))
        self.running = False
        self._taken_before: dict[int, int] = {}

    @property
    def rates_hz(self) -> list[float]:
        """The rates that the strap has."""
        return [self._nominal_hz / d for d in DIVISORS]

    @property
    def rate_hz(self) -> float:
        """The rate of the epoch."""
        return self._nominal_hz / self._life.divisor

    @property
    def epoch(self) -> int:
        """The epoch as packets show it."""
        return self._life.epoch

    @property
    def next_number(self) -> int:
        """Number of the next sample, unwrapped."""
        return self._next_number

    @property
    def taken(self) -> Mapping[int, int]:
        """How many samples were taken in each epoch so far."""
        return {**self._taken_before, self.epoch: self._next_number - self._first_number}

    @property
    def clock(self) -> int:
        """The strap's clock at the last sample that its sensors took."""
        return (self._raw_clock + self._life.clock_offset) % gatt.CLOCK_MODULUS

    def position(self) -> Started:
        """Rate, epoch, counter and clock of the next sample."""
        ticks = round(self._sensors.info.clock_hz / self.rate_hz)
        clock = (self.clock + ticks) % gatt.CLOCK_MODULUS
        return Started(self.rate_hz, self.epoch, self._next_number % gatt.COUNTER_MODULUS, clock)

    def begin(self, rate_hz: float) -> None:
        """Another epoch at this rate."""
        self._enter(self._life.epoch + 1, round(self._nominal_hz / rate_hz), self._life.clock_offset)
        self.running = True

    def power_cycle(self) -> None:
        """Clock and memory start afresh, nothing runs."""
        self._enter(self._life.epoch + 1, self._life.divisor, -self._raw_clock)
        self.running = False

    def jump_clock(self, ticks: int) -> None:
        """A fault: the clock jumps within an epoch."""
        life = self._life
        self._life = _Life(
            life.epoch,
            life.divisor,
            life.first_raw,
            life.first_number,
            life.clock_offset + ticks,
            life.q_strap_from_start,
        )

    def read(self, until_s: float) -> StrapCounts:
        """The epoch's samples since the last reading, kept in the ring; none where nothing runs."""
        raw = self._sensors.read(until_s)
        if len(raw):
            self._raw_next = int(raw.number[-1]) + 1
            self._raw_clock = int(raw.clock[-1])
            self._raw_q = raw.q_start_from_strap[-1]
        if not self.running or not len(raw):
            return raw.take(slice(0, 0))
        rows = self._numbered(raw)
        self.ring.add(rows)
        self._next_number += len(rows)
        return rows

    def _numbered(self, raw: StrapCounts) -> StrapCounts:
        life = self._life
        since: Ints = raw.number - life.first_raw
        at = np.flatnonzero((since % life.divisor == 0) & (since >= 0))
        return StrapCounts(
            raw.time_s[at],
            life.first_number + since[at] // life.divisor,
            raw.clock[at] + life.clock_offset,
            raw.samples[at],
            raw.temperature_centi_c[at],
            quaternion.multiply(life.q_strap_from_start, raw.q_start_from_strap[at]),
        )

    def _enter(self, epoch: int, divisor: int, clock_offset: int) -> None:
        q = quaternion.conjugate(self._raw_q)
        if self._next_number > self._first_number:
            self._taken_before[self.epoch] = self._next_number - self._first_number
        self._life = _Life(epoch % EPOCHS, divisor, self._raw_next, self._first_number, clock_offset, q)
        self._next_number = self._first_number
        self.ring.clear()
