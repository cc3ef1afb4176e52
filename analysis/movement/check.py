"""Relaxed and squeezed gap of each repetition of `check`, with standard deviations.

Invariant: a row rests on rows up to the end of its squeeze alone, and is told when nothing can replace that any more.
The phases are those of the markers; where a recording has none, a squeeze is a way of the gap inward that is held, and
the phase before it is the relaxed one.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from math import inf, isnan, nan

import numpy as np

from analysis.exercises.excursions import Excursion, ExcursionParams, Excursions
from analysis.exercises.span import ExerciseSpans
from analysis.movement.body_ticks import TICK_S, BodyTicks
from analysis.movement.check_cord import (
    CheckCordParams,
    SeatedTicks,
    StandingSpacer,
    anchored,
    corrected,
    known_gap,
    measured,
)
from analysis.results import CheckRow
from sensor.arrivals import MarkerEdge
from sensor.markers import Label, Marker
from sensor.samples import Floats

NAME = "check"
LAST_PHASE_S = 1.0  # the exercise's marker may end a little before that of its last phase
PHASES = frozenset({Label.RELAXED, Label.SQUEEZED})
TIME, GAP, SD, UPRIGHT, FLEX = range(5)


@dataclass(frozen=True, slots=True)
class CheckParams:
    """What makes a squeeze where no marker tells, how long phases last there, and how much is kept."""

    squeeze: ExcursionParams = field(
        default_factory=lambda: ExcursionParams(leave=0.005, least=0.006, share=0.5, longest_s=10.0)
    )
    squeeze_min_s: float = 2.0
    phase_min_s: float = 2.0
    settle_s: float = 0.7
    relaxed_s: float = 4.0
    begins_within_s: float = 600.0
    cord: CheckCordParams = field(default_factory=CheckCordParams)
    level_cos: float = 0.4
    upright_cos: float = 0.8
    seated_sd_m: float = 0.012


@dataclass(frozen=True, slots=True)
class _Phase:
    start_s: float
    gap_m: float
    sd_m: float


class CheckStage:
    """Body ticks and markers to rows."""

    def __init__(self, spans: ExerciseSpans, params: CheckParams | None = None) -> None:
        self._p = params or CheckParams()
        self._spans = spans
        self._kept: list[Floats] = []  # blocks (M, 5) of what `_columns` gives
        self._squeezes = Excursions(self._p.squeeze, TICK_S)
        self._edges: list[MarkerEdge] = []
        self._known: list[tuple[Marker, float]] = []
        self._marked_s = inf  # when the first marker of a phase began
        self._relaxed: _Phase | None = None
        self._squeezed: _Phase | None = None
        self._over_s = inf

    def push(self, ticks: BodyTicks, edges: Collection[MarkerEdge]) -> tuple[CheckRow, ...]:
        """Rows of repetitions that are over."""
        self._edges += [e for e in edges if e.marker.label in PHASES or (e.marker.label == Label.EXERCISE and e.closed)]
        closed = [known_gap(e.marker) for e in edges if e.closed]
        self._known += [k for k in closed if k is not None]
        self._marked_s = min([self._marked_s, *(e.time_s for e in self._edges if e.marker.label in PHASES)])
        active = self._marked_s < inf or self._spans.among({NAME})
        if not len(ticks) or (not active and ticks.end_s[0] > self._p.begins_within_s):
            return ()
        self._kept.append(_columns(ticks))
        if not active:
            return ()
        return (*self._found(self._kept[-1]), *self._followed(float(self._kept[-1][-1, TIME])))

    def _followed(self, last_s: float) -> list[CheckRow]:
        """Rows that edges up to the last tick tell."""
        rows: list[CheckRow] = []
        while self._edges and self._edges[0].time_s <= last_s:
            edge = self._edges.pop(0)
            rows += self._close_before(edge.time_s) + self._pass(edge)
        rows += self._close_before(last_s)
        return rows

    def _found(self, ticks: Floats) -> list[CheckRow]:
        """Rows of squeezes that stand out by themselves, before any marker tells of one."""
        rows: list[CheckRow] = []
        for time_s, gap_m, upright in ticks[ticks[:, TIME] < self._marked_s][:, [TIME, GAP, UPRIGHT]].tolist():
            if upright < self._p.level_cos:
                self._squeezes.reset()
            elif self._spans.name_at(time_s) == NAME:
                rows += self._unmarked(self._squeezes.tick(time_s, -gap_m))
        return rows

    def _close_before(self, time_s: float) -> list[CheckRow]:
        """The last repetition, a moment after its exercise."""
        if time_s <= self._over_s:
            return []
        self._over_s = inf
        return self._close()

    def finish(self) -> tuple[CheckRow, ...]:
        """The row that the end of the session closes."""
        rows = [row for edge in self._edges for row in self._pass(edge)]
        return (*rows, *self._close())

    def _pass(self, edge: MarkerEdge) -> list[CheckRow]:
        label = edge.marker.label
        if not edge.closed:
            return self._close() if label == Label.RELAXED and self._squeezed is not None else []
        if label == Label.EXERCISE:
            self._over_s = edge.time_s + LAST_PHASE_S
            return []
        # A phase that was broken off is asked for again; the last one counts.
        if edge.marker.end_s - edge.marker.start_s < self._p.phase_min_s:
            return []
        phase = self._phase(edge.marker, squeezed=label == Label.SQUEEZED)
        if label == Label.RELAXED:
            self._relaxed = phase
        else:
            self._squeezed = phase
        return []

    def _close(self) -> list[CheckRow]:
        """The repetition that is over, if there was one."""
        relaxed, squeezed = self._relaxed, self._squeezed
        self._relaxed = self._squeezed = None
        return [] if relaxed is None and squeezed is None else [_row(relaxed, squeezed)]

    def _unmarked(self, squeeze: Excursion | None) -> list[CheckRow]:
        if squeeze is None or squeeze.end_s - squeeze.start_s < self._p.squeeze_min_s:
            return []
        start_s = squeeze.start_s - self._p.settle_s
        relaxed = self._phase(Marker(Label.RELAXED, start_s - self._p.relaxed_s, start_s), squeezed=False)
        held = Marker(Label.SQUEEZED, squeeze.start_s + self._p.settle_s, squeeze.end_s - self._p.settle_s)
        return [_row(relaxed, self._phase(held, squeezed=True))]

    def _phase(self, marker: Marker, *, squeezed: bool) -> _Phase:
        """Medians inside a marker, by the cord, else by the gap, whose rows err alike: many are no surer than one."""
        if not self._kept:
            return _Phase(marker.start_s, nan, nan)
        kept = np.concatenate(self._kept)
        first, last = np.searchsorted(kept[:, TIME], [marker.start_s, marker.end_s]).tolist()
        record = SeatedTicks(kept[:last, FLEX], self._seated_gap_m(kept[:last]))
        gap_m, sd_m = measured(record, slice(first, last), self._p.cord, squeezed=squeezed)
        spacer = self._standing_spacer(kept[:last])
        if spacer is not None and not isnan(gap_m):
            gap_m, sd_m = corrected(gap_m, spacer, self._p.cord, squeezed=squeezed)
        inside = kept[first:last]
        inside = inside[np.isfinite(inside[:, GAP])]
        if isnan(gap_m) and len(inside):
            gap_m, sd_m = float(np.median(inside[:, GAP])), float(np.median(inside[:, SD]))
        return _Phase(marker.start_s, gap_m, sd_m)

    def _standing_spacer(self, kept: Floats) -> StandingSpacer | None:
        """The last spacer that was held standing in these rows (M, 5), if the cord saw it."""
        for marker, true_m in reversed(self._known):
            if marker.label != Label.SPACER or marker.end_s > kept[-1, TIME]:
                continue
            first, last = np.searchsorted(kept[:, TIME], [marker.start_s + self._p.settle_s, marker.end_s]).tolist()
            if last > first and float(np.median(kept[first:last, UPRIGHT])) > self._p.upright_cos:
                record = SeatedTicks(kept[:last, FLEX], self._seated_gap_m(kept[:last]))
                seen_m, _ = measured(record, slice(first, last), self._p.cord, squeezed=False)
                return None if isnan(seen_m) else StandingSpacer(true_m, seen_m)
        return None

    def _seated_gap_m(self, kept: Floats) -> Floats:
        """The gap (M,) from session zero to the first rise, where it is sure; NaN elsewhere."""
        worn = kept[:, TIME] >= 0
        rose = worn & (kept[:, UPRIGHT] > self._p.level_cos)
        seated = worn & ~np.logical_or.accumulate(rose) & (kept[:, SD] < self._p.seated_sd_m)
        known = [(m.start_s, m.end_s, gap_m) for m, gap_m in self._known if m.end_s <= kept[-1, TIME]]
        return anchored(kept[:, TIME], np.where(seated, kept[:, GAP], np.nan), known)


def _columns(ticks: BodyTicks) -> Floats:
    upright = np.fmax(ticks.left.up[:, 2], ticks.right.up[:, 2])
    return np.stack([ticks.end_s - TICK_S / 2, ticks.gap_m, ticks.gap_sd_m, upright, ticks.flex], axis=1)


def _row(relaxed: _Phase | None, squeezed: _Phase | None) -> CheckRow:
    first = relaxed or squeezed
    start_s = first.start_s if first is not None else nan
    relaxed = relaxed or _Phase(start_s, nan, nan)
    squeezed = squeezed or _Phase(start_s, nan, nan)
    return CheckRow(start_s, relaxed.gap_m, relaxed.sd_m, squeezed.gap_m, squeezed.sd_m)
