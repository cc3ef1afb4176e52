"""Do the knees touch? Told from the tremor of both thighs, never from the heading.

Knees that press on each other shake together: above the band of breathing and sway the turn rates of the two thighs
about the vertical are then one signal; apart, each muscle trembles by itself. Their likeness in a tick, sum 2 l r over
sum l^2 + r^2, weighs every tick alike, so that the knock of a closing counts no more than quiet ticks, and three bands
alike, so that a heel that bounces counts no more than the rest; it is evidence for or against, summed up between bounds
(a sequential probability ratio test).
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from scipy.signal import butter, sosfilt

from analysis.motion import GRID_HZ
from sensor.samples import Floats


@dataclass(frozen=True, slots=True)
class TouchParams:
    """Edges of the tremor's bands; likeness of touching knees (0 apart) and its spread from tick to tick; bounds of the
    evidence, and what a change between touching and apart must be worth, looking back."""

    edges_hz: tuple[float, ...] = (6.0, 9.0, 13.0, 20.0)
    touching_likeness: float = 0.6
    spread: float = 0.37
    bound: float = 5.0
    change_odds: float = 5.0


STILL_RAD2_S2 = 1e-7  # far below any tremor


class _Band:
    """Likeness of both thighs in one band of the tremor."""

    def __init__(self, band_hz: tuple[float, float]) -> None:
        self._sos: Floats = np.asarray(butter(2, band_hz, "bandpass", fs=GRID_HZ, output="sos"))
        self._state = np.zeros((len(self._sos), 2, 2))

    def push(self, rates_rad_s: Floats, rows: int) -> tuple[Floats, Floats]:
        """Likeness and power (T,) of the ticks of `rates_rad_s` (T * rows, 2)."""
        tremor, self._state = sosfilt(self._sos, rates_rad_s, axis=0, zi=self._state)
        left, right = (tremor[:, i].reshape(-1, rows) for i in (0, 1))
        power = np.einsum("tr,tr->t", left, left) + np.einsum("tr,tr->t", right, right)
        return 2 * np.einsum("tr,tr->t", left, right) / (power + STILL_RAD2_S2), power


class TouchEvidence:
    """Log odds that the knees touch, from tick to tick."""

    def __init__(self, params: TouchParams) -> None:
        self._p = params
        self._bands = [_Band(band) for band in pairwise(params.edges_hz)]
        self._sum = 0.0

    def push(self, rates_rad_s: Floats, measured: Floats, rows: int) -> tuple[Floats, Floats]:
        """Log odds (T,) after each tick of `rows` rows of vertical turn rates (T * rows, 2), left and right,
        `measured` (T * rows) as far as they were, and what the tick by itself said (T,)."""
        if not len(rates_rad_s):
            return np.empty(0), np.empty(0)
        known = np.isfinite(rates_rad_s[:, 0] + rates_rad_s[:, 1])
        rates = np.where(known[:, None], rates_rad_s, 0.0)
        told = [band.push(rates, rows) for band in self._bands]
        likeness = np.mean([likeness for likeness, _ in told], axis=0)
        moves = np.min([power for _, power in told], axis=0) > STILL_RAD2_S2
        p = self._p
        whole = measured.reshape(-1, rows).min(axis=1) >= 1  # what is bridged does not tremble
        seen = np.where(whole & moves, likeness - p.touching_likeness / 2, 0.0)
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
