"""The list of keys of each page against the keys that really work there."""

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QShortcut
from PySide6.QtWidgets import QPushButton, QWidget
from pytestqt.qtbot import QtBot

from monitor.live_window.app_window import AppWindow
from monitor.live_window.history_page import HistoryPage
from monitor.live_window.kept_sessions import KeptSessions
from monitor.live_window.keys_help import KeyTable, keys_of, shown_keys
from monitor.live_window.session_page import SessionPage
from monitor.live_window.settings_page import SettingsPage
from monitor.live_window.start_page import StartPage
from monitor.store import Store
from tests.monitor.boards import EXERCISING, buffer_with
from tests.monitor.test_window_words import FILLED_IN, GIVEN, nothing_wrong


def start(folder: Path) -> QWidget:
    del folder
    return StartPage(GIVEN)


def session(folder: Path) -> QWidget:
    del folder
    return SessionPage(buffer_with(EXERCISING), lambda _action: None)


def past(folder: Path) -> QWidget:
    return HistoryPage(KeptSessions(Store(folder)))


def settings(folder: Path) -> QWidget:
    del folder
    return SettingsPage(FILLED_IN, nothing_wrong)


PAGES = (start, session, past, settings)


def working(page: QWidget) -> set[str]:
    """Every key that does something on the page."""
    keys = {s.key().toString() for s in page.findChildren(QShortcut)}
    return {"Enter" if key == "Return" else key for key in keys}


def named(table: KeyTable) -> set[str]:
    return {key for keys, _text in table for key in keys}


@pytest.mark.parametrize("made", PAGES, ids=lambda f: f.__name__)
def test_every_key_is_named_and_every_named_key_works(
    made: Callable[[Path], QWidget], tmp_path: Path, qtbot: QtBot
) -> None:
    window = AppWindow()
    qtbot.addWidget(window)
    page = made(tmp_path)
    window.show_page(page)
    told = named(keys_of(page))
    found = working(window)
    assert found <= told
    # Tab is Qt's own; a session can be resumed only where one was broken off.
    assert told - found <= {"Tab", "G"}


def test_the_keys_of_the_page_are_shown_and_a_click_takes_them_away(qtbot: QtBot, tmp_path: Path) -> None:
    window = AppWindow()
    qtbot.addWidget(window)
    with qtbot.waitExposed(window):
        window.show()
    for made, own in (
        (start, "choose an exercise"),
        (session, "pain, numbness"),
        (past, "filter, note, tags"),
        (settings, "back, without"),
    ):
        window.show_page(made(tmp_path))
        qtbot.keyClick(window, Qt.Key.Key_F1)
        assert window.help.isVisible()
        assert own in window.help.said()
        assert window.rect().contains(window.help.geometry())
        qtbot.mouseClick(window.help, Qt.MouseButton.LeftButton)
        assert not window.help.isVisible()


def test_digits_in_a_row_are_one_key() -> None:
    assert shown_keys(("1", "2", "3", "4")) == "1 … 4"
    assert shown_keys(("Shift+Left", "PgUp")) == "Shift+←  PgUp"


@pytest.mark.parametrize("made", PAGES, ids=lambda f: f.__name__)
def test_tab_leads_to_every_button_and_frames_it(made: Callable[[Path], QWidget], tmp_path: Path, qtbot: QtBot) -> None:
    window = AppWindow()
    qtbot.addWidget(window)
    page = made(tmp_path)
    window.show_page(page)
    with qtbot.waitExposed(window):
        window.show()
    there = {b for b in page.findChildren(QPushButton) if b.isVisible() and b.isEnabled()}
    reached: set[QWidget] = set()
    for _press in range(3 * len(there) + 20):
        qtbot.keyClick(window, Qt.Key.Key_Tab)
        focused = window.focusWidget()
        if focused in there and focused not in reached:
            framed = focused.grab().toImage()
            focused.clearFocus()
            assert focused.grab().toImage() != framed, focused.objectName()
            focused.setFocus(Qt.FocusReason.TabFocusReason)
        reached.add(focused)
    assert [b.text() for b in there - reached] == []
