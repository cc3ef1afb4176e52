"""Motion of body segments from angles that a test writes down, on the analysis' own grid."""

from collections.abc import Mapping

import numpy as np
from scipy.spatial.transform import Rotation

from analysis.motion import GRID_HZ, Motion, SegmentMotion, unknown_segment
from analysis.results import GapSeries
from sensor.arrivals import MarkerEdge, marker_edges
from sensor.markers import Marker
from sensor.samples import THIGHS, Floats, Placement

G_M_S2 = 9.81


def times(end_s: float) -> Floats:
    """The grid from 0 to `end_s`."""
    return np.arange(round(end_s * GRID_HZ) + 1) / GRID_HZ


def bump(time_s: Floats, start_s: float, end_s: float, size: float, ramp_s: float = 1.0) -> Floats:
    """From 0 up to `size` and back, with gentle ramps inside the span."""
    up = np.clip((time_s - start_s) / ramp_s, 0, 1)
    down = np.clip((end_s - time_s) / ramp_s, 0, 1)
    return size * (1 - np.cos(np.pi * np.minimum(up, down))) / 2


def thigh_turns(
    flexion_rad: Floats, inward_rad: Floats | float = 0.0, side: Placement = Placement.LEFT_THIGH
) -> Rotation:
    """Earth from thigh: knee lifted to the front by `flexion_rad`, kneecap tipped inward by `inward_rad`."""
    sign = 1.0 if side is Placement.LEFT_THIGH else -1.0
    tipped = sign * np.broadcast_to(np.asarray(inward_rad, dtype=np.float64), np.shape(flexion_rad))
    return Rotation.from_rotvec(_about(tipped, 0)) * Rotation.from_rotvec(_about(-np.asarray(flexion_rad), 1))


def segment(turns: Rotation, strap: Rotation | None = None, acc_m_s2: Floats | None = None) -> SegmentMotion:
    """Motion (N,) of a segment that is turned by `turns` from earth; `strap` mounts an unaligned one."""
    turns = turns if strap is None else turns * strap
    n = len(turns)
    step = (turns[:-1].inv() * turns[1:]).as_rotvec() * GRID_HZ
    gyr = np.concatenate([step, step[-1:]])
    force = np.zeros((n, 3)) if acc_m_s2 is None else acc_m_s2
    acc = turns.inv().apply(force + np.array([0.0, 0.0, G_M_S2]))
    none = np.full(n, np.nan)
    q = turns.as_quat(scalar_first=True)
    return SegmentMotion(q, gyr, acc, none, none, none, none, np.ones(n), aligned=strap is None)


def motion(time_s: Floats, segments: Mapping[Placement, SegmentMotion], markers: tuple[Marker, ...] = ()) -> Motion:
    """Motion with both thighs always there."""
    filled = {p: unknown_segment(len(time_s)) for p in THIGHS} | dict(segments)
    return Motion(time_s, filled, marker_edges(markers))


def gap(time_s: Floats, gap_m: Floats | float, sd_m: float = 0.002) -> GapSeries:
    """A gap series."""
    gaps = np.broadcast_to(np.asarray(gap_m, dtype=np.float64), time_s.shape).copy()
    return GapSeries(time_s, gaps, np.full(len(time_s), sd_m), (gaps < 0.003).astype(np.float64))


def cut_gap(series: GapSeries, rows: slice) -> GapSeries:
    """The rows of a series."""
    return GapSeries(series.time_s[rows], series.gap_m[rows], series.sd_m[rows], series.contact[rows])


def edges_of(*markers: Marker) -> tuple[MarkerEdge, ...]:
    """Their edges in order."""
    return marker_edges(markers)


def _about(angle_rad: Floats, axis: int) -> Floats:
    vectors = np.zeros((*np.shape(angle_rad), 3))
    vectors[..., axis] = angle_rad
    return vectors
