"""Tension of each thigh strap relative to session zero, with the muscle still in it.

Invariant: a strap without a table record, or whose tension at session zero is no tension, stays NaN.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from analysis.strap_blocks import BLOCK_HZ, StrapBlocks
from sensor.samples import THIGHS, Floats, Placement


@dataclass(frozen=True, slots=True)
class DonnedTensionParams:
    """How long session zero's tension is averaged, and the least difference to slack that is a tension."""

    zero_s: float = 1.0
    least_counts: float = 20.0


class DonnedTension:
    """Raw counts over slack, as a fraction of what they were when the strap was donned."""

    def __init__(self, params: DonnedTensionParams | None = None) -> None:
        self._p = params or DonnedTensionParams()
        self._zero_counts: dict[Placement, list[float]] = {p: [] for p in THIGHS}

    def push(self, blocks: StrapBlocks, slack_counts: Mapping[Placement, float]) -> dict[Placement, Floats]:
        """Relative tension (N,) of each thigh strap; NaN before its first second worn is over."""
        return {p: self._relative(p, blocks, slack_counts.get(p, np.nan)) for p in THIGHS}

    def _relative(self, placement: Placement, blocks: StrapBlocks, slack: float) -> Floats:
        counts, zero = blocks.straps[placement].tension, self._zero_counts[placement]
        wanted = round(self._p.zero_s * BLOCK_HZ)
        first = 0
        if len(zero) < wanted:
            worn = np.flatnonzero((blocks.time_s > 0) & np.isfinite(counts))[: wanted - len(zero)]
            zero += counts[worn].tolist()
            first = int(worn[-1]) + 1 if len(worn) and len(zero) == wanted else len(counts)
        out = np.full(len(counts), np.nan)
        if len(zero) == wanted:
            span = sum(zero) / wanted - slack
            if abs(span) > self._p.least_counts:
                out[first:] = (counts[first:] - slack) / span
        return out
