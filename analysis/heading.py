"""Relative heading of the two thighs, and the gap it means when they are not steep.

Frames: earth frames of the two straps share z (up) and differ by a heading error that drifts; headings are positive to
the wearer's left, so that a larger relative heading (left minus right) is a wider gap.
"""

from dataclasses import dataclass

import numpy as np

from analysis.motion import SegmentMotion
from sensor.samples import Floats


@dataclass(frozen=True, slots=True)
class ThighDirections:
    """Horizontal part of the unit vectors from hip to knee, as complex numbers x + i y in each strap's earth frame."""

    left: np.ndarray[tuple[int], np.dtype[np.complex128]]
    right: np.ndarray[tuple[int], np.dtype[np.complex128]]

    @property
    def relative(self) -> np.ndarray[tuple[int], np.dtype[np.complex128]]:
        """Left over right: its angle is the relative heading."""
        return self.left * np.conj(self.right)

    @property
    def reach(self) -> Floats:
        """Sum of the horizontal lengths of both unit vectors, 2 for horizontal thighs."""
        return np.abs(self.left) + np.abs(self.right)


def horizontal_direction(thigh: SegmentMotion) -> np.ndarray[tuple[int], np.dtype[np.complex128]]:
    """Horizontal part of the unit vector from hip to knee, x + i y."""
    w, x, y, z = (thigh.q_earth_from_segment[:, i] for i in range(4))
    return -2.0 * ((x * z + w * y) + 1j * (y * z - w * x))


def vertical_rate_rad_s(thigh: SegmentMotion) -> Floats:
    """Angular rate about the vertical."""
    w, x, y, z = (thigh.q_earth_from_segment[:, i] for i in range(4))
    g = thigh.gyr_rad_s
    return 2 * (x * z - w * y) * g[:, 0] + 2 * (y * z + w * x) * g[:, 1] + (1 - 2 * (x * x + y * y)) * g[:, 2]


@dataclass(frozen=True, slots=True)
class SeatedGeometry:
    """Sizes that turn a relative heading into a gap: `between_m` is hip width less knee width."""

    femur_m: float
    between_m: float

    def gap_m(self, reach: Floats, relative_rad: Floats) -> Floats:
        """Signed gap for the relative heading of symmetric thighs of horizontal `reach`."""
        return self.between_m + self.femur_m * reach * np.sin(relative_rad / 2)

    def relative_rad(self, reach: float, gap_m: float) -> float:
        """Relative heading at a gap."""
        return 2 * float(np.arcsin(np.clip((gap_m - self.between_m) / (self.femur_m * reach), -1, 1)))


def wrapped(angle_rad: Floats) -> Floats:
    """Angles in [-pi, pi)."""
    return (angle_rad + np.pi) % (2 * np.pi) - np.pi
