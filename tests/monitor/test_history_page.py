"""The history page: what is stored is found, read again, written about; by keyboard alone."""

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QDate, Qt
from pytestqt.qtbot import QtBot

from monitor.live_window.history_page import HistoryPage
from monitor.live_window.kept_sessions import KeptSessions
from monitor.store import Store
from monitor.store.notes import Note, read_note
from tests.monitor.stores import check, clamp, stored

START = datetime(2026, 3, 2, 18, 0, tzinfo=UTC)
WEEKS = 6


def filled(home: Path) -> Store:
    """Six weeks with a clamp a day and a check a week."""
    store = Store(home)
    for day in range(7 * WEEKS):
        stored(store, START + timedelta(days=day), "clamp", clamp(900.0 + 60 * (day % 5)))
        if day % 7 == 0:
            stored(store, START + timedelta(days=day, hours=1), "check", check(60.0 - day / 3, 40.0 - day / 3))
    return store


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return filled(tmp_path_factory.mktemp("home"))


@pytest.fixture
def page(store: Store, qtbot: QtBot) -> Iterator[HistoryPage]:
    made = HistoryPage(KeptSessions(store))
    qtbot.addWidget(made)
    with qtbot.waitSignal(made.loaded):
        made.resize(1260, 780)
        made.show()
    yield made
    made.hide()


def cell(page: HistoryPage, row: int, column: int) -> str:
    return str(page.list.model().index(row, column).data())


def test_every_session_is_listed_newest_first(page: HistoryPage) -> None:
    assert page.list.rowCount() == 8 * WEEKS
    assert cell(page, 0, 0).startswith("2026-04-12")
    assert page.list.entry is not None
    assert page.list.entry.day == (START + timedelta(days=7 * WEEKS - 1)).date()


def test_a_filter_leaves_what_has_all_its_words(page: HistoryPage, qtbot: QtBot) -> None:
    qtbot.keyClick(page, Qt.Key.Key_F)
    assert page.filter.hasFocus()
    qtbot.keyClicks(page.filter, "check 2026-03")
    shown = [row for row in range(page.list.rowCount()) if not page.list.isRowHidden(row)]
    assert len(shown) == 5
    assert all("Check" in cell(page, row, 1) for row in shown)
    page.filter.clear()
    assert not any(page.list.isRowHidden(row) for row in range(page.list.rowCount()))


def test_a_day_of_the_calendar_leads_to_its_session(page: HistoryPage) -> None:
    page.calendar.activated.emit(QDate(2026, 3, 11))
    assert page.list.entry is not None
    assert page.list.entry.day == datetime(2026, 3, 11, tzinfo=UTC).date()


def test_the_calendar_follows_the_list(page: HistoryPage) -> None:
    page.list.selectRow(3)
    entry = page.list.entry
    assert entry is not None
    assert page.calendar.selectedDate().toPython() == entry.day


def test_note_and_tags_are_kept(page: HistoryPage, store: Store, qtbot: QtBot) -> None:
    page.list.selectRow(2)
    entry = page.list.entry
    assert entry is not None
    qtbot.keyClick(page, Qt.Key.Key_N)
    qtbot.keyClicks(page.note, "felt good")
    page.note.setText("felt good 很好")
    with qtbot.waitSignal(page.loaded):
        qtbot.keyClick(page.note, Qt.Key.Key_Return)
    qtbot.keyClick(page, Qt.Key.Key_T)
    page.tags.setText("#chair evening")
    with qtbot.waitSignal(page.loaded):
        qtbot.keyClick(page.tags, Qt.Key.Key_Return)
    assert read_note(store.find(entry.id)) == Note("felt good 很好", ("chair", "evening"))
    assert page.list.entry is not None
    assert page.list.entry.id == entry.id
    page.filter.setText("#chair")
    assert sum(not page.list.isRowHidden(row) for row in range(page.list.rowCount())) == 1


def test_letters_that_are_typed_into_a_field_do_nothing_else(page: HistoryPage, qtbot: QtBot) -> None:
    page.filter.setFocus()
    with qtbot.assertNotEmitted(page.left), qtbot.assertNotEmitted(page.replay):
        qtbot.keyClicks(page.filter, "pqrtn")
    assert page.filter.text() == "pqrtn"
    qtbot.keyClick(page.filter, Qt.Key.Key_Escape)
    assert not page.filter.hasFocus()
    with qtbot.waitSignal(page.left):
        qtbot.keyClick(page, Qt.Key.Key_Escape)


def test_a_session_is_shown_again(page: HistoryPage, qtbot: QtBot) -> None:
    page.list.selectRow(5)
    entry = page.list.entry
    assert entry is not None
    with qtbot.waitSignal(page.replay) as asked:
        qtbot.keyClick(page, Qt.Key.Key_P)
    assert asked.args == [entry.id]
    with qtbot.waitSignal(page.replay):
        qtbot.mouseClick(page.buttons["P"], Qt.MouseButton.LeftButton)


def test_a_report_is_opened(page: HistoryPage, store: Store, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []

    def open_file(path: str) -> bool:
        opened.append(path)
        return True

    monkeypatch.setattr("monitor.live_window.history_page.open_file", open_file)
    page.list.selectRow(0)
    assert page.list.entry is not None
    report = store.find(page.list.entry.id).folder / "report.html"
    report.write_text("<p>report</p>")
    with qtbot.waitSignal(page.loaded):
        qtbot.keyClick(page, Qt.Key.Key_R)
    assert opened == [str(report)]


def test_a_report_that_cannot_be_made_is_told_in_one_sentence(page: HistoryPage, qtbot: QtBot) -> None:
    page.list.selectRow(1)
    with qtbot.waitSignal(page.loaded):
        qtbot.mouseClick(page.buttons["R"], Qt.MouseButton.LeftButton)
    assert "recording" in page.says


def test_an_empty_store_says_so(qtbot: QtBot, tmp_path: Path) -> None:
    page = HistoryPage(KeptSessions(Store(tmp_path)))
    qtbot.addWidget(page)
    with qtbot.waitSignal(page.loaded):
        page.show()
    assert page.says == "No sessions yet."
    assert not page.buttons["P"].isEnabled()
