"""Steps as the knee straps see them: the thigh swings forward, then stands and is left behind.

Without a strap on the foot its direction cannot be known, so the angle of these steps is NaN.
"""

from dataclasses import dataclass

import numpy as np
from scipy.signal import butter, sosfilt

from analysis.motion import GRID_HZ, Motion
from analysis.results import Side, Step
from sensor.samples import Floats, Placement

THIGH_SIDES = ((Placement.LEFT_THIGH, Side.LEFT), (Placement.RIGHT_THIGH, Side.RIGHT))

FADES = 0.8  # what is left of the fastest swing at the next


@dataclass(frozen=True, slots=True)
class ThighStepParams:
    """Low-pass of the swing rate, least rates of a swing (also as a share of the last ones) and of the way back."""

    cutoff_hz: float = 4.0
    swing_rad_s: float = 0.8
    back_rad_s: float = 0.4
    swing_share: float = 0.5
    stance_s: tuple[float, float] = (0.2, 1.5)


class ThighSteps:
    """Motion to steps of both legs."""

    def __init__(self, params: ThighStepParams) -> None:
        self._legs = {placement: _Leg(side, params) for placement, side in THIGH_SIDES}

    def push(self, motion: Motion) -> list[Step]:
        """Steps that these rows complete."""
        steps: list[Step] = []
        for placement, leg in self._legs.items():
            thigh = motion.segments[placement]
            if thigh.aligned:
                steps += leg.push(motion.time_s, thigh.gyr_rad_s[:, 1])
        return steps

    def finish(self) -> list[Step]:
        """A stance that has not ended is no step."""
        return []


class _Leg:
    """The rate about the axis to the left: negative while the thigh swings forward, positive while it stays behind."""

    def __init__(self, side: Side, params: ThighStepParams) -> None:
        self._side = side
        self._p = params
        self._sos: Floats = np.asarray(butter(2, params.cutoff_hz, fs=GRID_HZ, output="sos"))
        self._state = np.zeros((len(self._sos), 2))
        self._delay_s = 0.2 / params.cutoff_hz
        self._way = 0
        self._fastest = 0.0
        self._start_s = np.nan

    def push(self, time_s: Floats, rate_rad_s: Floats) -> list[Step]:
        if not len(time_s):
            return []
        smooth, self._state = sosfilt(self._sos, np.nan_to_num(rate_rad_s), zi=self._state)
        if np.abs(smooth).max() < self._p.back_rad_s and self._way <= 0:
            return []
        steps: list[Step] = []
        for time, rate in zip(time_s.tolist(), smooth.tolist(), strict=True):
            steps += self._follow(time - self._delay_s, rate)
        return steps

    def _follow(self, time_s: float, rate_rad_s: float) -> list[Step]:
        if self._way >= 0 and -rate_rad_s > max(self._p.swing_rad_s, self._p.swing_share * self._fastest):
            self._way, self._fastest = -1, FADES * self._fastest
            return self._turn(time_s, -1)
        self._fastest = max(self._fastest, -rate_rad_s)
        if self._way <= 0 and rate_rad_s > self._p.back_rad_s:
            self._way = 1
            self._turn(time_s, 1)
        return []

    def _turn(self, time_s: float, way: int) -> list[Step]:
        """The thigh begins to go back (1) or forward (-1)."""
        if way > 0:
            self._start_s = time_s
            return []
        low, high = self._p.stance_s
        return [Step(self._side, self._start_s, time_s, np.nan)] if low < time_s - self._start_s < high else []
