"""When the alignment becomes known, and what it makes of the grid before and after.

Invariant: an alignment rests on rows and markers before its tick alone. The stages behind it are started when it first
is known, and started anew when it becomes better, each time from the first row, so that none of them sees it change.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from analysis.alignment.calibration_findings import SWAPPED, table_findings
from analysis.alignment.legs import LegParams, swapped_about_vertical, swapped_aligned
from analysis.alignment.mounting import Alignment, AlignmentParams, StrapAlignment, align
from analysis.alignment.segments import NO_ALIGNMENT, Segments
from analysis.motion import Motion
from analysis.straps.grid import StrapGrid
from analysis.straps.orientation import TableRecord
from analysis.straps.strap_grid import join_grids
from sensor.arrivals import MarkerEdge
from sensor.markers import Label, Marker
from sensor.samples import THIGHS, Placement
from sensor.wearer import Wearer

IMPROVES = frozenset({Label.TOUCH, Label.SPACER, Label.LEG_RAISE})


@dataclass(frozen=True, slots=True)
class CalibrationParams:
    """When to go on with what alignment there is, and how long a better one may start the stages anew."""

    alignment: AlignmentParams = field(default_factory=AlignmentParams)
    legs: LegParams = field(default_factory=LegParams)
    wait_s: float = 60.0
    memory_s: float = 300.0


@dataclass(frozen=True, slots=True)
class Calibrated:
    """Motion to feed on: to stages started anew with the alignment `starts` where that is given.

    Rows up to `told_s` were given before, without an alignment or to the stages that are replaced.
    """

    motion: Motion
    starts: Alignment | None = None
    told_s: float = -np.inf


class Calibration:
    """Turns the straps' grid into motion of segments."""

    def __init__(
        self,
        wearer: Wearer | None,
        params: CalibrationParams,
        remembered: Mapping[Placement, StrapAlignment] | None = None,
    ) -> None:
        """`remembered` is how the straps sat last time."""
        self._remembered = remembered
        self._wearer = wearer
        self._p = params
        self._edges: list[MarkerEdge] = []  # not yet given out
        self._events: list[MarkerEdge] = []  # that may change the alignment
        self._closed: list[Marker] = []
        self._memory: list[StrapGrid] | None = []
        self._memory_edges: list[MarkerEdge] = []
        self._started_s: float | None = None
        self._tables: Mapping[Placement, Sequence[TableRecord]] = {}
        self.alignment: Alignment = NO_ALIGNMENT
        self._segments = Segments(NO_ALIGNMENT)
        self._swapped: bool | None = None  # None until it is known

    @property
    def swapped(self) -> bool:
        """Whether each strap was found on the other's leg."""
        return self._swapped is True

    def push(
        self,
        grid: StrapGrid,
        edges: tuple[MarkerEdge, ...],
        tables: Mapping[Placement, Sequence[TableRecord]] | None = None,
    ) -> list[Calibrated]:
        """Motion that `grid` makes known, in order; `tables` are the straps' records so far."""
        self._tables = tables or self._tables
        if edges:
            self._edges += edges
            self._events += [e for e in edges if _matters(e)]
        out: list[Calibrated] = []
        while len(grid.time_s):
            due_s = self._next_event_s()
            if grid.time_s[-1] < due_s:
                out.append(self._follow(grid))
                break
            at = int(np.searchsorted(grid.time_s, due_s, side="left"))
            head, grid = _take(grid, slice(0, at)), _take(grid, slice(at, None))
            if len(head.time_s):
                out.append(self._follow(head))
            if len(grid.time_s):
                out += self._pass_event(due_s)
        return out

    def final_alignment(self) -> Alignment:
        """The alignment that the whole session shows, should no stage have been started yet."""
        if self._started_s is None and self._memory:
            return align(
                join_grids(self._memory), tuple(self._closed), self._wearer, self._p.alignment, self._remembered
            )
        return self.alignment

    def _next_event_s(self) -> float:
        due_s = self._p.wait_s if self._started_s is None else np.inf
        if self._memory is not None and self._started_s is not None:
            due_s = self._started_s + self._p.memory_s
        return min(due_s, self._events[0].time_s) if self._events else due_s

    def _follow(self, grid: StrapGrid) -> Calibrated:
        edges = tuple(e for e in self._edges if e.time_s <= grid.time_s[-1])
        self._edges = self._edges[len(edges) :]
        if self._memory is not None:
            self._memory.append(grid)
            self._memory_edges += edges
        return Calibrated(self._segments.motion(grid, edges))

    def _pass_event(self, due_s: float) -> list[Calibrated]:
        begins = self._started_s is None and due_s >= self._p.wait_s
        improves = False
        if self._events and self._events[0].time_s == due_s:
            edge = self._events.pop(0)
            improves = edge.closed
            if edge.closed:
                self._closed.append(edge.marker)
                self._look_whose()
            begins = begins or (self._started_s is None and not edge.closed)
        elif self._started_s is not None:
            self._memory, self._memory_edges = None, []
        return self._started_anew(begins=begins, at_s=due_s) if begins or improves else []

    def _look_whose(self) -> None:
        """Where it is remembered how the straps sit, nothing but a touch may follow to tell whose leg is whose."""
        if self._swapped is None and self._memory and self._remembered:
            self._memory = [join_grids(self._memory)]
            self._swapped = swapped_about_vertical(self._memory[0], self._closed, self._p.legs)

    def _started_anew(self, *, begins: bool, at_s: float) -> list[Calibrated]:
        raised = any(m.label == Label.LEG_RAISE for m in self._closed)
        if not self._memory or not (begins or raised):
            return []
        known = join_grids(self._memory)
        self._memory = [known]
        alignment = align(known, tuple(self._closed), self._wearer, self._p.alignment, self._remembered)
        if not begins and not _complete(alignment, known):
            return []
        self._started_s = at_s if self._started_s is None else self._started_s
        self._segments = Segments(alignment)
        motion = self._segments.motion(known, tuple(self._memory_edges))
        if self._swapped is None:
            self._swapped = swapped_aligned(motion, self._closed, self._p.legs)
        if self._swapped is None:
            self._swapped = swapped_about_vertical(known, self._closed, self._p.legs)
        swap = (SWAPPED,) if self.swapped else ()
        findings = table_findings(self._tables, float(known.time_s[-1])) + swap
        alignment = self.alignment = replace(alignment, findings=alignment.findings + findings)
        return [Calibrated(motion, alignment, float(known.time_s[-1]))]


def _matters(edge: MarkerEdge) -> bool:
    label = edge.marker.label
    return label in IMPROVES if edge.closed else label == Label.EXERCISE


def _complete(alignment: Alignment, grid: StrapGrid) -> bool:
    worn = [p for p in THIGHS if p in grid.straps]
    return bool(worn) and all(p in alignment.straps and alignment.straps[p].knee_axis_seen for p in worn)


def _take(grid: StrapGrid, index: slice) -> StrapGrid:
    return StrapGrid(grid.time_s[index], {p: rows[index] for p, rows in grid.straps.items()})
