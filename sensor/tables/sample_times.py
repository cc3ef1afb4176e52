"""Number, strap clock and arrival of each row of a recording table, whichever of them the table gives.

Invariant: rows come in order of arrival, each sample number once. A clock that stamps whole packets is no clock of
samples: their numbers are, and so is their order where they have none.
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from sensor.errors import UnusableColumn
from sensor.samples import Floats, Ints

CLOCKS = ("device_s", "time_s", "arrival_s")
USUAL_RATE_HZ = 100.0
_RATES_HZ = (1.0, 5000.0)
# A crystal is this good, and a host's times say that much of it: a rate this close to a whole number is that number.
_ROUND_WITHIN = 5e-4
_ROUND_STAMPED_WITHIN = 5e-3
_SAME_NUMBER_SHARE = 0.01
# Packets that come later than this many intervals and this long after the one before have lost some in between.
_LATE_INTERVALS = 1.5
_LATE_S = 0.02
# Beyond it a float64 does not tell two numbers apart.
_LARGEST_NUMBER = 2.0**53
_LEAST_SPAN_S = 1e-9  # no clock of a strap ticks faster: what lies closer is one time

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
    usual = _known(given, *CLOCKS)
    if usual is None:
        # This strap alone has no time at all: none of its rows is usable.
        return _no_times(rows)
    device, arrival = given[usual], _arrivals(given, usual)
    usable = np.isfinite(device) & np.isfinite(arrival)
    number = given.get("sample")
    if number is not None and np.isfinite(number).any():
        usable &= np.abs(number) < _LARGEST_NUMBER
    else:
        number = None
    order = np.flatnonzero(usable)
    if not len(order):
        return _no_times(rows)
    # Samples that arrived together come in order of their numbers, however the table's rows are sorted.
    order = order[np.lexsort(((device if number is None else number)[order], arrival[order]))]
    device, arrival, row = device[order], arrival[order], rows[order]
    if len(row) > 1 and not np.ptp(device):
        raise UnusableColumn(path, usual, "is the same in all rows of a strap")
    if number is None:
        rate_hz, sample, device = _counted(device)
    else:
        sample = np.rint(number[order]).astype(np.int64)
        rate_hz, device = _numbered(sample, device, of_strap=usual == "device_s")
    if len(row) > 1 and not _RATES_HZ[0] <= rate_hz <= _RATES_HZ[1]:
        raise UnusableColumn(path, usual, f"gives {rate_hz:.3g} samples a second (times must be in seconds)")
    return _each_once(SampleTimes(rate_hz, row, sample, device, arrival))


def _no_times(rows: Ints) -> SampleTimes:
    none = np.empty(0)
    return SampleTimes(USUAL_RATE_HZ, rows[:0], rows[:0], none, none)


def _known(given: Mapping[str, Floats], *names: str) -> str | None:
    return next((n for n in names if n in given and np.isfinite(given[n]).any()), None)


def _arrivals(given: Mapping[str, Floats], usual: str) -> Floats:
    name = _known(given, "arrival_s", "time_s")
    if name is not None:
        return given[name]
    # Strap clocks have epochs of their own; without arrivals the best guess is that all were started together.
    device = given[usual]
    return device - device[np.isfinite(device)][0]


def _numbered(sample: Ints, clock_s: Floats, *, of_strap: bool) -> tuple[float, Floats]:
    """Rate, and the strap's clock (N,): the one given, or that of the numbers where it stamps packets."""
    order = np.argsort(sample, kind="stable")
    rising = np.concatenate([[True], np.diff(clock_s[order]) > 0])
    firsts = order[rising]
    steps, spans = np.diff(sample[firsts]), np.diff(clock_s[firsts])
    good = (steps > 0) & (spans > 0)
    if not good.any():
        return USUAL_RATE_HZ, clock_s
    rate_hz = float(np.median(steps[good] / spans[good]))
    if of_strap and rising.mean() > 1 - _SAME_NUMBER_SHARE:
        return _nominal(rate_hz, _ROUND_WITHIN), clock_s
    # Arrivals jitter, but not over the whole session.
    whole_hz = float(np.ptp(sample) / np.ptp(clock_s))
    rate_hz = _nominal(whole_hz if abs(whole_hz / rate_hz - 1) < 0.1 else rate_hz, _ROUND_STAMPED_WITHIN)
    return rate_hz, clock_s[0] + (sample - sample[0]) / rate_hz


def _counted(clock_s: Floats) -> tuple[float, Ints, Floats]:
    """Rate, numbers and strap's clock of rows without numbers: by time, or by order where times come in bunches."""
    spans = np.diff(clock_s)
    ticks = spans > _LEAST_SPAN_S
    if not ticks.any():
        return USUAL_RATE_HZ, np.arange(len(clock_s)), clock_s
    usual_s = float(np.median(spans[ticks]))
    rate_hz = _nominal(1.0 / usual_s, _ROUND_WITHIN)
    farthest_s = _LARGEST_NUMBER / rate_hz
    sample = np.rint(np.clip(clock_s - clock_s[0], -farthest_s, farthest_s) * rate_hz).astype(np.int64)
    if len(np.unique(sample)) >= (1 - _SAME_NUMBER_SHARE) * len(sample):
        return rate_hz, sample, clock_s
    starts = np.flatnonzero(np.concatenate([[True], spans > 0]))
    sizes, intervals = np.diff(starts, append=len(clock_s)), np.diff(clock_s[starts])
    before = sizes[:-1]
    late = intervals > _LATE_INTERVALS * usual_s + _LATE_S
    lasted_s = float(intervals[~late].sum())
    if lasted_s > _LEAST_SPAN_S:
        # Times that go back as far as they go on tell nothing.
        rate_hz = _nominal(float(before[~late].sum()) / lasted_s, _ROUND_STAMPED_WITHIN)
    missed = np.rint(np.minimum(intervals, farthest_s) * rate_hz) - before
    lost = np.where(late, np.clip(missed, 0, _LARGEST_NUMBER), 0).astype(np.int64)
    sample = np.arange(len(clock_s)) + np.repeat(np.concatenate([[0], np.cumsum(lost)]), sizes)
    return rate_hz, sample, clock_s[0] + sample / rate_hz


def _nominal(rate_hz: float, within: float) -> float:
    whole = float(np.rint(rate_hz))
    return whole if abs(rate_hz - whole) <= within * rate_hz else rate_hz


def _each_once(times: SampleTimes) -> SampleTimes:
    _, first = np.unique(times.sample, return_index=True)
    if len(first) == len(times.sample):
        return times
    _log.warning("%d rows repeat a sample and were left out", len(times.sample) - len(first))
    keep = np.sort(first)
    return SampleTimes(times.rate_hz, times.row[keep], times.sample[keep], times.device_s[keep], times.arrival_s[keep])
