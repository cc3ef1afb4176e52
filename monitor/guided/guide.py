"""A guided session as a whole: radio and analysis on a thread of their own, a window or the terminal on this one.

Invariant: however it ends, the recording is sealed, and what was recorded is analyzed and reported.
"""

import asyncio
import logging
import shutil
import signal
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractAsyncContextManager, closing, contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from types import FrameType

from rich.console import Console

from analysis.params import AnalysisParams
from monitor.coach.plan import Calibration, Phase, Plan
from monitor.coach.signals import Action
from monitor.history.text import session_text
from monitor.language import gettext as _
from monitor.live_buffer import LiveBuffer
from monitor.memory.session_memory import SessionMemory
from monitor.report.written import write_report
from monitor.results.analyzed import Results, analyzed_session
from monitor.results.summary import program_version
from monitor.session.actions import ActionQueue
from monitor.session.live import LiveSession, LiveSetup, Observer, Outcome
from monitor.settings import Settings
from monitor.sound.speech import Speech
from monitor.sound.tones import Sound
from monitor.store import RECORDING, Session, Store
from monitor.store.folder_entry import read_entry
from monitor.store.locks import busy
from monitor.terminal.view import follow
from sensor.errors import KneeGapError
from sensor.link.host_clock import host_time_loop
from sensor.link.straps import Straps
from sensor.wearer import Wearer

REPORT = "report.html"
TEAR_DOWN_S = 10.0
_log = logging.getLogger(__name__)

# Where the straps are, given who takes what a simulated wearer answers.
Radio = Callable[[Callable[[Action], None]], AbstractAsyncContextManager[tuple[Straps, Sequence[Observer]]]]
Screen = Callable[[LiveBuffer, ActionQueue, Callable[[], bool]], None]


@dataclass(frozen=True, slots=True)
class Guided:
    """What is to be done, by whom; `worn_by` is his id in the store, `first` what he has to be asked before.

    Beside work (`desk`) there are silent hours.
    """

    plan: Plan
    calibration: Calibration | None
    wearer: Wearer | None
    spacer_mm: float = 67.0
    params: AnalysisParams = field(default_factory=AnalysisParams)
    simulated: bool = False
    mute: bool = False
    worn_by: str = ""
    first: tuple[Phase, ...] = ()
    settings: Settings = field(default_factory=Settings)
    desk: bool = False
    observers: tuple[Observer, ...] = ()

    def silent(self) -> bool:
        """Whether nothing is to be heard or felt now."""
        return self.mute or (self.desk and self.settings.silent_at(datetime.now().time()))

    def speechless(self) -> bool:
        """Whether nothing is to be said aloud now."""
        return self.silent() or not self.settings.speech


@dataclass(frozen=True, slots=True)
class Finished:
    """A session that was recorded, analyzed and reported."""

    session: Session
    results: Results
    report: Path


def guide(guided: Guided, radio: Radio, screen: Screen, store: Store) -> Finished:
    """Leads a session to its report; a `KneeGapError` where there was none, or where its recording broke off."""
    now = datetime.now().astimezone()
    session = store.create(guided.plan.name, now, program_version(), simulated=guided.simulated, wearer=guided.worn_by)
    buffer, actions = LiveBuffer(), ActionQueue()
    with (
        busy(session.folder),
        ThreadPoolExecutor(1, thread_name_prefix="session") as thread,
        _stopped_by_signals(actions),
    ):
        memory = SessionMemory(store.home, guided.worn_by, now, guided.wearer, simulated=guided.simulated)
        running: Future[Finished] = thread.submit(_lead, guided, radio, session, memory, buffer, actions)
        try:
            screen(buffer, actions, lambda: not running.done())
        finally:
            # Whatever closed the screen, the session has to come to its end.
            actions.put(Action.STOP)
        return running.result()


def terminal_screen(console: Console) -> Screen:
    """The terminal as a session's screen."""
    return lambda buffer, actions, running: follow(buffer, actions.put, running, console)


def _lead(
    guided: Guided, radio: Radio, session: Session, memory: SessionMemory, buffer: LiveBuffer, actions: ActionQueue
) -> Finished:
    with asyncio.Runner(loop_factory=host_time_loop) as runner:
        outcome = runner.run(_live(guided, radio, session, memory, buffer, actions))
    if not outcome.samples_came:
        # Without a single sample there is nothing to keep.
        shutil.rmtree(session.folder, ignore_errors=True)
        raise outcome.trouble or NothingRecorded()
    buffer.show(replace(buffer.board, message=_("Analyzing …")))
    results = analyzed_session(session, guided.params)
    report = session.folder / REPORT
    memory.learn(results.recorded, results.analysis)
    results.write()
    write_report(results, report)
    entry = read_entry(session)
    # What was resent counts by now: the large time is the report's.
    told = replace(buffer.board, message=session_text(entry), net_s=entry.net_s, unsure_s=0.0)
    buffer.show(replace(told, report=str(report), over=True))
    if outcome.trouble:
        raise outcome.trouble
    return Finished(session, results, report)


async def _live(
    guided: Guided, radio: Radio, session: Session, memory: SessionMemory, buffer: LiveBuffer, actions: ActionQueue
) -> Outcome:
    metadata = {"id": session.meta.id, "started": session.meta.started}
    setup = LiveSetup(
        session.folder / RECORDING,
        guided.plan,
        guided.calibration,
        guided.wearer,
        guided.spacer_mm,
        guided.params,
        metadata,
        guided.first,
        lambda: guided.settings.cue.buzzes and not guided.silent(),
        recall=memory.recall,
    )
    volume = 0.0 if guided.mute or not guided.settings.cue.sounds else guided.settings.volume
    with closing(Sound(volume, guided.silent)) as sound, closing(Speech(guided.speechless)) as speech:
        listening = (*guided.observers, sound, speech)
        return await _on_air(
            radio(actions.put), lambda own: LiveSession(setup, buffer, actions.drain, (*own, *listening))
        )


async def _on_air(
    radio: AbstractAsyncContextManager[tuple[Straps, Sequence[Observer]]],
    session: Callable[[Sequence[Observer]], LiveSession],
) -> Outcome:
    """What came of the session; a radio that does not let go in time costs no report."""
    outcome: Outcome | None = None
    try:
        async with asyncio.timeout(None) as bound, radio as (straps, observers):
            try:
                outcome = await session(observers).run(straps)
            finally:
                bound.reschedule(asyncio.get_running_loop().time() + TEAR_DOWN_S)
        return outcome
    except TimeoutError as error:
        if outcome is None:
            raise
        _log.warning("the radio did not end in time: %r", error)
        return outcome


class NothingRecorded(KneeGapError):
    """The session ended before a strap sent anything."""

    def __init__(self) -> None:
        super().__init__("the session was ended before a strap sent anything: nothing was kept")


@contextmanager
def _stopped_by_signals(actions: ActionQueue) -> Generator[None]:
    """Ctrl-C and the like end the session in good order."""

    def stop(number: int, frame: FrameType | None) -> None:
        del number, frame
        actions.put(Action.STOP)

    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
