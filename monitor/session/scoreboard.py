"""Keeps the board and the display ring up to date with what a session makes known.

Invariant: fixed memory: of everything that grows only what the screens show is kept.
"""

from collections import deque
from collections.abc import Sequence
from dataclasses import replace
from math import isfinite

import numpy as np

from analysis.chain import LiveUpdate
from analysis.exercises import squat
from analysis.results import Cause, CheckRow, HoldVerdict, Repetition, RepVerdict
from monitor.board import STALE_S, Board, Corrected, HoldSpan, Mark, StrapStatus, state_of
from monitor.coach.signals import CoachEvent, CoachView, MarkerOpened, Zeroed
from monitor.live_buffer import LiveBuffer
from monitor.report.sentences import cause_sentence
from monitor.results.exercised import CreditedTime
from monitor.session.walk_tally import WalkTally
from sensor.markers import Label
from sensor.samples import Placement

SHOWN_HOLDS = 64
SHOWN_MARKS = 16
SHOWN_CHECKS = 3
SHOWN_CORRECTIONS = 64
# The first gap comes a little after the calibration; longer than this it is not on its way but missing.
FIRST_GAP_S = 4.0
SHOWN_CAUSES = frozenset({Cause.OPENING, Cause.SLIP, Cause.LOOSENING, Cause.TIGHTENING})


class Scoreboard:
    """Writes `buffer`; `title` is the exercise's name for people.

    `holding` says whether its holds are counted, `sides` whose repetitions are.
    """

    def __init__(self, buffer: LiveBuffer, title: str, *, holding: bool = True, sides: Sequence[str] = ()) -> None:
        self._buffer = buffer
        self._title, self._holding = title, holding
        self._holds: deque[HoldSpan] = deque(maxlen=SHOWN_HOLDS)
        self._marks: deque[tuple[float, str]] = deque(maxlen=SHOWN_MARKS)
        self._repetitions = dict.fromkeys(sides, 0)
        self._walk = WalkTally()
        self._check: deque[CheckRow] = deque(maxlen=SHOWN_CHECKS)
        self._corrections: deque[Corrected] = deque(maxlen=SHOWN_CORRECTIONS)
        self._share_left: float | None = None
        self._calibrated_s: float | None = None
        self._gap_was_known = False
        self._zero_s, self._credited = 0.0, CreditedTime(-np.inf)
        self._tension: dict[Placement, float] = {}
        self._finding = ""
        self._last = LiveUpdate()
        self._gap: tuple[float, float, float] | None = None
        self.message = ""
        self.over = False

    def follow(self, events: Sequence[CoachEvent], updates: Sequence[LiveUpdate]) -> None:
        """Takes in what a push made known."""
        for event in events:
            if isinstance(event, Zeroed):
                self._zero_s = event.time_s
            elif isinstance(event, MarkerOpened) and event.label == Label.EXERCISE:
                # Knees that touched while calibrating have not exercised, also where that becomes known only later.
                self._credited = CreditedTime(event.time_s - self._zero_s)
            elif isinstance(event, MarkerOpened):
                self._marks.append((event.time_s, event.label.replace("_", " ")))
        for update in updates:
            self._update(update)

    def show(
        self,
        coach: CoachView,
        straps: tuple[StrapStatus, ...],
        now_s: float,
        zero_s: float | None,
        stamp_s: float = 0.0,
    ) -> None:
        """Puts a new board on the screens; `now_s` in host time, as `zero_s`."""
        session_s = 0.0 if zero_s is None else now_s - zero_s
        gap = self._gap if self._gap and session_s - self._gap[0] < STALE_S and isfinite(self._gap[1]) else None
        running = self._last.running
        holds = tuple(self._holds)
        board = Board(
            exercise=self._title,
            coach=coach,
            now_s=max(self._gap[0], session_s - STALE_S) if self._gap else session_s,
            holding=self._holding,
            gap_m=gap[1] if gap else None,
            sd_m=gap[2] if gap else None,
            hold_s=running.net_s if running else 0.0,
            net_s=self._credited.net_s(running),
            unsure_s=self._credited.unsure_s,
            holds=(*holds, HoldSpan(running.start_s, None)) if running else holds,
            repetitions=dict(self._repetitions),
            walked=self._walk.walked(session_s),
            check=tuple(self._check),
            marks=tuple(Mark(t - zero_s, label) for t, label in self._marks) if zero_s is not None else (),
            straps=tuple(replace(s, tension=self._tension.get(s.placement)) for s in straps),
            corrections=tuple(self._corrections),
            share_left=self._share_left,
            finding=self._finding,
            message=self.message,
            over=self.over,
        )
        if coach.calibrating or self._calibrated_s is None:
            self._calibrated_s = now_s
        overdue = now_s - self._calibrated_s > FIRST_GAP_S
        worn = zero_s is not None and (self._gap_was_known or overdue)
        state = state_of(board, worn=worn, together=running is not None)
        self._buffer.show(replace(board, state=state), stamp_s)

    def _update(self, update: LiveUpdate) -> None:
        gap = update.gap
        if len(gap.time_s):
            self._buffer.add_gap(gap)
            self._gap = (float(gap.time_s[-1]), float(gap.gap_m[-1]), float(gap.sd_m[-1]))
            self._gap_was_known |= bool(np.isfinite(gap.gap_m).any())
        for series in update.tightness:
            if len(series.time_s):
                self._buffer.add_tension(series.placement, series.time_s, series.tension)
                self._tension[series.placement] = float(series.tension[-1])
        for hold in update.holds:
            self._credited.take(hold)
            self._holds.append(HoldSpan(hold.start_s, hold.end_s, hold.verdict is HoldVerdict.OK))
        _count(self._repetitions, [r for r in update.repetitions if r.verdict is RepVerdict.OK])
        self._walk.take(update.steps)
        self._check += update.check
        self._corrections += [Corrected(c.time_s, c.size_m, c.source) for c in update.corrections]
        shares = [r.movement.left_share for r in update.repetitions if np.isfinite(r.movement.left_share)]
        self._share_left = float(shares[-1]) if shares else self._share_left
        shown = [e for e in update.drift if e.cause in SHOWN_CAUSES]
        if shown:
            self._finding = cause_sentence(shown[-1])
        self._last = update


def _count(totals: dict[str, int], repetitions: Sequence[Repetition]) -> None:
    for r in repetitions:
        counted = squat.NAME if r.exercise == squat.NAME else r.side.value
        totals[counted] = totals.get(counted, 0) + 1
