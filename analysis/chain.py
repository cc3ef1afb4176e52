"""The stages behind the alignment, in the order data flows through them.

Invariant: `push` takes motion in pieces, however cut; what it tells in sum is the same.
"""

from dataclasses import dataclass, field

import numpy as np

from analysis.alignment import Alignment, CalibrationFinding
from analysis.gap_spans import GapRows
from analysis.holds import HoldStage, RunningHold
from analysis.motion import Motion
from analysis.params import AnalysisParams
from analysis.results import (
    CheckRow,
    DriftEvent,
    GapSeries,
    Hold,
    Posture,
    PostureSpan,
    Repetition,
    Step,
    TightnessSeries,
)
from sensor.samples import THIGHS
from sensor.wearer import Wearer


def no_gap(n: int = 0) -> GapSeries:
    """A series of `n` rows at time 0 in which nothing is known."""
    return GapSeries(np.zeros(n), np.full(n, np.nan), np.full(n, np.nan), np.zeros(n))


@dataclass(frozen=True, slots=True)
class LiveUpdate:
    """What became known: new rows and closed events; `running` and `posture` are of the last row."""

    gap: GapSeries = field(default_factory=no_gap)
    holds: tuple[Hold, ...] = ()
    repetitions: tuple[Repetition, ...] = ()
    steps: tuple[Step, ...] = ()
    tightness: tuple[TightnessSeries, ...] = ()
    check: tuple[CheckRow, ...] = ()
    drift: tuple[DriftEvent, ...] = ()
    postures: tuple[PostureSpan, ...] = ()
    findings: tuple[CalibrationFinding, ...] = ()
    running: RunningHold | None = None
    posture: Posture | None = None


class Chain:
    """Every stage that needs the alignment, causal."""

    def __init__(
        self, wearer: Wearer | None, exercise: str | None, alignment: Alignment, params: AnalysisParams
    ) -> None:
        self._wearer = wearer
        self._exercise = exercise
        self._alignment = alignment
        self._holds = HoldStage(params.holds)

    def push(self, motion: Motion) -> LiveUpdate:
        """What `motion` makes known."""
        gap = unknown_gap(motion)  # GAP's stage goes here
        missing, barred = missing_rows(motion), np.zeros(len(motion))  # postures and exercises go here
        holds = self._holds.push(GapRows(gap, missing, barred))
        return LiveUpdate(gap=gap, holds=holds, running=self._holds.running)

    def finish(self) -> LiveUpdate:
        """What the end of the session makes known."""
        return LiveUpdate(holds=self._holds.finish())


def unknown_gap(motion: Motion) -> GapSeries:
    """A gap series of which nothing is known on the motion's ticks."""
    none = np.full(len(motion), np.nan)
    return GapSeries(motion.time_s, none, none, np.zeros(len(motion)))


def missing_rows(motion: Motion) -> np.ndarray:
    """1 on ticks (N,) at which a thigh strap has no data, else 0."""
    missing = np.zeros(len(motion), dtype=bool)
    for placement in THIGHS:
        segment = motion.segments.get(placement)
        missing |= True if segment is None else np.isnan(segment.measured)
    return missing.astype(np.float64)
