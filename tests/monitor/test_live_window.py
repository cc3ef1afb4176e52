"""The live window offscreen: every state, every key, every button, and what happens when it is closed."""

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import subprocess
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from monitor import words
from monitor.board import State
from monitor.coach.signals import Action
from monitor.live_buffer import LiveBuffer
from monitor.live_window import display
from monitor.live_window.plots import band_outline, hold_bars
from monitor.live_window.theme import DARK, LIGHT
from monitor.live_window.window import LiveWindow
from sensor.samples import THIGHS
from tests.monitor.boards import BOARDS, EXERCISING, buffer_with

KEYS = {
    Qt.Key.Key_Space: Action.CONFIRM,
    Qt.Key.Key_B: Action.PAUSE,
    Qt.Key.Key_S: Action.SKIP,
    Qt.Key.Key_M: Action.MARK,
    Qt.Key.Key_F: Action.STOP,
    Qt.Key.Key_P: Action.PAIN,
    Qt.Key.Key_U: Action.NUMBNESS,
}


class Shown:
    """A window with what was done in it."""

    def __init__(self, buffer: LiveBuffer) -> None:
        self.actions: list[Action] = []
        self.buffer = buffer
        self.window = LiveWindow(buffer, self.actions.append)


@pytest.fixture
def shown(qtbot: QtBot) -> Iterator[Shown]:
    """A window in the middle of a hold."""
    made = Shown(buffer_with(EXERCISING))
    qtbot.addWidget(made.window)
    with qtbot.waitExposed(made.window):
        made.window.show()
    made.window.draw()
    yield made
    made.window.close()


@pytest.mark.parametrize("key", KEYS)
def test_each_key_does_what_its_button_says(shown: Shown, qtbot: QtBot, key: Qt.Key) -> None:
    qtbot.keyClick(shown.window, key)
    assert shown.actions == [KEYS[key]]


@pytest.mark.parametrize("action", list(KEYS.values()))
def test_each_button_does_the_same(shown: Shown, qtbot: QtBot, action: Action) -> None:
    qtbot.mouseClick(shown.window.controls.buttons[action], Qt.MouseButton.LeftButton)
    assert shown.actions == [action]


def test_a_question_offers_yes_and_no_and_pain_stays(shown: Shown, qtbot: QtBot) -> None:
    shown.buffer.show(BOARDS["asking"]())
    shown.window.draw()
    buttons = shown.window.controls.buttons
    visible = {a for a, b in buttons.items() if b.isVisible()}
    assert visible == {Action.YES, Action.NO, Action.PAIN, Action.NUMBNESS, Action.STOP}
    qtbot.keyClick(shown.window, Qt.Key.Key_N)
    qtbot.keyClick(shown.window, Qt.Key.Key_Y)
    assert shown.actions == [Action.NO, Action.YES]


@pytest.mark.parametrize("name", BOARDS)
def test_every_state_is_said_by_word_and_sign(shown: Shown, name: str) -> None:
    board = BOARDS[name]()
    shown.buffer.show(board)
    shown.window.draw()
    panel = shown.window.state_panel
    assert panel.word.text() == words.STATE_WORD[board.state]
    assert panel.sign.text() == words.STATE_SIGN[board.state]
    assert shown.window.prompt_panel.prompt.text() == words.prompt_text(board)


def test_words_and_signs_differ_for_states_that_must_not_be_mixed_up() -> None:
    assert len({words.STATE_WORD[s] for s in State}) == len(State)
    held = (State.TOGETHER, State.NEAR, State.APART, State.PAUSED, State.STOPPED)
    assert len({words.STATE_SIGN[s] for s in held}) == len(held)


def test_a_lost_strap_is_said_in_words(shown: Shown) -> None:
    shown.buffer.show(BOARDS["lost"]())
    shown.window.draw()
    assert "LOST, RECONNECTING" in shown.window.straps[THIGHS[0]].link.text()
    assert "connected" in shown.window.straps[THIGHS[1]].link.text()
    assert "LOW" in shown.window.straps[THIGHS[0]].link.text()


def test_the_theme_changes_by_key(shown: Shown, qtbot: QtBot) -> None:
    before = shown.window.styleSheet()
    qtbot.keyClick(shown.window, Qt.Key.Key_D)
    assert DARK.ground in before
    assert LIGHT.ground in shown.window.styleSheet()


def test_closing_the_window_ends_the_session(shown: Shown) -> None:
    shown.window.close()
    assert shown.actions == [Action.STOP]


def test_after_the_session_finish_closes_the_window(shown: Shown, qtbot: QtBot) -> None:
    shown.buffer.show(BOARDS["finished"]())
    shown.window.draw()
    qtbot.keyClick(shown.window, Qt.Key.Key_F)
    assert not shown.window.isVisible()


def test_nothing_is_cut_off_in_the_smallest_window(shown: Shown) -> None:
    shown.window.resize(900, 640)
    for name in ("calibrating", "pain"):
        shown.buffer.show(BOARDS[name]())
        shown.window.draw()
        word = shown.window.state_panel.word
        assert word.fontMetrics().horizontalAdvance(word.text()) <= word.width()
    assert shown.window.width() == 900


def test_frames_make_no_new_items(shown: Shown) -> None:
    scene = shown.window.gap_plot.scene()
    before = len(scene.items())
    for k in range(20):
        shown.buffer.show(replace(EXERCISING, now_s=312.0 + k))
        shown.window.draw()
    assert len(scene.items()) == before


def test_the_band_leaves_unknown_rows_out() -> None:
    gap = np.array([1.0, np.nan, 3.0, 4.0])
    at, ends, joined = band_outline(np.array([-3.0, -2.0, -1.0, 0.0]), gap, np.ones(4))
    assert at.tolist() == [-3.0, -3.0, -1.0, 0.0, 0.0, -1.0]
    assert ends.tolist() == pytest.approx([2.96, 0.0, 4.96, 5.96, 2.04, 1.04])
    assert joined.tolist() == [1, 0, 1, 1, 1, 0]


def test_holds_are_shaded_up_to_now_while_they_run() -> None:
    x0, x1 = hold_bars(EXERCISING.holds, EXERCISING.now_s)
    assert x0.tolist() == [-60.0, -42.0]
    assert x1.tolist() == [-50.0, 0.0]


@pytest.mark.parametrize(
    ("stderr", "named"),
    [
        ("ImportError: libEGL.so.1: cannot open shared object file", "libEGL.so.1"),
        ("qt.qpa.xcb: could not connect to display :7", "could not connect to display"),
        ("ModuleNotFoundError: No module named 'PySide6'", "PySide6"),
        ("something else\nhappened", "something else happened"),
    ],
)
def test_what_a_window_lacks_is_named(stderr: str, named: str) -> None:
    assert named in display.reason(stderr)


def test_without_a_display_no_process_is_started(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(display.sys, "platform", "linux")
    monkeypatch.setattr(subprocess, "run", None)
    assert "no display" in (display.why_no_window() or "")


def test_a_display_that_is_not_there_is_found_out_in_a_child(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM", "no_such_platform")
    assert display.why_no_window() is not None
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    assert display.why_no_window() is None
