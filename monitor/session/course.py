"""The course of a session: samples in, the coach's words and the analysis' results out, live and replayed alike.

Invariant: sans-I/O and without a clock. The coach ticks on a fixed grid of host time and sees only what had arrived by
then, so that what it says does not depend on where the arrivals were cut.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from analysis.chain import LiveUpdate
from analysis.params import AnalysisParams
from analysis.priors import Priors
from analysis.results import Cause, Repetition
from monitor.board import NEAR_M
from monitor.coach.coach import TICK_S, Coach
from monitor.coach.signals import Action, CoachEvent, CoachView, MarkerClosed, MarkerOpened, Seen, Swapped, Zeroed
from monitor.results.exercised import CreditedTime
from monitor.session.stillness import StillnessWatch
from monitor.session.worn_analysis import Recall, WornAnalysis
from sensor.arrivals import Arrivals, MarkerEdge
from sensor.exchanged import exchanged, other_leg
from sensor.markers import Label, Marker
from sensor.recordings.recording import recorded_time
from sensor.samples import THIGHS, Placement, SampleBlock, join
from sensor.wearer import Wearer

# A strap that slides a little is followed in silence; one that turned so far may have taken the calibration along.
FAR_RAD = 0.15

Blocks = Mapping[Placement, SampleBlock]


@dataclass(frozen=True, slots=True)
class Told:
    """What a push made known: the coach's events and, once the straps are on, the analysis' updates."""

    events: tuple[CoachEvent, ...] = ()
    updates: tuple[LiveUpdate, ...] = ()


class Course:
    """Leads one session; `start_s` is the host time of the coach's first tick."""

    def __init__(
        self,
        coach: Coach,
        wearer: Wearer | None,
        exercise: str,
        params: AnalysisParams,
        start_s: float,
        wanted: Sequence[Placement] = THIGHS,
        recall: Recall = lambda swapped: Priors(),  # noqa: ARG005
    ) -> None:
        """`recall` says, once the straps are on, what the session starts from, given whether they are swapped."""
        self._recall = recall
        self._wearer, self._exercise, self._params = wearer, exercise, params
        self._coach = coach
        self._missing = set(wanted)
        self._analysis: WornAnalysis | None = None
        self._start_s, self._ticked = start_s, 0
        self._until_s = start_s
        self._watches: dict[Placement, StillnessWatch] = {}
        self._kept: dict[Placement, list[SampleBlock]] = {}
        self._edges: list[MarkerEdge] = []
        self._open: dict[str, Marker] = {}
        self._actions: list[Action] = []
        self._seen = Seen()
        self._credited = CreditedTime(float("inf"))
        self._repetitions: list[Repetition] = []
        self._swap_told = False
        self.zero_s: float | None = None

    @property
    def swapped(self) -> bool:
        """Whether each thigh strap sits on the other's leg."""
        return self._analysis is not None and self._analysis.swapped

    @property
    def ended(self) -> bool:
        """Whether the coach has nothing more to ask."""
        return self._coach.ended

    @property
    def until_s(self) -> float:
        """Host time up to which everything was pushed."""
        return self._until_s

    def view(self) -> CoachView:
        """What the screens show of the coach."""
        return self._coach.view()

    def push(
        self,
        until_s: float,
        blocks: Blocks,
        lost: frozenset[Placement] = frozenset(),
        actions: Sequence[Action] = (),
    ) -> Told:
        """What arrived up to `until_s` (host time, as `blocks`); `actions` count from the next tick on.

        Straps go by their own names, also once these were found to be swapped.
        """
        events: list[CoachEvent] = []
        updates: list[LiveUpdate] = []
        while (tick_s := self._start_s + self._ticked * TICK_S) <= until_s:
            self._ticked += 1
            before, blocks = split(blocks, tick_s)
            updates += self._feed(tick_s, before)
            new = self._tick(tick_s, lost)
            if self.swapped and not self._swap_told:
                self._swap_told = True
                new = [Swapped(tick_s), *new]
            events += new
            updates += self._settle(tick_s, new)
        updates += self._feed(until_s, blocks)
        self._until_s = until_s
        self._actions += actions
        return Told(tuple(events), tuple(updates))

    def finish(self) -> Told:
        """What the end of the session makes known."""
        if self._analysis is None:
            return Told()
        return Told((), (self._follow(self._analysis.finish()),))

    def _tick(self, tick_s: float, lost: frozenset[Placement]) -> list[CoachEvent]:
        watches = exchanged(self._watches) if self.swapped else self._watches
        lost = frozenset(other_leg(p) for p in lost) if self.swapped else lost
        resting = {p: w.resting and p not in lost for p, w in watches.items() if w.can_tell}
        still = {p: w.still and p not in lost for p, w in watches.items() if w.can_tell}
        turning = {p: w.turning and p not in lost for p, w in watches.items() if w.can_tell}
        self._seen = replace(self._seen, resting=resting, still=still, turning=turning, lost=lost)
        actions, self._actions = self._actions, []
        if self._missing:
            # Until all straps are there only the end of the session can be asked for.
            actions = [a for a in actions if a is Action.STOP]
            if not actions:
                return []
        return self._coach.tick(tick_s, self._seen, actions)

    def _settle(self, tick_s: float, events: Sequence[CoachEvent]) -> list[LiveUpdate]:
        """Markers become edges; session zero lets the analysis have everything that was kept for it."""
        updates: list[LiveUpdate] = []
        for event in events:
            match event:
                case MarkerOpened():
                    time_s = recorded_time(event.time_s)
                    self._open[event.label] = Marker(event.label, time_s, float("inf"), event.value)
                    self._edges.append(MarkerEdge(self._open[event.label], time_s, closed=False))
                    if event.label == Label.EXERCISE:
                        self._credited = CreditedTime(time_s - (self.zero_s or 0.0))
                case MarkerClosed():
                    time_s = recorded_time(event.time_s)
                    marker = replace(self._open.pop(event.label), end_s=time_s)
                    self._edges.append(MarkerEdge(marker, time_s, closed=True))
                case Zeroed():
                    self.zero_s = recorded_time(event.time_s)
                    self._analysis = WornAnalysis(self._wearer, self._exercise, self._params, self._recall)
                    kept = {p: join(parts) for p, parts in self._kept.items()}
                    self._kept = {}
                    updates += self._analyze(self._analysis, tick_s, kept)
                case _:
                    pass
        return updates

    def _feed(self, until_s: float, blocks: Blocks) -> list[LiveUpdate]:
        blocks = {p: b for p, b in blocks.items() if len(b)}
        self._missing -= blocks.keys()
        for placement, block in blocks.items():
            self._watches.setdefault(placement, StillnessWatch()).push(block)
        if self._analysis is not None:
            return self._analyze(self._analysis, until_s, blocks)
        for placement, block in blocks.items():
            self._kept.setdefault(placement, []).append(block)
        return []

    def _analyze(self, analysis: WornAnalysis, until_s: float, blocks: Blocks) -> list[LiveUpdate]:
        due = sorted((e for e in self._edges if e.time_s <= until_s), key=lambda e: (e.time_s, e.closed))
        if not blocks and not due:
            return []
        self._edges = [e for e in self._edges if e.time_s > until_s]
        zero_s = self.zero_s or 0.0
        straps = {p: replace(b, arrival_s=b.arrival_s - zero_s) for p, b in blocks.items()}
        edges = tuple(_in_session(e, zero_s) for e in due)
        return [self._follow(analysis.push(Arrivals(until_s - zero_s, straps, edges)))]

    def _follow(self, update: LiveUpdate) -> LiveUpdate:
        for hold in update.holds:
            self._credited.take(hold)
        self._repetitions += update.repetitions
        gap_m = float(update.gap.gap_m[-1]) if len(update.gap.gap_m) else self._seen.gap_m
        running = update.running
        self._seen = replace(
            self._seen,
            gap_m=gap_m,
            together=running is not None and not gap_m >= NEAR_M,
            hold_s=running.net_s if running else 0.0,
            net_s=self._credited.net_s(running),
            repetitions=tuple(self._repetitions),
            mistakes=update.mistakes,
            working=update.working,
            turned=_turned(update) or self._seen.turned,
            swapped=self.swapped,
            mounted=self._analysis is not None and self._analysis.mounted,
        )
        return update


def _turned(update: LiveUpdate) -> Placement | None:
    """A strap of which it just became known that it turned far."""
    far = [e.placement for e in update.drift if e.cause is Cause.SLIP and abs(e.size) > FAR_RAD]
    return far[-1] if far else None


def split(blocks: Blocks, at_s: float) -> tuple[Blocks, Blocks]:
    """Rows that arrived up to `at_s`, and the rest."""
    before: dict[Placement, SampleBlock] = {}
    after: dict[Placement, SampleBlock] = {}
    for placement, block in blocks.items():
        n = int(np.searchsorted(block.arrival_s, at_s, side="right"))
        if n:
            before[placement] = block.take(slice(0, n))
        if n < len(block):
            after[placement] = block.take(slice(n, None))
    return before, after


def _in_session(edge: MarkerEdge, zero_s: float) -> MarkerEdge:
    marker = replace(edge.marker, start_s=edge.marker.start_s - zero_s, end_s=edge.marker.end_s - zero_s)
    return MarkerEdge(marker, edge.time_s - zero_s, edge.closed)
