"""Causes of drift, gathered: slips, loosening and tightening, openings, and in the end each fabric's creep.

Invariant: live events are what was known when they were first reported and never change; the final ones are measured
on the whole session. A slip explains the tension it costs and what it does to the gap, so neither is told twice.
"""

from dataclasses import dataclass, field, replace

import numpy as np

from analysis.drift.donned_tension import DonnedTensionParams
from analysis.drift.drift_series import DriftSeries, DriftSeriesStage, Steps, join_series
from analysis.drift.gap_seconds import GapSeconds
from analysis.drift.openings import Opening, OpeningParams, OpeningStage, measured_openings
from analysis.drift.slip_watch import StrapSeries
from analysis.drift.slips import Slip, SlipParams
from analysis.drift.tension_changes import TensionChange, TensionChangeParams, TensionChangeStage, measured_changes
from analysis.drift.tightness import TightnessParams, TightnessStage
from analysis.holds.gap_spans import GapRows
from analysis.motion import Motion
from analysis.results import Cause, DriftEvent, TightnessSeries
from sensor.samples import THIGHS, Floats, Placement

# A final event is the live one of its cause and strap that lies no further away.
SAME_WITHIN_S = 15.0


@dataclass(frozen=True, slots=True)
class DriftParams:
    """Of every cause; `*_slip_rest_s` is how long a slip goes on after it was noticed."""

    donned: DonnedTensionParams = field(default_factory=DonnedTensionParams)
    slips: SlipParams = field(default_factory=SlipParams)
    tension: TensionChangeParams = field(default_factory=TensionChangeParams)
    tightness: TightnessParams = field(default_factory=TightnessParams)
    openings: OpeningParams = field(default_factory=OpeningParams)
    sudden_slip_rest_s: float = 4.0
    slow_slip_rest_s: float = 25.0
    creep_window_s: float = 60.0
    creep_after_s: float = 60.0


@dataclass(frozen=True, slots=True)
class DriftUpdate:
    """What became known: events reported for the first time, and tightness."""

    events: tuple[DriftEvent, ...] = ()
    tightness: tuple[TightnessSeries, ...] = ()


class DriftStage:
    """Causes of drift and tightness, from motion and gap; with `keep` causes are told by `measured` alone."""

    def __init__(self, params: DriftParams | None = None, *, keep: bool = False) -> None:
        self._p = params or DriftParams()
        self._series = DriftSeriesStage(self._p.tightness)
        self._changes = {p: TensionChangeStage(self._p.tension) for p in THIGHS}
        self._tightness = {p: TightnessStage(self._p.tightness) for p in THIGHS}
        self._zeroed: set[Placement] = set()  # straps whose tension at session zero was told
        self._openings = OpeningStage(self._p.openings)
        self._kept: list[DriftSeries] | None = [] if keep else None

    def push(self, motion: Motion, rows: GapRows, straps: StrapSeries) -> DriftUpdate:
        """What these rows make known; `straps` are their blocks (`SlipWatch`)."""
        series = self._series.push(motion, rows, straps)
        slips = straps.slips
        tightness = self._tightnesses(series.steps)
        if self._kept is not None:
            self._kept.append(series)
            return DriftUpdate(tightness=tightness)
        changes = {p: self._changed(p, series.steps, slips) for p in THIGHS}
        openings = self._opened(self._openings, series.seconds, slips)
        return DriftUpdate(drift_events(slips, changes, openings, self._p), tightness)

    def measured(self) -> tuple[DriftEvent, ...]:
        """All events, measured on everything that was pushed, its slips too (`measured_straps`); needs `keep`."""
        if not self._kept:
            return ()
        series, p = join_series(self._kept), self._p
        slips = series.straps.slips
        steps = {s: without_slips(s, series.steps, slips) for s in THIGHS}
        changes = {s: all_changes(series.steps.time_s, steps[s], p.tension) for s in THIGHS}
        reported = self._opened(OpeningStage(p.openings), series.seconds, slips)
        openings = measured_openings(reported, series.seconds, p.openings)
        events = drift_events(slips, changes, openings, p)
        creep = tuple(c for s in THIGHS for c in creep_event(s, series.steps.time_s, steps[s], changes[s], p))
        return tuple(sorted(events + creep, key=lambda e: e.start_s))

    def _changed(self, placement: Placement, steps: Steps, slips: tuple[Slip, ...]) -> tuple[TensionChange, ...]:
        stage, tension, found, first = self._changes[placement], steps.tension[placement], [], 0
        for slip in slips:
            if slip.placement == placement:
                until = int(np.searchsorted(steps.time_s, slip.detected_s, side="right"))
                found += stage.push(steps.time_s[first:until], tension[first:until])
                stage.excuse(slip.detected_s + self._rest_s(slip))
                first = until
        return (*found, *stage.push(steps.time_s[first:], tension[first:]))

    def _opened(self, stage: OpeningStage, seconds: GapSeconds, slips: tuple[Slip, ...]) -> tuple[Opening, ...]:
        found: list[Opening] = []
        first = 0
        for slip in slips:
            until = int(np.searchsorted(seconds.time_s, slip.detected_s, side="right"))
            found += stage.push(seconds.take(slice(first, until)))
            stage.pause(slip.detected_s + self._rest_s(slip))
            first = until
        return (*found, *stage.push(seconds.take(slice(first, None))))

    def _tightnesses(self, steps: Steps) -> tuple[TightnessSeries, ...]:
        if not len(steps.time_s):
            return ()
        made = {p: self._tightness[p].push(steps.tension[p], steps.closed) for p in THIGHS}
        known = {p: np.isfinite(x) for p, x in made.items()}
        return tuple(self._from_zero(p, steps.time_s[known[p]], x[known[p]]) for p, x in made.items() if known[p].any())

    def _from_zero(self, placement: Placement, time_s: Floats, tension: Floats) -> TightnessSeries:
        """The series, led once by what all of it is relative to."""
        if placement not in self._zeroed:
            self._zeroed.add(placement)
            time_s, tension = np.concatenate([[0.0], time_s]), np.concatenate([[1.0], tension])
        return TightnessSeries(placement, time_s, tension)

    def _rest_s(self, slip: Slip) -> float:
        return self._p.sudden_slip_rest_s if slip.sudden else self._p.slow_slip_rest_s


def drift_events(
    slips: tuple[Slip, ...],
    changes: dict[Placement, tuple[TensionChange, ...]],
    openings: tuple[Opening, ...],
    params: DriftParams,
) -> tuple[DriftEvent, ...]:
    """Events in order of their report."""
    events = [slip_event(s, params.slips) for s in slips]
    events += [change_event(p, c, params.tension) for p in THIGHS for c in changes[p]]
    events += [opening_event(o, params.openings) for o in openings]
    return tuple(sorted(events, key=lambda e: e.detected_s))


def slip_event(slip: Slip, params: SlipParams) -> DriftEvent:
    """A slip as an event."""
    margin = min(slip.turned_rad / params.least_tilt_rad, -slip.tension / params.least_tension)
    sure = confidence(margin)
    return DriftEvent(Cause.SLIP, slip.placement, slip.start_s, slip.end_s, slip.detected_s, slip.turned_rad, sure)


def change_event(placement: Placement, change: TensionChange, params: TensionChangeParams) -> DriftEvent:
    """A change of tension as an event."""
    cause = Cause.TIGHTENING if change.size > 0 else Cause.LOOSENING
    sure = confidence(abs(change.size) / params.least)
    return DriftEvent(cause, placement, change.start_s, change.end_s, change.detected_s, change.size, sure)


def opening_event(opening: Opening, params: OpeningParams) -> DriftEvent:
    """An opening as an event."""
    sure = confidence(opening.gap_m / params.least_gap_m)
    return DriftEvent(Cause.OPENING, None, opening.start_s, opening.end_s, opening.detected_s, opening.gap_m, sure)


def confidence(margin: float) -> float:
    """Confidence that a sign of `margin` times the least one is no chance: a half at 0.5, over 0.9 from 1.7 on."""
    return float(1.0 - 0.5 ** max(2.0 * margin, 0.0))


def all_changes(time_s: Floats, tension: Floats, params: TensionChangeParams) -> tuple[TensionChange, ...]:
    """Measured changes of one strap whose slips are taken off."""
    reported = TensionChangeStage(params).push(time_s, tension)
    return measured_changes(reported, time_s, tension, params)


def without_slips(placement: Placement, steps: Steps, slips: tuple[Slip, ...]) -> Floats:
    """Relative tension of one strap as if it had never slipped."""
    tension = steps.tension[placement].copy()
    for slip in slips:
        if slip.placement == placement:
            done = (steps.time_s - slip.start_s) / max(slip.end_s - slip.start_s, 1e-3)
            tension -= slip.tension * np.clip(done, 0.0, 1.0)
    return tension


def creep_event(
    placement: Placement, time_s: Floats, tension: Floats, changes: tuple[TensionChange, ...], params: DriftParams
) -> tuple[DriftEvent, ...]:
    """What the fabric of one strap lost by itself; nothing for a strap without tension or worn too briefly."""
    known = np.isfinite(tension)
    if not known.any() or time_s[known][-1] < params.creep_after_s:
        return ()
    end_s = float(time_s[known][-1])
    late = tension[known][time_s[known] > end_s - params.creep_window_s]
    lost = float(np.median(late)) - 1.0 - sum(c.size for c in changes)
    return (DriftEvent(Cause.CREEP, placement, 0.0, end_s, end_s, lost, 0.9),)


def dated(final: tuple[DriftEvent, ...], live: tuple[DriftEvent, ...], end_s: float) -> tuple[DriftEvent, ...]:
    """Final events with the time at which each was first reported live, `end_s` for those that never were."""
    return tuple(replace(e, detected_s=_detected_s(e, live, end_s)) for e in final)


def _detected_s(event: DriftEvent, live: tuple[DriftEvent, ...], end_s: float) -> float:
    same = (
        e.detected_s
        for e in live
        if e.cause == event.cause
        and e.placement == event.placement
        and e.start_s - SAME_WITHIN_S <= event.end_s
        and e.detected_s + SAME_WITHIN_S >= event.start_s
    )
    return min(same, default=end_s)
