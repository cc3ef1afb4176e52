"""All worn segments on one regular time grid: what every stage after the alignment works on.

Invariant: rows lie at `time_s = k / GRID_HZ` for whole k, without holes; where a segment has no data its rows are NaN.
Frames: see `docs/frames.md`. Segment axes x forward, y to the wearer's left, z from distal to proximal
(for a thigh from the knee to the hip; forward is the side of the kneecap).
"""

from collections.abc import Mapping
from dataclasses import dataclass

from sensor.samples import Floats, Placement

GRID_HZ = 50.0


@dataclass(frozen=True, slots=True)
class SegmentMotion:
    """Motion of one body segment.

    `q_earth_from_segment` (w x y z) has z up and a heading of its own (free of gravity, drifting).
    `gyr_rad_s` and `acc_m_s2` are in the segment's axes, bias removed. `flex` and `tension` are raw counts.
    """

    q_earth_from_segment: Floats  # (N, 4)
    gyr_rad_s: Floats  # (N, 3)
    acc_m_s2: Floats  # (N, 3)
    temperature_c: Floats  # (N,)
    flex: Floats  # (N,)
    tension: Floats  # (N,)
    range_m: Floats  # (N,)


@dataclass(frozen=True, slots=True)
class Motion:
    """Motion of all worn segments on the grid."""

    time_s: Floats  # (N,)
    segments: Mapping[Placement, SegmentMotion]
