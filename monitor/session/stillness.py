"""Whether a strap lies still on a table, is worn by someone who keeps still, or moves.

Invariant: the answer depends on the last WINDOW_S of samples alone, in order of arrival.
"""

import numpy as np

from sensor.samples import Floats, SampleBlock

WINDOW_S = 0.6
# Sitting people move their thighs by 0.5 to 1 deg/s (sd), gyroscopes on a table show their noise of 0.1 deg/s.
RESTING_RAD_S = 0.008
# Squeezing legs tremble with 0.16 rad/s (sd), those of people who tremble much with 0.5, but turn nowhere; legs that go
# somewhere turn by 0.5 rad/s and more.
TREMBLING_RAD_S = 0.8
TURNING_RAD_S = 0.14
# Sway and breath turn a seated thigh by less than this; legs that slowly go into a pose by more.
GOING_RAD_S = 0.05


class StillnessWatch:
    """Watches one strap."""

    def __init__(self) -> None:
        self._gyr_rad_s: Floats = np.zeros((0, 3))
        self._full = False
        self._signs: tuple[float, float] | None = None  # turn and spread of what is held, once worked out

    def push(self, block: SampleBlock) -> None:
        """Takes the strap's next samples."""
        known = block.gyr_rad_s[np.isfinite(block.gyr_rad_s[:, 0])]
        n = max(round(WINDOW_S * block.rate_hz), 2)
        self._gyr_rad_s = np.concatenate((self._gyr_rad_s, known))[-n:]
        self._signs = None
        self._full = len(self._gyr_rad_s) == n

    @property
    def can_tell(self) -> bool:
        """False for a strap without a gyroscope."""
        return len(self._gyr_rad_s) > 0

    @property
    def resting(self) -> bool:
        """Nobody touches the strap."""
        return self._full and self._turn_and_spread_rad_s()[1] < RESTING_RAD_S

    @property
    def still(self) -> bool:
        """The strap may be worn, but goes nowhere."""
        turn_rad_s, spread_rad_s = self._turn_and_spread_rad_s()
        return self._full and turn_rad_s < TURNING_RAD_S and spread_rad_s < TREMBLING_RAD_S

    @property
    def turning(self) -> bool:
        """The strap goes somewhere, if only slowly."""
        return self._full and self._turn_and_spread_rad_s()[0] > GOING_RAD_S

    def _turn_and_spread_rad_s(self) -> tuple[float, float]:
        if self._signs is None and len(self._gyr_rad_s):
            mean = self._gyr_rad_s.mean(axis=0, keepdims=True)
            self._signs = float(np.abs(mean).max()), float(self._gyr_rad_s.std(axis=0, mean=mean).max())
        return self._signs or (0.0, 0.0)
