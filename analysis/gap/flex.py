"""The flex channel: a stretched cord whose counts say how far the knees are apart, once its creep is taken off.

Model (`docs/method.md`): counts = s + sum_k share_k * (s - lowpass_k s) with the static response
s = floor + slope * length * (1 - exp(-gap / length)). The inverse is a causal linear filter of the counts.
"""

from dataclasses import dataclass

import numpy as np
from scipy.signal import lfilter

from sensor.samples import Floats


@dataclass(frozen=True, slots=True)
class CreepParams:
    """Relaxation of the cord: a step is answered by itself plus its shares, which decay with their time constants."""

    shares: tuple[float, ...] = (0.08, 0.06)
    taus_s: tuple[float, ...] = (3.5, 200.0)
    more: float = 0.3  # how much more creep, relatively, to tell the effect of a wrong amount


@dataclass(frozen=True, slots=True)
class StaticCounts:
    """Static response (T,) for the usual creep, its change with the relative amount, and what of both is memory.

    At any instant: static = direct * counts + memory.
    """

    counts: Floats
    per_amount: Floats
    memory: Floats
    memory_per_amount: Floats


@dataclass(frozen=True, slots=True)
class _Modes:
    """The inverse of the creep as one-pole filters: static = direct * counts + sum_j weight_j * lowpass_j counts."""

    direct: float
    weight: Floats
    keep: Floats  # (K,) what a step of the grid leaves of each mode


def _modes(shares: Floats, taus_s: Floats, rate_hz: float) -> _Modes:
    direct = 1.0 / (1.0 + shares.sum())
    # m' = (s - m) / tau, s = direct * (counts + sum share * m): symmetric in units of the roots of share / tau.
    root = np.sqrt(shares / taus_s)
    poles, vectors = np.linalg.eigh(direct * np.outer(root, root) - np.diag(1.0 / taus_s))
    weight = direct**2 * (root @ vectors) ** 2 / -poles
    return _Modes(float(direct), weight, np.exp(poles / rate_hz))


class _Inverse:
    """Takes a certain creep off; starts in equilibrium at the first value."""

    def __init__(self, shares: Floats, taus_s: Floats, rate_hz: float) -> None:
        self.modes = _modes(shares, taus_s, rate_hz)
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
        shares, taus_s = np.asarray(params.shares), np.asarray(params.taus_s)
        self._step = params.more
        self._usual = _Inverse(shares, taus_s, rate_hz)
        self._more = _Inverse(shares * (1 + params.more), taus_s, rate_hz)
        self._last = np.nan
        self.direct = self._usual.modes.direct
        self.direct_per_amount = (self._more.modes.direct - self.direct) / params.more

    def push(self, counts: Floats) -> StaticCounts:
        """Static response of `counts` (T,), NaN where there are none."""
        filled = held(counts, self._last)
        known = np.isfinite(filled)
        memory, per_amount = np.full((2, len(counts)), np.nan)
        if known.any():
            first = int(np.argmax(known))
            x = filled[first:]
            self._last = float(x[-1])
            memory[first:] = self._usual.memory(x)
            per_amount[first:] = (self._more.memory(x) - memory[first:]) / self._step
        static = self.direct * counts + memory
        return StaticCounts(static, self.direct_per_amount * counts + per_amount, memory, per_amount)


def held(x: Floats, before: float) -> Floats:
    """`x` with NaN replaced by the last value before it."""
    index = np.where(np.isfinite(x), np.arange(len(x)), -1)
    index = np.maximum.accumulate(index) if len(x) else index
    return np.where(index >= 0, x[np.maximum(index, 0)], before) if len(x) else x
