"""The flex channel: a stretched cord whose counts say how far the knees are apart, once its creep is taken off.

Model (`docs/method.md`): counts = s + a * sum_k (s - lowpass_k s) with the static response
s = floor + span * (1 - exp(-gap / length)); time constants in equal steps of log time make the creep logarithmic.
"""

from dataclasses import dataclass

import numpy as np
from scipy.signal import lfilter

from sensor.samples import Floats


@dataclass(frozen=True, slots=True)
class CreepParams:
    """Relaxation of the cord: a step is answered by itself plus `share` of it per time constant, which then decays."""

    share: float = 0.025
    taus_s: tuple[float, ...] = (0.3, 1.0, 3.0, 10.0, 30.0, 100.0, 300.0, 1000.0)


@dataclass(frozen=True, slots=True)
class _Modes:
    """The inverse of the creep as one-pole filters: static = direct * counts + sum_j weight_j * lowpass_j counts."""

    direct: float
    weight: Floats
    keep: Floats  # (K,) what a step of the grid leaves of each mode


def _modes(params: CreepParams, rate_hz: float) -> _Modes:
    taus = np.asarray(params.taus_s)
    direct = 1.0 / (1.0 + params.share * len(taus))
    coupling = params.share * direct
    # m' = (s - m) / tau, s = direct * counts + coupling * sum m: made symmetric by the square roots of tau.
    root = 1.0 / np.sqrt(taus)
    poles, vectors = np.linalg.eigh(coupling * np.outer(root, root) - np.diag(1.0 / taus))
    gain = coupling * direct * (root @ vectors) ** 2 / -poles
    return _Modes(direct, gain, np.exp(poles / rate_hz))


class FlexRelaxation:
    """Takes the creep off the counts; causal, starts in equilibrium at the first value, NaN holds the last value."""

    def __init__(self, params: CreepParams, rate_hz: float) -> None:
        self._modes = _modes(params, rate_hz)
        self._state: Floats | None = None
        self._last = np.nan

    def push(self, counts: Floats) -> Floats:
        """Static response (N,) of `counts` (N,), NaN where there are none."""
        filled = _held(counts, self._last)
        known = np.isfinite(filled)
        out = np.full(len(counts), np.nan)
        if not known.any():
            return out
        first = int(np.argmax(known))
        x = filled[first:]
        self._last = float(x[-1])
        keep = self._modes.keep
        state = np.full(len(keep), x[0]) if self._state is None else self._state
        ends = np.empty(len(keep))
        static = self._modes.direct * x
        for j, (rho, weight) in enumerate(zip(keep.tolist(), self._modes.weight.tolist(), strict=True)):
            low, tail = lfilter([1.0 - rho], [1.0, -rho], x, zi=[rho * state[j]])
            ends[j] = tail[0] / rho
            static = static + weight * low
        self._state = ends
        out[first:] = np.where(np.isfinite(counts[first:]), static, np.nan)
        return out


def _held(x: Floats, before: float) -> Floats:
    """`x` with NaN replaced by the last value before it."""
    index = np.where(np.isfinite(x), np.arange(len(x)), -1)
    index = np.maximum.accumulate(index) if len(x) else index
    return np.where(index >= 0, x[np.maximum(index, 0)], before) if len(x) else x
