"""What a screen reader finds: a name at everything that can have the focus, and at everything that is only drawn."""

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QAbstractSpinBox, QCalendarWidget, QGraphicsView, QMenu, QProgressBar, QWidget
from pytestqt.qtbot import QtBot

from monitor.live_window import prompt_panel
from monitor.live_window.desk_strip import DeskStrip
from monitor.live_window.session_page import SessionPage
from monitor.live_window.start_page import StartPage
from tests.monitor.boards import BOARDS, EXERCISING, buffer_with
from tests.monitor.test_keys_help import past, session, settings
from tests.monitor.test_start_page import TRUSTED


def start(folder: Path) -> QWidget:
    del folder
    return StartPage(TRUSTED)


def strip(folder: Path) -> QWidget:
    del folder
    return DeskStrip(buffer_with(EXERCISING), lambda _action: None)


def name(widget: QWidget) -> str:
    """What a screen reader says of it."""
    return QAccessible.queryAccessibleInterface(widget).text(QAccessible.Text.Name)


def to_name(page: QWidget) -> list[QWidget]:
    """Everything of the page's own that somebody who sees nothing has to be told of."""
    calendars = page.findChildren(QCalendarWidget)
    inside = {id(child) for calendar in calendars for child in calendar.findChildren(QWidget)}
    return [
        child
        for child in page.findChildren(QWidget)
        if id(child) not in inside
        # A view's inner part has the name of the view.
        and type(child) is not QWidget
        and not isinstance(child, QMenu | QAbstractSpinBox)
        and not child.objectName().startswith("qt_")
        and (child.focusPolicy() & Qt.FocusPolicy.TabFocus or isinstance(child, QGraphicsView | QProgressBar))
    ]


@pytest.mark.parametrize("made", [start, session, past, strip, settings], ids=lambda f: f.__name__)
def test_everything_has_a_name(made: Callable[[Path], QWidget], tmp_path: Path, qtbot: QtBot) -> None:
    page = made(tmp_path)
    qtbot.addWidget(page)
    found = to_name(page)
    assert found or made is strip
    assert [w for w in found if not any(c.isalpha() for c in name(w))] == []


@pytest.mark.parametrize("which", BOARDS)
def test_the_state_is_a_word_and_not_a_sign(qtbot: QtBot, which: str) -> None:
    page = SessionPage(buffer_with(BOARDS[which]()), lambda _action: None)
    qtbot.addWidget(page)
    panel = page.state_panel
    assert name(panel.sign) == name(panel.word) == panel.word.text()


def test_what_is_said_is_announced_once(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []

    def note(widget: QWidget, text: str) -> None:
        del widget
        said.append(text)

    monkeypatch.setattr(prompt_panel, "announce", note)
    buffer = buffer_with(EXERCISING)
    page = SessionPage(buffer, lambda _action: None)
    qtbot.addWidget(page)
    assert said == ["Press your knees together and keep them there."]
    for _frame in range(8):
        page.draw()
    buffer.show(replace(EXERCISING, coach=replace(EXERCISING.coach, cue="Knees together")))
    for _frame in range(8):
        page.draw()
    assert said[1:] == ["Knees together"]
