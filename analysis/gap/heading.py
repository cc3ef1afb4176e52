"""Directions of the two thighs in the horizontal plane, and the gap they mean.

Each strap's earth frame has z up and a heading of its own. Of every thigh we keep the direction `ahead`, in which the
wearer faces as far as that thigh can tell, and the horizontal part of hip to knee relative to it (`reach`, complex:
real part ahead, imaginary part to the left). Facing straight, the left thigh's `ahead` turned against the right's by
the relative heading; half of it belongs to each leg, since nothing tells where the pelvis points.
"""

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from analysis.motion import SegmentMotion
from sensor.samples import Floats

Complex: TypeAlias = NDArray[np.complex128]


@dataclass(frozen=True, slots=True)
class ThighDirection:
    """Horizontal directions of one thigh (N,), x + i y of its strap's earth frame, `reach` relative to `ahead`.

    `up` is the vertical part of the unit vector from hip to knee; `rolled` that of the front of the thigh to the left.
    """

    ahead: Complex
    reach: Complex
    up: Floats
    rolled: Floats


def thigh_directions(left: SegmentMotion, right: SegmentMotion) -> tuple[ThighDirection, ThighDirection]:
    """Where the thighs point. Level, `ahead` is hip to knee; steep, it is square to the knee's axis."""
    # Both in one go: the arrays of a live block are so short that it takes as long as one.
    w, x, y, z = np.array((left.q_earth_from_segment, right.q_earth_from_segment)).transpose(2, 0, 1)
    to_knee = -2.0 * ((x * z + w * y) + 1j * (y * z - w * x))
    square = (1.0 - 2.0 * (x * x + z * z)) - 1j * (2.0 * (x * y - w * z))
    level = np.abs(to_knee)
    ahead = to_knee * level**3 + square * (1.0 - level)
    with np.errstate(invalid="ignore", divide="ignore"):
        ahead = ahead / np.abs(ahead)
    front = (1.0 - 2.0 * (y * y + z * z)) + 1j * (2.0 * (x * y + w * z))
    back = np.conj(ahead)  # named: numpy multiplies into a large array without a name, which rounds otherwise
    rolled = np.imag(front * back)
    reach, up = to_knee * back, 2.0 * (x * x + y * y) - 1.0
    return ThighDirection(ahead[0], reach[0], up[0], rolled[0]), ThighDirection(ahead[1], reach[1], up[1], rolled[1])


def knees_askew(left: ThighDirection, right: ThighDirection) -> Floats:
    """How far (N,) one knee is ahead of or above the other, in femur lengths."""
    return np.hypot(left.reach.real - right.reach.real, left.up - right.up)


def vertical_rate_rad_s(thigh: SegmentMotion) -> Floats:
    """Angular rate about the vertical."""
    w, x, y, z = (thigh.q_earth_from_segment[:, i] for i in range(4))
    g = thigh.gyr_rad_s
    return 2 * (x * z - w * y) * g[:, 0] + 2 * (y * z + w * x) * g[:, 1] + (1 - 2 * (x * x + y * y)) * g[:, 2]


@dataclass(frozen=True, slots=True)
class Geometry:
    """Sizes that turn directions into a gap: `between_m` is hip width less knee width."""

    femur_m: float
    between_m: float

    def gap_m(self, left: Complex, right: Complex, relative_rad: Floats) -> Floats:
        """Signed gap for the reaches of both thighs and the relative heading."""
        half = np.exp(0.5j * relative_rad)
        return self.between_m + self.femur_m * np.imag(left * half - right * np.conj(half))

    def slope_m(self, left: Complex, right: Complex, relative_rad: Floats) -> Floats:
        """Change of the gap with the relative heading, m/rad."""
        half = np.exp(0.5j * relative_rad)
        return self.femur_m / 2 * np.real(left * half + right * np.conj(half))


def wrapped(angle_rad: Floats) -> Floats:
    """Angles in [-pi, pi)."""
    return (angle_rad + np.pi) % (2 * np.pi) - np.pi
