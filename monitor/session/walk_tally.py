"""How the wearer walks now: steps so far, how many a minute of late, and which way each foot points.

Invariant: fixed memory; only the last steps are kept.
"""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from math import isfinite, nan
from statistics import fmean

from analysis.results import Side, Step
from monitor.board import Walked

# What is shown is the mean of so many steps of a foot: one more does not make it jump.
FEET_STEPS = 5
CADENCE_STEPS = 10
# Who made no step for so long (s) stands.
STANDS_S = 4.0


@dataclass(slots=True)
class WalkTally:
    """Takes steps in; `walked` is what came of them."""

    _count: int = 0
    _starts_s: deque[float] = field(default_factory=lambda: deque(maxlen=CADENCE_STEPS))
    _toes_rad: dict[Side, deque[float]] = field(
        default_factory=lambda: {s: deque(maxlen=FEET_STEPS) for s in (Side.LEFT, Side.RIGHT)}
    )

    def take(self, steps: Iterable[Step]) -> None:
        """Steps in the order in which they were told."""
        for step in steps:
            self._count += 1
            self._starts_s.append(step.start_s)
            if isfinite(step.foot_progression_rad):
                self._toes_rad[step.side].append(step.foot_progression_rad)

    def walked(self, now_s: float) -> Walked | None:
        """How it stands at `now_s` (session); None before the first step."""
        if not self._count:
            return None
        left, right = (fmean(toes) if toes else nan for toes in self._toes_rad.values())
        return Walked(self._count, self._per_minute(now_s), left, right)

    def _per_minute(self, now_s: float) -> float:
        """Cadence of the last steps, NaN where there were too few of late."""
        first_s, last_s = min(self._starts_s), max(self._starts_s)
        if len(self._starts_s) < CADENCE_STEPS // 2 or now_s - last_s > STANDS_S or last_s <= first_s:
            return nan
        return 60.0 * (len(self._starts_s) - 1) / (last_s - first_s)
