"""Relaxed and squeezed gap of each repetition of `check`, with standard deviations.

Invariant: a row rests on rows up to the end of its squeeze alone, and is told when nothing can replace that any more.
The phases are those of the markers; where a recording has none, a squeeze is a way of the gap inward that is held, and
the phase before it is the relaxed one.
"""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from math import inf, isnan, nan

import numpy as np

from analysis.body_ticks import TICK_S, BodyTicks
from analysis.check_cord import CheckCord, CheckCordParams
from analysis.exercises.excursions import Excursion, ExcursionParams, Excursions
from analysis.exercises.span import ExerciseSpans
from analysis.results import CheckRow
from sensor.arrivals import MarkerEdge
from sensor.markers import Label, Marker

NAME = "check"
LAST_PHASE_S = 1.0  # the exercise's marker may end a little before that of its last phase
PHASES = frozenset({Label.RELAXED, Label.SQUEEZED})


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
    memory_s: float = 60.0
    cord: CheckCordParams = field(default_factory=CheckCordParams)
    level_cos: float = 0.4
    seated_sd_m: float = 0.012


@dataclass(frozen=True, slots=True)
class _Past:
    time_s: float
    gap_m: float
    sd_m: float
    static: float


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
        self._past: deque[_Past] = deque(maxlen=round(self._p.memory_s / TICK_S))
        self._cord = CheckCord(self._p.cord)
        self._rose = False
        self._squeezes = Excursions(self._p.squeeze, TICK_S)
        self._edges: list[MarkerEdge] = []
        self._marked = False
        self._relaxed: _Phase | None = None
        self._squeezed: _Phase | None = None
        self._over_s = inf

    def push(self, ticks: BodyTicks, edges: Iterable[MarkerEdge]) -> tuple[CheckRow, ...]:
        """Rows of squeezes that ended."""
        self._edges += [e for e in edges if e.marker.label in PHASES or (e.marker.label == Label.EXERCISE and e.closed)]
        if not len(ticks):
            return ()
        rows: list[CheckRow] = []
        cos = np.fmax(ticks.left.up[:, 2], ticks.right.up[:, 2])
        columns = (ticks.end_s, ticks.gap_m, ticks.gap_sd_m, cos)
        static = self._cord.push(ticks.flex)
        for end_s, gap_m, sd_m, upright, counts in zip(*(c.tolist() for c in columns), static, strict=True):
            past = _Past(end_s - TICK_S / 2, gap_m, sd_m, counts)
            while self._edges and self._edges[0].time_s <= past.time_s:
                rows += self._pass(self._edges.pop(0))
            if past.time_s > self._over_s:
                rows += self._close()
                self._over_s = inf
            self._past.append(past)
            self._sit(past, upright)
            if self._rose and not self._marked and self._spans.name_at(past.time_s) == NAME:
                rows += self._unmarked(self._squeezes.tick(past.time_s, -gap_m))
        return tuple(rows)

    def _sit(self, past: _Past, upright: float) -> None:
        """Learns from the seated beginning, up to the first rise."""
        if past.time_s < 0 or self._rose:
            return
        self._rose = upright > self._p.level_cos
        if not self._rose and past.sd_m < self._p.seated_sd_m:
            self._cord.seated(past.static, past.gap_m)

    def finish(self) -> tuple[CheckRow, ...]:
        """The row that the end of the session closes."""
        rows = [row for edge in self._edges for row in self._pass(edge)]
        return (*rows, *self._close())

    def _pass(self, edge: MarkerEdge) -> list[CheckRow]:
        label = edge.marker.label
        self._marked = self._marked or label != Label.EXERCISE
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
        inside = [p for p in self._past if marker.start_s <= p.time_s <= marker.end_s]
        gap_m, sd_m = self._cord.measured(np.array([p.static for p in inside]), squeezed=squeezed)
        known = [p for p in inside if not isnan(p.gap_m)]
        if isnan(gap_m) and known:
            gap_m = float(np.median([p.gap_m for p in known]))
            sd_m = float(np.median([p.sd_m for p in known]))
        return _Phase(marker.start_s, gap_m, sd_m)


def _row(relaxed: _Phase | None, squeezed: _Phase | None) -> CheckRow:
    first = relaxed or squeezed
    start_s = first.start_s if first is not None else nan
    relaxed = relaxed or _Phase(start_s, nan, nan)
    squeezed = squeezed or _Phase(start_s, nan, nan)
    return CheckRow(start_s, relaxed.gap_m, relaxed.sd_m, squeezed.gap_m, squeezed.sd_m)
