"""The gyroscope's bias while a strap is worn: from the table record, from memory, or from both.

Invariant: a bias holds from the row on at which it became known, wherever blocks are cut. Memory that the still moments
of the worn strap contradict is not believed; a table record outweighs it anyway.
"""

from collections import deque
from dataclasses import dataclass

import numpy as np

from analysis.straps.gyro_bias import RECORD_SD_RAD_S, GyroBias, improved
from sensor.samples import Floats


@dataclass(frozen=True, slots=True)
class WornBiasParams:
    """When a worn strap counts as still, and what its mean rate then says of the bias.

    A moment is looked at in parts over which the tremor of pressing muscles is gone. Sitting people sway by some
    tenths of a degree in a moment, to and fro.
    """

    part_s: float = 0.25
    parts: int = 8
    still_rad_s: float = 0.02
    moment_sd_rad_s: float = 3e-3
    fewest: int = 8
    most: int = 30


class BiasNow:
    """Follows the bias of one strap; `memory` is what was known before the session."""

    def __init__(self, rate_hz: float, params: WornBiasParams, memory: GyroBias | None) -> None:
        self._p = params
        self._memory = memory
        self._told: Floats | None = None
        self._temperature_c = np.nan
        self._part = max(round(params.part_s * rate_hz), 1)
        self._moment = self._part * params.parts
        self._rates: list[Floats] = []
        self._still: deque[Floats] = deque(maxlen=params.most)
        self.outvoted = False

    @property
    def known(self) -> bool:
        """Whether anybody but the filter knows the bias."""
        return self._told is not None or self._memory is not None

    @property
    def _watching(self) -> bool:
        """Whether memory has to prove itself on the worn strap."""
        return self._memory is not None and self._told is None

    def at(self, temperature_c: Floats) -> Floats:
        """The bias (N, 3) of rows with these temperatures (N,), NaN where a row has none of its own."""
        if self._memory is None:
            bias = np.zeros((len(temperature_c), 3))
            if self._told is not None:
                bias[:] = self._told
            return bias
        return self._memory.at(self._held(temperature_c))

    def last(self) -> Floats:
        """The bias (3,) of the last row."""
        return self.at(np.full(1, np.nan))[0]

    def take_table(self, rate_rad_s: Floats, temperature_c: float) -> None:
        """A record of the resting strap: the bias, and where memory agrees its change with temperature stays known."""
        self._told = rate_rad_s
        if self._memory is not None:
            self.outvoted = self._memory.contradicted_by(rate_rad_s, temperature_c, RECORD_SD_RAD_S)
            self._memory = None if self.outvoted else improved(self._memory, rate_rad_s, temperature_c)

    def pieces(self, rows: int) -> list[slice]:
        """Rows in pieces within each of which the bias holds."""
        if not self._watching:
            return [slice(0, rows)]
        borders = [*range(self._moment - len(self._rates), rows, self._moment), rows]
        return [slice(a, b) for a, b in zip([0, *borders], borders, strict=False) if b > a]

    def worn(self, gyr_rad_s: Floats) -> None:
        """Takes in one piece of what the worn strap's gyroscope showed (N, 3), bias and all."""
        if not self._watching:
            return
        self._rates += list(gyr_rad_s)
        if len(self._rates) < self._moment:
            return
        moment, self._rates = np.array(self._rates), []
        parts = moment.reshape(self._p.parts, self._part, 3).mean(axis=1)
        if np.isfinite(moment).all() and parts.std(axis=0).max() < self._p.still_rad_s:
            self._still.append(moment.mean(axis=0))
            self._vote()

    def _vote(self) -> None:
        if len(self._still) < self._p.fewest:
            return
        middle = np.median(np.array(self._still), axis=0)
        sd = 1.25 * self._p.moment_sd_rad_s / np.sqrt(len(self._still))
        memory = self._memory
        if memory is not None and memory.contradicted_by(middle, self._temperature_c, sd):
            self.outvoted = True
        if self.outvoted:
            self._memory = GyroBias(memory.reference_c if memory else 25.0, middle)

    def _held(self, temperature_c: Floats) -> Floats:
        known = np.flatnonzero(np.isfinite(temperature_c))
        if not len(known):
            return np.full(len(temperature_c), self._temperature_c)
        at = np.searchsorted(known, np.arange(len(temperature_c)), side="right") - 1
        held = np.where(at >= 0, temperature_c[known[np.maximum(at, 0)]], self._temperature_c)
        self._temperature_c = float(held[-1])
        return held
