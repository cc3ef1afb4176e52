"""The whole analysis: what arrived, to the live and the final result.

Read from top to bottom this is the order of the stages: straps on a common grid (`strap_grid`: timebase, orientation,
grid), alignment and motion (`calibration`), then the stages of `chain`.
"""

from dataclasses import dataclass, replace

import numpy as np

from analysis.alignment.calibration import Calibrated, Calibration
from analysis.alignment.calibration_findings import SWAPPED, CalibrationFinding, memory_findings
from analysis.alignment.mounting import Alignment
from analysis.alignment.segments import Segments
from analysis.chain import Chain, Wearing, unknown_gap
from analysis.drift.causes import dated
from analysis.motion import Motion, join_motions
from analysis.params import AnalysisParams
from analysis.priors import NO_PRIORS, Priors, Taught, exchanged_priors, priors_of
from analysis.results import GapSeries, Quality, Tables
from analysis.straps.strap_grid import ArrivedGrid
from analysis.update import LiveUpdate, joined
from sensor.arrivals import Arrivals, cut, marker_edges
from sensor.exchanged import exchanged_recorded
from sensor.recorded import Recorded
from sensor.wearer import Wearer


@dataclass(frozen=True, slots=True)
class Analysis:
    """Both results of a session, and what the report shows beside them."""

    live: Tables
    final: Tables
    alignment: Alignment
    motion: Motion
    taught: Taught


class LiveAnalysis:
    """The causal analysis: arrivals in, what they make known out."""

    def __init__(
        self,
        wearer: Wearer | None,
        exercise: str | None = None,
        params: AnalysisParams | None = None,
        priors: Priors = NO_PRIORS,
        *,
        keep: bool = False,
    ) -> None:
        """`priors` are what earlier sessions taught."""
        self._wearer = wearer
        self._exercise = exercise
        self._params = params or AnalysisParams()
        self._priors = priors
        self.grid = ArrivedGrid(self._params.straps, keep=keep, biases=priors.biases)
        self.calibration = Calibration(wearer, self._params.calibration, priors.mountings)
        self.chain: Chain | None = None
        self._findings: set[CalibrationFinding] = set()
        self.motions: list[Motion] | None = [] if keep else None
        self._last = LiveUpdate()

    def push(self, arrivals: Arrivals) -> LiveUpdate:
        """What these arrivals make known."""
        grid, gaps = self.grid.push(arrivals)
        told = [self._follow(piece) for piece in self.calibration.push(grid, arrivals.edges, self.grid.tables)]
        if told:
            self._last = told[-1]
        # Before what says how things stand now.
        before = [LiveUpdate(drift=gaps)] if gaps else []
        if self.calibration.swapped and SWAPPED not in self._findings:
            self._findings.add(SWAPPED)
            before.append(LiveUpdate(findings=(SWAPPED,)))
        if len(told) == 1 and not before:
            return told[0]
        # Rows may wait for a strap: until they come everything stands as it did.
        return joined([*before, *told]).standing_as(self._last)

    def finish(self) -> LiveUpdate:
        """What the end of the session makes known; rows that still wait for a strap stay untold."""
        return self.chain.finish() if self.chain is not None else LiveUpdate()

    def _follow(self, piece: Calibrated) -> LiveUpdate:
        first = self.chain is None
        if piece.starts is not None:
            wearing = Wearing(self._wearer, self._exercise, piece.starts, self._priors.gap)
            self.chain = Chain(wearing, self._params, keep=self.motions is not None)
            if self.motions is not None:
                self.motions = []
        if self.motions is not None:
            self.motions.append(piece.motion)
        if self.chain is None:
            return LiveUpdate(gap=unknown_gap(piece.motion))
        update = self.chain.push(piece.motion)
        if piece.starts is None:
            return update
        findings = tuple(f for f in piece.starts.findings if f not in self._findings)
        self._findings |= set(findings)
        return replace(_only_new(update, piece.told_s, first=first), findings=findings)


def _only_new(update: LiveUpdate, told_s: float, *, first: bool) -> LiveUpdate:
    """What stages started anew say that was not said before; events count as noticed now."""
    if not first:
        return LiveUpdate(running=update.running, posture=update.posture)
    drift = tuple(replace(e, detected_s=max(e.detected_s, told_s)) for e in update.drift)
    corrections = tuple(c for c in update.corrections if c.time_s > told_s)
    return replace(update, gap=_rows_after(update.gap, told_s), drift=drift, corrections=corrections)


def analyze(recorded: Recorded, params: AnalysisParams | None = None) -> Analysis:
    """Live and final result of a recorded session; straps that sat on each other's legs are put right."""
    params = params or AnalysisParams()
    priors = priors_of(recorded.memory)
    found = _analyzed(recorded, params, priors)
    swapped = SWAPPED in found.alignment.findings
    if swapped:
        found = _analyzed(exchanged_recorded(recorded), params, exchanged_priors(priors))
    if not swapped and not recorded.swapped:
        return found
    alignment = replace(found.alignment, findings=(*found.alignment.findings, SWAPPED))
    return replace(found, alignment=alignment)


def _analyzed(recorded: Recorded, params: AnalysisParams, priors: Priors) -> Analysis:
    """The session as its straps are named."""
    live = LiveAnalysis(recorded.wearer, recorded.exercise, params, priors, keep=True)
    updates = [live.push(arrivals) for arrivals in cut(recorded, [])]
    updates.append(live.finish())
    told = joined(updates)
    motion, chain = _final(live, recorded, params, priors)
    gaps = LiveUpdate(drift=live.grid.final_gaps(told.drift))
    final = joined(chain.final(motion))
    ends_s = float(motion.time_s[-1]) if len(motion) else 0.0
    final = joined([replace(final, drift=dated(final.drift, told.drift, ends_s)), gaps])
    quality = tuple(_without_clock(q, recorded) for q in live.grid.quality())
    taught = Taught(live.grid.tables, live.grid.outvoted, chain.learned())
    alignment = live.calibration.alignment
    alignment = replace(alignment, findings=alignment.findings + memory_findings(priors.biases, taught.outvoted))
    return Analysis(_tables(told, quality), _tables(final, quality), alignment, motion, taught)


def _final(live: LiveAnalysis, recorded: Recorded, params: AnalysisParams, priors: Priors) -> tuple[Motion, Chain]:
    """Motion from all samples, and the stages that have seen it: the live ones, where no sample came late."""
    if live.chain is not None and live.motions and not live.grid.late:
        return join_motions(live.motions), live.chain
    alignment = live.calibration.final_alignment()
    motion = Segments(alignment).motion(live.grid.final_grid(), marker_edges(recorded.markers))
    chain = Chain(Wearing(recorded.wearer, recorded.exercise, alignment, priors.gap), params, keep=True)
    chain.push(motion)
    return motion, chain


def motion_of(recorded: Recorded, params: AnalysisParams | None = None) -> Motion:
    """The final motion of a recorded session."""
    return analyze(recorded, params).motion


def _rows_after(gap: GapSeries, told_s: float) -> GapSeries:
    at = int(np.searchsorted(gap.time_s, told_s, side="right"))
    return GapSeries(gap.time_s[at:], gap.gap_m[at:], gap.sd_m[at:], gap.contact[at:])


def _without_clock(quality: Quality, recorded: Recorded) -> Quality:
    """A strap whose times are made regular from arrivals has no clock that could be off."""
    device = recorded.devices.get(quality.placement)
    return quality if device is None or device.clock else replace(quality, clock_ppm=np.nan)


def _tables(update: LiveUpdate, quality: tuple[Quality, ...]) -> Tables:
    return Tables(
        update.gap,
        update.holds,
        update.repetitions,
        update.steps,
        update.tightness,
        update.check,
        tuple(sorted(update.drift, key=lambda e: (e.start_s, e.end_s))),
        quality,
        update.postures,
    )
