"""Made-up seated knees: motion of two level thighs for a given gap, with drift, tremor, a creeping cord and a range."""

from dataclasses import dataclass

import numpy as np
from numpy.random import default_rng
from scipy.signal import lfilter

from analysis.gap.flex import CreepParams
from analysis.motion import GRID_HZ, Motion, SegmentMotion
from analysis.quaternion import about, from_axes, multiply
from sensor.arrivals import marker_edges
from sensor.markers import Marker
from sensor.samples import THIGHS, Floats
from sensor.wearer import Wearer

WEARER = Wearer(femur_m=0.43, hip_width_m=0.18, knee_width_m=0.10)
BETWEEN_M = 0.08
SPACER_M = 0.1
MARKERS = (Marker("touch", 5.0, 9.0), Marker("spacer", 12.0, 15.0, "100"))
UP, LEFT = np.array([0.0, 0.0, 1.0]), np.array([0.0, 1.0, 0.0])


@dataclass(frozen=True)
class Knees:
    """What the straps on these knees see besides the gap."""

    drift_rad_s: float = 5e-4
    cord: bool = True
    cord_jump_counts: float = 0.0  # at 100 s
    ranged: bool = False
    tremor_rad_s: float = 0.01
    markers: tuple[Marker, ...] = MARKERS


def times(end_s: float) -> Floats:
    """Grid times from the touch on."""
    return np.arange(0.0, end_s, 1 / GRID_HZ)


def course(time_s: Floats, *knots: tuple[float, float]) -> Floats:
    """A gap that starts with touch, spacer and 80 mm, then goes from knot to knot (s, mm)."""
    start = [(0.0, 80.0), (3.0, 80.0), (4.0, 0.0), (9.5, 0.0), (10.5, 100.0), (16.0, 100.0), (17.0, 80.0), (28.0, 80.0)]
    at_s, gap_mm = zip(*start, *knots, strict=True)
    return np.interp(time_s, at_s, gap_mm) / 1000


def motion(time_s: Floats, gap_m: Floats, knees: Knees) -> Motion:
    """Motion of both thighs whose knees are `gap_m` (N,) apart."""
    random = default_rng(5)
    heading = np.arcsin((gap_m - BETWEEN_M) / (2 * WEARER.femur_m))
    common, own = random.standard_normal((1, len(time_s))), random.standard_normal((2, len(time_s)))
    tremor = knees.tremor_rad_s * np.where(gap_m < 0.001, common + 0.3 * own, own)
    empty = np.full(len(time_s), np.nan)
    flex = counts(gap_m, random) + knees.cord_jump_counts * (time_s > 100) if knees.cord else empty
    ranged = echoes(gap_m, random) if knees.ranged else empty
    segments: dict[str, SegmentMotion] = {}
    for i, side in enumerate((1.0, -1.0)):
        yaw = side * (heading + knees.drift_rad_s * time_s / 2)
        q = multiply(about(UP, yaw), from_axes(UP, LEFT))
        gyr = np.zeros((len(time_s), 3))
        gyr[:, 0] = np.gradient(yaw, 1 / GRID_HZ) + tremor[i]
        acc = np.broadcast_to([9.81, 0.0, 0.0], gyr.shape)
        own_flex, own_range = (flex, ranged) if i == 0 else (empty, empty)
        segments[THIGHS[i]] = SegmentMotion(
            q, gyr, acc, np.full(len(time_s), 28.0), own_flex, empty, own_range, np.ones(len(time_s))
        )
    return Motion(time_s, {p: segments[p] for p in THIGHS}, marker_edges(knees.markers))


def counts(gap_m: Floats, random: np.random.Generator) -> Floats:
    """Counts of a cord on these knees, creeping and noisy."""
    static = 1900 + 10500 * 0.14 * (1 - np.exp(-gap_m / 0.14))
    total = static.copy()
    for share, tau_s in zip(CreepParams().shares, CreepParams().taus_s, strict=True):
        keep = np.exp(-1 / (tau_s * GRID_HZ))
        low, _ = lfilter([1 - keep], [1.0, -keep], static, zi=[keep * static[0]])
        total += 1.2 * share * (static - low)
    return np.rint(total + 3 * random.standard_normal(len(gap_m)))


def echoes(gap_m: Floats, random: np.random.Generator) -> Floats:
    """Ranges of a sensor that hears something else one time in ten."""
    ranges = gap_m + 0.001 * random.standard_normal(len(gap_m))
    return np.where(random.random(len(gap_m)) < 0.1, 0.25, ranges)
