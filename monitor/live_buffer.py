"""The display ring: what the radio's thread writes and a screen pulls on its own timer.

Invariant: fixed memory; a reader gets copies, so that nothing it holds changes; no Qt and no asyncio here.
"""

from dataclasses import dataclass
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from analysis.results import GapSeries
from monitor.board import Board
from sensor.samples import THIGHS, Floats, Placement

MINUTE_S = 60.0
# Of the gap.
RATE_HZ = 50.0
# Every row is kept this long, so that a stretch of a session can be looked at closely.
DETAIL_S = 2 * 3600.0
# Tension is told a few times a second.
TENSION_HZ = 10.0
HISTORY_S = 6 * 3600.0
_SECOND_S = 1.0


class Ring:
    """The last `capacity` rows of `width` columns, always readable as one piece."""

    def __init__(self, capacity: int, width: int) -> None:
        # Every row is written twice, a capacity apart, so that the newest rows are contiguous at any time.
        self._rows = np.full((2 * capacity, width), np.nan)
        self._capacity = capacity
        self._written = 0

    def append(self, rows: NDArray[np.float64]) -> None:
        """Adds (N, width) rows."""
        rows = rows[-self._capacity :]
        at = (self._written + np.arange(len(rows))) % self._capacity
        self._rows[at] = rows
        self._rows[at + self._capacity] = rows
        self._written += len(rows)

    def newest(self, n: int | None = None) -> NDArray[np.float64]:
        """A copy of the newest `n` rows (all without `n`), oldest first."""
        n = min(self._written, self._capacity, self._capacity if n is None else n)
        end = self._written % self._capacity + self._capacity
        return self._rows[end - n : end].copy()

    def between(self, low: float, high: float) -> NDArray[np.float64]:
        """A copy of the rows whose first column, rising, lies from `low` to `high`."""
        n, end = min(self._written, self._capacity), self._written % self._capacity + self._capacity
        kept = self._rows[end - n : end]
        first, after = np.searchsorted(kept[:, 0], (low, np.nextafter(high, np.inf)))
        return kept[first:after].copy()

    def clear(self) -> None:
        """Forgets every row."""
        self._written = 0


@dataclass(frozen=True, slots=True)
class Curves:
    """The last minute, or another stretch of the session, for display: mm and %; times in session seconds."""

    gap: Floats  # (N, 3) time, gap, sd
    tension: dict[Placement, Floats]  # each (N, 2) time, tension


class LiveBuffer:
    """Written by the session, read by a screen."""

    def __init__(self, rate_hz: float = RATE_HZ) -> None:
        self._lock = Lock()
        self._gap = Ring(int(MINUTE_S * rate_hz), 3)
        self._detail = Ring(int(DETAIL_S * rate_hz), 3)
        self._tension = {p: Ring(int(DETAIL_S * TENSION_HZ), 2) for p in THIGHS}
        self._history = Ring(int(HISTORY_S / _SECOND_S), 3)
        self._second = np.zeros((0, 3))
        self._board = Board()
        self._stamp_s = 0.0

    def add_gap(self, gap: GapSeries) -> None:
        """Adds rows of the gap."""
        rows = np.column_stack((gap.time_s, 1e3 * gap.gap_m, 1e3 * gap.sd_m))
        with self._lock:
            self._gap.append(rows)
            self._detail.append(rows)
            self._remember(rows)

    def add_tension(self, placement: Placement, time_s: Floats, tension: Floats) -> None:
        """Adds rows of a thigh strap's tension (1.0 at session zero)."""
        with self._lock:
            if placement in self._tension:
                self._tension[placement].append(np.column_stack((time_s, 1e2 * tension)))

    def show(self, board: Board, stamp_s: float = 0.0) -> None:
        """Replaces the board; `stamp_s` is when its newest notification arrived (any clock that the reader shares)."""
        with self._lock:
            self._board, self._stamp_s = board, stamp_s

    @property
    def board(self) -> Board:
        """The newest board."""
        with self._lock:
            return self._board

    @property
    def stamp_s(self) -> float:
        """When the newest notification behind the board arrived."""
        with self._lock:
            return self._stamp_s

    def curves(self) -> Curves:
        """The last minute."""
        with self._lock:
            now_s = self._board.now_s
            return Curves(self._gap.newest(), self._tensions(now_s - MINUTE_S, np.inf))

    def stretch(self, start_s: float, end_s: float) -> Curves:
        """From `start_s` to `end_s`, with every row that is still kept."""
        with self._lock:
            return Curves(self._detail.between(start_s, end_s), self._tensions(start_s, end_s))

    def history(self) -> Floats:
        """The whole session, (N, 3) time, smallest and largest gap of each second in mm."""
        with self._lock:
            return self._history.newest()

    def clear(self) -> None:
        """Forgets all curves, so that a session can be shown from another moment on."""
        with self._lock:
            for ring in (self._gap, self._detail, self._history, *self._tension.values()):
                ring.clear()
            self._second = np.zeros((0, 3))

    def _tensions(self, start_s: float, end_s: float) -> dict[Placement, Floats]:
        return {p: ring.between(start_s, end_s) for p, ring in self._tension.items()}

    def _remember(self, rows: Floats) -> None:
        """Keeps each full second's time, smallest and largest gap."""
        self._second = np.concatenate((self._second, rows))
        seconds = np.floor(self._second[:, 0] / _SECOND_S)
        if not len(seconds) or seconds[0] == seconds[-1]:
            return
        for second in np.unique(seconds)[:-1]:
            gap = self._second[seconds == second, 1]
            known = gap[np.isfinite(gap)]
            low, high = (known.min(), known.max()) if len(known) else (np.nan, np.nan)
            self._history.append(np.array([[second * _SECOND_S, low, high]]))
        self._second = self._second[seconds == seconds[-1]]
