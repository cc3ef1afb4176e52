"""The live window offscreen: every state, every key, every button, and what happens when it is closed."""

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import subprocess
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from monitor.board import Corrected, Link, State, StrapStatus, state_of
from monitor.coach.signals import Action
from monitor.live_buffer import LiveBuffer
from monitor.live_window import display
from monitor.live_window.plot_items import band_outline, hold_bars
from monitor.live_window.session_page import WORDS_EVERY, SessionPage
from monitor.live_window.time_view import Stretch
from monitor.wording import words
from sensor.samples import THIGHS
from tests.monitor.boards import BOARDS, CONNECTED, EXERCISING, buffer_with

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
        self.window = SessionPage(buffer, self.actions.append)


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


def test_a_band_with_one_strap_shows_no_other(shown: Shown) -> None:
    left, right = THIGHS
    shown.buffer.show(replace(EXERCISING, straps=EXERCISING.straps[:1]))
    for _frame in range(WORDS_EVERY):
        shown.window.draw()
    assert (shown.window.straps[left].isVisible(), shown.window.straps[right].isVisible()) == (True, False)


def test_before_the_exercise_open_knees_are_no_matter() -> None:
    board = BOARDS["tying"]()
    assert state_of(board, worn=True, together=False) is State.PREPARING
    begun = replace(board, coach=replace(board.coach, step=0, exercising=True))
    assert state_of(begun, worn=True, together=False) is State.ACTIVE


@pytest.mark.parametrize("away", [replace(CONNECTED[0], link=Link.RECONNECTING), replace(CONNECTED[0], silent_s=1.7)])
def test_while_a_strap_is_away_nothing_is_said_of_the_knees(away: StrapStatus) -> None:
    board = replace(EXERCISING, coach=replace(EXERCISING.coach, closing=True))
    assert state_of(board, worn=True, together=True) is State.TOGETHER
    lost = replace(board, straps=(away, board.straps[1]))
    assert state_of(lost, worn=True, together=True) is State.UNKNOWN
    walking = replace(lost, coach=replace(lost.coach, closing=False))
    assert state_of(walking, worn=True, together=False) is State.ACTIVE


def test_a_lost_strap_is_said_in_words(shown: Shown) -> None:
    shown.buffer.show(BOARDS["lost"]())
    shown.window.draw()
    assert "LOST, RECONNECTING" in shown.window.straps[THIGHS[0]].link.text()
    assert "connected" in shown.window.straps[THIGHS[1]].link.text()
    assert "LOW" in shown.window.straps[THIGHS[0]].link.text()


def test_after_the_session_finish_leaves_the_page(shown: Shown, qtbot: QtBot) -> None:
    shown.buffer.show(BOARDS["finished"]())
    shown.window.draw()
    with qtbot.waitSignal(shown.window.left):
        qtbot.keyClick(shown.window, Qt.Key.Key_F)
    assert shown.actions == []


def test_close_waits_for_the_report_and_then_leaves(shown: Shown, qtbot: QtBot) -> None:
    writing = replace(BOARDS["finished"](), message="Analyzing …", over=False)
    shown.buffer.show(writing)
    shown.window.draw()
    close = shown.window.controls.buttons[Action.STOP]
    assert (close.text(), close.isEnabled()) == ("Close  [F]", True)
    with qtbot.assertNotEmitted(shown.window.left):
        qtbot.keyClick(shown.window, Qt.Key.Key_F)
        shown.window.draw()
    with qtbot.waitSignal(shown.window.left):
        shown.buffer.show(replace(writing, over=True))
    assert shown.actions == []


@pytest.mark.parametrize("name", ["finished", "pain"])
def test_the_end_tells_what_it_came_to_and_nothing_is_left_to_stop(shown: Shown, name: str) -> None:
    shown.buffer.show(replace(BOARDS[name](), hold_s=0.0, net_s=188.0))
    shown.window.draw()
    timer = shown.window.timer_panel
    assert (timer.named.text(), timer.timer.text(), timer.total.text()) == ("together", "3:08", "")
    assert shown.window.state_panel.figures.text() == ""
    assert {a for a, b in shown.window.controls.buttons.items() if b.isVisible()} == {Action.STOP}


@pytest.mark.parametrize(
    ("name", "named", "time"),
    [
        ("searching", "", ""),
        ("calibrating", "step 4 of 6", "2 s"),
        ("asking", "answer within", "17 s"),
        ("tying", "step 9 of 9", "42 s"),
    ],
)
def test_what_is_told_has_the_window_to_itself(shown: Shown, name: str, named: str, time: str) -> None:
    shown.buffer.show(BOARDS[name]())
    shown.window.draw()
    QApplication.processEvents()
    prompt, timer = shown.window.prompt_panel, shown.window.timer_panel
    assert not shown.window.curves.isVisible()
    assert prompt.prompt.font().pixelSize() > 1.5 * prompt.cue.font().pixelSize()
    assert (timer.named.text(), timer.timer.text(), timer.total.text()) == (named, time, "")
    shown.buffer.show(EXERCISING)
    shown.window.draw()
    assert shown.window.curves.isVisible()
    assert prompt.prompt.font().pixelSize() == prompt.cue.font().pixelSize()
    assert timer.timer.text() == "0:42"


@pytest.mark.parametrize(("left_s", "said"), [(0.3, "1 s"), (59.0, "59 s"), (59.2, "1:00"), (899.1, "15:00")])
def test_a_long_countdown_is_told_in_minutes(left_s: float, said: str) -> None:
    board = replace(EXERCISING, holding=False, coach=replace(EXERCISING.coach, countdown_s=left_s))
    assert words.countdown_text(board) == said
    assert words.time_shown(board) == words.TimeShown("to go", said)
    assert words.time_shown(replace(board, coach=replace(board.coach, countdown_s=None))).time == "5:12"


def test_a_session_that_runs_is_not_left_by_escape(shown: Shown, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(shown.window.left):
        qtbot.keyClick(shown.window, Qt.Key.Key_Escape)
    assert shown.actions == []


def test_the_report_is_offered_when_there_is_one(shown: Shown, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    monkeypatch.setattr("monitor.live_window.session_page.open_file", opened.append)
    assert not shown.window.controls.report.isVisible()
    shown.buffer.show(replace(BOARDS["finished"](), report="/sessions/one/report.html"))
    shown.window.draw()
    qtbot.keyClick(shown.window, Qt.Key.Key_R)
    qtbot.mouseClick(shown.window.controls.report, Qt.MouseButton.LeftButton)
    assert opened == ["/sessions/one/report.html"] * 2


def test_enter_presses_the_button_with_the_focus(shown: Shown, qtbot: QtBot) -> None:
    shown.window.controls.buttons[Action.MARK].setFocus()
    qtbot.keyClick(shown.window.controls.buttons[Action.MARK], Qt.Key.Key_Return)
    assert shown.actions == [Action.MARK]


@pytest.mark.parametrize(
    ("key", "modifier", "stretch"),
    [
        (Qt.Key.Key_Plus, Qt.KeyboardModifier.NoModifier, Stretch(282.0, 312.0)),
        (Qt.Key.Key_Equal, Qt.KeyboardModifier.NoModifier, Stretch(282.0, 312.0)),
        (Qt.Key.Key_Minus, Qt.KeyboardModifier.NoModifier, Stretch(192.0, 312.0)),
        (Qt.Key.Key_W, Qt.KeyboardModifier.NoModifier, Stretch(0.0, 312.0)),
        (Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier, Stretch(237.0, 297.0)),
    ],
)
def test_keys_choose_what_the_curves_show(
    shown: Shown, qtbot: QtBot, key: Qt.Key, modifier: Qt.KeyboardModifier, stretch: Stretch
) -> None:
    qtbot.keyClick(shown.window, key, modifier)
    shown.window.draw()
    curves = shown.window.curves
    assert curves.view.chosen == stretch
    assert curves.gap.getViewBox().viewRange()[0] == pytest.approx([stretch.start_s, stretch.end_s])
    assert curves.session.frame_region() == pytest.approx((stretch.start_s, stretch.end_s))
    qtbot.keyClick(shown.window, Qt.Key.Key_L)
    shown.window.draw()
    assert curves.view.chosen is None
    assert curves.gap.getViewBox().viewRange()[0] == [-60.0, 0.0]


@pytest.mark.parametrize("key", ["+", "-", "W", "L"])
def test_each_button_of_the_curves_does_what_its_key_does(shown: Shown, qtbot: QtBot, key: str) -> None:
    curves = shown.window.curves
    qtbot.keyClick(shown.window, Qt.Key.Key_Plus)
    qtbot.mouseClick(curves.buttons[key], Qt.MouseButton.LeftButton)
    by_button = curves.view.chosen
    curves.view.follow()
    qtbot.keyClick(shown.window, Qt.Key.Key_Plus)
    qtbot.keyClicks(shown.window, key)
    assert curves.view.chosen == by_button


def test_the_mouse_chooses_a_stretch(shown: Shown) -> None:
    curves = shown.window.curves
    curves.gap.getViewBox().scaleBy(x=0.5)
    curves.gap.getViewBox().sigRangeChangedManually.emit([True, False])
    shown.window.draw()
    assert curves.view.chosen == Stretch(267.0, 297.0)
    curves.session.frame.setRegion((100.0, 160.0))
    shown.window.draw()
    assert curves.view.chosen == Stretch(100.0, 160.0)
    assert curves.gap.getViewBox().viewRange()[0] == pytest.approx([100.0, 160.0])


def test_drift_corrections_are_seen_and_can_be_hidden(shown: Shown, qtbot: QtBot) -> None:
    corrected = (Corrected(280.0, -0.004, "touch"), Corrected(300.0, 0.002, "cord"))
    shown.buffer.show(replace(EXERCISING, corrections=corrected))
    curves = shown.window.curves
    curves.restart()
    shown.window.draw()
    assert curves.gap.corrections_shown() == [(-32.0, "t"), (-12.0, "t1")]
    assert curves.corrected == "▲▼ drift corrected at 5:00 by +2 mm, by the cord"
    qtbot.keyClick(shown.window, Qt.Key.Key_C)
    shown.window.draw()
    assert curves.gap.corrections_shown() == []
    assert curves.corrected == ""
    assert curves.buttons["C"].text().startswith("Show")
    qtbot.mouseClick(curves.buttons["C"], Qt.MouseButton.LeftButton)
    shown.window.draw()
    assert len(curves.gap.corrections_shown()) == 2


def test_the_share_of_each_knee_is_said_in_words(shown: Shown) -> None:
    assert (shown.window.share.left.text(), shown.window.share.right.text()) == ("left --", "right --")
    assert shown.window.share.toolTip() == "Seated, the straps cannot tell which knee gives way."
    shown.buffer.show(replace(EXERCISING, share_left=0.62))
    for _frame in range(WORDS_EVERY):
        shown.window.draw()
    assert (shown.window.share.left.text(), shown.window.share.right.text()) == ("left 62 %", "right 38 %")


@pytest.mark.parametrize("size", [(464, 424), (640, 480), (800, 600), (1024, 600), (1280, 800), (2560, 1440)])
@pytest.mark.parametrize("name", ["calibrating", "asking", "pain", "lost", "safety", "tying", "swapped", "turned"])
def test_nothing_is_cut_off_at_any_size(qtbot: QtBot, size: tuple[int, int], name: str) -> None:
    page = SessionPage(buffer_with(BOARDS[name]()), _nobody)
    qtbot.addWidget(page)
    page.resize(*size)
    with qtbot.waitExposed(page):
        page.show()
    page.draw()
    QApplication.processEvents()
    assert (page.width(), page.height()) == size
    word = page.state_panel.word
    assert word.fontMetrics().horizontalAdvance(word.text()) <= word.width()
    for child in page.findChildren(QPushButton) + page.findChildren(QLabel):
        if child.isVisible():
            corner = child.mapTo(page, child.rect().bottomRight())
            assert corner.x() < size[0], child.text()
            assert corner.y() < size[1], child.text()
        if isinstance(child, QLabel) and child.isVisible() and child.wordWrap():
            assert child.height() >= child.heightForWidth(child.width()), child.text()
    for made in page.controls.buttons.values():
        assert not made.isVisible() or made.width() >= made.minimumSizeHint().width(), made.text()


def test_a_window_that_gets_lower_leaves_out_what_it_can_do_without(shown: Shown) -> None:
    shown.buffer.show(BOARDS["tying"]())
    for size, has_room in (((480, 440), False), ((480, 640), True), ((480, 440), False)):
        shown.window.setFixedSize(*size)
        QApplication.processEvents()
        shown.window.draw()
        assert shown.window.prompt_panel.title.isVisible() is has_room


def _nobody(action: Action) -> None:
    del action


def test_frames_make_no_new_items(shown: Shown) -> None:
    scene = shown.window.curves.gap.scene()
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
    x0, x1 = hold_bars(EXERCISING.holds, EXERCISING.now_s, 252.0, 312.0)
    assert x0.tolist() == [252.0, 270.0]
    assert x1.tolist() == [262.0, 312.0]


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
    monkeypatch.setattr(subprocess, "Popen", None)
    assert "no display" in (display.why_no_window() or "")


def test_a_display_that_is_not_there_is_found_out_in_a_child(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM", "no_such_platform")
    assert display.why_no_window() is not None
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    assert display.why_no_window() is None
