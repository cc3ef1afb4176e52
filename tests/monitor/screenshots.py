"""Writes the pictures of docs/screenshots anew: `python -m tests.monitor.screenshots`, without a display.

Every exercise and everything that can happen, in the size people use, in small and narrow windows, dark and light, in
every language.
"""

import gc
import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from rich.console import Console

from analysis.exercises.mistakes import Mistake
from monitor import language
from monitor.board import Board
from monitor.coach.advice import advice
from monitor.coach.plans import load_calibration, load_plan
from monitor.coach.signals import Action, Ending
from monitor.guided.own_settings import OwnSettings
from monitor.guided.start import start_offer
from monitor.live_window.app_window import SMALLEST_PX, AppWindow
from monitor.live_window.desk_strip import DeskStrip
from monitor.live_window.history_page import HistoryPage
from monitor.live_window.kept_sessions import KeptSessions
from monitor.live_window.replay_page import ReplayPage
from monitor.live_window.session_page import SessionPage
from monitor.live_window.settings_form import Field
from monitor.live_window.settings_page import SettingsPage
from monitor.live_window.shown import application
from monitor.live_window.start_page import StartPage
from monitor.live_window.theme import DARK, LIGHT, USUAL_PX, Theme
from monitor.session.player import Player
from monitor.session.replayed import Logged, Replay
from monitor.store import Store
from monitor.store.notes import Note, write_note
from monitor.store.wearers import Wearers
from monitor.terminal.view import screen
from sensor.recordings.replay import read_recording
from sensor.wearer import Wearer
from tests.bench_analysis import recording_file
from tests.monitor.boards import BOARDS, EXERCISES, EXERCISING, buffer_with, exercise
from tests.monitor.stores import check, clamp, stored

FOLDER = Path(__file__).parents[2] / "docs" / "screenshots"
LIGHT_ONES = frozenset({"calibrating", "asking"})
WIDTH_PX = 1000
NARROW_PX, SMALL_PX = (480, 640), (800, 480)
TRANSLATED = ("together", "calibrating", "lost", "asking", "pain")
# Of these the program has the words at hand, in the language in use.
SAID_BY_THE_PROGRAM = ("safety", "tying", "swapped", "turned")
TODAY = datetime(2026, 3, 30, 18, 0, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Shot:
    """A picture's name, the page on it, and how it is shown."""

    name: str
    page: Callable[[], QWidget]
    theme: Theme = DARK
    size_px: tuple[int, int] = USUAL_PX


def main() -> None:
    """All pictures, and the terminal."""
    application()
    # No other thread may collect Qt's objects; this process is short.
    gc.disable()
    FOLDER.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as folder:
        store = lived_store(Path(folder))
        for shot in shots(store):
            take(shot)
        take_strips()
        for name in language.languages():
            if name != language.ENGLISH:
                language.use(name)
                for shot in translated(store):
                    take(shot, f"_{name}")
                take_strips(f"_{name}")
                language.use(language.ENGLISH)
    console = Console(width=100, height=32, record=True, file=StringIO(), force_terminal=True)
    console.print(screen(buffer_with(EXERCISING), 100, 32))
    console.save_svg(str(FOLDER / "terminal.svg"), title="kneegap live")


def shots(store: Store) -> Iterator[Shot]:
    """In English: every state and exercise, the other pages, other sizes."""
    for name in BOARDS:
        yield Shot(name, _of_board(name), LIGHT if name in LIGHT_ONES else DARK)
    for name in EXERCISES:
        yield Shot(name, _of_exercise(name))
    yield Shot("start", lambda: StartPage(start_offer(store, today=TODAY.date())))
    yield Shot("settings", _of_settings(store))
    yield Shot("settings_light", _of_settings(store, "17"), LIGHT)
    yield Shot("small_settings", _of_settings(store), size_px=SMALLEST_PX)
    yield Shot("history", lambda: HistoryPage(KeptSessions(store)))
    yield Shot("history_light", lambda: HistoryPage(KeptSessions(store)), LIGHT)
    yield Shot("history_years", lambda: HistoryPage(KeptSessions(measured_store(store.home / "measured"))))
    yield Shot("replay", replayed)
    yield Shot("zoom", zoomed, LIGHT)
    yield Shot("narrow", _of_board("lost"), size_px=NARROW_PX)
    yield Shot("small", _of_board("pain"), size_px=SMALL_PX)
    yield Shot("small_start", lambda: StartPage(start_offer(store, today=TODAY.date())), size_px=SMALL_PX)
    yield Shot("small_asking", _of_board("asking"), size_px=SMALL_PX)


def translated(store: Store) -> Iterator[Shot]:
    """What every language is looked at in."""
    for name in TRANSLATED:
        yield Shot(name, _in_words(name), LIGHT if name in LIGHT_ONES else DARK)
    for name in SAID_BY_THE_PROGRAM:
        yield Shot(name, _in_words(name))
    for name in EXERCISES:
        yield Shot(name, _of_exercise(name))
    yield Shot("start", lambda: StartPage(start_offer(store, today=TODAY.date())))
    yield Shot("settings", _of_settings(store))
    yield Shot("history", lambda: HistoryPage(KeptSessions(store)), LIGHT)
    yield Shot("narrow", _in_words("lost"), size_px=NARROW_PX)


def take(shot: Shot, suffix: str = "") -> None:
    """Draws a page in the program's window and keeps the picture."""
    window = AppWindow(shot.theme)
    window.resize(*shot.size_px)
    page = shot.page()
    window.show_page(page)
    window.show()
    for _frame in range(5):
        QApplication.processEvents()
        if isinstance(page, SessionPage):
            page.draw()
    if isinstance(page, HistoryPage):
        while not page.list.rowCount():
            QApplication.processEvents()
    QApplication.processEvents()
    picture = window.grab()
    if picture.width() > WIDTH_PX:
        picture = picture.scaledToWidth(WIDTH_PX, Qt.TransformationMode.SmoothTransformation)
    picture.save(str(FOLDER / f"window_{shot.name}{suffix}.png"))
    window.close()


def take_strips(suffix: str = "") -> None:
    """Desk mode: in a hold, when the knees part, and with a question."""
    for name in ("together", "apart", "asking"):
        board = _said(name) if suffix else BOARDS[name]()
        strip = DeskStrip(buffer_with(board), _nobody, LIGHT if name == "asking" else DARK)
        strip.show()
        strip.draw()
        QApplication.processEvents()
        strip.grab().save(str(FOLDER / f"desk_{name}{suffix}.png"))
        strip.close()


def replayed() -> QWidget:
    """A recording in the middle, in a break."""
    with recording_file(180.0) as file:
        buffer = buffer_with(BOARDS["searching"]())
        player = Player(Replay(read_recording(file), Logged(), buffer), 2.0, lambda: 0.0)
    player.toggle()
    player.seek(120.0)
    player.show_once()
    return ReplayPage(buffer, player)


def zoomed() -> QWidget:
    """A stretch that the wearer chose."""
    page = SessionPage(buffer_with(EXERCISING), _nobody)
    page.curves.view.choose(200.0, 290.0, EXERCISING.now_s)
    return page


def lived_store(home: Path) -> Store:
    """Eight weeks of clamps and checks, with notes."""
    store = Store(home)
    for day in range(56):
        when = TODAY - timedelta(days=55 - day)
        for i in range(3 if day % 6 else 1):
            session = stored(store, when - timedelta(hours=3 * i), "clamp", clamp(925.0 - 7 * ((day + i) % 9)))
            if day % 13 == 0:
                write_note(session, Note("new chair", ("chair",)))
        if day % 7 == 0:
            stored(store, when + timedelta(minutes=40), "check", check(62.0 - day / 6 + day % 3, 44.0 - day / 7))
    return store


def measured_store(home: Path) -> Store:
    """A year and a half of weekly checks, with what a measurement scatters by."""
    store, scatter = Store(home), Random(3)
    for week in range(80):
        relaxed, squeezed = (start - week / 9 + scatter.gauss(0.0, 2.0) for start in (65.0, 48.0))
        stored(store, TODAY - timedelta(days=7 * (79 - week)), "check", check(relaxed, squeezed))
    return store


def _of_board(name: str) -> Callable[[], QWidget]:
    return lambda: SessionPage(buffer_with(BOARDS[name]()), _nobody)


def _of_settings(store: Store, typed: str = "") -> Callable[[], QWidget]:
    """Somebody's sizes; `typed` is what he tries to save for a width."""

    def made() -> QWidget:
        home = store.home / "measured_person"
        if not home.exists():
            Wearers(home).add(Wearer(0.425, knee_width_m=0.105, height_m=1.74, name="Li Wei"))
        own = OwnSettings(Store(home))
        page = SettingsPage(own.offer, own.problems)
        if typed:
            QTest.keyClicks(page.rows[Field.HIP_WIDTH].text, typed)
            page.try_to_save()
        return page

    return made


def _in_words(name: str) -> Callable[[], QWidget]:
    """A board with the coach's words in the language in use."""

    return lambda: SessionPage(buffer_with(_said(name)), _nobody)


def _said(name: str) -> Board:
    board = BOARDS[name]()
    plan = load_plan("wrap" if name in ("asking", "tying") else "clamp")
    phase, coach = plan.round[0], board.coach
    if name in ("safety", "tying"):
        return replace(board, exercise=plan.title)
    if name in ("calibrating", "swapped"):
        phase = next(p for p in load_calibration().steps if p.marker == "touch")
    text = advice(Ending.PAIN) if name == "pain" else plan.questions[0].say if name == "asking" else phase.say
    mistake = Mistake.APART if name == "apart" else Mistake.STRAP_LOST
    cue = next(c.say for c in plan.cues if c.when is mistake) if coach.cue else ""
    if name in SAID_BY_THE_PROGRAM:
        cue = coach.cue
    coach = replace(coach, title=phase.title, text=text, cue=cue, note="")
    return replace(board, exercise=plan.title, coach=coach)


def _of_exercise(name: str) -> Callable[[], QWidget]:
    return lambda: SessionPage(buffer_with(exercise(name)), _nobody)


def _nobody(action: Action) -> None:
    del action


if __name__ == "__main__":
    main()
