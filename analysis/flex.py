"""The flex channel: a stretched cord whose counts say how far the knees are apart, once its creep is taken off.

Model (`docs/method.md`): counts = s + a * sum_k (s - lowpass_k s) with the static response
s = floor + span * (1 - exp(-gap / length)); time constants in equal steps of log time make the creep logarithmic.
"""

from dataclasses import dataclass
from math import exp

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


@dataclass(frozen=True, slots=True)
class FlexCurve:
    """Static response of the cord over the gap: `floor + span * (1 - exp(-gap / length))`, in counts.

    `terms` (3, 3) is the covariance of (floor, span, log length), in plain floats.
    """

    floor: float
    span: float
    length_m: float
    terms: tuple[tuple[float, ...], ...]

    def gap_m(self, static: Floats) -> Floats:
        """Gap that explains static counts; below the floor it is negative, near saturation it is bounded."""
        share = (static - self.floor) / self.span
        return -self.length_m * np.log(np.maximum(1.0 - share, 0.02))

    def counts(self, gap_m: Floats) -> Floats:
        """Static counts at a gap."""
        return self.floor + self.span * (1.0 - np.exp(-gap_m / self.length_m))

    def slope(self, gap_m: Floats) -> Floats:
        """Counts per metre at a gap."""
        return self.span / self.length_m * np.exp(-gap_m / self.length_m)

    def jacobian(self, gap_m: Floats) -> Floats:
        """Change of the counts (N, 3) with (floor, span, log length)."""
        reach = gap_m / self.length_m
        decay = np.exp(-reach)
        return np.stack([np.ones_like(reach), 1.0 - decay, -self.span * decay * reach], axis=-1)

    def at(self, gap_m: float) -> tuple[float, float, float]:
        """Static counts, counts per metre, and the variance of the counts from the curve, at one gap."""
        decay = exp(-gap_m / self.length_m)
        a, b = 1.0 - decay, -self.span * decay * gap_m / self.length_m
        (c00, c01, c02), (_, c11, c12), (_, _, c22) = self.terms
        variance = c00 + a * a * c11 + b * b * c22 + 2 * (a * c01 + b * c02 + a * b * c12)
        return self.floor + self.span * a, self.span * decay / self.length_m, variance

    def sd_m(self, gap_m: Floats, noise_counts: float) -> Floats:
        """Standard deviation of `gap_m` from the curve's own uncertainty and the channel's noise."""
        j = self.jacobian(gap_m)
        variance = np.einsum("ni,ij,nj->n", j, np.asarray(self.terms), j) + noise_counts**2
        return np.sqrt(variance) / self.slope(gap_m)
