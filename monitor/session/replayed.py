"""A recorded session on the screen again: the same analysis, fed as the samples had arrived.

Invariant: what the coach said is shown as it was recorded; all else is computed anew.
"""

import math
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from time import monotonic, sleep

import numpy as np

from analysis.params import AnalysisParams
from analysis.pipeline import LiveAnalysis
from monitor.board import Link, StrapStatus
from monitor.coach.signals import Action, CoachView, Ending, MarkerOpened
from monitor.live_buffer import LiveBuffer
from monitor.session.actions import ActionQueue
from monitor.session.reception import SILENT_S
from monitor.session.scoreboard import Scoreboard
from monitor.store import RECORDING, Session
from sensor.arrivals import Arrivals, cut
from sensor.raw_recording import read_raw
from sensor.recorded import Recorded
from sensor.samples import Placement

STEP_S = 0.05
Screen = Callable[[LiveBuffer, ActionQueue, Callable[[], bool]], None]


@dataclass(frozen=True, slots=True)
class Said:
    """What the coach said from `time_s` (session) on."""

    time_s: float
    text: str


def replay_session(session: Session, speed: float, screen: Screen) -> None:
    """Shows the session on `screen`, `speed` times as fast as it was."""
    recorded = session.read()
    said = recorded_prompts(session)
    buffer, actions = LiveBuffer(), ActionQueue()
    with ThreadPoolExecutor(1, thread_name_prefix="replay") as thread:
        running = thread.submit(play, recorded, said, buffer, actions, speed)
        try:
            screen(buffer, actions, lambda: not running.done())
        finally:
            actions.put(Action.STOP)
        running.result()


def recorded_prompts(session: Session) -> tuple[Said, ...]:
    """What the coach said, where the recording is one of our own."""
    if session.recording.name != RECORDING:
        return ()
    raw = read_raw(session.recording)
    zero_s = raw.zero_s if raw.zero_s is not None else 0.0
    prompts = (e for e in raw.events if e.name == "prompt")
    return tuple(Said(e.time_s - zero_s, str(e.fields.get("text", ""))) for e in prompts)


def play(
    recorded: Recorded, said: tuple[Said, ...], buffer: LiveBuffer, actions: ActionQueue, speed: float = math.inf
) -> None:
    """Feeds the session through the live analysis in its own time; a break stops the clock."""
    analysis = LiveAnalysis(recorded.wearer, recorded.exercise, AnalysisParams())
    board = Scoreboard(buffer, f"Replay: {(recorded.exercise or 'session').replace('_', ' ')}")
    heard: dict[Placement, float] = {}
    clock = _Clock(speed)
    stopped = False
    for arrivals in _in_steps(recorded):
        stopped = not clock.wait_until(arrivals.until_s, actions)
        if stopped:
            break
        heard |= {p: float(b.arrival_s[-1]) for p, b in arrivals.straps.items() if len(b)}
        marks = [MarkerOpened(e.time_s, e.marker.label, e.marker.value) for e in arrivals.edges if not e.closed]
        board.follow(marks, [analysis.push(arrivals)])
        board.show(_view(said, arrivals.until_s), _status(recorded, heard, arrivals.until_s), arrivals.until_s, 0.0)
    board.follow((), [analysis.finish()])
    board.over = True
    ending = Ending.STOPPED if stopped else Ending.FINISHED
    end_s = max(heard.values(), default=0.0)
    board.show(CoachView(text="The recording ends here.", ending=ending), _status(recorded, heard, end_s), end_s, 0.0)


class _Clock:
    """Session time as it passes on the screen."""

    def __init__(self, speed: float) -> None:
        self._speed = speed
        self._last = monotonic()
        self._at_s: float | None = None

    def wait_until(self, session_s: float, actions: ActionQueue) -> bool:
        """Waits for that time; False if the wearer wants to stop."""
        step_s = 0.0 if self._at_s is None else (session_s - self._at_s) / self._speed
        self._at_s = session_s
        due = self._last + step_s
        paused = False
        while True:
            for action in actions.drain():
                if action is Action.STOP:
                    return False
                paused ^= action in (Action.PAUSE, Action.CONFIRM)
            if not paused and monotonic() >= due:
                self._last = max(due, monotonic() - 1.0)
                return True
            if paused:
                due = monotonic()
            sleep(min(max(due - monotonic(), 0.0), 0.02) if not paused else 0.02)


def _in_steps(recorded: Recorded) -> list[Arrivals]:
    firsts = [float(b.arrival_s[0]) for b in recorded.straps.values() if len(b)]
    lasts = [float(b.arrival_s[-1]) for b in recorded.straps.values() if len(b)]
    borders = np.arange(min(firsts, default=0.0), max(lasts, default=0.0) + STEP_S, STEP_S)
    return cut(recorded, borders.tolist())[:-1]


def _view(said: tuple[Said, ...], now_s: float) -> CoachView:
    before = [s for s in said if s.time_s <= now_s]
    return CoachView(title="what the coach said", text=before[-1].text if before else "")


def _status(recorded: Recorded, heard: dict[Placement, float], now_s: float) -> tuple[StrapStatus, ...]:
    silent = {p: now_s - heard.get(p, -math.inf) for p in recorded.straps}
    links = {p: Link.RECONNECTING if s > SILENT_S else Link.CONNECTED for p, s in silent.items()}
    return tuple(StrapStatus(p, links[p], silent_s=min(silent[p], 9999.0)) for p in recorded.straps)
