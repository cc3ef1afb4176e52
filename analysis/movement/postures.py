"""Standing, sitting, lying and walking, from the thighs' way to gravity and their swing.

Invariant: a posture is told from rows before it alone; it starts where its signs began, which is known a little later.
Thighs cannot tell sitting from lying: the exercise does. The long axis of a thigh whose strap is not aligned is learned
from walking, in which it is steep on the mean.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import isnan, nan, sqrt

import numpy as np

from analysis.motion import Motion
from analysis.movement.body_ticks import TICK_S, BodyTicks
from analysis.results import Posture, PostureSpan
from sensor.markers import Label
from sensor.samples import THIGHS, Floats, Placement

PER_TICK = 5  # body ticks in a posture tick
POSTURE_TICK_S = PER_TICK * TICK_S
LYING_EXERCISES = frozenset({"lying_press"})

Axis = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class PostureParams:
    """How steep a thigh stands, how fast it swings in walking, and how long before it is believed."""

    steep_cos: float = 0.68
    level_cos: float = 0.55
    settle_s: float = 1.5
    walk_window_s: float = 2.5
    walk_turn_rad_s: float = 0.9
    walk_least_rad_s: float = 0.45
    learn_ticks: int = 10


class PostureStage:
    """Body ticks to postures, each when it ends."""

    def __init__(
        self,
        exercise: str | None,
        params: PostureParams | None = None,
        walked: Mapping[Placement, Axis] | None = None,
    ) -> None:
        """`walked` are long axes of straps that are not aligned, where they are known from before."""
        self._p = params or PostureParams()
        self._level = Posture.LYING if exercise in LYING_EXERCISES else Posture.SITTING
        self._axes: list[Axis | None] = [(walked or {}).get(p) for p in THIGHS]
        self._given = list(self._axes)
        self._sums = [(0.0, 0.0, 0.0), (0.0, 0.0, 0.0)]
        self._walk_ticks = 0
        self._open = np.empty((0, 8))
        self._turns: list[float] = []
        self._steep = False
        self._span: tuple[float, Posture] | None = None
        self._other: tuple[float, Posture] | None = None
        self._end_s = -np.inf

    @property
    def now(self) -> Posture | None:
        """The posture at the last tick."""
        return self._span[1] if self._span is not None else None

    @property
    def walked(self) -> dict[Placement, Axis]:
        """Long axes of the straps that are not aligned, as far as walking has shown them."""
        return {p: a for p, a in zip(THIGHS, self._axes, strict=True) if a is not None}

    def push(self, motion: Motion, ticks: BodyTicks) -> tuple[PostureSpan, ...]:
        """Postures that ended."""
        if any(e.marker.label == Label.EXERCISE and e.marker.value in LYING_EXERCISES for e in motion.edges):
            self._level = Posture.LYING
        turn = np.fmin(ticks.left.turn_rad_s, ticks.right.turn_rad_s)
        rows = np.concatenate([self._open, np.column_stack([ticks.end_s, ticks.left.up, ticks.right.up, turn])])
        rows = rows[self._lead(rows) :]
        full = len(rows) // PER_TICK
        self._open = rows[full * PER_TICK :]
        aligned = [motion.segments[p].aligned for p in THIGHS]
        closed: list[PostureSpan] = []
        for end_s, *ups, turn_rad_s in _means(rows[: full * PER_TICK]).tolist():
            closed += self._tick(end_s, ((ups[0], ups[1], ups[2]), (ups[3], ups[4], ups[5])), aligned, turn_rad_s)
        return tuple(closed)

    def finish(self) -> tuple[PostureSpan, ...]:
        """The posture that the end of the session closes."""
        return tuple(self._close(self._end_s))

    def _lead(self, rows: Floats) -> int:
        """Body ticks to leave out so that posture ticks lie on whole half seconds and after session zero."""
        if self._end_s > -np.inf or not len(rows):
            return 0
        first = np.rint(rows[:, 0] / TICK_S).astype(np.int64) - 1
        fits = np.flatnonzero((first >= 0) & (first % PER_TICK == 0))
        return int(fits[0]) if len(fits) else len(rows)

    def _tick(self, end_s: float, ups: tuple[Axis, Axis], aligned: list[bool], turn_rad_s: float) -> list[PostureSpan]:
        self._end_s = end_s
        window = round(self._p.walk_window_s / POSTURE_TICK_S)
        self._turns = [*self._turns, turn_rad_s][-window:]
        if self._walks(window):
            self._learn(ups, aligned)
            return self._follow(Posture.WALKING, end_s - window * POSTURE_TICK_S)
        cos = _mean_cos(
            ups, [(0.0, 0.0, 1.0) if fixed else axis for fixed, axis in zip(aligned, self._axes, strict=True)]
        )
        if isnan(cos):
            return self._close(end_s - POSTURE_TICK_S)
        self._steep = cos > (self._p.level_cos if self._steep else self._p.steep_cos)
        return self._follow(Posture.STANDING if self._steep else self._level, end_s - POSTURE_TICK_S)

    def _walks(self, window: int) -> bool:
        """Whether both thighs swung through all of the last `window` ticks; False where that is unknown."""
        turns = self._turns
        if len(turns) < window or not min(turns) > self._p.walk_least_rad_s:
            return False
        return sum(t * t for t in turns) > window * self._p.walk_turn_rad_s**2

    def _learn(self, ups: tuple[Axis, Axis], aligned: list[bool]) -> None:
        self._walk_ticks += 1
        for i, (x, y, z) in enumerate(ups):
            if aligned[i] or self._given[i] is not None or isnan(x):
                continue
            sx, sy, sz = self._sums[i]
            self._sums[i] = (sx + x, sy + y, sz + z)
            if self._walk_ticks >= self._p.learn_ticks:
                self._axes[i] = _unit(self._sums[i])

    def _follow(self, posture: Posture, since_s: float) -> list[PostureSpan]:
        if self._span is None:
            self._span, self._other = (max(since_s, 0.0), posture), None
            return []
        if posture == self._span[1]:
            self._other = None
            return []
        if self._other is None or self._other[1] != posture:
            self._other = (since_s, posture)
        if posture is not Posture.WALKING and self._end_s - self._other[0] < self._p.settle_s - 1e-9:
            return []
        begin_s = max(self._other[0], self._span[0])
        closed = self._close(begin_s)
        self._span = (begin_s, posture)
        return closed

    def _close(self, end_s: float) -> list[PostureSpan]:
        span, self._span, self._other = self._span, None, None
        return [PostureSpan(span[0], end_s, span[1])] if span is not None and end_s > span[0] else []


def _mean_cos(ups: tuple[Axis, Axis], axes: list[Axis | None]) -> float:
    """Mean cosine between up and the long axes that are known; NaN where none is."""
    total, count = 0.0, 0
    for up, axis in zip(ups, axes, strict=True):
        if axis is not None and not isnan(up[0]):
            total += up[0] * axis[0] + up[1] * axis[1] + up[2] * axis[2]
            count += 1
    return total / count if count else nan


def _unit(v: Axis) -> Axis:
    length = sqrt(v[0] * v[0] + v[1] * v[1] + v[2] * v[2])
    return (v[0] / length, v[1] / length, v[2] / length) if length > 0 else v


def _means(rows: Floats) -> Floats:
    """Posture ticks: end, mean of both ups, root mean square of the turn."""
    folded = rows.reshape(len(rows) // PER_TICK, PER_TICK, rows.shape[1])
    turn = np.sqrt(np.square(folded[:, :, 7]).mean(axis=1))
    return np.column_stack([folded[:, -1, 0], folded[:, :, 1:7].mean(axis=1), turn])
