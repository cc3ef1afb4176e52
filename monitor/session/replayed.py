"""A recorded session on the screen again: the same analysis, fed as the samples had arrived.

Invariant: what the coach said and how the links stood is shown as it was recorded; all else is computed anew. What is
shown at a time depends on that time alone, however it was reached.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

from analysis.params import AnalysisParams
from analysis.pipeline import LiveAnalysis
from analysis.priors import priors_of
from monitor.board import AWAY_S, Link, StrapStatus
from monitor.coach.cues import SHOWN_S
from monitor.coach.plan_files import exercises
from monitor.coach.plans import load_plan
from monitor.coach.signals import CoachView, Ending, MarkerOpened
from monitor.language import gettext as _
from monitor.live_buffer import LiveBuffer
from monitor.session.scoreboard import Scoreboard
from monitor.store import RECORDING, Session
from monitor.wording.names import exercise_name
from sensor.arrivals import Arrivals, cut
from sensor.markers import Label
from sensor.recorded import Recorded
from sensor.recordings.raw_recording import LoggedEvent, read_raw
from sensor.samples import Placement


@dataclass(frozen=True, slots=True)
class Said:
    """What the coach said at `time_s` (session)."""

    time_s: float
    text: str


@dataclass(frozen=True, slots=True)
class Logged:
    """What a recording of our own says beside its samples; times in session seconds, rising."""

    prompts: tuple[Said, ...] = ()
    cues: tuple[Said, ...] = ()
    batteries: tuple[tuple[float, Placement, int], ...] = ()


def logged(session: Session) -> Logged:
    """What was said and told in the session; nothing in one that was imported."""
    if session.recording.name != RECORDING:
        return Logged()
    raw = read_raw(session.recording)
    firsts = (strap.stream[0].arrival_s for strap in raw.straps.values() if strap.stream)
    # A session that never came to its zero counts from its first sample.
    zero_s = raw.zero_s if raw.zero_s is not None else min(firsts, default=0.0)

    def said(name: str) -> tuple[Said, ...]:
        return tuple(Said(e.time_s - zero_s, str(e.fields.get("text", ""))) for e in raw.events if e.name == name)

    batteries = (_battery(e, zero_s) for e in raw.events if e.name == "battery")
    return Logged(said("prompt"), said("cue"), tuple(b for b in batteries if b is not None))


class Replay:
    """Shows `recorded` on `buffer` at any time; see `go_to`."""

    def __init__(self, recorded: Recorded, told: Logged, buffer: LiveBuffer) -> None:
        self._recorded, self._told, self._buffer = recorded, told, buffer
        arrivals = [b.arrival_s for b in recorded.straps.values() if len(b)]
        self.start_s = min((float(a[0]) for a in arrivals), default=0.0)
        self.end_s = max((float(a[-1]) for a in arrivals), default=0.0)
        self._restart()

    def go_to(self, time_s: float, *, paused: bool = False) -> None:
        """Shows the session as it stood at `time_s`; at `end_s` it is over."""
        time_s = min(max(time_s, self.start_s), self.end_s)
        if self._finished and time_s == self._at_s:
            self._show(paused=paused)
            return
        if time_s < self._at_s:
            self._restart()
        # What was counted before the exercise began does not count in it: the board has to hear of it in that order.
        begins = sorted(m.start_s for m in self._recorded.markers if m.label == Label.EXERCISE)
        for until_s in [*(t for t in begins if self._at_s < t < time_s), time_s]:
            self._push(cut(self._recorded, [self._at_s, until_s])[1])
            self._at_s = until_s
        if time_s >= self.end_s:
            self._finished = True
            self._board.follow((), [self._analysis.finish()])
        self._show(paused=paused)

    def _push(self, arrivals: Arrivals) -> None:
        self._heard |= {p: float(b.arrival_s[-1]) for p, b in arrivals.straps.items() if len(b)}
        self._board.follow((), [self._analysis.push(arrivals)])
        opened = [MarkerOpened(e.time_s, e.marker.label, e.marker.value) for e in arrivals.edges if not e.closed]
        self._board.follow(opened, ())

    def close(self) -> None:
        """Nothing more will be shown."""
        self._board.over = True
        self._show(paused=False)

    def _restart(self) -> None:
        self._buffer.clear()
        recorded = self._recorded
        self._analysis = LiveAnalysis(recorded.wearer, recorded.exercise, AnalysisParams(), priors_of(recorded.memory))
        exercise = self._recorded.exercise
        title = _("Replay: {exercise}").format(exercise=exercise_name(exercise))
        plan = load_plan(exercise) if exercise in exercises() else None
        self._holding = plan is None or plan.holding
        self._board = Scoreboard(self._buffer, title, holding=self._holding, sides=plan.sides if plan else ())
        self._at_s = -math.inf
        self._heard: dict[Placement, float] = {}
        self._finished = False
        begins = (m.start_s for m in self._recorded.markers if m.label == Label.EXERCISE)
        self._begins_s = min(begins, default=-math.inf)

    def _show(self, *, paused: bool) -> None:
        view = _view(self._told, self._at_s, finished=self._finished or self._board.over, paused=paused)
        begun = self._at_s >= self._begins_s
        word = exercise_name(self._recorded.exercise)
        view = replace(view, calibrating=not begun, exercising=begun, closing=self._holding, word=word)
        self._board.show(view, self._straps(), self._at_s, 0.0)

    def _straps(self) -> tuple[StrapStatus, ...]:
        silent = {p: self._at_s - self._heard.get(p, -math.inf) for p in self._recorded.straps}
        links = {p: Link.RECONNECTING if s > AWAY_S else Link.CONNECTED for p, s in silent.items()}
        batteries = {p: percent for time_s, p, percent in self._told.batteries if time_s <= self._at_s}
        return tuple(
            StrapStatus(p, links[p], batteries.get(p), silent_s=min(silent[p], 9999.0)) for p in self._recorded.straps
        )


def _view(told: Logged, now_s: float, *, finished: bool, paused: bool) -> CoachView:
    title = _("what the coach said")
    if finished:
        return CoachView(title, _("The recording ends here."), ending=Ending.FINISHED)
    prompts = [s.text for s in told.prompts if s.time_s <= now_s]
    cues = [s.text for s in told.cues if now_s - SHOWN_S < s.time_s <= now_s]
    return CoachView(title, prompts[-1] if prompts else "", cues[-1] if cues else "", paused=paused)


def _battery(event: LoggedEvent, zero_s: float) -> tuple[float, Placement, int] | None:
    fields: Mapping[str, object] = event.fields
    placement, percent = fields.get("placement"), fields.get("percent")
    if placement not in set(Placement) or not isinstance(percent, int):
        return None
    return event.time_s - zero_s, Placement(str(placement)), percent
