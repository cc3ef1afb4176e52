"""Slips: a strap that turned or slid on its thigh, with when, how far, and what it cost in tension.

Invariant: what was seen of a slip is fixed when it is first reported; `measured_slips` says the rest afterwards.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from analysis.drift.slip_signs import (
    NO_SIGN,
    PLAIN,
    SlipSignParams,
    history_blocks,
    sliding_mean,
    slip_signs,
)
from analysis.drift.strap_blocks import BLOCK_HZ, BlockRows, StrapBlocks
from analysis.quaternion import normalized
from sensor.samples import THIGHS, Floats, Ints, Placement

SUDDEN_WITHIN_S = 2.0  # of its report a sudden slip starts and ends


@dataclass(frozen=True, slots=True)
class SlipParams:
    """Of the signs, of how slips are told apart in time, and of what a slip must amount to in the end."""

    signs: SlipSignParams = field(default_factory=SlipSignParams)
    # A strap's next slip is another one after this long without a sign.
    apart_s: float = 20.0
    onset_share: float = 0.1
    # Afterwards: what was before and after, and how long the turn may take.
    level_s: float = 10.0
    longest_s: float = 40.0
    least_tilt_rad: float = float(np.radians(2.0))
    least_tension: float = 0.015


@dataclass(frozen=True, slots=True)
class Slip:
    """A slip of one strap; `tension` is its change (negative), a fraction of the donned tension."""

    placement: Placement
    start_s: float
    end_s: float
    detected_s: float
    turned_rad: float
    tension: float
    sudden: bool


class SlipStage:
    """First reports of slips, from blocks in order of time."""

    def __init__(self, params: SlipParams | None = None) -> None:
        self._p = params or SlipParams()
        self._keep = history_blocks(self._p.signs)
        self._time_s = np.empty(0)
        self._rows: dict[Placement, BlockRows] = {}
        self._tension: dict[Placement, Floats] = {}
        self._last_sign_s: dict[Placement, float] = dict.fromkeys(THIGHS, -np.inf)

    def push(self, blocks: StrapBlocks, tension: Mapping[Placement, Floats]) -> tuple[Slip, ...]:
        """Slips that these blocks show for the first time; `tension` (N,) relative to donning."""
        if not len(blocks):
            return ()
        held = len(self._time_s)
        self._time_s = np.concatenate([self._time_s, blocks.time_s])
        for p in THIGHS:
            self._rows[p] = joined_rows([self._rows[p], blocks.straps[p]]) if held else blocks.straps[p]
            self._tension[p] = np.concatenate([self._tension.get(p, np.empty(0)), tension[p]])
        signs = slip_signs(self._rows, self._tension, self._p.signs, held)
        found = [s for p in THIGHS for s in self._reports(p, signs[p], held)]
        self._forget()
        return tuple(sorted(found, key=lambda s: s.detected_s))

    def _reports(self, placement: Placement, signs: Ints, first: int) -> list[Slip]:
        found: list[Slip] = []
        for k in np.flatnonzero(signs != NO_SIGN).tolist():
            i = first + k
            now_s = float(self._time_s[i])
            if now_s > self._last_sign_s[placement] + self._p.apart_s:
                slip = self._report(placement, i, bool(signs[k] == PLAIN))
                if not slip.sudden and slip.turned_rad < self._p.signs.slow_tilt_rad:
                    continue  # the strap came back meanwhile
                found.append(slip)
            self._last_sign_s[placement] = now_s
        return found

    def _report(self, placement: Placement, at: int, sudden: bool) -> Slip:
        since = max(at - self._keep, 0)
        up = normalized(sliding_mean(self._rows[placement].acc_m_s2[since : at + 1], 3))
        share, turned_rad = turn_share(up, up[np.isfinite(up[:, 0])][0], up[-1])
        before = np.flatnonzero(share < self._p.onset_share)
        start = since + (int(before[-1]) if len(before) else 0)
        tension = sliding_mean(self._tension[placement][since : at + 1], 3)
        now_s = float(self._time_s[at])
        lost = float(tension[-1] - tension[max(start - since, 2)])
        return Slip(placement, float(self._time_s[start]), now_s, now_s, turned_rad, lost, sudden)

    def _forget(self) -> None:
        keep = slice(-self._keep, None)
        self._time_s = self._time_s[keep]
        self._rows = {p: _cut(r, keep) for p, r in self._rows.items()}
        self._tension = {p: t[keep] for p, t in self._tension.items()}


def turn_share(up: Floats, before: Floats, after: Floats) -> tuple[Floats, float]:
    """How much (N,) of the way of gravity from `before` to `after` (3,) is done in rows `up` (N, 3), and that way."""
    way = after - before
    length = float(np.sqrt(way @ way))
    return np.einsum("ni,i->n", up - before, way) / max(length**2, 1e-12), length


def measured_slips(
    slips: tuple[Slip, ...], blocks: StrapBlocks, tension: Mapping[Placement, Floats], params: SlipParams
) -> tuple[Slip, ...]:
    """The reported slips that last, with the start, end, size and loss that the blocks after them show."""
    measured = (_measured(s, blocks, tension, params) for s in slips)
    return tuple(s for s in measured if s.turned_rad > params.least_tilt_rad and s.tension < -params.least_tension)


def _measured(slip: Slip, blocks: StrapBlocks, tension: Mapping[Placement, Floats], params: SlipParams) -> Slip:
    level = round(params.level_s * BLOCK_HZ)
    rows = blocks.straps[slip.placement]
    up = normalized(sliding_mean(rows.acc_m_s2, 3))
    start, end = _edges(slip, blocks.time_s, up, params)
    before, after = slice(max(start - level, 0), start), slice(end + 1, end + 1 + level)
    turned = float(_tilt(up[before], up[after]))
    # From a tenth to nine tenths of a smooth turn is six tenths of its time.
    ramp_s = 0.35 * float(blocks.time_s[end] - blocks.time_s[start])
    other = THIGHS[1] if slip.placement == THIGHS[0] else THIGHS[0]
    lost = {p: _median(tension[p][after]) - _median(tension[p][before]) for p in THIGHS}
    muscle = params.signs.other_tension_share * min(lost[other], 0.0)
    return Slip(
        slip.placement,
        float(blocks.time_s[start]) - ramp_s,
        float(blocks.time_s[end]) + ramp_s,
        slip.detected_s,
        float(np.hypot(turned, _turned_about_up(slip, blocks, params.signs))),
        float(lost[slip.placement] - muscle),
        slip.sudden,
    )


def _middle(up: Floats) -> Floats:
    """The median (3,) of the rows (N, 3) that are known; NaN where none is."""
    seen = np.isfinite(up[:, 0])
    return np.median(up[seen], axis=0) if seen.any() else np.full(3, np.nan)


def _edges(slip: Slip, time_s: Floats, up: Floats, params: SlipParams) -> tuple[int, int]:
    """Blocks between which the strap turned: from a tenth to nine tenths of the way."""
    n = len(time_s)
    at, reach = int(np.searchsorted(time_s, slip.detected_s)), round(params.longest_s * BLOCK_HZ)
    start = int(np.searchsorted(time_s, slip.start_s))
    level = round(params.level_s * BLOCK_HZ)
    before = _middle(up[max(start - level, 0) : start + 1])
    # The way's end is where the strap stays: the place most of the time after.
    late = min(at + (level // 2 if slip.sudden else reach // 2), n - 1)
    after = _middle(up[late : late + level])
    share, _ = turn_share(up, before, after)
    near = round(SUDDEN_WITHIN_S * BLOCK_HZ)
    first, last = (start - near, at + near) if slip.sudden else (start - level, at + reach)
    window = np.arange(max(first, 0), min(last, n))
    inside = np.nan_to_num(share[window], nan=0.5)
    middle = int(np.argmax(inside > 0.5))
    low = np.flatnonzero(inside[:middle] < params.onset_share)
    high = np.flatnonzero(inside[middle:] > 1 - params.onset_share)
    first = int(low[-1]) if len(low) else 0
    last = middle + (int(high[0]) if len(high) else 0)
    return int(window[first]), int(window[max(last, first + 1)])


def _turned_about_up(slip: Slip, blocks: StrapBlocks, params: SlipSignParams) -> float:
    """Turn about the vertical against the other strap in a sudden slip, rad; slow ones drown in the bias.

    Only a strap on a steep thigh turns that way; else it is the knees that part.
    """
    if not slip.sudden:
        return 0.0
    first, last = np.searchsorted(blocks.time_s, [slip.start_s - 1.0, slip.detected_s + 1.0]).tolist()
    rates: dict[Placement, Floats] = {}
    for p in THIGHS:
        up = normalized(sliding_mean(blocks.straps[p].acc_m_s2, 3)[first:last])
        rates[p] = np.einsum("ni,ni->n", blocks.straps[p].gyr_rad_s[first:last], up)
        if p == slip.placement and np.nanmean(up[:, 2]) < params.steep_cos:
            return 0.0
    return float(np.nansum(rates[THIGHS[0]] - rates[THIGHS[1]])) / BLOCK_HZ


def _tilt(before: Floats, after: Floats) -> float:
    d = np.nanmedian(after, axis=0) - np.nanmedian(before, axis=0)
    return float(np.sqrt(d @ d))


def _median(x: Floats) -> float:
    x = x[np.isfinite(x)]
    return float(np.median(x)) if len(x) else 0.0


def joined_rows(parts: list[BlockRows]) -> BlockRows:
    """Rows of one strap one after another."""
    return BlockRows(
        np.concatenate([r.acc_m_s2 for r in parts]),
        np.concatenate([r.gyr_rad_s for r in parts]),
        np.concatenate([r.tension for r in parts]),
        np.concatenate([r.flex for r in parts]),
    )


def _cut(rows: BlockRows, keep: slice) -> BlockRows:
    return BlockRows(rows.acc_m_s2[keep], rows.gyr_rad_s[keep], rows.tension[keep], rows.flex[keep])
