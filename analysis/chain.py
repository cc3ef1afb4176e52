"""The stages behind the alignment, in the order data flows through them.

Invariant: `push` takes motion in pieces, however cut; what it tells in sum is the same. The gap comes first and at
once (`Chain`); then, five times a second, everything that is told from motion and gap (`Told`), which the final result
runs again on the smoothed gap.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from analysis.alignment.mounting import Alignment
from analysis.beat import Beat
from analysis.drift.causes import DriftStage
from analysis.drift.slip_watch import SlipWatch, StrapSeries, join_straps, measured_straps, no_straps
from analysis.gap.learned import Learned
from analysis.gap.live_gap import GapStage
from analysis.gap.range_alone import with_range_alone
from analysis.holds.counted_holds import HoldStage
from analysis.holds.gap_spans import GapRows
from analysis.holds.hold_bar import HoldBar
from analysis.motion import Motion
from analysis.movement.body import BodyStage, walked_axes
from analysis.movement.postures import Axis
from analysis.params import AnalysisParams
from analysis.results import GapSeries
from analysis.update import LiveUpdate, joined, no_gap
from sensor.samples import THIGHS, Floats, Placement
from sensor.wearer import Wearer


@dataclass(frozen=True, slots=True)
class Wearing:
    """Who wears the straps, how they sit, what is exercised, and what earlier sessions taught."""

    wearer: Wearer | None
    exercise: str | None
    alignment: Alignment
    prior: Learned | None = None


class Told:
    """Holds, repetitions, steps, tightness, check and causes of drift from motion and gap."""

    def __init__(
        self,
        wearing: Wearing,
        params: AnalysisParams,
        walked: Mapping[Placement, Axis] | None = None,
        *,
        keep: bool = False,
    ) -> None:
        """With `keep`, `final` can look back; `walked` are axes as of `walked_axes`."""
        self._holds = HoldStage(params.holds)
        self._bar = HoldBar(wearing.exercise)
        self._drift = DriftStage(params.drift, keep=keep)
        self._body = BodyStage(wearing.wearer, wearing.exercise, params.body, walked)

    def push(self, motion: Motion, gap: GapSeries, straps: StrapSeries) -> LiveUpdate:
        """What these rows make known; `straps` are their blocks."""
        rows = GapRows(gap, missing_rows(motion), self._bar.push(motion))
        drift = self._drift.push(motion, rows, straps)
        holds = self._holds.push(rows)
        body = self._body.push(motion, gap, holds)
        return LiveUpdate(
            gap,
            holds=holds,
            repetitions=body.repetitions,
            steps=body.steps,
            tightness=drift.tightness,
            check=body.check,
            drift=drift.events,
            postures=body.postures,
            running=self._holds.running,
            posture=body.posture,
            mistakes=body.mistakes,
            working=body.working,
        )

    def finish(self) -> LiveUpdate:
        """What the end of the session makes known."""
        holds = self._holds.finish()
        body = self._body.finish(holds)
        return LiveUpdate(
            holds=holds, repetitions=body.repetitions, steps=body.steps, check=body.check, postures=body.postures
        )

    def final(self, motion: Motion, gap: GapSeries, straps: StrapSeries) -> list[LiveUpdate]:
        """All that a whole session makes known, with what its end taught taken back to its start.

        The slips of `straps` are measured.
        """
        pushed, finished = self.push(motion, gap, straps), self.finish()
        pushed = replace(pushed, drift=self._drift.measured())
        steps = self._body.looked_back()
        if steps is not None:
            pushed, finished = replace(pushed, steps=steps), replace(finished, steps=())
        return [pushed, finished]


class Chain:
    """Every stage that needs the alignment, causal; with `keep` it can also give the final result."""

    def __init__(self, wearing: Wearing, params: AnalysisParams, *, keep: bool = False) -> None:
        self._wearing = wearing
        self._params = params
        self._gap = GapStage(wearing.wearer, params.gap, wearing.exercise, wearing.prior, keep=keep)
        self._watch = SlipWatch(params.drift.donned, params.drift.slips)
        self._straps: list[StrapSeries] = []  # not told from yet
        self._kept: list[StrapSeries] | None = [] if keep else None
        self._told = Told(wearing, params)
        self._told_last = LiveUpdate()
        self._beat = Beat()

    def push(self, motion: Motion) -> LiveUpdate:
        """What `motion` makes known."""
        straps = self._watch.push(motion)
        if straps is not None:
            self._straps.append(straps)
        gap = self._gap.push(motion, () if straps is None else straps.slips).series
        gap = with_range_alone(gap, motion)
        corrections = self._gap.corrections()
        whole = self._beat.push(motion, gap)
        if whole is not None:
            self._told_last = self._told.push(*whole, self._blocks())
            return replace(self._told_last, gap=gap, corrections=corrections)
        return LiveUpdate(gap=gap, corrections=corrections).standing_as(self._told_last)

    def finish(self) -> LiveUpdate:
        """What the end of the session makes known."""
        rest = self._beat.rest()
        pushed = () if rest is None else (replace(self._told.push(*rest, self._blocks()), gap=no_gap()),)
        return joined([*pushed, self._told.finish()])

    def final(self, motion: Motion) -> list[LiveUpdate]:
        """The final result on `motion`, all of which was pushed; needs `keep`."""
        straps = measured_straps(join_straps(self._kept or [no_straps()]), self._params.drift.slips)
        gap = with_range_alone(self._gap.smoothed(straps.slips).series, motion)
        told = Told(self._wearing, self._params, walked_axes(motion, gap), keep=True)
        return told.final(motion, gap, straps)

    def learned(self) -> Learned | None:
        """What the session taught of wearer and cord; None where there was no touch."""
        return self._gap.learned()

    def _blocks(self) -> StrapSeries:
        """Blocks since the last call: a beat ends where a block does."""
        straps = join_straps(self._straps) if self._straps else no_straps()
        self._straps = []
        if self._kept is not None and len(straps.blocks):
            self._kept.append(straps)
        return straps


def unknown_gap(motion: Motion) -> GapSeries:
    """A gap series of which nothing is known on the motion's ticks."""
    none = np.full(len(motion), np.nan)
    return GapSeries(motion.time_s, none, none, np.zeros(len(motion)))


def missing_rows(motion: Motion) -> Floats:
    """1 on ticks (N,) at which a thigh strap has no data, else 0."""
    left, right = (motion.segments[p].measured for p in THIGHS)
    return np.isnan(left + right).astype(np.float64)
