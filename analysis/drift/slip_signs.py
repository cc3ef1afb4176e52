"""Signs of a strap that turns on its thigh: it tilts alone, and its tension falls at the same time.

A thigh that moves takes its strap along with the tension unchanged or back soon; muscles that let go show in both
straps. What is left, tilt of one strap with a loss of tension of its own, is the strap sliding on the skin [yi2021].

Arrays of both straps have the axis S, left and right; those over several lags the axis L.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from analysis.drift.strap_blocks import BLOCK_HZ, BlockRows
from analysis.quaternion import normalized
from analysis.straps.timebase import Bools
from sensor.samples import THIGHS, Floats, Ints, Placement

NO_SIGN, PLAIN, SLOW = 0, 1, 2
# Columns of a strap.
ACC, GYR, TENSION = slice(0, 3), slice(3, 6), 6


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
    # Further than this a strap turns within the lags only when it is knocked round a level thigh; and never by more.
    tilt_far_rad: float = float(np.radians(20.0))
    tilt_max_rad: float = float(np.radians(70.0))
    level_cos: float = 0.5
    # On a steep thigh a strap turns about the vertical, which gravity does not show but both gyroscopes do.
    steep_cos: float = 0.8
    # The other strap's share of the tilt, and of the loss of tension that muscles explain in this one.
    other_tilt_share: float = 0.45
    other_tension_share: float = 1.5
    # A strap that is let out loses far more tension for the little that it tilts.
    tension_per_rad_max: float = 2.0


@dataclass(frozen=True, slots=True)
class _Test:
    """A kind of sign over several lags, in blocks."""

    lags: tuple[int, ...]
    tilt_rad: float
    tension: float


@dataclass(frozen=True, slots=True)
class _Means:
    """Gravity's direction (N, S, 3) and tension (N, S) over a few blocks."""

    up: Floats
    tension: Floats


def history_blocks(params: SlipSignParams) -> int:
    """How many blocks before a block its signs look at."""
    longest_s = max(*params.plain_lags_s, *params.slow_lags_s) + params.slow_mean_s + params.still_mean_s
    return round(longest_s * BLOCK_HZ) + params.slow_blocks + 2


def sliding_mean(x: Floats, n: int) -> Floats:
    """Mean over each row and the n - 1 before it, of those that are known; NaN where fewer than half are."""
    return sliding_means(x, (n,))[0]


def sliding_means(x: Floats, lengths: Sequence[int]) -> list[Floats]:
    """`sliding_mean` over each of the rising `lengths`."""
    known = np.isfinite(x)
    rows = np.zeros((2, *x.shape))
    rows[0] = known
    np.copyto(rows[1], x, where=known)
    total, summed = rows, 1
    out: list[Floats] = []
    for n in lengths:
        mean = np.full(x.shape, np.nan)
        if len(x) >= n:
            total = total[:, n - summed :].copy()
            for i in range(summed, n):
                total += rows[:, n - 1 - i : len(x) - i]
            summed = n
            np.divide(total[1], total[0], out=mean[n - 1 :], where=total[0] >= n / 2)
        out.append(mean)
    return out


def sliding_max(x: Floats, n: int) -> Floats:
    """Largest of each row and the n - 1 before it; NaN where they are not all there."""
    out = np.full(x.shape, np.nan)
    if len(x) >= n:
        spans, length = x, 1  # the largest of each row and of the length - 1 after it
        while 2 * length <= n:
            spans = np.maximum(spans[length:], spans[:-length])
            length *= 2
        out[n - 1 :] = np.maximum(spans[n - length :], spans[: len(spans) - n + length])
    return out


def earlier(x: Floats, rows: Ints, lags: Sequence[int]) -> Floats:
    """What `x` (N, ...) was at each of `rows` (R,) less each lag (R, L, ...), NaN before its start."""
    at = rows[:, None] - np.array(lags)
    out = x[np.maximum(at, 0)]
    out[at < 0] = np.nan
    return out


def slip_signs(
    straps: Mapping[Placement, BlockRows], tension: Mapping[Placement, Floats], params: SlipSignParams, first: int = 0
) -> dict[Placement, Ints]:
    """NO_SIGN, PLAIN or SLOW (N - first,) for each thigh strap at the rows from `first` on."""
    both = _columns(straps, tension)
    since = max(first - params.slow_blocks + 1, 0)
    rows = np.arange(since, len(both))
    lengths = sorted({_n(mean_s) for mean_s in (params.plain_mean_s, params.slow_mean_s, params.still_mean_s)})
    means = dict(zip(lengths, sliding_means(both, lengths), strict=True))
    plain = _plain(_directed(means[_n(params.plain_mean_s)]), both[..., GYR], rows, params)
    slow = _slow(_directed(means[_n(params.slow_mean_s)]), means[_n(params.still_mean_s)][..., GYR], rows, params)
    lasting = sliding_max(np.where(slow, 0.0, 1.0), params.slow_blocks) == 0
    signs = np.where(plain, PLAIN, np.where(lasting, SLOW, NO_SIGN))[first - since :]
    return {s: signs[:, i] for i, s in enumerate(THIGHS)}


def _columns(straps: Mapping[Placement, BlockRows], tension: Mapping[Placement, Floats]) -> Floats:
    """Both straps' blocks (N, S, 7)."""
    both = np.empty((len(tension[THIGHS[0]]), len(THIGHS), TENSION + 1))
    for i, s in enumerate(THIGHS):
        both[:, i, ACC], both[:, i, GYR], both[:, i, TENSION] = straps[s].acc_m_s2, straps[s].gyr_rad_s, tension[s]
    return both


def _directed(means: Floats) -> _Means:
    return _Means(normalized(means[..., ACC]), means[..., TENSION])


def _plain(means: _Means, gyr: Floats, rows: Ints, p: SlipSignParams) -> Bools:
    """Rows (R, S) with a step that no muscle makes."""
    rate = np.einsum("nsi,nsi->ns", gyr, means.up)  # about the vertical
    lags = tuple(_n(lag_s) for lag_s in p.plain_lags_s)
    turned = np.stack(sliding_means(rate[:, 0] - rate[:, 1], lags), axis=1)[rows]
    turned_rad = np.abs(turned) * np.array(p.plain_lags_s)
    return np.any(_seen(means, _Test(lags, p.plain_tilt_rad, p.plain_tension), rows, p, turned_rad), axis=1)


def _slow(means: _Means, gyr: Floats, rows: Ints, p: SlipSignParams) -> Bools:
    """Rows (R, S) of a turn while both thighs were still, as `gyr` (N, S, 3), a mean over some blocks, tells."""
    rate = np.sqrt(np.einsum("nsi,nsi->ns", gyr, gyr))
    fastest = np.fmax(rate[:, 0], rate[:, 1])
    lags = tuple(_n(lag_s) for lag_s in p.slow_lags_s)
    still = [sliding_max(fastest, lag + _n(p.slow_mean_s))[rows] < p.still_rad_s for lag in lags]
    seen = _seen(means, _Test(lags, p.slow_tilt_rad, p.slow_tension), rows, p)
    return np.any(seen & np.stack(still, axis=1)[..., None], axis=1)


def _seen(means: _Means, test: _Test, rows: Ints, p: SlipSignParams, turned_rad: Floats | None = None) -> Bools:
    """Where (R, L, S) a strap has turned alone and lost tension of its own; `turned_rad` (R, L) against the other."""
    up, before = means.up[rows][:, None], earlier(means.up, rows, test.lags)
    tilt = turn = tilt_rad(before, up)
    if turned_rad is not None:
        steep = (up[..., 2] > p.steep_cos) & (before[..., 2] > p.steep_cos)
        turn = np.where(steep, np.hypot(tilt, turned_rad[..., None]), tilt)
    change = means.tension[rows][:, None] - earlier(means.tension, rows, test.lags)
    level = (np.abs(up[..., 2]) < p.level_cos) & (np.abs(before[..., 2]) < p.level_cos)
    turned = (turn > test.tilt_rad) & (turn < np.where(level, p.tilt_max_rad, p.tilt_far_rad))
    alone = tilt[..., ::-1] < p.other_tilt_share * turn
    lost = p.other_tension_share * np.fmin(change[..., ::-1], 0.0) - change
    return turned & alone & (lost > test.tension) & (lost < p.tension_per_rad_max * turn)


def tilt_rad(before: Floats, after: Floats) -> Floats:
    """Angle (...) between unit vectors (..., 3) where it is small."""
    d = after - before
    return np.sqrt(np.einsum("...i,...i->...", d, d))


def _n(duration_s: float) -> int:
    return round(duration_s * BLOCK_HZ)
