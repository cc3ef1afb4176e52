"""Number, strap clock and arrival of each row of a recording table, whichever of them the table gives.

Invariant: rows come in order of arrival, each sample number once.
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from sensor.errors import UnusableColumn
from sensor.samples import Floats, Ints

USUAL_RATE_HZ = 100.0
_RATES_HZ = (1.0, 5000.0)
# A crystal is this good: a rate this close to a whole number is that number.
_ROUND_WITHIN = 5e-4
_SAME_NUMBER_SHARE = 0.01
# Beyond it a float64 does not tell two numbers apart.
_LARGEST_NUMBER = 2.0**53

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class SampleTimes:
    """Times of one strap's rows; `row` is the row of the whole table."""

    rate_hz: float
    row: Ints
    sample: Ints
    device_s: Floats
    arrival_s: Floats

    def __len__(self) -> int:
        return len(self.row)


def given_times(path: Path, rows: Ints, given: Mapping[str, Floats]) -> SampleTimes:
    """Times of one strap from those of `sample`, `device_s`, `arrival_s` and `time_s` that the table has."""
    device, arrival = _clocks(given)
    usable = np.isfinite(device) & np.isfinite(arrival)
    number = given.get("sample")
    if number is not None and np.isfinite(number).any():
        usable &= np.abs(number) < _LARGEST_NUMBER
    else:
        number = None
    order = np.flatnonzero(usable)
    order = order[np.argsort(arrival[order], kind="stable")]
    device, arrival, row = device[order], arrival[order], rows[order]
    if number is None:
        rate_hz, sample = _counted(device)
    else:
        sample = np.rint(number[order]).astype(np.int64)
        rate_hz = _rate_of(sample, device)
    if len(row) > 1 and not _RATES_HZ[0] <= rate_hz <= _RATES_HZ[1]:
        name = next(iter(given.keys() - {"sample"}))
        raise UnusableColumn(path, name, f"gives {rate_hz:.3g} samples a second (times must be in seconds)")
    return _each_once(SampleTimes(rate_hz, row, sample, device, arrival))


def _clocks(given: Mapping[str, Floats]) -> tuple[Floats, Floats]:
    def first(*names: str) -> Floats:
        return next(given[n] for n in names if n in given and np.isfinite(given[n]).any())

    try:
        device = first("device_s", "time_s", "arrival_s")
        if "arrival_s" in given or "time_s" in given:
            return device, first("arrival_s", "time_s", "device_s")
    except StopIteration:
        # This strap alone has no time at all: none of its rows is usable.
        n = len(next(iter(given.values())))
        return np.full(n, np.nan), np.full(n, np.nan)
    # Strap clocks have epochs of their own; without arrivals the best guess is that all were started together.
    return device, device - device[np.isfinite(device)][0]


def _rate_of(sample: Ints, device_s: Floats) -> float:
    order = np.argsort(sample, kind="stable")
    steps, spans = np.diff(sample[order]), np.diff(device_s[order])
    good = (steps > 0) & (spans > 0)
    return _nominal(float(np.median(steps[good] / spans[good]))) if good.any() else USUAL_RATE_HZ


def _counted(device_s: Floats) -> tuple[float, Ints]:
    """Rate, and numbers by time; by position where times come in bunches and numbers would be shared."""
    spans = np.diff(device_s)
    if not (spans > 0).any():
        return USUAL_RATE_HZ, np.arange(len(device_s))
    rate_hz = _nominal(1.0 / float(np.median(spans[spans > 0])))
    sample = np.rint((device_s - device_s[0]) * rate_hz).astype(np.int64)
    if len(np.unique(sample)) >= (1 - _SAME_NUMBER_SHARE) * len(sample):
        return rate_hz, sample
    return _nominal(len(spans) / float(device_s[-1] - device_s[0])), np.arange(len(device_s))


def _nominal(rate_hz: float) -> float:
    whole = float(np.rint(rate_hz))
    return whole if abs(rate_hz - whole) <= _ROUND_WITHIN * rate_hz else rate_hz


def _each_once(times: SampleTimes) -> SampleTimes:
    _, first = np.unique(times.sample, return_index=True)
    if len(first) == len(times.sample):
        return times
    _log.warning("%d rows repeat a sample and were left out", len(times.sample) - len(first))
    keep = np.sort(first)
    return SampleTimes(times.rate_hz, times.row[keep], times.sample[keep], times.device_s[keep], times.arrival_s[keep])
