"""Holds as the contract counts them, from the true gap.

Invariant: all times are those of samples; silence of a thigh strap of over 1.5 s ends a hold as `unknown`.
Written apart from the analysis on purpose: truth must not share its mistakes.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sensor.samples import Floats

NEAR_M, NEAR_S = 0.010, 0.3
FAR_M, FAR_S = 0.020, 0.5
GRACE_S = 1.0


@dataclass(frozen=True, slots=True)
class TrueHold:
    """A counted clamp; gaps in m."""

    start_s: float
    end_s: float
    net_s: float
    lapses: int
    mean_gap_m: float
    max_gap_m: float
    verdict: str


def true_holds(time_s: Floats, gap_m: Floats, silences: Sequence[tuple[float, float]] = ()) -> list[TrueHold]:
    """Holds of a gap on a regular grid."""
    borders = sorted(silences)
    holds: list[TrueHold] = []
    since = -np.inf
    for silent_from, silent_to in [*borders, (np.inf, np.inf)]:
        inside = (time_s >= since) & (time_s < silent_from)
        holds += _unbroken(time_s[inside], gap_m[inside], broken=bool(np.isfinite(silent_from)), until_s=silent_from)
        since = max(since, silent_to)
    return holds


def _unbroken(time_s: Floats, gap_m: Floats, broken: bool, until_s: float) -> list[TrueHold]:
    """Holds of a stretch without silence; one that still runs at its end is `unknown` where silence broke it."""
    if len(time_s) < 2:
        return []
    starts = _runs(gap_m < NEAR_M, time_s, NEAR_S)
    ends = _runs(gap_m > FAR_M, time_s, FAR_S)
    spans: list[list[tuple[float, float]]] = []
    at = -np.inf
    while True:
        start = starts[starts >= at]
        if not len(start):
            break
        end = ends[ends > start[0]]
        over = float(end[0]) if len(end) else (until_s if broken else float(time_s[-1]))
        if spans and start[0] - spans[-1][-1][1] <= GRACE_S:
            spans[-1].append((float(start[0]), over))
        else:
            spans.append([(float(start[0]), over)])
        at = over
        if not len(end):
            break
    return [_hold(parts, time_s, gap_m, broken and parts[-1][1] >= until_s) for parts in spans]


def _hold(parts: list[tuple[float, float]], time_s: Floats, gap_m: Floats, broken: bool) -> TrueHold:
    start, end = parts[0][0], parts[-1][1]
    held = gap_m[(time_s >= start) & (time_s < end)]
    return TrueHold(
        start_s=start,
        end_s=end,
        net_s=sum(b - a for a, b in parts),
        lapses=len(parts) - 1,
        mean_gap_m=float(np.mean(held)),
        max_gap_m=float(np.max(held)),
        verdict="unknown" if broken else "ok",
    )


def _runs(mask: NDArray[np.bool_], time_s: Floats, least_s: float) -> Floats:
    """Times of the first samples of runs that last at least so long."""
    edge = np.diff(np.concatenate([[0], mask.astype(np.int8), [0]]))
    first, past = np.flatnonzero(edge == 1), np.flatnonzero(edge == -1)
    step = float(time_s[1] - time_s[0])
    long = (past - first) * step >= least_s - 0.5 * step
    return time_s[first[long]]
