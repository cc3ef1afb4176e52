"""The stages behind the alignment, in the order data flows through them.

Invariant: `push` takes motion in pieces, however cut; what it tells in sum is the same. The gap comes first
(`Chain`), then everything that is told from motion and gap (`Told`), which the final result runs again on the smoothed
gap.
"""

from dataclasses import dataclass, field

import numpy as np

from analysis.alignment import Alignment, CalibrationFinding
from analysis.gap import GapStage
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
from sensor.samples import THIGHS, Floats
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


@dataclass(frozen=True, slots=True)
class Wearing:
    """Who wears the straps, how they sit, and what is exercised."""

    wearer: Wearer | None
    exercise: str | None
    alignment: Alignment


class Told:
    """Holds, repetitions, steps, tightness, check and causes of drift from motion and gap."""

    def __init__(self, wearing: Wearing, params: AnalysisParams) -> None:
        self._wearing = wearing
        self._holds = HoldStage(params.holds)

    def push(self, motion: Motion, gap: GapSeries) -> LiveUpdate:
        """What these rows make known."""
        missing, barred = missing_rows(motion), np.zeros(len(motion))
        holds = self._holds.push(GapRows(gap, missing, barred))
        return LiveUpdate(gap=gap, holds=holds, running=self._holds.running)

    def finish(self) -> LiveUpdate:
        """What the end of the session makes known."""
        return LiveUpdate(holds=self._holds.finish())


class Chain:
    """Every stage that needs the alignment, causal; with `keep` it can also give the final result."""

    def __init__(self, wearing: Wearing, params: AnalysisParams, *, keep: bool = False) -> None:
        self._wearing = wearing
        self._params = params
        self._gap = GapStage(wearing.wearer, params.gap, keep=keep)
        self._told = Told(wearing, params)

    def push(self, motion: Motion) -> LiveUpdate:
        """What `motion` makes known."""
        gap = self._gap.push(motion).series
        return self._told.push(motion, gap)

    def finish(self) -> LiveUpdate:
        """What the end of the session makes known."""
        return self._told.finish()

    def final(self, motion: Motion) -> list[LiveUpdate]:
        """The final result on `motion`, all of which was pushed; needs `keep`."""
        gap = self._gap.smoothed().series
        told = Told(self._wearing, self._params)
        return [told.push(motion, gap), told.finish()]


def join_gaps(parts: list[GapSeries]) -> GapSeries:
    """Parts one after another."""
    if not parts:
        return no_gap()
    return GapSeries(
        np.concatenate([p.time_s for p in parts]),
        np.concatenate([p.gap_m for p in parts]),
        np.concatenate([p.sd_m for p in parts]),
        np.concatenate([p.contact for p in parts]),
    )


def unknown_gap(motion: Motion) -> GapSeries:
    """A gap series of which nothing is known on the motion's ticks."""
    none = np.full(len(motion), np.nan)
    return GapSeries(motion.time_s, none, none, np.zeros(len(motion)))


def missing_rows(motion: Motion) -> Floats:
    """1 on ticks (N,) at which a thigh strap has no data, else 0."""
    left, right = (motion.segments[p].measured for p in THIGHS)
    return np.isnan(left + right).astype(np.float64)
