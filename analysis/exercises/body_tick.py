"""One tick of the body in plain floats, as the detectors of single exercises read it.

Named tuples: some ten thousand of them are made of a session, and they are made twice as fast as frozen dataclasses.
"""

from collections.abc import Iterator
from math import acos, isnan, nan, sqrt
from typing import NamedTuple

from analysis.movement.body_ticks import TICK_S, BodyTicks, ThighTicks


class ThighTick(NamedTuple):
    """One thigh: up along its front, its inner side and its long axis (knee to hip), and its turn about up."""

    front: float
    inward: float
    upright: float
    yaw_rad_s: float


class BodyTick(NamedTuple):
    """Both thighs, the gap, and up in the axes of a pelvis strap, at the middle of a tick."""

    time_s: float
    left: ThighTick
    right: ThighTick
    gap_m: float
    gap_sd_m: float
    pelvis_up: tuple[float, float, float]


def each_tick(ticks: BodyTicks) -> Iterator[BodyTick]:
    """The ticks one by one."""
    rows = zip(
        ticks.end_s.tolist(),
        _thighs(ticks.left, 1.0),
        _thighs(ticks.right, -1.0),
        ticks.gap_m.tolist(),
        ticks.gap_sd_m.tolist(),
        ticks.pelvis_up.tolist(),
        strict=True,
    )
    for end_s, left, right, gap_m, gap_sd_m, (x, y, z) in rows:
        yield BodyTick(end_s - TICK_S / 2, left, right, gap_m, gap_sd_m, (x, y, z))


def _thighs(thigh: ThighTicks, inward: float) -> Iterator[ThighTick]:
    for (x, y, z), yaw in zip(thigh.up.tolist(), thigh.yaw_rad_s.tolist(), strict=True):
        # A kneecap that tips inward lifts the outer side of the thigh: left is up on the left thigh.
        yield ThighTick(x, inward * y, z, yaw)


class Lean:
    """Largest tilt of the pelvis since a repetition began."""

    def __init__(self) -> None:
        self._from: tuple[float, float, float] | None = None
        self.angle_rad = nan

    def start(self, up: tuple[float, float, float]) -> None:
        """Measures from here."""
        self._from, self.angle_rad = up, nan

    def tick(self, up: tuple[float, float, float]) -> None:
        """Follows the pelvis."""
        angle = _angle(self._from or up, up)
        self.angle_rad = angle if isnan(self.angle_rad) else max(self.angle_rad, angle)


def _angle(a: tuple[float, float, float], b: tuple[float, float, float]) -> float:
    dot = a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
    size = sqrt((a[0] ** 2 + a[1] ** 2 + a[2] ** 2) * (b[0] ** 2 + b[1] ** 2 + b[2] ** 2))
    return acos(min(1.0, max(-1.0, dot / size))) if size > 0 else nan
