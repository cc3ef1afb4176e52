"""Strap time to session time, causally.

Invariant: no packet arrives before it was sent, so the earliest arrivals lie on the clock's line; session times
never fall and never lie after the arrival.
"""

from dataclasses import dataclass

import numpy as np

from sensor.samples import Floats


@dataclass(frozen=True, slots=True)
class ClockParams:
    """How the line through the earliest arrivals is followed."""

    window_s: float = 1.0
    early_sd_s: float = 0.0005
    late_sd_s: float = 0.004
    outlier_s: float = 0.02
    outlier_sd_s: float = 0.2
    drift_sd: float = 50e-6
    drift_walk_per_sqrt_s: float = 2e-7


class Clock:
    """Follows offset and drift of one strap's clock from the earliest arrival in each window of strap time."""

    def __init__(self, params: ClockParams) -> None:
        self._p = params
        self._window: float | None = None  # number of the open window
        self._earliest = np.inf  # smallest arrival minus device time in it
        self._earliest_at = 0.0
        self._offset: float | None = None  # arrival minus device time at `_at`
        self._drift = 0.0
        self._at = 0.0
        self._var = (0.0, 0.0, params.drift_sd**2)  # offset, both, drift
        self._last_s = -np.inf

    @property
    def drift(self) -> float:
        """Session seconds gained per strap second."""
        return self._drift

    def push(self, device_s: Floats, arrival_s: Floats) -> Floats:
        """Session times (N,) of rows in order of arrival."""
        out = np.empty(len(device_s))
        window = np.floor(device_s / self._p.window_s)
        borders = np.flatnonzero(window[1:] != window[:-1]) + 1
        start = 0
        for end in [*borders.tolist(), len(device_s)]:
            if end > start:
                self._enter(float(window[start]))
                out[start:end] = self._window_times(device_s[start:end], arrival_s[start:end])
            start = end
        out = np.minimum(out, arrival_s)
        if len(out):
            out[0] = max(out[0], self._last_s)
            np.maximum.accumulate(out, out=out)
            self._last_s = float(out[-1])
        return out

    def at(self, device_s: Floats) -> Floats:
        """Session times of rows that came late, by the line as it is now."""
        offset = self._offset if self._offset is not None else float(self._earliest)
        return device_s + offset + self._drift * (device_s - self._at)

    def _enter(self, window: float) -> None:
        if window == self._window:
            return
        if self._window is not None:
            self._learn(self._earliest_at, self._earliest)
        self._window, self._earliest = window, np.inf

    def _window_times(self, device_s: Floats, arrival_s: Floats) -> Floats:
        lead = arrival_s - device_s
        i = int(lead.argmin())
        running = np.minimum.accumulate(np.minimum(lead, self._earliest)) if self._offset is None else lead
        if lead[i] < self._earliest:
            self._earliest, self._earliest_at = float(lead[i]), float(device_s[i])
        if self._offset is None:
            return device_s + running
        return device_s + (self._offset + self._drift * (device_s - self._at))

    def _learn(self, at_s: float, lead_s: float) -> None:
        p = self._p
        if self._offset is None:
            self._offset, self._at = lead_s, at_s
            self._var = (p.late_sd_s**2, 0.0, p.drift_sd**2)
            return
        dt = at_s - self._at
        a, b, c = self._var
        a, b, c = a + 2 * dt * b + dt * dt * c, b + dt * c, c + p.drift_walk_per_sqrt_s**2 * abs(dt)
        expected = self._offset + self._drift * dt
        late = lead_s - expected
        sd = p.early_sd_s if late < 0 else p.late_sd_s if late < p.outlier_s else p.outlier_sd_s
        s = a + sd * sd
        self._offset, self._drift, self._at = expected + a / s * late, self._drift + b / s * late, at_s
        self._var = (a - a * a / s, b - a * b / s, c - b * b / s)
