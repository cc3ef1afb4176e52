"""Do the knees touch? Told from the tremor of both thighs, never from the heading.

Knees that press on each other shake together: above the band of breathing and sway the turn rates of the two thighs
about the vertical are then one signal; apart, each muscle trembles by itself.
"""

from dataclasses import dataclass

import numpy as np
from scipy.signal import butter, lfilter, sosfilt

from analysis.motion import GRID_HZ
from sensor.samples import Floats


@dataclass(frozen=True, slots=True)
class TouchParams:
    """Tremor band, memory of the coherence, and how coherent touching knees are."""

    low_hz: float = 5.0
    high_hz: float = 15.0
    memory_s: float = 0.6
    settle_s: float = 0.3


class TremorCoherence:
    """Running moments of the tremor of both thighs: mean of left^2, right^2 and left * right."""

    def __init__(self, params: TouchParams) -> None:
        self._p = params
        self._sos = butter(2, [params.low_hz, params.high_hz], "bandpass", fs=GRID_HZ, output="sos")
        self._band = np.zeros((len(self._sos), 2, 2))
        self._keep = float(np.exp(-1.0 / (params.memory_s * GRID_HZ)))
        self._mean = np.zeros((1, 3))

    def push(self, left_rad_s: Floats, right_rad_s: Floats) -> Floats:
        """Moments (N, 3) for vertical turn rates (N,); rows without a value of both count as still."""
        if not len(left_rad_s):
            return np.empty((0, 3))
        rates = np.stack([left_rad_s, right_rad_s], axis=1)
        rates = np.where(np.isfinite(rates).all(axis=1, keepdims=True), rates, 0.0)
        tremor, self._band = sosfilt(self._sos, rates, axis=0, zi=self._band)
        products = tremor[:, [0, 1, 0]] * tremor[:, [0, 1, 1]]
        mean, tail = lfilter([1 - self._keep], [1.0, -self._keep], products, axis=0, zi=self._mean)
        self._mean = tail
        return mean


def coherence(moments: Floats) -> Floats:
    """Correlation (N,) of left and right from moments (N, 3); 0 where nothing moves."""
    scale = np.sqrt(moments[:, 0] * moments[:, 1])
    return np.divide(moments[:, 2], scale, out=np.zeros(len(moments)), where=scale > 1e-12)
