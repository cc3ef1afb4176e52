"""Desk mode: a strip that says state and minutes, takes no focus, and needs no tray."""

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from monitor.board import Board, State
from monitor.coach.signals import Action
from monitor.live_buffer import LiveBuffer
from monitor.live_window.desk_mode import DeskMode
from monitor.live_window.desk_strip import DeskStrip
from monitor.live_window.theme import DARK
from monitor.live_window.tray import Tray, state_icon, tray
from monitor.wording import words
from tests.monitor.boards import BOARDS, EXERCISING, buffer_with


def no_action(action: Action) -> None:
    del action


class Shown:
    """Desk mode over a window, with what was done in it."""

    def __init__(self, board: Board) -> None:
        self.actions: list[Action] = []
        self.buffer, self.window = buffer_with(board), QWidget()
        self.window.show()
        self.running = True
        self.desk = DeskMode(self.window, self.buffer, self.actions.append, lambda: self.running, DARK)

    def show(self, board: Board) -> None:
        self.buffer.show(board)
        self.desk.look()
        self.desk.strip.draw()


@pytest.fixture
def shown(qtbot: QtBot) -> Iterator[Shown]:
    """Desk mode while the straps are calibrated."""
    made = Shown(BOARDS["calibrating"]())
    qtbot.addWidget(made.window)
    yield made
    made.desk.close()


def test_the_window_leads_through_the_preparations_and_then_makes_room(shown: Shown) -> None:
    shown.desk.look()
    assert shown.window.isVisible() or not shown.desk.strip.isVisible()
    shown.show(EXERCISING)
    assert shown.desk.strip.isVisible()
    assert not shown.window.isVisible()


def test_the_strip_takes_no_focus_and_stays_on_top(shown: Shown) -> None:
    strip = shown.desk.strip
    flags = strip.windowFlags()
    assert flags & Qt.WindowType.WindowDoesNotAcceptFocus
    assert flags & Qt.WindowType.WindowStaysOnTopHint
    assert strip.testAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
    assert all(b.focusPolicy() is Qt.FocusPolicy.NoFocus for b in strip.buttons.values())


@pytest.mark.parametrize("name", BOARDS)
def test_state_and_minutes_are_said(qtbot: QtBot, name: str) -> None:
    board = BOARDS[name]()
    strip = DeskStrip(buffer_with(board), no_action)
    qtbot.addWidget(strip)
    assert strip.word.text() == words.state_word(board)
    assert strip.sign.text() == words.STATE_SIGN[board.state]
    assert strip.time.text() == words.clock(board.net_s)


def test_a_strip_that_grows_stays_where_it_was_put(shown: Shown, qtbot: QtBot) -> None:
    shown.show(EXERCISING)
    strip = shown.desk.strip
    qtbot.mousePress(strip, Qt.MouseButton.LeftButton, pos=QPoint(5, 5))
    qtbot.mouseMove(strip, QPoint(-35, -55))
    qtbot.mouseRelease(strip, Qt.MouseButton.LeftButton, pos=QPoint(5, 5))
    put = strip.geometry()
    shown.show(BOARDS["asking"]())
    assert strip.height() > put.height()
    assert strip.geometry().bottomRight() == put.bottomRight()
    strip.hide()
    strip.move(0, 0)
    shown.show(EXERCISING)
    shown.desk.open_strip()
    assert strip.geometry() == put


def test_after_the_end_the_strip_has_nothing_to_stop(shown: Shown) -> None:
    shown.show(EXERCISING)
    shown.show(BOARDS["finished"]())
    shown_buttons = [b.text() for b in shown.desk.strip.buttons.values() if b.isVisible()]
    assert shown_buttons == ["Close"]
    assert shown.desk.strip.says.text() == BOARDS["finished"]().message


def test_mostly_nothing_else_is_said(shown: Shown) -> None:
    shown.show(EXERCISING)
    assert shown.desk.strip.says.text() == ""
    shown.show(BOARDS["apart"]())
    assert shown.desk.strip.says.text() == "Knees together"
    shown.show(BOARDS["asking"]())
    assert "numbness" in shown.desk.strip.says.text()
    assert shown.desk.strip.buttons[Action.YES].isVisible()


@pytest.mark.parametrize("action", [Action.YES, Action.NO, Action.PAIN, Action.NUMBNESS, Action.STOP])
def test_each_button_of_the_strip_does_what_it_says(shown: Shown, qtbot: QtBot, action: Action) -> None:
    shown.show(EXERCISING)
    shown.show(BOARDS["asking"]())
    qtbot.mouseClick(shown.desk.strip.buttons[action], Qt.MouseButton.LeftButton)
    assert shown.actions == [action]


def test_the_window_comes_back_when_asked_for(shown: Shown, qtbot: QtBot) -> None:
    shown.show(EXERCISING)
    qtbot.mouseDClick(shown.desk.strip, Qt.MouseButton.LeftButton)
    assert shown.window.isVisible()
    assert not shown.desk.strip.isVisible()
    shown.show(replace(EXERCISING, now_s=313.0))
    assert shown.window.isVisible()
    shown.desk.open_strip()
    assert shown.desk.strip.isVisible()
    assert not shown.window.isVisible()


def test_finishing_what_is_over_leaves_it(shown: Shown, qtbot: QtBot) -> None:
    shown.show(EXERCISING)
    shown.show(BOARDS["finished"]())
    with qtbot.waitSignal(shown.desk.done):
        qtbot.mouseClick(shown.desk.strip.buttons[Action.STOP], Qt.MouseButton.LeftButton)
    assert shown.actions == []


def test_finishing_while_the_report_is_written_leaves_when_it_is(shown: Shown, qtbot: QtBot) -> None:
    shown.show(EXERCISING)
    writing = replace(BOARDS["finished"](), over=False)
    shown.show(writing)
    with qtbot.assertNotEmitted(shown.desk.done):
        qtbot.mouseClick(shown.desk.strip.buttons[Action.STOP], Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(shown.desk.done):
        shown.show(replace(writing, over=True))
    assert shown.actions == []


def test_a_session_that_failed_is_left(shown: Shown, qtbot: QtBot) -> None:
    shown.running = False
    with qtbot.waitSignal(shown.desk.done):
        shown.desk.look()


def test_without_a_tray_nothing_is_missing(monkeypatch: pytest.MonkeyPatch, shown: Shown) -> None:
    monkeypatch.setattr("monitor.live_window.tray.QSystemTrayIcon.isSystemTrayAvailable", lambda: False)
    assert tray(LiveBuffer(), no_action, lambda: None, DARK) is None
    shown.desk.tray = None
    shown.show(EXERCISING)
    assert shown.desk.strip.isVisible()


def test_the_tray_says_state_and_minutes_and_does_what_its_menu_says(qtbot: QtBot) -> None:
    actions: list[Action] = []
    opened: list[bool] = []
    made = Tray(buffer_with(EXERCISING), actions.append, lambda: opened.append(True), DARK)
    assert made.icon.toolTip() == "TOGETHER  3:08"
    first, *others = made.menu.actions()
    first.trigger()
    for entry in others:
        entry.trigger()
    assert opened == [True]
    assert actions == [Action.PAUSE, Action.PAIN, Action.NUMBNESS, Action.STOP]
    made.close()
    qtbot.wait(0)


def test_icons_of_together_and_apart_differ_in_shape() -> None:
    shapes = [state_icon(s, DARK).pixmap(64).toImage().createAlphaMask() for s in (State.TOGETHER, State.APART)]
    assert shapes[0] != shapes[1]
