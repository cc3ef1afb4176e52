"""What arrived from all straps, oriented and on the common grid: the causal front of the analysis.

Invariant: late (resent) samples change nothing here; they are kept for the final result.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from analysis.results import DriftEvent, Quality
from analysis.straps.grid import CommonGrid, GridParams, StrapGrid
from analysis.straps.gyro_bias import GyroBias
from analysis.straps.orientation import Orientation, OrientationParams, OrientedRows, TableRecord
from analysis.straps.quality import quality
from analysis.straps.silence import Silence, final_gaps
from analysis.straps.timebase import Timebase, TimebaseParams, TimedSamples, in_sample_order, join_timed
from sensor.arrivals import Arrivals, MarkerEdge
from sensor.samples import Placement, SampleBlock


@dataclass(frozen=True, slots=True)
class StrapGridParams:
    """Of the steps up to the common grid."""

    timebase: TimebaseParams = field(default_factory=TimebaseParams)
    orientation: OrientationParams = field(default_factory=OrientationParams)
    grid: GridParams = field(default_factory=GridParams)


class _Strap:
    """Timebase and orientation of one strap."""

    def __init__(self, rate_hz: float, params: StrapGridParams, memory: GyroBias | None) -> None:
        self.timebase = Timebase(rate_hz, params.timebase)
        self.orientation = Orientation(rate_hz, params.orientation, memory)
        self.rate_hz = rate_hz
        self.edges_seen = 0
        self.late = False


class ArrivedGrid:
    """Brings arrivals onto the grid in order of arrival; `keep` holds all samples for `final_grid`.

    `biases` are what is remembered of the straps' gyroscopes.
    """

    def __init__(
        self, params: StrapGridParams, *, keep: bool, biases: Mapping[Placement, GyroBias] | None = None
    ) -> None:
        self._p = params
        self._biases = biases or {}
        self._straps: dict[Placement, _Strap] = {}
        self._grid = CommonGrid(params.grid)
        self._silence = Silence()
        self._edges: list[MarkerEdge] = []
        self._kept: dict[Placement, list[TimedSamples]] | None = {} if keep else None
        self._in_order: dict[Placement, TimedSamples] | None = None

    @property
    def late(self) -> bool:
        """Whether any sample came too late for the live result."""
        return any(s.late for s in self._straps.values())

    @property
    def tables(self) -> Mapping[Placement, Sequence[TableRecord]]:
        """Table records of each strap so far."""
        return {p: s.orientation.tables for p, s in self._straps.items()}

    @property
    def outvoted(self) -> tuple[Placement, ...]:
        """Straps whose remembered bias was contradicted."""
        return tuple(p for p, s in self._straps.items() if s.orientation.outvoted)

    def quality(self) -> tuple[Quality, ...]:
        """Counts of every strap; needs `keep`."""
        straps = self._straps
        return tuple(
            quality(p, timed, straps[p].rate_hz, straps[p].timebase.clock_drift) for p, timed in self._ordered().items()
        )

    def final_gaps(self, live: tuple[DriftEvent, ...]) -> tuple[DriftEvent, ...]:
        """Spells without samples that no resending filled, noticed as in `live`; needs `keep`."""
        return tuple(e for p, timed in self._ordered().items() for e in final_gaps(p, timed.time_s, live))

    def push(self, arrivals: Arrivals) -> tuple[StrapGrid, tuple[DriftEvent, ...]]:
        """Ticks that became known, and spells without samples that ended."""
        parts = [self._ticks(part) for part in split_at_joins(arrivals, self._grid.joined)]
        if len(parts) == 1:
            return parts[0]
        return join_grids([grid for grid, _ in parts]), tuple(e for _, events in parts for e in events)

    def final_grid(self) -> StrapGrid:
        """The grid from all samples in sample order, resent ones included."""
        edges = tuple(self._edges)
        rows: dict[Placement, list[OrientedRows]] = {}
        for placement, timed in self._ordered().items():
            orientation = Orientation(self._straps[placement].rate_hz, self._p.orientation, self._biases.get(placement))
            rows[placement] = orientation.push(timed, edges)
        grid = CommonGrid(GridParams(wait_s=np.inf))
        return join_grids([grid.push(rows), grid.rest()])

    def _ordered(self) -> dict[Placement, TimedSamples]:
        """All samples in sample order, worked out once nothing more comes."""
        if self._in_order is None:
            self._in_order = {p: in_sample_order(join_timed(parts)) for p, parts in (self._kept or {}).items()}
        return self._in_order

    def _ticks(self, arrivals: Arrivals) -> tuple[StrapGrid, tuple[DriftEvent, ...]]:
        self._edges += arrivals.edges
        timed = {p: self._timed(p, block) for p, block in arrivals.straps.items()}
        return self._grid.push({p: self._rows(p, t) for p, t in timed.items()}), self._silence.push(timed)

    def _timed(self, placement: Placement, block: SampleBlock) -> TimedSamples:
        """The block's rows that are not late."""
        strap = self._straps.get(placement)
        if strap is None:
            strap = self._straps[placement] = _Strap(block.rate_hz, self._p, self._biases.get(placement))
        timed = strap.timebase.push(block)
        if self._kept is not None and len(timed):
            self._kept.setdefault(placement, []).append(timed)
        if not timed.late.any():
            return timed
        strap.late = True
        return timed.take(~timed.late)

    def _rows(self, placement: Placement, timed: TimedSamples) -> list[OrientedRows]:
        strap = self._straps[placement]
        edges = tuple(self._edges[strap.edges_seen :])
        strap.edges_seen = len(self._edges)
        return strap.orientation.push(timed, edges)


def split_at_joins(arrivals: Arrivals, joined: frozenset[Placement]) -> list[Arrivals]:
    """The arrivals cut before the first row of each strap that joins, so that no tick foresees a strap."""
    joins = sorted({float(b.arrival_s[0]) for p, b in arrivals.straps.items() if p not in joined and len(b)})
    if not joins:
        return [arrivals]
    out: list[Arrivals] = []
    borders = [*(np.nextafter(j, -np.inf) for j in joins), np.inf]
    before = -np.inf
    for border in borders:
        straps = {p: b.take(_between(b, before, border)) for p, b in arrivals.straps.items()}
        edges = tuple(e for e in arrivals.edges if before < e.time_s <= border)
        out.append(Arrivals(min(border, arrivals.until_s), straps, edges))
        before = border
    return out


def _between(block: SampleBlock, after_s: float, until_s: float) -> slice:
    first, end = np.searchsorted(block.arrival_s, [after_s, until_s], side="right").tolist()
    return slice(first, end)


def join_grids(parts: list[StrapGrid]) -> StrapGrid:
    """Parts one after another; a strap that a part lacks is NaN there."""
    time_s = np.concatenate([p.time_s for p in parts])
    placements = {p: None for part in parts for p in part.straps}
    columns = next((rows.shape[1] for part in parts for rows in part.straps.values()), 0)
    straps = {
        p: np.concatenate(
            [part.straps[p] if p in part.straps else np.full((len(part.time_s), columns), np.nan) for part in parts]
        )
        for p in placements
    }
    return StrapGrid(time_s, straps)
