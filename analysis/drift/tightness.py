"""Tightness: strap tension relative to session zero, without what the muscles add while the knees are pressed together.

Invariant: the muscles' part is learned from knees that close or part; it acts only while they are together.
"""

from dataclasses import dataclass

import numpy as np

from analysis.drift.tension_changes import STEP_S
from analysis.motion import GRID_HZ
from analysis.results import GapSeries
from sensor.samples import Floats

STEP_ROWS = round(STEP_S * GRID_HZ)


@dataclass(frozen=True, slots=True)
class TightnessParams:
    """What pressing the knees together adds before it was seen, how quickly it is learned, and what closed is."""

    effort: float = 0.02
    learning: float = 0.3
    closed_m: float = 0.012
    median_steps: int = 5


class ClosedShare:
    """Share of gap rows with closed knees in each step of two seconds."""

    def __init__(self, closed_m: float) -> None:
        self._closed_m = closed_m
        self._held: Floats | None = None

    def push(self, gap: GapSeries, barred: Floats) -> Floats:
        """Shares (M,) of the steps that these rows complete; `barred` rows count as open."""
        closed = ((gap.gap_m < self._closed_m) & (barred == 0)).astype(np.float64)
        if self._held is None:
            lead = round(float(gap.time_s[0]) * GRID_HZ) % STEP_ROWS if len(gap.time_s) else 0
            self._held = np.zeros(lead) if len(gap.time_s) else None
        held = closed if self._held is None else np.concatenate([self._held, closed])
        n = len(held) // STEP_ROWS
        if len(held):
            self._held = held[n * STEP_ROWS :]
        return held[: n * STEP_ROWS].reshape(n, STEP_ROWS).mean(axis=1)


class TightnessStage:
    """Takes the muscles' part off one strap's tension, step by step."""

    def __init__(self, params: TightnessParams | None = None) -> None:
        self._p = params or TightnessParams()
        self._effort = self._p.effort
        self._before: list[tuple[float, float]] = []  # tension and share of closed of the last two steps
        self._recent: list[float] = []

    def push(self, tension: Floats, closed: Floats) -> Floats:
        """Tightness (N,) of steps with relative tension (N,) and share of closed knees (N,)."""
        return np.array([self._step(x, c) for x, c in zip(tension.tolist(), closed.tolist(), strict=True)])

    def _step(self, tension: float, closed: float) -> float:
        if tension != tension:
            return tension
        self._learn(tension, closed)
        self._before = [*self._before[-1:], (tension, closed)]
        self._recent = [*self._recent[1 - self._p.median_steps :], tension - self._effort * closed]
        return sorted(self._recent)[len(self._recent) // 2]

    def _learn(self, tension: float, closed: float) -> None:
        if len(self._before) < 2:
            return
        tension_before, closed_before = self._before[0]
        if {closed, closed_before} == {0.0, 1.0}:
            added = (tension - tension_before) * (closed - closed_before)
            self._effort = max(self._effort + self._p.learning * (added - self._effort), 0.0)
