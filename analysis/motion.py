"""All worn segments on one regular time grid: what every stage after the alignment works on.

Invariant: rows lie at `time_s = k / GRID_HZ` for whole k, without holes; where a segment has no data its rows are NaN.
Frames: see `docs/frames.md`. Segment axes x forward, y to the wearer's left, z from distal to proximal
(for a thigh from the knee to the hip; forward is the side of the kneecap).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

import numpy as np

from sensor.arrivals import MarkerEdge
from sensor.samples import Floats, Placement

GRID_HZ = 50.0


@dataclass(frozen=True, slots=True)
class SegmentMotion:
    """Motion of one body segment.

    `q_earth_from_segment` (w x y z) has z up and a heading of its own (free of gravity, drifting).
    `gyr_rad_s` and `acc_m_s2` are in the segment's axes, bias removed. `flex` and `tension` are raw counts.
    `measured` is 1 where samples arrived, less where a short hole is bridged, NaN in long holes.
    Where the strap is not `aligned` its own axes stand in for the segment's.
    """

    q_earth_from_segment: Floats  # (N, 4)
    gyr_rad_s: Floats  # (N, 3)
    acc_m_s2: Floats  # (N, 3)
    temperature_c: Floats  # (N,)
    flex: Floats  # (N,)
    tension: Floats  # (N,)
    range_m: Floats  # (N,)
    measured: Floats  # (N,)
    aligned: bool = True

    def take(self, index: slice) -> Self:
        """The rows that `index` selects."""
        return type(self)(
            self.q_earth_from_segment[index],
            self.gyr_rad_s[index],
            self.acc_m_s2[index],
            self.temperature_c[index],
            self.flex[index],
            self.tension[index],
            self.range_m[index],
            self.measured[index],
            self.aligned,
        )


@dataclass(frozen=True, slots=True)
class Motion:
    """Motion of all worn segments on the grid.

    `edges` are the marker edges that fall on these rows: an edge belongs to the first row at or after its time,
    and is known there. Rows before time 0 are from before the straps were worn. Both thighs are always there.
    """

    time_s: Floats  # (N,)
    segments: Mapping[Placement, SegmentMotion]
    edges: tuple[MarkerEdge, ...] = ()

    def __len__(self) -> int:
        return len(self.time_s)

    def take(self, index: slice) -> Self:
        """The rows that `index` (a rising slice) selects, with their edges."""
        time_s = self.time_s[index]
        rows = {p: s.take(index) for p, s in self.segments.items()}
        if not len(time_s):
            return type(self)(time_s, rows)
        before = time_s[0] - 1 / GRID_HZ
        kept = tuple(e for e in self.edges if before < e.time_s <= time_s[-1])
        return type(self)(time_s, rows, kept)


def join_motions(parts: list[Motion]) -> Motion:
    """Parts one after another; a segment that a part lacks is NaN there."""
    placements = {p: None for part in parts for p in part.segments}
    time_s = np.concatenate([p.time_s for p in parts])
    return Motion(time_s, {p: _joined(parts, p) for p in placements}, tuple(e for p in parts for e in p.edges))


def _joined(parts: list[Motion], placement: Placement) -> SegmentMotion:
    rows = [part.segments.get(placement) or unknown_segment(len(part)) for part in parts]
    return SegmentMotion(
        np.concatenate([r.q_earth_from_segment for r in rows]),
        np.concatenate([r.gyr_rad_s for r in rows]),
        np.concatenate([r.acc_m_s2 for r in rows]),
        np.concatenate([r.temperature_c for r in rows]),
        np.concatenate([r.flex for r in rows]),
        np.concatenate([r.tension for r in rows]),
        np.concatenate([r.range_m for r in rows]),
        np.concatenate([r.measured for r in rows]),
        all(r.aligned for r in rows),
    )


def unknown_segment(n: int) -> SegmentMotion:
    """`n` rows of a segment of which nothing is known."""
    none = np.full(n, np.nan)
    return SegmentMotion(
        np.full((n, 4), np.nan),
        np.full((n, 3), np.nan),
        np.full((n, 3), np.nan),
        none,
        none,
        none,
        none,
        none,
        aligned=False,
    )
