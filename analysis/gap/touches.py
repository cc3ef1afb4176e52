"""Do the knees touch? Told from the tremor of both thighs, never from the heading.

Knees that press on each other shake together: above the band of breathing and sway the turn rates of the two thighs
about the vertical are then one signal; apart, each muscle trembles by itself. Their likeness in a tick, sum 2 l r over
sum l^2 + r^2, weighs every tick alike, so that the knock of a closing counts no more than quiet ticks; it is evidence
for or against, summed up between bounds (a sequential probability ratio test).
"""

from dataclasses import dataclass

import numpy as np
from scipy.signal import butter, sosfilt

from analysis.motion import GRID_HZ
from sensor.samples import Floats


@dataclass(frozen=True, slots=True)
class TouchParams:
    """Tremor band; likeness of touching knees (0 apart) and its spread from tick to tick; bounds of the evidence, and
    what a change between touching and apart must be worth, looking back."""

    low_hz: float = 6.0
    high_hz: float = 20.0
    touching_likeness: float = 0.6
    spread: float = 0.43
    bound: float = 5.0
    change_odds: float = 5.0


STILL_RAD2_S2 = 1e-7  # far below any tremor


class TouchEvidence:
    """Log odds that the knees touch, from tick to tick."""

    def __init__(self, params: TouchParams) -> None:
        self._p = params
        band = [params.low_hz, params.high_hz]
        self._sos: Floats = np.asarray(butter(2, band, "bandpass", fs=GRID_HZ, output="sos"))
        self._band = np.zeros((len(self._sos), 2, 2))
        self._sum = 0.0

    def push(self, rates_rad_s: Floats, measured: Floats, rows: int) -> tuple[Floats, Floats]:
        """Log odds (T,) after each tick of `rows` rows of vertical turn rates (T * rows, 2), left and right,
        `measured` (T * rows) as far as they were, and what the tick by itself said (T,)."""
        if not len(rates_rad_s):
            return np.empty(0), np.empty(0)
        known = np.isfinite(rates_rad_s[:, 0] + rates_rad_s[:, 1])
        tremor, self._band = sosfilt(self._sos, np.where(known[:, None], rates_rad_s, 0.0), axis=0, zi=self._band)
        left, right = (tremor[:, i].reshape(-1, rows) for i in (0, 1))
        power = np.einsum("tr,tr->t", left, left) + np.einsum("tr,tr->t", right, right)
        likeness = 2 * np.einsum("tr,tr->t", left, right) / (power + STILL_RAD2_S2)
        p = self._p
        whole = measured.reshape(-1, rows).min(axis=1) >= 1  # what is bridged does not tremble
        seen = np.where(whole & (power > STILL_RAD2_S2), likeness - p.touching_likeness / 2, 0.0)
        gained = seen * (p.touching_likeness / p.spread**2)
        return self._summed(gained), gained

    def _summed(self, gained: Floats) -> Floats:
        bound, total = self._p.bound, self._sum
        out: list[float] = []
        for step in gained.tolist():
            total = min(max(total + step, -bound), bound)
            out.append(total)
        self._sum = total
        return np.array(out)
