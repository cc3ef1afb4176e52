"""Relaxed and squeezed gap of each repetition of `check`, with standard deviations.

Invariant: a row rests on rows up to the end of its squeeze alone. The phases are those of the markers; where a recording
has none, a squeeze is a way of the gap inward that is held, and the phase before it is the relaxed one.
"""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from math import isnan, nan

import numpy as np

from analysis.body_ticks import TICK_S, BodyTicks
from analysis.exercises.excursions import Excursion, ExcursionParams, Excursions
from analysis.exercises.span import ExerciseSpans
from analysis.results import CheckRow
from sensor.arrivals import MarkerEdge
from sensor.markers import Label, Marker

NAME = "check"


@dataclass(frozen=True, slots=True)
class CheckParams:
    """What makes a squeeze where no marker tells, how long phases last there, and how much is kept."""

    squeeze: ExcursionParams = field(
        default_factory=lambda: ExcursionParams(leave=0.005, least=0.006, share=0.5, longest_s=20.0)
    )
    squeeze_min_s: float = 2.0
    settle_s: float = 0.7
    relaxed_s: float = 4.0
    memory_s: float = 60.0


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
        self._past: deque[tuple[float, float, float]] = deque(maxlen=round(self._p.memory_s / TICK_S))
        self._squeezes = Excursions(self._p.squeeze, TICK_S)
        self._edges: list[MarkerEdge] = []
        self._marked = False
        self._relaxed: _Phase | None = None

    def push(self, ticks: BodyTicks, edges: Iterable[MarkerEdge]) -> tuple[CheckRow, ...]:
        """Rows of squeezes that ended."""
        self._edges += [e for e in edges if e.marker.label in (Label.RELAXED, Label.SQUEEZED)]
        if not self._edges and not self._spans.among({NAME}):
            return ()
        rows: list[CheckRow] = []
        for end_s, gap_m, sd_m in zip(ticks.end_s.tolist(), ticks.gap_m.tolist(), ticks.gap_sd_m.tolist(), strict=True):
            time_s = end_s - TICK_S / 2
            while self._edges and self._edges[0].time_s <= time_s:
                rows += self._pass(self._edges.pop(0))
            self._past.append((time_s, gap_m, sd_m))
            if not self._marked and self._spans.name_at(time_s) == NAME:
                rows += self._unmarked(self._squeezes.tick(time_s, -gap_m))
        return tuple(rows)

    def finish(self) -> tuple[CheckRow, ...]:
        """Rows whose last marker ended with the session."""
        return tuple(row for edge in self._edges for row in self._pass(edge))

    def _pass(self, edge: MarkerEdge) -> list[CheckRow]:
        self._marked = True
        if not edge.closed:
            return []
        phase = self._phase(edge.marker)
        if edge.marker.label == Label.RELAXED:
            before, self._relaxed = self._relaxed, phase
            return [] if before is None else [_row(before, None)]
        relaxed, self._relaxed = self._relaxed, None
        return [_row(relaxed, phase)]

    def _unmarked(self, squeeze: Excursion | None) -> list[CheckRow]:
        if squeeze is None or squeeze.end_s - squeeze.start_s < self._p.squeeze_min_s:
            return []
        start_s = squeeze.start_s - self._p.settle_s
        relaxed = self._phase(Marker(Label.RELAXED, start_s - self._p.relaxed_s, start_s))
        end_s = squeeze.end_s - self._p.settle_s
        return [_row(relaxed, self._phase(Marker(Label.SQUEEZED, squeeze.start_s + self._p.settle_s, end_s)))]

    def _phase(self, marker: Marker) -> _Phase:
        """Medians inside a marker; the errors of its rows are alike, so that their mean is no surer than one."""
        inside = [(g, s) for t, g, s in self._past if marker.start_s <= t <= marker.end_s and not isnan(g)]
        if not inside:
            return _Phase(marker.start_s, nan, nan)
        gaps, sds = zip(*inside, strict=True)
        return _Phase(marker.start_s, float(np.median(gaps)), float(np.median(sds)))


def _row(relaxed: _Phase | None, squeezed: _Phase | None) -> CheckRow:
    first = relaxed or squeezed
    start_s = first.start_s if first is not None else nan
    relaxed = relaxed or _Phase(start_s, nan, nan)
    squeezed = squeezed or _Phase(start_s, nan, nan)
    return CheckRow(start_s, relaxed.gap_m, relaxed.sd_m, squeezed.gap_m, squeezed.sd_m)
