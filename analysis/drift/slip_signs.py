"""Signs of a strap that turns on its thigh: it tilts alone, and its tension falls at the same time.

A thigh that moves takes its strap along with the tension unchanged or back soon; muscles that let go show in both
straps. What is left, tilt of one strap with a loss of tension of its own, is the strap sliding on the skin [yi2021].
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.drift.strap_blocks import BLOCK_HZ, BlockRows
from analysis.quaternion import normalized
from sensor.samples import THIGHS, Floats, Ints, Placement

NO_SIGN, PLAIN, SLOW = 0, 1, 2


@dataclass(frozen=True, slots=True)
class SlipSignParams:
    """What tells a slip from a movement; tension as a fraction of the donned one."""

    # Plain: a step so large that no muscle makes it.
    plain_lags_s: tuple[float, ...] = (1.2, 1.6, 3.0, 5.0)
    plain_mean_s: float = 0.8
    plain_tilt_rad: float = float(np.radians(2.5))
    plain_tension: float = 0.028
    # Slow: the thighs are still all the while, and the strap turns nevertheless.
    slow_lags_s: tuple[float, ...] = (4.0, 6.0, 10.0)
    slow_mean_s: float = 1.2
    slow_tilt_rad: float = float(np.radians(0.8))
    slow_tension: float = 0.009
    slow_blocks: int = 3
    still_rad_s: float = float(np.radians(2.5))
    still_mean_s: float = 0.8
    # A thigh strap cannot turn further than this within the lags.
    tilt_max_rad: float = float(np.radians(20.0))
    # On a steep thigh a strap turns about the vertical, which gravity does not show but both gyroscopes do.
    steep_cos: float = 0.8
    # The other strap's share of the tilt, and of the loss of tension that muscles explain in this one.
    other_tilt_share: float = 0.45
    other_tension_share: float = 1.5
    # A strap that is let out loses far more tension for the little that it tilts.
    tension_per_rad_max: float = 2.0


@dataclass(frozen=True, slots=True)
class _Test:
    """A kind of sign over one lag, in blocks."""

    lag: int
    tilt_rad: float
    tension: float


_Means = Mapping[Placement, tuple[Floats, Floats]]


def history_blocks(params: SlipSignParams) -> int:
    """How many blocks before a block its signs look at."""
    longest_s = max(*params.plain_lags_s, *params.slow_lags_s) + params.slow_mean_s + params.still_mean_s
    return round(longest_s * BLOCK_HZ) + params.slow_blocks + 2


def sliding_mean(x: Floats, n: int) -> Floats:
    """Mean over each row and the n - 1 before it, of those that are known; NaN where fewer than half are."""
    out = np.full(x.shape, np.nan)
    if len(x) >= n:
        known = np.isfinite(x)
        count, total = (_sliding_sum(v, n) for v in (known.astype(np.float64), np.where(known, x, 0.0)))
        np.divide(total, count, out=out[n - 1 :], where=count >= n / 2)
    return out


def _sliding_sum(x: Floats, n: int) -> Floats:
    """Sums (N - n + 1,) of n rows each."""
    total = x[n - 1 :].copy()
    for i in range(1, n):
        total += x[n - 1 - i : len(x) - i]
    return total


def sliding_max(x: Floats, n: int) -> Floats:
    """Largest of each row and the n - 1 before it; NaN where they are not all there."""
    out = np.full(x.shape, np.nan)
    if len(x) >= n:
        out[n - 1 :] = np.lib.stride_tricks.sliding_window_view(x, n).max(axis=-1)
    return out


def sliding_min(x: Floats, n: int) -> Floats:
    """Smallest of each row and the n - 1 before it; NaN where they are not all there."""
    return -sliding_max(-x, n)


def shifted(x: Floats, n: int) -> Floats:
    """Rows `n` rows earlier, NaN where there are none."""
    out = np.full(x.shape, np.nan)
    if len(x) > n:
        out[n:] = x[: len(x) - n]
    return out


def turn_rate(rows: BlockRows, params: SlipSignParams) -> Floats:
    """Magnitude (N,) of the turn rate without tremor, rad/s."""
    mean = sliding_mean(rows.gyr_rad_s, _n(params.still_mean_s))
    return np.sqrt(np.einsum("ni,ni->n", mean, mean))


def slip_signs(
    straps: Mapping[Placement, BlockRows], tension: Mapping[Placement, Floats], params: SlipSignParams
) -> dict[Placement, Ints]:
    """NO_SIGN, PLAIN or SLOW (N,) for each thigh strap."""
    p = params
    left, right = (turn_rate(straps[s], p) for s in THIGHS)
    rate = np.fmax(left, right)
    plain, slow = ({s: np.zeros(len(rate), dtype=bool) for s in THIGHS} for _ in range(2))
    means = smooth(straps, tension, _n(p.plain_mean_s))
    apart_rad_s = vertical_rate(straps[THIGHS[0]], means[THIGHS[0]][0]) - vertical_rate(
        straps[THIGHS[1]], means[THIGHS[1]][0]
    )
    for lag_s in p.plain_lags_s:
        turned_rad = np.abs(sliding_mean(apart_rad_s, _n(lag_s))) * lag_s
        test = _Test(_n(lag_s), p.plain_tilt_rad, p.plain_tension)
        for placement, seen in _seen(means, test, p, turned_rad).items():
            plain[placement] |= seen
    means = smooth(straps, tension, _n(p.slow_mean_s))
    for lag_s in p.slow_lags_s:
        still = sliding_max(rate, _n(lag_s) + _n(p.slow_mean_s)) < p.still_rad_s
        for placement, seen in _seen(means, _Test(_n(lag_s), p.slow_tilt_rad, p.slow_tension), p).items():
            slow[placement] |= seen & still
    lasting = {s: sliding_min(slow[s].astype(np.float64), p.slow_blocks) > 0 for s in THIGHS}
    return {s: np.where(plain[s], PLAIN, np.where(lasting[s], SLOW, NO_SIGN)) for s in THIGHS}


def smooth(straps: Mapping[Placement, BlockRows], tension: Mapping[Placement, Floats], mean: int) -> _Means:
    """Gravity's direction (N, 3) and tension (N,) of each strap over `mean` blocks."""
    return {s: (normalized(sliding_mean(straps[s].acc_m_s2, mean)), sliding_mean(tension[s], mean)) for s in THIGHS}


def vertical_rate(rows: BlockRows, up: Floats) -> Floats:
    """Turn rate about the vertical (N,), rad/s, of a strap that feels `up` (N, 3)."""
    return np.einsum("ni,ni->n", rows.gyr_rad_s, up)


def _seen(
    means: _Means, test: _Test, params: SlipSignParams, turned_rad: Floats | None = None
) -> dict[Placement, NDArray[np.bool_]]:
    """Where each strap has turned alone and lost tension of its own; `turned_rad` (N,) against the other strap."""
    tilt = {s: tilt_over(up, test.lag) for s, (up, _) in means.items()}
    turn = tilt
    if turned_rad is not None:
        turn = {
            s: np.where(_steep(up, test.lag, params), np.hypot(tilt[s], turned_rad), tilt[s])
            for s, (up, _) in means.items()
        }
    change = {s: x - shifted(x, test.lag) for s, (_, x) in means.items()}
    out: dict[Placement, NDArray[np.bool_]] = {}
    for own, other in (THIGHS, THIGHS[::-1]):
        turned = (turn[own] > test.tilt_rad) & (turn[own] < params.tilt_max_rad)
        alone = tilt[other] < params.other_tilt_share * turn[own]
        muscle = params.other_tension_share * np.fmin(change[other], 0.0)
        lost = muscle - change[own]
        out[own] = turned & alone & (lost > test.tension) & (lost < params.tension_per_rad_max * turn[own])
    return out


def _steep(up: Floats, lag: int, params: SlipSignParams) -> NDArray[np.bool_]:
    """Where the thigh's long axis points up, now and `lag` rows before."""
    steep = np.where(up[:, 2] > params.steep_cos, 1.0, 0.0)
    return steep * shifted(steep, lag) > 0


def tilt_over(up: Floats, lag: int) -> Floats:
    """Angle (N,) between unit vectors (N, 3) now and `lag` rows before, where it is small."""
    d = up - shifted(up, lag)
    return np.sqrt(np.einsum("ni,ni->n", d, d))


def _n(duration_s: float) -> int:
    return round(duration_s * BLOCK_HZ)
