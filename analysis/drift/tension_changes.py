"""Loosening and tightening: changes of a strap's tension beyond the fabric's own relaxation.

Invariant: a change is reported once, when it first exceeds `least`; how far it went is told afterwards
(`measured_changes`). Tension is a fraction of the donned one.
"""

from collections import deque
from dataclasses import dataclass

import numpy as np

from analysis.drift.strap_blocks import BLOCK_HZ
from sensor.samples import Floats

STEP_BLOCKS = 10
STEP_S = STEP_BLOCKS / BLOCK_HZ


@dataclass(frozen=True, slots=True)
class TensionChangeParams:
    """The fabric's usual relaxation, and what exceeds it.

    Relaxation: fabric held at length loses 8 to 18 % within 15 minutes, most of it at once [stressrelax].
    """

    relaxation: tuple[float, ...] = (0.025, 0.05, 0.02)
    relaxation_s: tuple[float, ...] = (15.0, 150.0, 900.0)
    # Muscles and what the relaxation differs from the usual stay under `least` within `window_s`.
    least: float = 0.09
    window_s: float = 240.0
    median_s: float = 20.0
    # A change is over when nothing new was reached for so long.
    rest_s: float = 40.0
    progress: float = 0.005
    onset: float = 0.02
    margin_s: float = 120.0


@dataclass(frozen=True, slots=True)
class TensionChange:
    """A change of tension of one strap, negative when it loosens; fraction of the donned tension."""

    start_s: float
    end_s: float
    detected_s: float
    size: float


def relaxed(time_s: Floats | float, params: TensionChangeParams) -> Floats:
    """What the fabric usually has lost (N,) by session time (N,), as a positive fraction."""
    worn_s = np.maximum(np.asarray(time_s, dtype=np.float64), 0.0)
    parts = [a * (1.0 - np.exp(-worn_s / tau)) for a, tau in zip(params.relaxation, params.relaxation_s, strict=True)]
    return sum(parts, np.zeros_like(worn_s))


class TensionSteps:
    """Means of relative tension over steps of two seconds: time of the last block, and mean, of whole steps."""

    def __init__(self) -> None:
        self._time_s = np.empty(0)
        self._tension = np.empty(0)

    def push(self, time_s: Floats, tension: Floats) -> tuple[Floats, Floats]:
        """Steps that these blocks complete; a step with a missing block is NaN."""
        if not len(self._time_s) and len(time_s):
            lead = int(np.floor(float(time_s[0]) * BLOCK_HZ)) % STEP_BLOCKS
            self._time_s, self._tension = np.full(lead, np.nan), np.full(lead, np.nan)
        self._time_s = np.concatenate([self._time_s, time_s])
        self._tension = np.concatenate([self._tension, tension])
        n = len(self._time_s) // STEP_BLOCKS
        whole = n * STEP_BLOCKS
        ends = self._time_s[STEP_BLOCKS - 1 : whole : STEP_BLOCKS]
        means = self._tension[:whole].reshape(n, STEP_BLOCKS).mean(axis=1)
        self._time_s, self._tension = self._time_s[whole:], self._tension[whole:]
        return ends, means


class TensionChangeStage:
    """First reports of changes of one strap's tension, from steps in order of time."""

    def __init__(self, params: TensionChangeParams | None = None) -> None:
        self._p = params or TensionChangeParams()
        self._recent: deque[float] = deque(maxlen=round(self._p.median_s / STEP_S))
        self._levels: deque[tuple[float, float]] = deque()
        self._tops: deque[tuple[float, float]] = deque()  # falling: each is the highest from its time on
        self._bottoms: deque[tuple[float, float]] = deque()  # rising: each is the lowest from its time on
        self._extreme: tuple[float, float] | None = None  # time and level that a change under way has reached
        self._sign = 0.0
        self._offset = 0.0
        self._frozen_until_s = -np.inf
        self._frozen_level = np.nan

    def excuse(self, until_s: float) -> None:
        """Takes what happens to the tension up to `until_s` as explained by another cause."""
        if self._frozen_until_s == -np.inf and self._recent:
            self._frozen_level = float(np.median(self._recent))
        self._frozen_until_s = max(self._frozen_until_s, until_s)

    def push(self, time_s: Floats, tension: Floats) -> tuple[TensionChange, ...]:
        """Changes that these steps show for the first time."""
        beyond = (tension + relaxed(time_s, self._p)).tolist()
        found = (self._step(t, x) for t, x in zip(time_s.tolist(), beyond, strict=True) if x == x)
        return tuple(c for c in found if c is not None)

    def _step(self, now_s: float, tension: float) -> TensionChange | None:
        if now_s <= self._frozen_until_s and self._frozen_level == self._frozen_level:
            self._offset = self._frozen_level - tension
            return None
        self._frozen_until_s, self._frozen_level = -np.inf, np.nan
        self._recent.append(tension + self._offset)
        level = sorted(self._recent)[len(self._recent) // 2]
        if self._extreme is not None and self._goes_on(now_s, level, self._extreme):
            return None
        self._watch(now_s, level)
        return self._exceeded(now_s, level)

    def _watch(self, now_s: float, level: float) -> None:
        """Takes a level into the window, and keeps its highest and lowest at hand."""
        self._levels.append((now_s, level))
        while self._tops and self._tops[-1][1] <= level:
            self._tops.pop()
        while self._bottoms and self._bottoms[-1][1] >= level:
            self._bottoms.pop()
        for window in (self._tops, self._bottoms):
            window.append((now_s, level))
        for window in (self._levels, self._tops, self._bottoms):
            while window[0][0] < now_s - self._p.window_s:
                window.popleft()

    def _goes_on(self, now_s: float, level: float, extreme: tuple[float, float]) -> bool:
        """Whether the change under way still does; where it turned back, the way back is counted from there."""
        reached_s, reached = extreme
        ahead = self._sign * (level - reached)
        if ahead > self._p.progress:
            self._extreme = (now_s, level)
        elif ahead < -self._p.onset or now_s - reached_s > self._p.rest_s:
            self._extreme = None
            for window in (self._levels, self._tops, self._bottoms):
                window.clear()
            self._watch(*extreme)
        return self._extreme is not None

    def _exceeded(self, now_s: float, level: float) -> TensionChange | None:
        top, bottom = self._tops[0][1], self._bottoms[0][1]
        if max(top - level, level - bottom) < self._p.least:
            return None
        start_level = top if top - level > level - bottom else bottom
        self._sign = 1.0 if level > start_level else -1.0
        self._extreme = (now_s, level)
        start_s = max(t for t, x in self._levels if abs(x - start_level) < self._p.onset)
        return TensionChange(start_s, now_s, now_s, level - start_level)


def measured_changes(
    changes: tuple[TensionChange, ...], time_s: Floats, tension: Floats, params: TensionChangeParams
) -> tuple[TensionChange, ...]:
    """The reported changes with the start, end and size that all steps show."""
    beyond = tension + relaxed(time_s, params)
    known = np.isfinite(beyond)
    time_s, beyond = time_s[known], beyond[known]
    out: list[TensionChange] = []
    for i, change in enumerate(changes):
        earliest_s = max(change.start_s - params.margin_s, out[-1].end_s if out else -np.inf)
        latest_s = changes[i + 1].start_s if i + 1 < len(changes) else np.inf
        inside = (time_s >= earliest_s) & (time_s <= latest_s)
        out.append(_measured(change, time_s[inside], beyond[inside], params))
    return tuple(c for c in out if abs(c.size) >= params.least)


def _measured(change: TensionChange, time_s: Floats, beyond: Floats, params: TensionChangeParams) -> TensionChange:
    end_s = _reached_s(change, time_s, beyond, params)
    near = time_s <= end_s + params.rest_s
    time_s, beyond = time_s[near], beyond[near]
    starts = np.arange(change.start_s - 40.0, change.detected_s, 4.0)
    ends = np.arange(change.detected_s - 10.0, end_s + 12.0, 4.0)
    best = (np.inf, change)
    for start_s in starts.tolist():
        later = ends[ends > start_s + 2.0]
        ramps = np.clip((time_s - start_s) / (later[:, None] - start_s), 0.0, 1.0)
        sizes, squares = _fitted(ramps, beyond)
        k = int(np.argmin(squares))
        if squares[k] < best[0]:
            fit = TensionChange(start_s, float(later[k]), change.detected_s, float(sizes[k]))
            best = (float(squares[k]), fit)
    return best[1]


def _reached_s(change: TensionChange, time_s: Floats, beyond: Floats, params: TensionChangeParams) -> float:
    """When the change stopped to progress, as the stage follows it."""
    sign = np.sign(change.size)
    reached_s, reached = change.detected_s, -np.inf
    n = round(params.median_s / STEP_S)
    for i in np.flatnonzero(time_s > change.detected_s).tolist():
        level = sign * float(np.median(beyond[max(i - n + 1, 0) : i + 1]))
        if level > reached + params.progress:
            reached_s, reached = float(time_s[i]), level
        elif time_s[i] - reached_s > params.rest_s:
            break
    return reached_s


def _fitted(ramps: Floats, level: Floats) -> tuple[Floats, Floats]:
    """Size and summed squares (M,) of a constant plus each ramp (M, N) fitted to `level` (N,)."""
    centred = ramps - ramps.mean(axis=1, keepdims=True)
    deviation = level - level.mean()
    size = centred @ deviation / np.maximum(np.einsum("mn,mn->m", centred, centred), 1e-12)
    rest = deviation - size[:, None] * centred
    return size, np.einsum("mn,mn->m", rest, rest)
