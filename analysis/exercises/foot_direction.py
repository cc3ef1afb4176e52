"""The foot's own axes in a strap that sits on it anyhow, and the foot progression angle they give.

A walking foot turns about its medio-lateral axis far more than about any other (heel to toe and back); that axis and
the upright of its stances give its forward axis, the way of its strides which end is the front.
"""

from dataclasses import dataclass, field

import numpy as np

from analysis.exercises.foot_stances import Stride
from analysis.quaternion import normalized
from analysis.results import Side
from sensor.samples import Floats

SET_DOWN = 0.4  # of the time from the middle of the stride before to the middle of the one after


@dataclass(frozen=True, slots=True)
class FootDirectionParams:
    """Strides before the axes are believed, and when a stride is no guide to where the wearer walks."""

    strides_min: int = 3
    parting_max_rad: float = 0.8
    alone_max_rad: float = 0.12
    way_min_share: float = 0.6


@dataclass(frozen=True, slots=True)
class FootStep:
    """A stance of a foot: its upright (3,) in strap axes, the stride to it and, where there is one, from it."""

    start_s: float
    end_s: float
    up: Floats
    stride_in: Stride
    stride_out: Stride | None


@dataclass(slots=True)
class FootAxes:
    """Sums over strides that fix the axes of one foot in its strap."""

    turning: Floats = field(default_factory=lambda: np.zeros((3, 3)))
    up: Floats = field(default_factory=lambda: np.zeros(3))
    ahead: Floats = field(default_factory=lambda: np.zeros(3))
    way_m: float = 0.0
    strides: int = 0

    def learn(self, stride: Stride, up: Floats) -> None:
        """Takes one whole stride in."""
        if np.isnan(stride.way_m):
            return
        self.turning = self.turning + stride.turning
        self.up = self.up + up
        self.ahead = self.ahead + stride.at_end
        self.way_m += stride.way_m
        self.strides += 1

    def left(self) -> Floats:
        """The medio-lateral axis (3,), to the wearer's left."""
        axis = np.linalg.eigh(self.turning)[1][:, 2]
        return axis if np.cross(axis, self.up) @ self.ahead > 0 else -axis


def foot_progression_rad(side: Side, axes: FootAxes, step: FootStep, params: FootDirectionParams) -> float:
    """Angle between foot and walking direction where the foot was set down, toe-out positive; NaN if unknown."""
    if axes.strides < params.strides_min:
        return np.nan
    up = normalized(step.up)
    left = axes.left()
    left = normalized(left - up * (left @ up))
    way_rad = _way_rad(step, left, np.cross(left, up), axes, params)
    return -way_rad if side is Side.LEFT else way_rad


def _way_rad(step: FootStep, left: Floats, front: Floats, axes: FootAxes, params: FootDirectionParams) -> float:
    """Walking direction at the landing, relative to the foot, positive to the left."""

    def angle(way: Floats) -> float:
        return float(np.arctan2(way @ left, way @ front))

    least_m = params.way_min_share * axes.way_m / axes.strides
    strides = [s if s is not None and s.way_m > least_m else None for s in (step.stride_in, step.stride_out)]
    before, after = strides
    if before is not None and after is not None:
        into, out = angle(before.at_end), angle(after.at_start)
        if abs(into - out) > params.parting_max_rad:
            return np.nan
        # Each stride's direction holds for its middle; the foot is set down before the middle of its stance.
        return into + SET_DOWN * (out - into)
    alone = before or after
    if alone is None or abs(angle(alone.at_end) - angle(alone.at_start)) > params.alone_max_rad:
        return np.nan
    return angle(alone.at_end if before is not None else alone.at_start)
