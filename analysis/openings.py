"""Openings: knees that were together and part slowly, with no movement that one would notice.

Invariant: an opening is reported once, when the gap has grown by `least_m`; how far it went is told afterwards
(`measured_openings`). A gap that changes quickly is a movement and starts the watch anew.
"""

from dataclasses import dataclass
from typing import Self

import numpy as np

from analysis.motion import GRID_HZ
from analysis.results import GapSeries
from sensor.samples import Floats

STEP_TICKS = round(GRID_HZ)


@dataclass(frozen=True, slots=True)
class OpeningParams:
    """What a slow opening is."""

    # Knees together; a hold ends at twice this gap.
    closed_m: float = 0.010
    # Growth beyond what the gap's own error does within a hold, at a gap that is no contact.
    least_m: float = 0.006
    least_gap_m: float = 0.0075
    least_s: float = 4.0
    # Change within a second that only a movement makes.
    jump_m: float = 0.006
    settle_s: float = 2.0
    smooth_s: float = 3.0
    missing_max_s: float = 10.0
    sd_max_m: float = 0.008
    onset_m: float = 0.003
    # Growth has stopped where the rest of it is less than this.
    rest_m: float = 0.001


@dataclass(frozen=True, slots=True)
class GapSeconds:
    """The gap in steps of a second: time of the last tick, mean, mean sd, and the spread of its values."""

    time_s: Floats  # (N,)
    gap_m: Floats  # (N,)
    sd_m: Floats  # (N,)
    spread_m: Floats  # (N,)

    def take(self, index: slice) -> Self:
        """The seconds that `index` selects."""
        return type(self)(self.time_s[index], self.gap_m[index], self.sd_m[index], self.spread_m[index])


@dataclass(frozen=True, slots=True)
class Opening:
    """A slow opening up to `gap_m`."""

    start_s: float
    end_s: float
    detected_s: float
    gap_m: float


class GapSteps:
    """Gathers gap rows into seconds; a second with a missing row is NaN."""

    def __init__(self) -> None:
        self._held: Floats | None = None  # (N, 3) time, gap, sd; first row is the last of the second before

    def push(self, gap: GapSeries) -> GapSeconds:
        """Seconds that these rows complete."""
        rows = np.stack([gap.time_s, gap.gap_m, gap.sd_m], axis=1)
        if self._held is None and len(rows):
            lead = round(float(rows[0, 0]) * GRID_HZ) % STEP_TICKS
            self._held = np.full((lead + 1, 3), np.nan)
        held = np.concatenate([self._held, rows]) if self._held is not None else rows
        n = max(len(held) - 1, 0) // STEP_TICKS
        used = n * STEP_TICKS
        seconds = held[1 : used + 1].reshape(n, STEP_TICKS, 3)
        before = held[0:used:STEP_TICKS, 1] if n else np.empty(0)
        if self._held is not None:
            self._held = held[used:]
        mean = seconds.mean(axis=1)
        top = np.fmax(seconds[:, :, 1].max(axis=1), before)
        bottom = np.fmin(seconds[:, :, 1].min(axis=1), before)
        return GapSeconds(seconds[:, -1, 0], mean[:, 1], mean[:, 2], top - bottom)


class OpeningStage:
    """First reports of openings, from seconds of gap in order of time."""

    def __init__(self, params: OpeningParams | None = None) -> None:
        self._p = params or OpeningParams()
        self._watch_from_s = -np.inf
        self._recent: list[tuple[float, float]] = []
        self._lowest_m = np.inf  # since the knees were together
        self._start_s = np.inf  # when the gap was last near its lowest
        self._reported = False
        self._known_s = -np.inf

    def restart(self, now_s: float) -> None:
        """Starts the watch anew from `now_s`."""
        self._watch_from_s = now_s + self._p.settle_s
        self._recent.clear()
        self._lowest_m = self._start_s = np.inf
        self._reported = False

    def push(self, seconds: GapSeconds) -> tuple[Opening, ...]:
        """Openings that these seconds show for the first time."""
        rows = zip(
            seconds.time_s.tolist(),
            seconds.gap_m.tolist(),
            seconds.sd_m.tolist(),
            seconds.spread_m.tolist(),
            strict=True,
        )
        found = (self._step(t, g, sd, spread) for t, g, sd, spread in rows if g == g)
        return tuple(o for o in found if o is not None)

    def _step(self, now_s: float, gap_m: float, sd_m: float, spread_m: float) -> Opening | None:
        lost = now_s > self._known_s + self._p.missing_max_s
        self._known_s = now_s
        if spread_m > self._p.jump_m or lost:
            self.restart(now_s)
        if now_s <= self._watch_from_s:
            return None
        self._recent.append((now_s, gap_m))
        while self._recent[0][0] < now_s - self._p.smooth_s:
            self._recent.pop(0)
        smooth_m = sum(g for _, g in self._recent) / len(self._recent)
        if self._lowest_m == np.inf and smooth_m >= self._p.closed_m:
            return None
        self._lowest_m = max(min(self._lowest_m, smooth_m), 0.0)
        if smooth_m <= self._lowest_m + self._p.onset_m:
            self._start_s = now_s
        return self._opened(now_s, smooth_m, sd_m)

    def _opened(self, now_s: float, gap_m: float, sd_m: float) -> Opening | None:
        grown = gap_m - self._lowest_m > self._p.least_m and gap_m > self._p.least_gap_m
        slowly = now_s - self._start_s >= self._p.least_s
        if self._reported or not grown or not slowly or sd_m > self._p.sd_max_m:
            return None
        self._reported = True
        return Opening(self._start_s, now_s, now_s, gap_m)


def measured_openings(openings: tuple[Opening, ...], seconds: GapSeconds, params: OpeningParams) -> tuple[Opening, ...]:
    """The reported openings with the end and size that all seconds show."""
    return tuple(_measured(o, seconds, params) for o in openings)


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
