"""The gap as spans of rows with closed, open or undecided knees: what the rule for holds works on.

Invariant: spans follow each other without holes; their sums are those of their rows.
"""

from dataclasses import dataclass
from typing import Self

import numpy as np
from scipy.special import ndtr

from analysis.results import GapSeries
from sensor.samples import Floats, Ints


@dataclass(frozen=True, slots=True)
class GapRows:
    """The gap with what decides whether it may count: `barred` rows lie in exercises or postures without holds."""

    gap: GapSeries
    missing: Floats  # (N,) 1 where a thigh strap has no data
    barred: Floats  # (N,) 1 where no hold may be counted


BETWEEN, CLOSED, OPEN, MISSING, BARRED = range(5)


@dataclass(slots=True)
class Extent:
    """Sums over rows of the gap, and of the probability that the knees are apart.

    `unclosed_min` is the least probability of a row that its gap is over the closing threshold, `closed_rows` how many
    have at most that of a surely closed row.
    """

    rows: int = 0
    gap_sum_m: float = 0.0
    gap_max_m: float = 0.0
    doubt_sum: float = 0.0
    unclosed_min: float = 1.0
    closed_rows: int = 0

    def add(self, other: Self) -> None:
        """Takes the other's rows in."""
        self.rows += other.rows
        self.gap_sum_m += other.gap_sum_m
        self.gap_max_m = max(self.gap_max_m, other.gap_max_m)
        self.doubt_sum += other.doubt_sum
        self.unclosed_min = min(self.unclosed_min, other.unclosed_min)
        self.closed_rows += other.closed_rows


@dataclass(frozen=True, slots=True)
class Span:
    """Rows of one kind, one after another."""

    kind: int
    start_s: float
    end_s: float  # of the last row
    extent: Extent


def row_kinds(rows: GapRows, close_m: float, open_m: float) -> Ints:
    """What each row is: between, closed, open, missing or barred."""
    gap = rows.gap.gap_m
    kinds = np.full(len(gap), BETWEEN)
    kinds[gap < close_m] = CLOSED
    kinds[gap > open_m] = OPEN
    kinds[np.isnan(gap) | (rows.missing > 0)] = MISSING
    kinds[rows.barred > 0] = BARRED
    return kinds


def over_probability(gap: GapSeries, threshold_m: float) -> Floats:
    """Probability (N,) that the true gap is over `threshold_m`, NaN where the gap is unknown."""
    return ndtr((gap.gap_m - threshold_m) / np.maximum(gap.sd_m, 1e-6))


def spans(rows: GapRows, close_m: float, open_m: float, unclosed_max: float) -> list[Span]:
    """The rows as spans of one kind, in order; `unclosed_max` is what makes a row surely closed."""
    kinds = row_kinds(rows, close_m, open_m)
    if not len(kinds):
        return []
    first = np.concatenate([[0], np.flatnonzero(np.diff(kinds)) + 1])
    last = np.append(first[1:], len(kinds)) - 1
    gap_m = _known(rows.gap.gap_m, 0.0)
    sums = np.add.reduceat(gap_m, first).tolist()
    tops = np.maximum.reduceat(gap_m, first).tolist()
    doubts = np.add.reduceat(_known(over_probability(rows.gap, open_m), 0.0), first).tolist()
    unclosed = _known(over_probability(rows.gap, close_m), 1.0)
    least = np.minimum.reduceat(unclosed, first).tolist()
    surely = np.add.reduceat(unclosed <= unclosed_max, first, dtype=np.int64).tolist()
    time_s = rows.gap.time_s
    edges = zip(
        kinds[first].tolist(), time_s[first].tolist(), time_s[last].tolist(), (last - first + 1).tolist(), strict=True
    )
    return [
        Span(kind, start, end, Extent(n, total, top, doubt, surest, sure))
        for (kind, start, end, n), total, top, doubt, surest, sure in zip(
            edges, sums, tops, doubts, least, surely, strict=True
        )
    ]


def _known(x: Floats, unknown: float) -> Floats:
    return np.where(np.isnan(x), unknown, x)
