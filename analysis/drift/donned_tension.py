"""Tension of each thigh strap relative to session zero, with the muscle still in it.

Invariant: a strap without a table record, or whose tension at session zero is no tension, stays NaN.
"""

from dataclasses import dataclass

import numpy as np

from analysis.drift.strap_blocks import BLOCK_HZ, StrapBlocks
from sensor.arrivals import MarkerEdge
from sensor.markers import Label, Marker
from sensor.samples import THIGHS, Floats, Placement


@dataclass(frozen=True, slots=True)
class DonnedTensionParams:
    """How long session zero's tension is averaged, and the least difference to slack that is a tension."""

    zero_s: float = 1.0
    table_margin_s: float = 0.5
    least_counts: float = 20.0


@dataclass(slots=True)
class _Strap:
    """What is known of one strap: its tension before session zero, and in the first second worn."""

    time_s: list[float]
    counts: list[float]
    zero: list[float]
    slack: float = np.nan


class DonnedTension:
    """Raw counts over slack, as a fraction of what they were when the strap was donned."""

    def __init__(self, params: DonnedTensionParams | None = None) -> None:
        self._p = params or DonnedTensionParams()
        self._straps = {p: _Strap([], [], []) for p in THIGHS}

    def push(self, blocks: StrapBlocks, edges: tuple[MarkerEdge, ...]) -> dict[Placement, Floats]:
        """Relative tension (N,) of each thigh strap; NaN before its first second worn is over."""
        early = blocks.time_s <= 0
        for placement, strap in self._straps.items():
            if early.any():
                strap.time_s += blocks.time_s[early].tolist()
                strap.counts += blocks.straps[placement].tension[early].tolist()
            for edge in edges:
                if edge.closed and edge.marker.label == Label.TABLE:
                    strap.slack = self._slack(strap, edge.marker)
        return {p: self._relative(s, blocks.time_s, blocks.straps[p].tension) for p, s in self._straps.items()}

    def _slack(self, strap: _Strap, table: Marker) -> float:
        time_s, margin_s = np.asarray(strap.time_s), self._p.table_margin_s
        inside = (time_s > table.start_s + margin_s) & (time_s < table.end_s - margin_s)
        lying = np.asarray(strap.counts)[inside]
        lying = lying[np.isfinite(lying)]
        return float(np.median(lying)) if len(lying) else strap.slack

    def _relative(self, strap: _Strap, time_s: Floats, counts: Floats) -> Floats:
        wanted = round(self._p.zero_s * BLOCK_HZ)
        first = 0
        if len(strap.zero) < wanted:
            worn = np.flatnonzero((time_s > 0) & np.isfinite(counts))[: wanted - len(strap.zero)]
            strap.zero += counts[worn].tolist()
            first = int(worn[-1]) + 1 if len(worn) and len(strap.zero) == wanted else len(counts)
        out = np.full(len(counts), np.nan)
        if len(strap.zero) == wanted:
            span = sum(strap.zero) / wanted - strap.slack
            if abs(span) > self._p.least_counts:
                out[first:] = (counts[first:] - strap.slack) / span
        return out
