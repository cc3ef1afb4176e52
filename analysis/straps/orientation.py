"""Orientation of one strap from its samples, holes bridged.

Invariant: rows come at every sample number without holes, except where more than `bridge_s` was lost; the gyroscope
is free of the bias that the table record showed.
"""

from dataclasses import dataclass, field
from typing import Self

import numpy as np
from vqf import VQF

from analysis.quaternion import about, conjugate, from_rotvec, multiply, rotvec
from analysis.straps.bias_now import BiasNow, WornBiasParams
from analysis.straps.bridge import Bridges
from analysis.straps.gyro_bias import GyroBias
from analysis.straps.holes import turns_in_holes
from analysis.straps.timebase import ACC, GYR, Q_STRAP, RANGE, TEMPERATURE, TENSION, Bools, TimedSamples, since
from sensor.arrivals import MarkerEdge
from sensor.markers import Label
from sensor.samples import Floats, Ints

Q, GYRO, ACCEL = slice(0, 4), slice(4, 7), slice(7, 10)
OTHERS = slice(10, 14)  # temperature, flex, tension, range
MEASURED = 14
ROW_COLUMNS = 15
UP = np.array([0.0, 0.0, 1.0])
NEVER_S = -1e9  # finite, as it is added to a wait without end


@dataclass(frozen=True, slots=True)
class OrientationParams:
    """How long a hole is bridged, and the filter's time constant.

    At 1 to 2 s gravity follows a standing person best; longer ones cost 1 mm of gap in `knees_in`, and seated ones
    do not mind.
    """

    bridge_s: float = 1.5
    tau_acc_s: float = 2.0
    still_gyr_rad_s: float = 0.02
    table_min_s: float = 2.0
    worn_bias: WornBiasParams = field(default_factory=WornBiasParams)


@dataclass(frozen=True, slots=True)
class OrientedRows:
    """Rows of one strap in sample order; `values` (N, 15): q_earth_from_strap, gyr, acc, temperature, flex, tension,
    range, and 1 where measured, 0 where bridged.

    `known_s` is when the row became known, `heard_s` the last arrival before; `opens` tells of a hole before the row.
    """

    time_s: Floats
    known_s: Floats
    heard_s: Floats
    opens: Bools
    values: Floats

    def __len__(self) -> int:
        return len(self.time_s)

    def take(self, index: slice) -> Self:
        """The rows that `index` selects."""
        return type(self)(
            self.time_s[index], self.known_s[index], self.heard_s[index], self.opens[index], self.values[index]
        )


@dataclass(frozen=True, slots=True)
class TableRecord:
    """What a strap's sensors gave while it lay still; `still` False where it was moved."""

    end_s: float
    bias_rad_s: Floats  # (3,)
    temperature_c: float
    acc_m_s2: float
    tension: float
    still: bool


class Orientation:
    """Turns timed samples of one strap, in sample order, into oriented rows."""

    def __init__(self, rate_hz: float, params: OrientationParams, memory: GyroBias | None = None) -> None:
        self._p = params
        self._rate_hz = rate_hz
        self._vqf = VQF(1 / rate_hz, tauAcc=params.tau_acc_s)
        self._bias = BiasNow(rate_hz, params.worn_bias, memory)
        if self._bias.known:
            self._leave_bias()
        self._heading: Floats | None = None  # turn of the filter's heading since a hole, as a quaternion
        self._carry: TimedSamples | None = None
        self._bridges = Bridges(rate_hz)
        self._heard_s = NEVER_S
        self._q = np.full(4, np.nan)
        self._open_table_s: float | None = None
        self._table_rows: list[Floats] = []
        self._edges: list[MarkerEdge] = []
        self.tables: list[TableRecord] = []

    def push(self, timed: TimedSamples, edges: tuple[MarkerEdge, ...]) -> list[OrientedRows]:
        """Rows that `timed` makes known, in parts; `edges` are markers that became known up to then."""
        self._edges += [e for e in edges if e.marker.label == Label.TABLE]
        parts: list[OrientedRows] = []
        while self._edges and len(timed) and timed.time_s[-1] >= self._edges[0].time_s:
            edge = self._edges.pop(0)
            at = int(np.searchsorted(timed.time_s, edge.time_s, side="left"))
            parts.append(self._rows(timed.take(slice(0, at))))
            timed = timed.take(slice(at, None))
            self._pass_edge(edge)
        parts.append(self._rows(timed))
        return parts

    def _pass_edge(self, edge: MarkerEdge) -> None:
        if not edge.closed:
            self._open_table_s, self._table_rows = edge.time_s, []
        elif self._open_table_s is not None:
            table = table_record(self._table_rows, edge.time_s, self._rate_hz, self._p)
            self._open_table_s, self._table_rows = None, []
            if table is not None:
                self.tables.append(table)
                if table.still:
                    self._bias.take_table(table.bias_rad_s, table.temperature_c)
                    self._leave_bias()

    @property
    def outvoted(self) -> bool:
        """Whether the memory of the bias was contradicted by what the strap showed."""
        return self._bias.outvoted

    def _leave_bias(self) -> None:
        """The filter finds the bias only while nobody knows it: it takes slow sway for rest."""
        self._vqf.setBiasEstimate(np.zeros(3), 0.0)
        self._vqf.setRestBiasEstEnabled(False)
        self._vqf.setMotionBiasEstEnabled(False)

    def _rows(self, timed: TimedSamples) -> OrientedRows:
        if self._open_table_s is not None:
            self._table_rows.append(timed.values)
        if not len(timed):
            return OrientedRows(timed.time_s, timed.arrival_s, timed.arrival_s, timed.late, np.empty((0, ROW_COLUMNS)))
        if self._carry is None:
            first = timed.take(slice(0, 1))
            self._carry = TimedSamples(first.number - 1, first.time_s, first.arrival_s, first.late, first.values)
        step = since(timed.number, int(self._carry.number[0]))
        longest = round(self._p.bridge_s * self._rate_hz)
        if step.max() <= longest:
            return self._bridged(timed, step)
        breaks = np.flatnonzero(step > longest)
        parts: list[OrientedRows] = []
        start = 0
        for at in breaks.tolist():
            parts.append(self._bridged(timed.take(slice(start, at)), step[start:at]))
            self._start_anew(timed, at, int(step[at]))
            # All that comes with the hole's end was last heard of before the hole.
            self._heard_s = float(self._carry.arrival_s[0])
            self._carry = timed.take(slice(at, at + 1))
            step[at] = 1
            start = at
        parts.append(self._bridged(timed.take(slice(start, None)), step[start:]))
        rows = join_rows(parts)
        sizes = np.cumsum([len(p) for p in parts[:-1]])
        rows.opens[sizes] = True
        return rows

    def _bridged(self, timed: TimedSamples, step: Ints) -> OrientedRows:
        carry = self._carry
        if not len(timed) or carry is None:
            return OrientedRows(timed.time_s, timed.arrival_s, timed.arrival_s, timed.late, np.empty((0, ROW_COLUMNS)))
        self._carry = timed.take(slice(-1, None))
        heard = self._heard_before(carry.arrival_s, timed.arrival_s)
        if step.max() == 1:
            measured = np.ones(len(timed))
            self._bridges.remember(timed.values)
            return self._oriented(timed.time_s, timed.arrival_s, heard, timed.values, measured)
        upper = np.repeat(np.arange(len(timed)), step)
        share = _share(step)
        hole = np.flatnonzero(share < 1)
        lower_values = np.concatenate([carry.values, timed.values[:-1]])[upper[hole]]
        lower_time = np.concatenate([carry.time_s, timed.time_s[:-1]])[upper[hole]]
        values, time_s = timed.values[upper], timed.time_s[upper]
        part = share[hole]
        values[hole] = lower_values + part[:, None] * (values[hole] - lower_values)
        self._bridges.fill(timed, step, values)
        self._bridges.remember(values)
        self._turn_as_told(carry, timed, step, values[:, GYR], hole)
        time_s[hole] = lower_time + part * (time_s[hole] - lower_time)
        return self._oriented(time_s, timed.arrival_s[upper], heard[upper], values, (share == 1).astype(np.float64))

    def _heard_before(self, carry_s: Floats, arrival_s: Floats) -> Floats:
        """The last arrival (N,) before each row's own: rows that arrive together have the same."""
        before = np.concatenate([carry_s, arrival_s[:-1]])
        heard = np.concatenate([[self._heard_s], before])
        first = np.maximum.accumulate(np.where(arrival_s > before, np.arange(1, len(heard)), 0))
        self._heard_s = float(heard[first[-1]])
        return heard[first]

    def _turn_as_told(self, carry: TimedSamples, timed: TimedSamples, step: Ints, gyr: Floats, hole: Ints) -> None:
        """Sets the rates `gyr` of the bridged rows `hole` to what the strap's own orientation says."""
        at = np.flatnonzero(step > 1)
        before = np.where((at > 0)[:, None], timed.values[np.maximum(at - 1, 0)], carry.values[0])
        if np.isnan(before[:, Q_STRAP]).all():
            return
        missing = step[at] - 1
        rates = rotvec(turns_in_holes(before, timed, at, 1 / self._rate_hz)) * (self._rate_hz / missing)[:, None]
        told = np.repeat(np.isfinite(rates).all(axis=1), missing)
        gyr[hole[told]] = np.repeat(rates, missing, axis=0)[told]

    def _oriented(
        self, time_s: Floats, known_s: Floats, heard_s: Floats, values: Floats, measured: Floats
    ) -> OrientedRows:
        rows = np.empty((len(time_s), ROW_COLUMNS))
        for piece in self._bias.pieces(len(rows)):
            rows[piece, GYRO] = values[piece, GYR] - self._bias.at(values[piece, TEMPERATURE])
            self._bias.worn(values[piece, GYR])
        rows[:, ACCEL] = values[:, ACC]
        rows[:, OTHERS] = values[:, TEMPERATURE : RANGE + 1]
        rows[:, MEASURED] = measured
        self._filter(rows)
        return OrientedRows(time_s, known_s, heard_s, np.zeros(len(time_s), dtype=bool), rows)

    def _filter(self, rows: Floats) -> None:
        """Fills in the orientation of `rows`; takes off the bias that the filter found itself, if it had to."""
        good = np.isfinite(np.einsum("ni->n", rows[:, GYRO]) + np.einsum("ni->n", rows[:, ACCEL]))
        every = bool(good.all())
        if not every:
            rows[~good, Q] = np.nan
            if not good.any():
                return
        inertial = rows if every else rows[good]
        out = self._vqf.updateBatch(np.ascontiguousarray(inertial[:, GYRO]), np.ascontiguousarray(inertial[:, ACCEL]))
        q = out["quat6D"]
        if self._heading is not None:
            if np.isnan(self._heading).any():
                self._heading = heading_kept(self._q, q[0])
            q = multiply(self._heading, q)
        self._q = q[-1]
        rows[slice(None) if every else good, Q] = q
        if not self._bias.known:
            rows[good, GYRO] -= out["bias"]

    def _start_anew(self, timed: TimedSamples, at: int, step: int) -> None:
        """Forgets the inclination, which the accelerometer gives anew, and keeps the heading as well as is known."""
        found = self._vqf.getBiasEstimate()
        self._vqf.resetState()
        self._bridges.forget()
        if not self._bias.known:
            self._vqf.setBiasEstimate(*found)
        self._heading = np.full(4, np.nan) if np.isfinite(self._q).all() else None
        if self._carry is not None:
            turn = turns_in_holes(self._carry.values, timed, np.array([at]), 1 / self._rate_hz)[0]
            if np.isfinite(turn).all():
                lost_s = (step - 1) / self._rate_hz
                self._q = multiply(multiply(self._q, turn), from_rotvec(-self._bias.last() * lost_s))


def heading_kept(q_before: Floats, q_new: Floats) -> Floats:
    """The turn about the vertical (4,) that brings `q_new` (4,) closest to `q_before` (4,)."""
    turn = multiply(q_before, conjugate(q_new))
    return about(UP, 2 * float(np.arctan2(turn[3], turn[0])))


def table_record(rows: list[Floats], end_s: float, rate_hz: float, params: OrientationParams) -> TableRecord | None:
    """What the samples `rows` of a table record say; None where there are too few."""
    values = np.concatenate(rows) if rows else np.empty((0, 14))
    values = values[np.isfinite(values[:, GYR]).all(axis=1)]
    if len(values) < params.table_min_s * rate_hz:
        return None
    gyr, acc = values[:, GYR], values[:, ACC]
    still = bool(gyr.std(axis=0).max() < params.still_gyr_rad_s)
    return TableRecord(
        end_s,
        gyr.mean(axis=0),
        float(values[:, TEMPERATURE].mean()),
        float(np.sqrt(np.square(acc.mean(axis=0)).sum())),
        float(values[:, TENSION].mean()),
        still,
    )


def join_rows(parts: list[OrientedRows]) -> OrientedRows:
    """Parts one after another."""
    return OrientedRows(
        np.concatenate([p.time_s for p in parts]),
        np.concatenate([p.known_s for p in parts]),
        np.concatenate([p.heard_s for p in parts]),
        np.concatenate([p.opens for p in parts]),
        np.concatenate([p.values for p in parts]),
    )


def _share(step: Ints) -> Floats:
    """1/step, 2/step, ... 1 for every step, one after another."""
    ends = np.cumsum(step)
    place = np.arange(1, int(ends[-1]) + 1) - np.repeat(ends - step, step)
    return place / np.repeat(step, step)
