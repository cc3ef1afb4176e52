"""Payloads of a DOT in custom mode 5 to samples on its own clock, which wraps after 71.6 minutes.

Invariant: numbers follow the clock step by step, so that a rate that is a little off never looks like a lost sample.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from sensor.decoding.stream_batch import Notification
from sensor.packet import StrapInfo
from sensor.recorded import LinkCounts
from sensor.samples import Floats, Ints, Placement, SampleBlock, empty_block

Bools = NDArray[np.bool_]

# Of 63 bytes that may come, the first 44 are used.
PAYLOAD = np.dtype([("us", "<u4"), ("q", "<f4", 4), ("acc", "<f4", 3), ("gyr", "<f4", 3)])
WRAP_US = 1 << 32
NORM = (0.9, 1.1)
# The clock may go this much further on, or back, than time did.
SLACK_S = 2.0


class DotLine:
    """Numbers and times, from the clock of one sample to that of the next."""

    def __init__(self, rate_hz: float) -> None:
        self.rate_hz = rate_hz
        self.repeated = self.out_of_order = self.restarts = 0
        self._us: int | None = None  # the clock of the newest sample
        self._number, self._time_us, self._arrival_s = -1, 0, 0.0
        self._holes: dict[int, None] = {}

    def place(self, us: Ints, arrival_s: Floats) -> tuple[Bools, Ints, Floats]:
        """Which samples (N,) are new, and the number and unwrapped time of each."""
        taken, number, time_us = np.ones(len(us), np.bool_), np.empty(len(us), np.int64), np.empty(len(us), np.int64)
        if self._us is None and len(us):
            self._us, self._arrival_s = int(us[0]) - round(1e6 / self.rate_hz), float(arrival_s[0])
            self._time_us = self._us
        at = 0
        while at < len(us):
            run = self._run(us[at:], arrival_s[at:], number[at:], time_us[at:])
            at += run
            if at < len(us):
                taken[at], number[at], time_us[at] = self._odd(int(us[at]), float(arrival_s[at]))
                at += 1
        return taken, number, time_us / 1e6

    def _run(self, us: Ints, arrival_s: Floats, number: Ints, time_us: Ints) -> int:
        """Fills in the samples that follow each other without a hole."""
        d_us = (np.diff(us, prepend=self._us or 0)) % WRAP_US
        wrong = np.flatnonzero(np.rint(d_us * (self.rate_hz / 1e6)) != 1)
        n = int(wrong[0]) if len(wrong) else len(us)
        if n:
            number[:n] = self._number + 1 + np.arange(n)
            time_us[:n] = self._time_us + np.cumsum(d_us[:n])
            self._newest(int(us[n - 1]), float(arrival_s[n - 1]), int(number[n - 1]), int(time_us[n - 1]))
        return n

    def _odd(self, us: int, arrival_s: float) -> tuple[bool, int, int]:
        """A sample that does not simply follow: after a hole, late, a second time, or after a restart."""
        passed_us = round((arrival_s - self._arrival_s) * 1e6)
        d_us = (us - (self._us or 0) + WRAP_US // 2) % WRAP_US - WRAP_US // 2
        if passed_us > WRAP_US // 4:
            d_us += round((passed_us - d_us) / WRAP_US) * WRAP_US
        step = round(d_us * self.rate_hz / 1e6)
        if abs(d_us) > max(passed_us, 0) + SLACK_S * 1e6 or d_us < -SLACK_S * 1e6:
            self.restarts += 1
            d_us = max(passed_us, round(1e6 / self.rate_hz))
            step = max(1, round(d_us * self.rate_hz / 1e6))
        elif step <= 0:
            return self._late(step), self._number + step, self._time_us + d_us
        else:
            first = max(self._number + 1, self._number + step - round(SLACK_S * self.rate_hz))
            self._holes |= dict.fromkeys(range(first, self._number + step))
        self._newest(us, arrival_s, self._number + step, self._time_us + d_us)
        return True, self._number, self._time_us

    def _late(self, step: int) -> bool:
        """Whether a sample from before the newest one is missing so far."""
        missing = self._number + step in self._holes
        self._holes.pop(self._number + step, None)
        self.out_of_order += missing
        self.repeated += not missing
        return missing

    def _newest(self, us: int, arrival_s: float, number: int, time_us: int) -> None:
        self._us, self._arrival_s, self._number, self._time_us = us, arrival_s, number, time_us
        forgotten = number - round(SLACK_S * self.rate_hz)
        if self._holes and next(iter(self._holes)) < forgotten:
            self._holes = {n: None for n in self._holes if n >= forgotten}


class DotDecoder:
    """Decodes one DOT."""

    def __init__(self, info: StrapInfo, placement: Placement) -> None:
        self._placement = placement
        self._line = DotLine(info.rate_hz)
        self._corrupt = 0

    @property
    def counts(self) -> LinkCounts:
        line = self._line
        return LinkCounts(
            corrupt=self._corrupt, repeated=line.repeated, restarts=line.restarts, out_of_order=line.out_of_order
        )

    def inform(self, info: StrapInfo) -> None:
        del info  # its rate is set anew at every connection

    def push(self, notifications: Sequence[Notification]) -> SampleBlock:
        size = PAYLOAD.itemsize
        whole = [n for n in notifications if len(n.data) >= size]
        raw = np.frombuffer(b"".join([n.data[:size] for n in whole]), PAYLOAD)
        good = _plausible(raw)
        self._corrupt += len(notifications) - int(good.sum())
        raw, arrival_s = raw[good], np.array([n.arrival_s for n in whole], np.float64)[good]
        taken, number, device_s = self._line.place(raw["us"].astype(np.int64), arrival_s)
        block = empty_block(self._placement, int(taken.sum()), self._line.rate_hz)
        block.sample[:], block.device_s[:], block.arrival_s[:] = number[taken], device_s[taken], arrival_s[taken]
        block.acc_m_s2[:] = raw["acc"][taken]
        block.gyr_rad_s[:] = np.deg2rad(raw["gyr"][taken].astype(np.float64))
        q = raw["q"][taken].astype(np.float64)
        block.q_start_from_strap[:] = q / np.sqrt((q * q).sum(axis=1, keepdims=True))
        return block

    def finish(self) -> SampleBlock:
        return empty_block(self._placement, 0, self._line.rate_hz)


def _plausible(raw: NDArray[np.void]) -> Bools:
    """Which payloads hold finite numbers and a rotation."""
    with np.errstate(over="ignore", invalid="ignore"):
        q: Floats = raw["q"].astype(np.float64)
        norm = np.sqrt((q * q).sum(axis=1))
        finite = np.isfinite(raw["acc"]).all(axis=1) & np.isfinite(raw["gyr"]).all(axis=1)
        return finite & (norm > NORM[0]) & (norm < NORM[1])
