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
    """Relaxation of the cord: a step is answered by itself plus `share` of it per time constant, which then decays.

    `share_step` is the difference over which the effect of a wrong share is told.
    """

    share: float = 0.025
    share_step: float = 0.01
    taus_s: tuple[float, ...] = (0.3, 1.0, 3.0, 10.0, 30.0, 100.0, 300.0, 1000.0)


@dataclass(frozen=True, slots=True)
class StaticCounts:
    """Static response (T,) for the usual share, its change with the share, and what of both is memory of the past.

    At any instant: static = direct * counts + memory.
    """

    counts: Floats
    per_share: Floats
    memory: Floats
    memory_per_share: Floats


@dataclass(frozen=True, slots=True)
class _Modes:
    """The inverse of the creep as one-pole filters: static = direct * counts + sum_j weight_j * lowpass_j counts."""

    direct: float
    weight: Floats
    keep: Floats  # (K,) what a step of the grid leaves of each mode


def _modes(share: float, taus_s: Floats, rate_hz: float) -> _Modes:
    direct = 1.0 / (1.0 + share * len(taus_s))
    coupling = share * direct
    # m' = (s - m) / tau, s = direct * counts + coupling * sum m: made symmetric by the square roots of tau.
    root = 1.0 / np.sqrt(taus_s)
    poles, vectors = np.linalg.eigh(coupling * np.outer(root, root) - np.diag(1.0 / taus_s))
    gain = coupling * direct * (root @ vectors) ** 2 / -poles
    return _Modes(direct, gain, np.exp(poles / rate_hz))


class _Inverse:
    """Takes the creep of one share off; starts in equilibrium at the first value."""

    def __init__(self, share: float, params: CreepParams, rate_hz: float) -> None:
        self.modes = _modes(share, np.asarray(params.taus_s), rate_hz)
        self._state: Floats | None = None

    def memory(self, x: Floats) -> Floats:
        """What the past adds to direct * x."""
        keep, weight = self.modes.keep, self.modes.weight
        state = np.full(len(keep), x[0]) if self._state is None else self._state
        ends = np.empty(len(keep))
        total = np.zeros(len(x))
        for j, (rho, w) in enumerate(zip(keep.tolist(), weight.tolist(), strict=True)):
            low, tail = lfilter([1.0 - rho], [1.0, -rho], x, zi=[rho * state[j]])
            ends[j] = tail[0] / rho
            total += w * low
        self._state = ends
        return total


class FlexRelaxation:
    """Takes the creep off the counts; causal, NaN holds the last value."""

    def __init__(self, params: CreepParams, rate_hz: float) -> None:
        self._step = params.share_step
        self._usual = _Inverse(params.share, params, rate_hz)
        self._more = _Inverse(params.share + params.share_step, params, rate_hz)
        self._last = np.nan
        self.direct = self._usual.modes.direct
        self.direct_per_share = (self._more.modes.direct - self.direct) / params.share_step

    def push(self, counts: Floats) -> StaticCounts:
        """Static response of `counts` (T,), NaN where there are none."""
        filled = held(counts, self._last)
        known = np.isfinite(filled)
        memory, per_share = np.full((2, len(counts)), np.nan)
        if known.any():
            first = int(np.argmax(known))
            x = filled[first:]
            self._last = float(x[-1])
            memory[first:] = self._usual.memory(x)
            per_share[first:] = (self._more.memory(x) - memory[first:]) / self._step
        static = self.direct * counts + memory
        return StaticCounts(static, self.direct_per_share * counts + per_share, memory, per_share)


def held(x: Floats, before: float) -> Floats:
    """`x` with NaN replaced by the last value before it."""
    index = np.where(np.isfinite(x), np.arange(len(x)), -1)
    index = np.maximum.accumulate(index) if len(x) else index
    return np.where(index >= 0, x[np.maximum(index, 0)], before) if len(x) else x
