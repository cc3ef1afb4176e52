"""Openings: knees that were together and part slowly, with no movement that one would notice.

Invariant: an opening is reported once, when the gap has grown by `least_m`; how far it went is told afterwards
(`measured_openings`). A gap that changes quickly is a movement and starts the watch anew.
"""

from dataclasses import dataclass

import numpy as np

from analysis.drift.gap_seconds import GapSeconds


@dataclass(frozen=True, slots=True)
class OpeningParams:
    """What a slow opening is."""

    # Knees together; a hold ends at twice this gap.
    closed_m: float = 0.010
    far_m: float = 0.030  # knees that are further apart are not looked at
    # Growth beyond what the gap's own error does within a hold, at a gap that is no contact.
    least_m: float = 0.006
    least_gap_m: float = 0.0075
    least_s: float = 4.0
    # In the end: a wrong heading runs off within seconds, knees do not.
    lasts_min_s: float = 6.0
    # Change within a second that only a movement makes.
    jump_m: float = 0.006
    settle_s: float = 2.0
    smooth_s: float = 3.0
    missing_max_s: float = 10.0
    sd_max_m: float = 0.008
    onset_m: float = 0.003
    # Growth must exceed the gap's own uncertainty, and where a cord bridges the knees it must show a part of it:
    # a drifting heading opens no cord. Its counts per metre are taken from gaps that are wide but not yet taut.
    sd_times: float = 1.5
    cord_share: float = 0.4
    wide_m: tuple[float, float] = (0.04, 0.15)
    # Growth has stopped where the rest of it is less than this.
    rest_m: float = 0.001


@dataclass(frozen=True, slots=True)
class Opening:
    """A slow opening up to `gap_m`."""

    start_s: float
    end_s: float
    detected_s: float
    gap_m: float


class CordScale:
    """How many counts of the cord make a metre, roughly, from closed knees and knees wide apart."""

    def __init__(self, params: OpeningParams) -> None:
        self._p = params
        self._closed = np.nan
        self._counts_m = np.nan

    def note(self, gap_m: float, cord: float) -> None:
        """Takes in a second."""
        if cord != cord:
            return
        if gap_m < self._p.onset_m:
            self._closed = cord if self._closed != self._closed else self._closed + 0.1 * (cord - self._closed)
        elif self._p.wide_m[0] < gap_m < self._p.wide_m[1] and self._closed == self._closed:
            counts_m = (cord - self._closed) / gap_m
            known = self._counts_m == self._counts_m
            self._counts_m = self._counts_m + 0.2 * (counts_m - self._counts_m) if known else counts_m

    def metres(self, counts: float) -> float:
        """Gap (m) that a change of `counts` makes; NaN while unknown."""
        return counts / self._counts_m


class OpeningStage:
    """First reports of openings, from seconds of gap in order of time."""

    def __init__(self, params: OpeningParams | None = None) -> None:
        self._p = params or OpeningParams()
        self._watch_from_s = -np.inf
        self._paused_until_s = -np.inf
        self._recent: list[tuple[float, float]] = []
        self._lowest_m = np.inf  # since the knees were together
        self._start = (np.inf, np.nan, np.nan)  # time, gap and cord when the gap was last near its lowest
        self._scale = CordScale(self._p)
        self._reported = False
        self._known_s = -np.inf

    def restart(self, now_s: float) -> None:
        """Starts the watch anew from `now_s`."""
        self._watch_from_s = now_s + self._p.settle_s
        self._recent.clear()
        self._lowest_m = np.inf
        self._reported = False

    def pause(self, until_s: float) -> None:
        """Takes how the gap grows up to `until_s` as explained by another cause; only what comes then counts."""
        self._paused_until_s = until_s

    def push(self, seconds: GapSeconds) -> tuple[Opening, ...]:
        """Openings that these seconds show for the first time."""
        rows = zip(
            seconds.time_s.tolist(),
            seconds.gap_m.tolist(),
            seconds.sd_m.tolist(),
            seconds.spread_m.tolist(),
            seconds.cord.tolist(),
            strict=True,
        )
        found = (self._step(*row) for row in rows if row[1] == row[1])
        return tuple(o for o in found if o is not None)

    def _step(self, now_s: float, gap_m: float, sd_m: float, spread_m: float, cord: float) -> Opening | None:
        self._scale.note(gap_m, cord)
        lost = now_s > self._known_s + self._p.missing_max_s
        self._known_s = now_s
        if spread_m > self._p.jump_m or lost:
            self.restart(now_s)
        if now_s <= self._watch_from_s:
            return None
        if self._lowest_m == np.inf and gap_m > self._p.far_m:
            self._recent.clear()
            return None
        self._recent.append((now_s, gap_m))
        while self._recent[0][0] < now_s - self._p.smooth_s:
            self._recent.pop(0)
        smooth_m = sum(g for _, g in self._recent) / len(self._recent)
        if self._lowest_m == np.inf and smooth_m >= self._p.closed_m:
            return None
        if now_s <= self._paused_until_s:
            self._lowest_m = max(smooth_m, 0.0)
        self._lowest_m = max(min(self._lowest_m, smooth_m), 0.0)
        if smooth_m <= self._lowest_m + self._p.onset_m:
            self._start = (now_s, smooth_m, cord)
        if self._reported or not self._grown(now_s, smooth_m, sd_m) or not self._pulls(smooth_m, cord):
            return None
        self._reported = True
        return Opening(self._start[0], now_s, now_s, smooth_m)

    def _grown(self, now_s: float, gap_m: float, sd_m: float) -> bool:
        least_m = max(self._p.least_m, self._p.sd_times * sd_m)
        grown = gap_m - self._lowest_m > least_m and gap_m > self._p.least_gap_m
        return grown and now_s - self._start[0] >= self._p.least_s and sd_m < self._p.sd_max_m

    def _pulls(self, gap_m: float, cord: float) -> bool:
        """Whether the cord, if there is one, shows the growth too."""
        _, start_m, start_cord = self._start
        pulled_m = self._scale.metres(cord - start_cord)
        return not pulled_m < self._p.cord_share * (gap_m - start_m)


def measured_openings(openings: tuple[Opening, ...], seconds: GapSeconds, params: OpeningParams) -> tuple[Opening, ...]:
    """The reported openings that last, with the end and size that all seconds show."""
    measured = (_measured(o, seconds, params) for o in openings)
    return tuple(o for o in measured if o.end_s - o.start_s >= params.lasts_min_s)


def _measured(opening: Opening, seconds: GapSeconds, params: OpeningParams) -> Opening:
    after = np.flatnonzero((seconds.time_s >= opening.start_s) & np.isfinite(seconds.gap_m))
    jumps = np.flatnonzero(seconds.spread_m[after] > params.jump_m)
    inside = after[: int(jumps[0])] if len(jumps) else after
    gap_m = seconds.gap_m[inside]
    if len(gap_m) < 3:
        return opening
    smooth = np.convolve(gap_m, np.full(3, 1 / 3), mode="valid")
    reached_m = float(smooth.max())
    at = int(np.argmax(smooth >= reached_m - params.rest_m)) + 1
    return Opening(opening.start_s, float(seconds.time_s[inside[at]]), opening.detected_s, reached_m)
