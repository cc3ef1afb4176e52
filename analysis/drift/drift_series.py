"""What causes of drift are told from: both straps in blocks, their tension in steps, the gap in seconds.

Invariant: all series come from the same rows, so that whatever ends at a row is known with it.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from analysis.drift.gap_seconds import GapSeconds, GapSteps
from analysis.drift.slip_watch import StrapSeries, join_straps
from analysis.drift.tension_changes import TensionSteps
from analysis.drift.tightness import ClosedShare, TightnessParams
from analysis.holds.gap_spans import GapRows
from analysis.motion import Motion
from analysis.results import GapSeries
from sensor.samples import THIGHS, Floats, Placement


@dataclass(frozen=True, slots=True)
class Steps:
    """Relative tension of both straps in steps of two seconds, and the share of closed knees."""

    time_s: Floats  # (M,)
    tension: Mapping[Placement, Floats]  # (M,)
    closed: Floats  # (M,)


@dataclass(frozen=True, slots=True)
class DriftSeries:
    """Blocks with relative tension, steps and seconds of one stretch of rows."""

    straps: StrapSeries
    steps: Steps
    seconds: GapSeconds


class DriftSeriesStage:
    """Motion and gap to the series."""

    def __init__(self, tightness: TightnessParams) -> None:
        self._steps = {p: TensionSteps() for p in THIGHS}
        self._closed = ClosedShare(tightness.closed_m)
        self._seconds = GapSteps()

    def push(self, motion: Motion, rows: GapRows, straps: StrapSeries) -> DriftSeries:
        """What these rows complete; `straps` ends with the last block that is full in them."""
        stepped = {p: self._steps[p].push(straps.blocks.time_s, straps.tension[p]) for p in THIGHS}
        steps = Steps(
            stepped[THIGHS[0]][0], {p: x for p, (_, x) in stepped.items()}, self._closed.push(rows.gap, rows.barred)
        )
        gap_m = np.where(rows.barred > 0, np.nan, rows.gap.gap_m)
        counted = GapSeries(rows.gap.time_s, gap_m, rows.gap.sd_m, rows.gap.contact)
        return DriftSeries(straps, steps, self._seconds.push(counted, cord_of(motion)))


def cord_of(motion: Motion) -> Floats:
    """Counts (N,) of the cord, whichever strap it reports to."""
    left, right = (motion.segments[p].flex for p in THIGHS)
    return np.where(np.isfinite(left), left, right)


def join_series(parts: list[DriftSeries]) -> DriftSeries:
    """Parts one after another; at least one."""
    if len(parts) == 1:
        return parts[0]
    steps = Steps(
        np.concatenate([x.steps.time_s for x in parts]),
        {p: np.concatenate([x.steps.tension[p] for x in parts]) for p in THIGHS},
        np.concatenate([x.steps.closed for x in parts]),
    )
    names = ("time_s", "gap_m", "sd_m", "spread_m", "cord")
    seconds = GapSeconds(*(np.concatenate([getattr(x.seconds, name) for x in parts]) for name in names))
    return DriftSeries(join_straps([x.straps for x in parts]), steps, seconds)
