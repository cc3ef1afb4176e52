"""Chance, one stream per source.

Invariant: what one source draws never shifts what another one draws, and drawing in pieces gives the same as at once.
"""

from zlib import crc32

import numpy as np
from numpy.random import Generator
from scipy.signal import bilinear, butter, sosfilt, sosfilt_zi

from sensor.samples import Floats


def stream(seed: int, source: str) -> Generator:
    """The random stream of one source of one person."""
    return np.random.default_rng([seed, crc32(source.encode())])


class BandNoise:
    """Noise of unit standard deviation between two frequencies, in several independent columns."""

    def __init__(
        self, rng: Generator, columns: int, low_hz: float, high_hz: float, rate_hz: float, order: int = 2
    ) -> None:
        self._rng = rng
        self._sos: Floats = np.asarray(butter(order, [low_hz, high_hz], btype="bandpass", fs=rate_hz, output="sos"))
        # The variance that the filter leaves of white noise is the energy of its impulse response.
        length = int(20 * rate_hz / low_hz)
        impulse = np.zeros(length)
        impulse[0] = 1.0
        answer: Floats = np.asarray(sosfilt(self._sos, impulse))
        self._scale = 1.0 / float(np.sqrt(np.sum(answer**2)))
        self._state = np.zeros((len(self._sos), 2, columns))
        self._columns = columns

    def next(self, n: int) -> Floats:
        """The next `n` rows (n, columns)."""
        white = self._rng.standard_normal((n, self._columns)) * self._scale
        out, self._state = sosfilt(self._sos, white, axis=0, zi=self._state)
        return out


class StreamFilter:
    """A second-order-section filter along time (axis 0) that starts settled on its first row."""

    def __init__(self, sos: Floats) -> None:
        self._sos = sos
        self._settled: Floats = np.asarray(sosfilt_zi(sos))  # (sections, 2)
        self._state: Floats | None = None

    def next(self, rows: Floats) -> Floats:
        """The filtered rows (n, ...)."""
        if self._state is None:
            shape = self._settled.shape + (1,) * (rows.ndim - 1)
            self._state = self._settled.reshape(shape) * rows[0]
        out, self._state = sosfilt(self._sos, rows, axis=0, zi=self._state)
        return out


def low_pass(cutoff_hz: float, rate_hz: float) -> Floats:
    """Sections of a second-order Butterworth low-pass."""
    return np.asarray(butter(2, cutoff_hz, fs=rate_hz, output="sos"))


def second_order(gain: float, damping_per_s: float, stiffness_per_s2: float, rate_hz: float) -> Floats:
    """Sections of x'' + damping x' + stiffness x = gain * input."""
    b, a = bilinear([gain], [1.0, damping_per_s, stiffness_per_s2], rate_hz)
    return np.concatenate([np.asarray(b, dtype=np.float64), np.asarray(a, dtype=np.float64)])[None, :]
