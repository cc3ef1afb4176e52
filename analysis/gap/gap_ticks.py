"""Means of the fast channels over ticks of the slow filter.

Invariant: tick number n holds the rows [n * ROWS, (n + 1) * ROWS) of the 50 Hz grid, wherever blocks were cut.
"""

from dataclasses import dataclass, fields
from typing import Self, TypeVar

import numpy as np
from numpy.typing import NDArray

from analysis.gap.flex import FlexRelaxation
from analysis.gap.gap_filter import TICK_S
from analysis.gap.heading import Complex
from analysis.gap.touches import TouchEvidence
from analysis.motion import GRID_HZ
from sensor.samples import Floats

ROWS = round(TICK_S * GRID_HZ)

Number = TypeVar("Number", np.float64, np.complex128)


@dataclass(frozen=True, slots=True)
class Ticks:
    """Ticks in order; `time_s` is their end, `relative_rad` the relative heading as measured.

    The reaches of both thighs (complex, see `heading`) come as their parts ahead and to the left.
    """

    time_s: Floats
    relative_rad: Floats
    left_ahead: Floats
    left_aside: Floats
    right_ahead: Floats
    right_aside: Floats
    turned_rad: Floats
    measured: Floats
    touch_odds: Floats  # log odds, see `touches`
    touch_gain: Floats  # what this tick alone says for a touch
    askew: Floats  # see `heading.knees_askew`
    up: Floats  # vertical part of the thigh that rises more from hip to knee
    left_rolled: Floats
    right_rolled: Floats
    temperature_c: Floats
    range_m: Floats  # median
    static_counts: Floats  # of the cord, see `flex`
    static_per_amount: Floats
    memory: Floats
    memory_per_amount: Floats
    trembled_rad: Floats  # rms of the turn rates against each other about the vertical, times the tick

    def __len__(self) -> int:
        return len(self.time_s)

    def reaches(self) -> tuple[Complex, Complex]:
        """Reach of the left and the right thigh."""
        return self.left_ahead + 1j * self.left_aside, self.right_ahead + 1j * self.right_aside

    def columns(self) -> list[Floats]:
        """All columns in order."""
        return [getattr(self, f.name) for f in fields(self)]

    def take(self, index: slice) -> Self:
        """The ticks that `index` selects."""
        return type(self)(*(getattr(self, f.name)[index] for f in fields(self)))

    def between(self, start_s: float, end_s: float) -> Self:
        """The ticks that end in the span."""
        return self.take(slice(int(np.searchsorted(self.time_s, start_s)), int(np.searchsorted(self.time_s, end_s))))


def join_ticks(parts: list[Ticks]) -> Ticks:
    """Parts one after another."""
    return Ticks(*(np.concatenate([getattr(p, f.name) for p in parts]) for f in fields(Ticks)))


@dataclass(frozen=True, slots=True)
class FastRows:
    """The fast channels at 50 Hz: `relative` is the left over the right direction ahead."""

    time_s: Floats
    relative: Complex
    left: Complex  # reach
    right: Complex
    measured: Floats
    rates_rad_s: Floats  # (N, 2) about the vertical
    askew: Floats  # see `heading.knees_askew`
    up: Floats  # vertical part of the thigh that rises more from hip to knee
    rolled: Floats  # (N, 2), left and right
    temperature_c: Floats  # of the strap with the cord
    range_m: Floats
    flex: Floats  # raw counts

    def __len__(self) -> int:
        return len(self.time_s)

    def take(self, index: slice) -> Self:
        """The rows that `index` selects."""
        return type(self)(*(getattr(self, f.name)[index] for f in fields(self)))


def no_rows() -> FastRows:
    """Rows of nothing."""
    none, complex_none, pairs = np.empty(0), np.empty(0, dtype=np.complex128), np.empty((0, 2))
    return FastRows(none, complex_none, complex_none, complex_none, none, pairs, none, none, pairs, none, none, none)


def join_rows(parts: list[FastRows]) -> FastRows:
    """Parts one after another."""
    return FastRows(*(np.concatenate([getattr(p, f.name) for p in parts]) for f in fields(FastRows)))


def ticks_of(rows: FastRows, touches: TouchEvidence, relaxation: FlexRelaxation) -> Ticks:
    """Ticks of whole multiples of ROWS rows."""
    n = len(rows) // ROWS
    shape = (n, ROWS)
    relative = rows.relative.reshape(shape)
    left, right = _mean(rows.left, shape), _mean(rows.right, shape)
    first, last = relative[:, 0], relative[:, -1]
    touch_odds, touch_gain = touches.push(rows.rates_rad_s, rows.measured, ROWS)
    static = relaxation.push(_mean(rows.flex, shape))
    return Ticks(
        (np.rint(rows.time_s.reshape(shape)[:, 0] * GRID_HZ) + ROWS) / GRID_HZ,
        np.angle(relative.sum(axis=1)),
        left.real,
        left.imag,
        right.real,
        right.imag,
        np.abs(np.angle(last * np.conj(first))) * (ROWS / (ROWS - 1)),
        _mean(np.where(np.isnan(rows.measured), 0.0, rows.measured), shape),
        touch_odds,
        touch_gain,
        _mean(rows.askew, shape),
        _mean(rows.up, shape),
        _mean(rows.rolled[:, 0], shape),
        _mean(rows.rolled[:, 1], shape),
        _mean(rows.temperature_c, shape),
        middle(rows.range_m.reshape(shape)),
        static.counts,
        static.per_amount,
        static.memory,
        static.memory_per_amount,
        TICK_S * np.sqrt(np.square(_against(rows.rates_rad_s)).reshape(shape).mean(axis=1)),
    )


def _mean(x: NDArray[Number], shape: tuple[int, int]) -> NDArray[Number]:
    """Mean of each tick's rows of `x`."""
    # What numpy's own mean does, without the time that it takes to find out how.
    return np.add.reduce(x.reshape(shape), axis=1) / x.dtype.type(shape[1])


def middle(x: Floats) -> Floats:
    """Middle known value of each row of `x` (T, R), NaN where a row has none."""
    known = np.isfinite(x).sum(axis=1)
    at = np.maximum(known - 1, 0) // 2
    return np.sort(x, axis=1)[np.arange(len(x)), at]


def _against(rates_rad_s: Floats) -> Floats:
    """Turn rate (N,) of the left thigh against the right, 0 where unknown."""
    against = rates_rad_s[:, 0] - rates_rad_s[:, 1]
    return np.where(np.isnan(against), 0.0, against)
