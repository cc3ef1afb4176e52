"""Numbers and times for the samples of a device that has neither counter nor clock, from their arrivals alone.

Invariant: samples are as far apart as the device's rate says, followed by the earliest arrival in each second; a sample
is never later than its arrival. What comes late is held back until it is known whether it was only delayed or whether
samples before it are lost, so that nothing depends on how arrivals are grouped.
"""

from dataclasses import dataclass

import numpy as np

from sensor.samples import Floats, Ints

WINDOW_S = 1.0
LATE_S = 0.05
LATE_SAMPLES = 2.5
DECIDE_S = 0.3
OFFSET_GAIN = 0.5
DRIFT_GAIN = 0.1
MOST_DRIFT = 0.02


@dataclass(frozen=True, slots=True)
class Settled:
    """The first N of the given samples: numbers, regular times, and the arrival with which their place was known."""

    number: Ints
    time_s: Floats
    known_s: Floats


class ArrivalLine:
    """The line on which one device's samples lie; what `settle` did not place has to be given to it again."""

    def __init__(self, rate_hz: float) -> None:
        self._rate_hz = rate_hz
        self._window = max(1, round(WINDOW_S * rate_hz))
        self._late_s = max(LATE_S, LATE_SAMPLES / rate_hz)
        self._next = 0
        self._offset_s: float | None = None  # arrival of number 0, as far as known before the open window
        self._drift = 0.0
        self._earliest_s = np.inf  # the smallest lead in the open window
        self._last_s = -np.inf
        self._parts: list[Settled] = []

    def settle(self, arrival_s: Floats, *, last: bool = False) -> Settled:
        """Places samples in order of arrival; with `last` nothing more can come and all are placed."""
        self._parts = []
        at = 0
        while at < len(arrival_s):
            late = np.flatnonzero(self._lateness(arrival_s[at : at + self._room()]) > self._late_s)
            on_time = int(late[0]) if len(late) else min(self._room(), len(arrival_s) - at)
            if on_time:
                self._take(arrival_s[at : at + on_time], arrival_s[at : at + on_time])
                at += on_time
                continue
            decided = self._decide(arrival_s[at:], last=last)
            if not decided:
                break
            known = np.full(decided, arrival_s[at + decided - 1])
            while decided:
                some = min(self._room(), decided)
                self._take(arrival_s[at : at + some], known[:some])
                at, decided = at + some, decided - some
        none = np.empty(0)
        parts = self._parts or [Settled(np.empty(0, np.int64), none, none)]
        return Settled(
            np.concatenate([p.number for p in parts]),
            np.concatenate([p.time_s for p in parts]),
            np.concatenate([p.known_s for p in parts]),
        )

    def _room(self) -> int:
        """Samples left in the open window."""
        return self._window - self._next % self._window

    def _line_s(self, number: Ints) -> Floats:
        since_s = number / self._rate_hz
        return since_s * (1 + self._drift) + (self._offset_s or 0.0)

    def _lateness(self, arrival_s: Floats) -> Floats:
        """How much later than expected samples that simply follow came; not known in the first window."""
        if self._offset_s is None:
            return np.zeros(len(arrival_s))
        return arrival_s - self._line_s(self._next + np.arange(len(arrival_s)))

    def _decide(self, arrival_s: Floats, *, last: bool) -> int:
        """How many samples of which the first is late can be placed now; skips numbers where some are lost."""
        soon = int(np.searchsorted(arrival_s, arrival_s[0] + DECIDE_S))
        late = self._lateness(arrival_s[: soon + 1])
        in_time = np.flatnonzero(late <= self._late_s)
        if len(in_time):
            return int(in_time[0]) + 1
        if soon == len(arrival_s) and not last:
            return 0
        self._close_window()
        self._next += round(float(late.min()) * self._rate_hz)
        return len(late)

    def _take(self, arrival_s: Floats, known_s: Floats) -> None:
        """Places samples that follow and lie in the open window."""
        number = self._next + np.arange(len(arrival_s))
        self._next += len(arrival_s)
        since_s = number / self._rate_hz
        lead = arrival_s - since_s * (1 + self._drift)
        if self._offset_s is None:
            time_s = since_s + np.minimum.accumulate(np.minimum(lead, self._earliest_s))
        else:
            time_s = self._line_s(number)
        self._earliest_s = min(self._earliest_s, float(lead.min()))
        time_s = np.minimum(time_s, arrival_s)
        time_s[0] = max(time_s[0], self._last_s)
        np.maximum.accumulate(time_s, out=time_s)
        self._last_s = float(time_s[-1])
        self._parts.append(Settled(number, time_s, known_s))
        if self._next % self._window == 0:
            self._close_window()

    def _close_window(self) -> None:
        """Learn from the window's earliest arrival."""
        earliest_s, self._earliest_s = self._earliest_s, np.inf
        if not np.isfinite(earliest_s):
            return
        if self._offset_s is None:
            self._offset_s = earliest_s
            return
        late_s = earliest_s - self._offset_s
        if late_s > self._late_s:
            return
        at_s = self._next / self._rate_hz
        turned = float(np.clip(self._drift + DRIFT_GAIN * late_s / WINDOW_S, -MOST_DRIFT, MOST_DRIFT))
        gain = 1.0 if late_s < 0 else OFFSET_GAIN
        # The line turns about where it is now.
        self._offset_s += gain * late_s - (turned - self._drift) * at_s
        self._drift = turned
