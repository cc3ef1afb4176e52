"""Rows of all straps on one regular time grid, in order of time, waiting at most `wait_s` for a strap.

Invariant: what a tick holds depends on arrival times alone, never on where the rows were cut into blocks: a strap's
value counts when it was known at the tick's deadline, else it is NaN.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from analysis.motion import GRID_HZ
from analysis.straps.orientation import ROW_COLUMNS, OrientedRows, Q, join_rows
from sensor.samples import Floats, Ints, Placement

FEW = 64  # rows that are cheaper to join than to push one more time


@dataclass(frozen=True, slots=True)
class GridParams:
    """How long a tick waits for a strap that is late."""

    wait_s: float = 1.5


@dataclass(frozen=True, slots=True)
class StrapGrid:
    """Ticks of the grid with every strap's values (N, 15) as in `OrientedRows`, still in strap axes."""

    time_s: Floats
    straps: Mapping[Placement, Floats]


class _Pending:
    """Ticks of one strap that wait for the others."""

    def __init__(self, params: GridParams) -> None:
        self._p = params
        self._carry: OrientedRows | None = None
        self._next: int | None = None  # tick to interpolate next
        self.values = np.empty((0, ROW_COLUMNS))
        self.heard_s = -np.inf

    def push(self, rows: OrientedRows, first_wanted: int | None) -> None:
        if not len(rows):
            return
        if self._carry is not None and len(rows) > FEW:
            # Only the first row needs the one before: no need to copy all of them.
            self.push(rows.take(slice(0, 1)), first_wanted)
        elif self._carry is not None:
            rows = join_rows([self._carry, rows])
        self.heard_s = float(rows.known_s[-1])
        self._carry = OrientedRows(
            rows.time_s[-1:], rows.known_s[-1:], rows.heard_s[-1:], np.zeros(1, dtype=bool), rows.values[-1:]
        )
        if self._next is None:
            self._next = int(np.ceil(rows.time_s[0] * GRID_HZ))
        if first_wanted is not None and not len(self.values):
            self._next = max(self._next, first_wanted)
        last = int(np.floor(rows.time_s[-1] * GRID_HZ))
        if last >= self._next:
            ticks = self._interpolated(rows, np.arange(self._next, last + 1))
            self.values = np.concatenate([self.values, ticks]) if len(self.values) else ticks
            self._next = last + 1

    @property
    def first(self) -> int | None:
        """Number of the first tick that is held or will come."""
        return None if self._next is None else self._next - len(self.values)

    def held(self, first: int) -> int:
        """How many ticks from `first` on are here."""
        return 0 if self._next is None else self._next - first

    def take(self, first: int, n: int) -> Floats:
        """Values of ticks `first` to `first + n`, NaN where none came in time."""
        out = np.full((n, ROW_COLUMNS), np.nan)
        own = self.first
        if own is None:
            return out
        skip = own - first
        have = min(len(self.values), max(n - skip, 0))
        if have > 0:
            out[skip : skip + have] = self.values[:have]
        self.values = self.values[have:]
        if not len(self.values) and self._next is not None:
            self._next = max(self._next, first + n)
        return out

    def _interpolated(self, rows: OrientedRows, ticks: Ints) -> Floats:
        at_s = ticks / GRID_HZ
        upper = np.searchsorted(rows.time_s, at_s, side="left")
        upper = np.minimum(upper, len(rows) - 1)
        lower = np.maximum(upper - 1, 0)
        low = rows.values[lower]
        span = rows.time_s[upper] - rows.time_s[lower]
        share = np.minimum((at_s - rows.time_s[lower]) / np.maximum(span, 1e-9), 1.0)
        out = low + share[:, None] * (rows.values[upper] - low)
        q = out[:, Q]
        q /= np.sqrt(np.einsum("ni,ni->n", q, q))[:, None]
        wait = self._p.wait_s
        deadline = np.minimum(np.maximum(at_s, rows.heard_s[upper] + wait), at_s + wait)
        out[rows.opens[upper] | (rows.known_s[upper] > deadline)] = np.nan
        return out


class CommonGrid:
    """Brings the rows of all straps onto common ticks."""

    def __init__(self, params: GridParams) -> None:
        self._p = params
        self._straps: dict[Placement, _Pending] = {}
        self._next: int | None = None
        self._now_s = -np.inf

    @property
    def joined(self) -> frozenset[Placement]:
        """Straps that have sent something."""
        return frozenset(self._straps)

    def push(self, rows: Mapping[Placement, Sequence[OrientedRows]]) -> StrapGrid:
        """Ticks that became known from parts of each strap's rows."""
        for placement, parts in rows.items():
            for part in parts:
                if len(part):
                    strap = self._straps.setdefault(placement, _Pending(self._p))
                    strap.push(part, self._next)
                    self._now_s = max(self._now_s, strap.heard_s)
        if self._next is None:
            firsts = [s.first for s in self._straps.values() if s.first is not None]
            self._next = min(firsts, default=None)
        return self._emit()

    def rest(self) -> StrapGrid:
        """Ticks that waited for a strap, once nothing more can come."""
        return self._emit(everything=True)

    def _emit(self, *, everything: bool = False) -> StrapGrid:
        first = self._next
        if first is None:
            return StrapGrid(np.empty(0), {})
        straps = self._straps.values()
        n = max(s.held(first) for s in straps) if everything else min(self._settled(s, first) for s in straps)
        n = max(n, 0)
        self._next = first + n
        time_s = np.arange(first, first + n) / GRID_HZ
        return StrapGrid(time_s, {p: s.take(first, n) for p, s in self._straps.items()})

    def _settled(self, strap: _Pending, first: int) -> int:
        """How many ticks from `first` on need no further sample of `strap`."""
        silent = self._now_s >= strap.heard_s + self._p.wait_s
        overdue_s = self._now_s if silent else self._now_s - self._p.wait_s
        return max(strap.held(first), int(np.floor(max(overdue_s, -1e9) * GRID_HZ)) + 1 - first)
