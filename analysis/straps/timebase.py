"""Samples of one strap on session time, numbered without restarts.

Invariant: `number` counts at the nominal rate through restarts and clock jumps; a row is `late` when a higher number
arrived before it (a resent sample).
"""

from dataclasses import dataclass, field
from typing import Self, TypeVar

import numpy as np
from numpy.typing import NDArray

from sensor.decoding.clock import Clock, ClockParams
from sensor.samples import Floats, Ints, SampleBlock

Bools = NDArray[np.bool_]

GYR, ACC = slice(0, 3), slice(3, 6)
TEMPERATURE, FLEX, TENSION, RANGE = 6, 7, 8, 9
Q_STRAP = slice(10, 14)
COLUMNS = 14


@dataclass(frozen=True, slots=True)
class TimebaseParams:
    """When the strap's counter or clock is taken to have jumped."""

    clock: ClockParams = field(default_factory=ClockParams)
    tolerance_s: float = 0.05
    tolerance_share: float = 1e-3
    plausible_s: float = 2.0
    resend_window_s: float = 35.0


@dataclass(frozen=True, slots=True)
class TimedSamples:
    """Rows of one strap; `values` (N, 14) holds gyr, acc, temperature, flex, tension, range and q_start_from_strap."""

    number: Ints
    time_s: Floats
    arrival_s: Floats
    late: Bools
    values: Floats

    def __len__(self) -> int:
        return len(self.number)

    def take(self, index: slice | Ints | Bools) -> Self:
        """The rows that `index` selects."""
        return type(self)(
            self.number[index], self.time_s[index], self.arrival_s[index], self.late[index], self.values[index]
        )


def join_timed(parts: list[TimedSamples]) -> TimedSamples:
    """Parts one after another."""
    if len(parts) == 1:
        return parts[0]
    return TimedSamples(
        np.concatenate([p.number for p in parts]),
        np.concatenate([p.time_s for p in parts]),
        np.concatenate([p.arrival_s for p in parts]),
        np.concatenate([p.late for p in parts]),
        np.concatenate([p.values for p in parts]),
    )


def in_sample_order(timed: TimedSamples) -> TimedSamples:
    """All rows, resent ones in their place, none twice and none late."""
    if not timed.late.any():
        return timed
    _, first = np.unique(timed.number, return_index=True)
    rows = timed.take(first)
    return TimedSamples(
        rows.number, np.maximum.accumulate(rows.time_s), rows.arrival_s, np.zeros(len(rows), dtype=bool), rows.values
    )


class Timebase:
    """Numbers and times the rows of one strap in order of arrival."""

    def __init__(self, rate_hz: float, params: TimebaseParams) -> None:
        self._rate_hz = rate_hz
        self._p = params
        self._clock = Clock(params.clock)
        self._sample = 0  # of the last row, as sent
        self._device_s: float | None = None
        self._arrival_s = np.nan
        self._number_shift = 0
        self._device_shift_s = 0.0
        self._highest = np.iinfo(np.int64).min
        self.restarts = 0
        self.jumps = 0

    @property
    def clock_drift(self) -> float:
        """Session seconds gained per strap second."""
        return self._clock.drift

    def push(self, block: SampleBlock) -> TimedSamples:
        """The block's rows, numbered and timed."""
        if not len(block):
            return TimedSamples(block.sample, block.device_s, block.arrival_s, np.zeros(0, dtype=bool), _values(block))
        number, device_s = self._continued(block)
        before = np.empty_like(number)
        before[0] = self._highest
        before[1:] = np.maximum(np.maximum.accumulate(number[:-1]), self._highest)
        late = number <= before
        self._highest = int(max(before[-1], number[-1]))
        if late.any():
            time_s = np.empty(len(number))
            time_s[~late] = self._clock.push(device_s[~late], block.arrival_s[~late])
            time_s[late] = self._clock.at(device_s[late])
        else:
            time_s = self._clock.push(device_s, block.arrival_s)
        return TimedSamples(number, time_s, block.arrival_s, late, _values(block))

    def _continued(self, block: SampleBlock) -> tuple[Ints, Floats]:
        """Sample numbers and strap times with restarts and jumps taken out."""
        sample, device_s, arrival_s = block.sample, block.device_s, block.arrival_s
        if self._device_s is None:
            self._sample, self._device_s, self._arrival_s = int(sample[0]), float(device_s[0]), float(arrival_s[0])
        d_sample = since(sample, self._sample) / self._rate_hz
        d_device = since(device_s, self._device_s)
        d_arrival = since(arrival_s, self._arrival_s)
        self._sample, self._device_s, self._arrival_s = int(sample[-1]), float(device_s[-1]), float(arrival_s[-1])
        odd = np.abs(d_device - d_sample) > self._p.tolerance_s + self._p.tolerance_share * np.abs(d_sample)
        odd |= d_arrival - d_sample > self._p.resend_window_s
        number, device_s = sample + self._number_shift, device_s + self._device_shift_s
        for i in np.flatnonzero(odd).tolist() if odd.any() else ():
            shift, shift_s = self._jump(float(d_sample[i]), float(d_device[i]), float(d_arrival[i]))
            number[i:] += shift
            device_s[i:] += shift_s
            self._number_shift += shift
            self._device_shift_s += shift_s
        return number, device_s

    def _jump(self, d_sample_s: float, d_device_s: float, d_arrival_s: float) -> tuple[int, float]:
        """What to add to number and strap time from a row on that does not follow from the one before."""
        p = self._p
        counter_fits = d_sample_s > 0 and abs(d_sample_s - d_arrival_s) < p.plausible_s
        clock_fits = d_device_s >= 0 and abs(d_device_s - d_arrival_s) < p.plausible_s
        if counter_fits:
            true_s = d_sample_s
        elif clock_fits:
            true_s = d_device_s
        else:
            true_s = max(d_arrival_s, 1 / self._rate_hz)
        self.jumps += 1
        self.restarts += not counter_fits and not clock_fits
        return round((true_s - d_sample_s) * self._rate_hz), true_s - d_device_s


Numbers = TypeVar("Numbers", np.float64, np.int64)


def since(values: NDArray[Numbers], last: float) -> NDArray[Numbers]:
    """Steps (N,) from each value to the next, the first one from `last`."""
    out = np.empty_like(values)
    out[:1] = values[:1] - last
    np.subtract(values[1:], values[:-1], out=out[1:])
    return out


def _values(block: SampleBlock) -> Floats:
    values = np.empty((len(block), COLUMNS))
    values[:, GYR] = block.gyr_rad_s
    values[:, ACC] = block.acc_m_s2
    values[:, TEMPERATURE] = block.temperature_c
    values[:, FLEX] = block.flex
    values[:, TENSION] = block.tension
    values[:, RANGE] = block.range_m
    values[:, Q_STRAP] = block.q_start_from_strap
    return values
