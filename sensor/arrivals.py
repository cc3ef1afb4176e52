"""What reached the host in one span of arrival time: the unit in which live and recorded sessions are fed on.

Invariant: every row and edge arrived in `(since_s, until_s]`, where `since_s` is the `until_s` before; where the spans
are cut changes nothing downstream.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from sensor.markers import Marker
from sensor.recorded import Recorded
from sensor.samples import Placement, SampleBlock


@dataclass(frozen=True, slots=True)
class MarkerEdge:
    """A marker became known (`closed` False, its start) or complete (`closed` True, its end) at `time_s`."""

    marker: Marker
    time_s: float
    closed: bool


@dataclass(frozen=True, slots=True)
class Arrivals:
    """Rows of each strap and marker edges that arrived up to `until_s` (host clock, session seconds)."""

    until_s: float
    straps: Mapping[Placement, SampleBlock]
    edges: tuple[MarkerEdge, ...] = ()


def marker_edges(markers: tuple[Marker, ...]) -> tuple[MarkerEdge, ...]:
    """Both edges of every marker in order of time, starts before ends."""
    edges = [MarkerEdge(m, m.start_s, closed=False) for m in markers]
    edges += [MarkerEdge(m, m.end_s, closed=True) for m in markers]
    return tuple(sorted(edges, key=lambda e: (e.time_s, e.closed)))


def cut(recorded: Recorded, borders_s: list[float]) -> list[Arrivals]:
    """The recording as successive arrivals, cut at the rising `borders_s` (infinity is added as the last)."""
    borders = [*borders_s, float("inf")]
    edges = marker_edges(recorded.markers)
    at = {p: np.searchsorted(b.arrival_s, borders, side="right") for p, b in recorded.straps.items()}
    out: list[Arrivals] = []
    before = -float("inf")
    for i, until in enumerate(borders):
        straps = {p: b.take(slice(at[p][i - 1] if i else 0, at[p][i])) for p, b in recorded.straps.items()}
        out.append(Arrivals(until, straps, tuple(e for e in edges if before < e.time_s <= until)))
        before = until
    return out
