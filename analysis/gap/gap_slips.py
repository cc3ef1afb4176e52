"""Slips of the straps as the gap's filter must know them: when, by how much, and how wide the gap was before."""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analysis.drift.slips import Slip


@dataclass(frozen=True, slots=True)
class SlipNow:
    """A slip that makes the filter unsure at a step: its turn, the share of it that falls to the step, and the gap
    before it (NaN while a slow one goes on)."""

    turned_rad: float
    share: float
    gap_before_m: float


class SlipMemory:
    """Slips as they are reported, and the filter's gap, to what a slip means at a step."""

    def __init__(self, slow_s: float, told_after_s: float) -> None:
        self._slow_s = slow_s
        self._told_after_s = told_after_s
        self._slips: list[Slip] = []
        self._gaps: deque[tuple[float, float]] = deque()

    def push(self, slips: Sequence[Slip]) -> None:
        """Takes in slips that were seen."""
        self._slips += slips

    def note(self, end_s: float, gap_m: float) -> None:
        """Remembers the filter's gap after a step."""
        self._gaps.append((end_s, gap_m))
        while self._gaps[0][0] < end_s - 2 * self._told_after_s:
            self._gaps.popleft()

    def at(self, end_s: float, since_s: float) -> list[SlipNow]:
        """Slips that count at the step that ends at `end_s`; sudden ones once, slow ones while they go on."""
        due = [s for s in self._slips if s.detected_s <= end_s]
        self._slips = [s for s in self._slips if end_s < s.detected_s + (0.0 if s.sudden else self._slow_s)]
        return [
            SlipNow(
                s.turned_rad,
                1.0 if s.sudden else min(since_s / self._slow_s, 1.0),
                self._before(s.detected_s) if s.sudden else np.nan,
            )
            for s in due
        ]

    def _before(self, detected_s: float) -> float:
        early = [gap for end_s, gap in self._gaps if end_s <= detected_s - self._told_after_s]
        return early[-1] if early else np.nan


class SlipSpans:
    """Slips of which all is known, to what each means at a step while it goes on."""

    def __init__(self, slips: Sequence[Slip], margin_s: float) -> None:
        spans = [(s.start_s - margin_s, s.end_s + margin_s, s) for s in slips]
        self._coming = sorted(spans, key=lambda span: span[0], reverse=True)
        self._on: list[tuple[float, float, Slip]] = []
        self._gaps: list[tuple[float, float]] = []

    def note(self, end_s: float, gap_m: float) -> None:
        """Remembers the filter's gap after a step."""
        self._gaps.append((end_s, gap_m))

    def at(self, end_s: float, since_s: float) -> list[SlipNow]:
        """Slips that go on in the step that ends at `end_s`; where a sudden one is over, the gap is as before it."""
        while self._coming and self._coming[-1][0] < end_s:
            self._on.append(self._coming.pop())
        if not self._on:
            return []
        now: list[SlipNow] = []
        for start_s, over_s, s in self._on:
            share = (min(end_s, over_s) - max(end_s - since_s, start_s)) / (over_s - start_s)
            known = s.sudden and end_s >= over_s
            now.append(SlipNow(s.turned_rad, max(share, 0.0), self._before(start_s) if known else np.nan))
        self._on = [span for span in self._on if span[1] > end_s]
        return now

    def _before(self, start_s: float) -> float:
        return next((gap for end_s, gap in reversed(self._gaps) if end_s <= start_s), np.nan)
