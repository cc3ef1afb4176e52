"""The drawings beside what the wearer is told: one for every step, in every theme, and never at the words' expense."""

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from collections.abc import Iterator
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QColor, QImage, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from monitor.board import Board
from monitor.coach.coach import Coach
from monitor.coach.pictures import Picture
from monitor.coach.plan import Doing, Phase, PhaseKind
from monitor.coach.plan_files import exercises
from monitor.coach.plans import load_calibration, load_plan, load_screen
from monitor.coach.signals import Seen
from monitor.coach.steps import Step
from monitor.config import read_config
from monitor.language import use
from monitor.live_window import drawing
from monitor.live_window.app_window import AppWindow
from monitor.live_window.drawing import pixmap, svg
from monitor.live_window.session_page import WORDS_EVERY, SessionPage
from monitor.live_window.theme import DARK, LIGHT, USUAL_PX, Theme
from sensor.errors import BadValue, UnknownKey
from tests.monitor.boards import BOARDS, EXERCISING, buffer_with, exercise
from tests.monitor.fitting import cut_off

PLANS = (*exercises(), "demo", "desk")
CALIBRATIONS = ("calibration", "calibration_demo", "calibration_short")
# Each follows one that is larger or smaller: what was drawn there must not be in its way.
SIZES = [(480, 440), (2560, 1440), (480, 640), (1024, 600), (640, 480), (1280, 800), (800, 480)]


def phases() -> Iterator[Phase]:
    """All that any session asks for, in the language in use."""
    yield from load_screen().ask_first
    for name in CALIBRATIONS:
        yield from load_calibration(name).steps
    for name in PLANS:
        plan = load_plan(name)
        yield from (*plan.ask_first, plan.settle, *plan.before, *plan.round, *plan.after)


def told(phase: Phase, note: str = "", cue: str = "") -> Board:
    """A board of the preparations, in the phase."""
    board = BOARDS["tying"]()
    words = replace(board.coach, title=phase.title, text=phase.say, picture=phase.drawing, note=note, cue=cue)
    return replace(board, coach=words)


class Shown:
    """A window of the usual size in the preparations."""

    def __init__(self) -> None:
        self.buffer = buffer_with(BOARDS["calibrating"]())
        self.page = SessionPage(self.buffer, lambda _action: None)
        self.panel = self.page.prompt_panel
        self.drawing = self.panel.drawing
        self.window = AppWindow(DARK)
        self.window.show_page(self.page)
        self.window.resize(*USUAL_PX)

    def words(self) -> QRect:
        """Where the prompt is, in the panel."""
        prompt = self.panel.prompt
        return prompt.rect().translated(prompt.mapTo(self.panel, QPoint()))

    def settle(self, board: Board | None = None) -> None:
        """Draws the board and lets Qt place everything."""
        if board is not None:
            self.buffer.show(board)
        for _frame in range(WORDS_EVERY):
            self.page.draw()
            QApplication.processEvents()


@pytest.fixture
def shown(qtbot: QtBot) -> Shown:
    """The usual window, at the knees' touch."""
    made = Shown()
    qtbot.addWidget(made.window)
    with qtbot.waitExposed(made.window):
        made.window.show()
    made.settle()
    return made


def pixels(picture: Picture, theme: Theme) -> QImage:
    return pixmap(picture, theme, 120).toImage()


def unlike(one: QImage, other: QImage) -> float:
    """Which part of two drawings clearly differs."""
    places = [(x, y) for x in range(120) for y in range(120)]
    return sum(abs(one.pixelColor(*at).red() - other.pixelColor(*at).red()) > 60 for at in places) / len(places)


def test_every_picture_has_a_file_and_every_file_is_a_picture() -> None:
    folder = files("monitor.live_window").joinpath("pictures")
    assert {file.name for file in folder.iterdir()} == {f"{picture}.svg" for picture in Picture}


def test_all_that_can_be_asked_for_has_a_picture() -> None:
    assert set(Doing) - set(Picture) == {Doing.ANSWER, Doing.AGREE, Doing.STOP}
    assert [p.title for p in phases() if (p.drawing is None) is not (p.kind is PhaseKind.ASK)] == []


def test_standing_and_seated_are_not_drawn_alike() -> None:
    assert load_plan("clamp").round[0].drawing is Picture.CLOSE
    assert load_plan("knees_in").round[0].drawing is Picture.KNEES_IN


@pytest.mark.parametrize(
    ("line", "kind", "said"), [("pictur", UnknownKey, "picture"), ("picture", BadValue, "close, knees_in")]
)
def test_a_misspelt_picture_is_refused_by_name(tmp_path: Path, line: str, kind: type[Exception], said: str) -> None:
    path = tmp_path / "own.toml"
    path.write_text(f'kind = "hold"\ntitle = "T"\nsay = "S"\ndo = "close"\n{line} = "knee_in"\n', encoding="utf-8")
    with pytest.raises(kind, match=said):
        read_config(path, Phase)


@pytest.mark.parametrize("picture", Picture)
def test_each_is_drawn_in_the_colours_of_either_theme(qapp: QApplication, picture: Picture) -> None:
    del qapp
    assert QSvgRenderer(svg(picture, DARK).encode()).isValid()
    dark, light = pixels(picture, DARK), pixels(picture, LIGHT)
    inked = sum(dark.pixelColor(x, y).alpha() > 0 for x in range(120) for y in range(120))
    assert 1000 < inked < 120 * 120
    assert dark != light
    assert all(colour not in svg(picture, DARK) for colour in (LIGHT.ink, LIGHT.good))


def test_no_two_pictures_are_the_same(qapp: QApplication) -> None:
    del qapp
    drawn = {bytes(pixels(picture, DARK).constBits()): picture for picture in Picture}
    assert len(drawn) == len(Picture)


def test_left_is_left_as_in_a_mirror(qapp: QApplication) -> None:
    del qapp
    for name in ("twist", "press"):
        left, right = (pixels(Picture(f"{name}_{side}"), DARK) for side in ("left", "right"))
        assert unlike(left.flipped(Qt.Orientation.Horizontal), right) < 0.01 < unlike(left, right)
    # The knee that moves is the one with the arrow.
    lit = QColor(DARK.good)
    twist = pixels(Picture.TWIST_LEFT, DARK)
    at = [x for x in range(120) for y in range(120) if twist.pixelColor(x, y) == lit]
    assert sum(at) / len(at) < 55


def test_a_sharper_screen_gets_a_sharper_drawing(qapp: QApplication) -> None:
    del qapp
    made = pixmap(Picture.TOUCH, DARK, 100, 2.0)
    assert (made.width(), made.deviceIndependentSize().width()) == (200, 100.0)


def test_it_stands_beside_the_words_of_a_wide_window_and_below_those_of_a_narrow_one(shown: Shown) -> None:
    assert shown.drawing.isVisible()
    assert shown.drawing.accessibleName() == "Knees touch"
    assert shown.drawing.x() > shown.words().right()
    assert shown.drawing.width() >= shown.drawing.pixmap().width() > 300
    shown.window.resize(480, 640)
    shown.settle()
    assert shown.drawing.isVisible()
    assert shown.drawing.y() > shown.words().bottom()
    shown.window.resize(480, 440)
    shown.settle(told(load_screen().ask_first[1]))
    assert not shown.drawing.isVisible()


def test_there_is_none_in_a_question_in_the_exercise_and_at_the_end(shown: Shown) -> None:
    for board in (BOARDS["asking"](), BOARDS["safety"](), EXERCISING, exercise("knees_in"), BOARDS["finished"]()):
        shown.settle(replace(board, coach=replace(board.coach, picture=Picture.STAND)))
        assert not shown.drawing.isVisible()
        shown.settle(BOARDS["tying"]())
        assert shown.drawing.isVisible()


def test_while_straps_are_searched_it_shows_how_they_are_found(shown: Shown) -> None:
    shown.settle(BOARDS["searching"]())
    assert shown.drawing.accessibleName() == shown.panel.prompt.text()


def test_frames_draw_nothing_anew(shown: Shown, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[Picture] = []

    def noted(picture: Picture, theme: Theme, side_px: int, ratio: float) -> QPixmap:
        made.append(picture)
        return pixmap(picture, theme, side_px, ratio)

    monkeypatch.setattr(drawing, "pixmap", noted)
    for k in range(20):
        board = BOARDS["calibrating"]()
        shown.settle(replace(board, coach=replace(board.coach, countdown_s=3.0 - k / 10, progress=k / 20)))
    assert made == []
    shown.page.paint_in(LIGHT)
    shown.settle()
    assert made == [Picture.TOUCH]


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_the_words_have_the_room_they_need(shown: Shown, language: str) -> None:
    use(language)
    steps = {p.say: p for p in phases() if p.drawing is not None}.values()
    drawn = 0
    for size in SIZES:
        shown.window.resize(*size)
        for phase in steps:
            for note, cue in (("", ""), ("the left strap moved: once more", ""), ("", "A strap is out of reach.")):
                shown.settle(told(phase, note, cue))
                assert cut_off(shown.page) == [], (size, phase.title)
                if shown.drawing.isVisible():
                    drawn += 1
                    assert shown.drawing.width() >= shown.drawing.pixmap().width(), (size, phase.title)
                    assert shown.drawing.height() >= shown.drawing.pixmap().height(), (size, phase.title)
                    assert not shown.drawing.geometry().intersects(shown.words()), (size, phase.title)
        assert (shown.window.width(), shown.window.height()) == size
    assert drawn > 10 * len(steps)


def test_the_coach_says_which() -> None:
    plan = load_plan("clamp")
    coach = Coach(plan, [Step(plan.settle), Step(plan.round[0], 1)])
    coach.tick(0.0, Seen())
    assert coach.view().picture is Picture.SIT
