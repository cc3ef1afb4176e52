"""No word of the window goes round the catalogue."""

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pyqtgraph as pg
import pytest
from PySide6.QtWidgets import (
    QAbstractButton,
    QCalendarWidget,
    QComboBox,
    QGraphicsView,
    QLabel,
    QLineEdit,
    QTableWidget,
    QWidget,
)
from pytestqt.qtbot import QtBot

from monitor import language
from monitor.coach.signals import Action
from monitor.guided.own_settings import OwnSettings
from monitor.live_window.app_window import AppWindow
from monitor.live_window.desk_strip import DeskStrip
from monitor.live_window.history_page import HistoryPage
from monitor.live_window.kept_sessions import KeptSessions
from monitor.live_window.session_page import SessionPage
from monitor.live_window.settings_form import PERSON, SIZES, Field, SettingsForm, SettingsOffer
from monitor.live_window.settings_page import SettingsPage
from monitor.live_window.start_offer import ExerciseOffer, StartOffer, WearerOffer
from monitor.live_window.start_page import StartPage
from monitor.store import Store
from tests.monitor.boards import BOARDS, buffer_with
from tests.monitor.pseudo_language import PSEUDO, escaped, make_pseudo_language
from tests.monitor.stores import check, stored

# What is not the program's own: names in any language.
GIVEN = StartOffer(
    (ExerciseOffer("clamp", "6", "1/3"), ExerciseOffer("wrap", "7", refused="!")),
    wearers=(WearerOffer("1", "8"), WearerOffer("2", "9")),
    last_calibration="1 d",
)


TEXTS = {**dict.fromkeys(Field, "1"), Field.NAME: "2"}
FILLED_IN = SettingsOffer(
    SettingsForm(TEXTS),
    dict.fromkeys(PERSON, ""),
    dict.fromkeys(SIZES, 3),
    known=True,
    languages=("zh_CN",),
    message="4",
)


def nothing_wrong(form: SettingsForm) -> dict[Field, str]:
    """Whatever is filled in is right."""
    del form
    return {}


@pytest.fixture(scope="module")
def pseudo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a language that shows what was never looked up."""
    folder = tmp_path_factory.mktemp("locale")
    make_pseudo_language(folder)
    return folder


def words(page: QWidget) -> str:
    """Everything that can be read on a page, tooltips included."""
    found = [page.windowTitle(), page.toolTip()]
    # Qt itself says a calendar's months and days in the wearer's language.
    calendars = page.findChildren(QCalendarWidget)
    for child in page.findChildren(QWidget):
        if any(calendar.isAncestorOf(child) for calendar in calendars):
            continue
        found.append(child.toolTip())
        if isinstance(child, QLabel | QAbstractButton):
            found.append(child.text())
        elif isinstance(child, QLineEdit):
            found.append(child.placeholderText())
        elif isinstance(child, QComboBox):
            found += [child.itemText(i) for i in range(child.count())]
        elif isinstance(child, QTableWidget):
            heads = (child.horizontalHeaderItem(i) for i in range(child.columnCount()))
            found += [head.text() for head in heads if head is not None]
        elif isinstance(child, QGraphicsView):
            found += _drawn(child)
    return " | ".join(text for text in found if text)


def _drawn(view: QGraphicsView) -> list[str]:
    out: list[str] = []
    for item in view.items():
        if isinstance(item, pg.AxisItem):
            out.append(item.labelText)
        elif isinstance(item, pg.TextItem):
            out.append(item.toPlainText())
        elif isinstance(item, pg.LabelItem):
            out.append(item.text)
    return out


def session(tmp_path: Path) -> QWidget:
    """A session in which nothing comes from outside."""
    del tmp_path
    board = BOARDS["lost"]()
    silent = replace(board.coach, title="", text="", note="", cue="")
    page = SessionPage(buffer_with(replace(board, exercise="", coach=silent, message="", finding="")), _nothing)
    page.draw()
    return page


def start(tmp_path: Path) -> QWidget:
    """The start page."""
    del tmp_path
    return StartPage(GIVEN)


def settings(tmp_path: Path) -> QWidget:
    """Sizes and settings."""
    del tmp_path
    return SettingsPage(FILLED_IN, nothing_wrong)


def simulated(tmp_path: Path) -> QWidget:
    """The same where nobody has sizes, with what the program says of it."""
    own = OwnSettings(Store(tmp_path), simulated=True)
    return SettingsPage(replace(own.offer, languages=()), own.problems)


def strip(tmp_path: Path) -> QWidget:
    """The strip beside work."""
    del tmp_path
    board = BOARDS["lost"]()
    made = DeskStrip(
        buffer_with(replace(board, coach=replace(board.coach, title="", text="", note="", cue=""))), _nothing
    )
    made.draw()
    return made


def app(tmp_path: Path) -> QWidget:
    """The window itself, with its list of keys."""
    del tmp_path
    return AppWindow()


def past(tmp_path: Path) -> QWidget:
    """The history."""
    store = Store(tmp_path)
    stored(store, datetime(2026, 3, 2, 18, tzinfo=UTC), "check", check(60.0, 40.0))
    return HistoryPage(KeptSessions(store))


def _nothing(action: Action) -> None:
    del action


PAGES = (session, start, settings, simulated, strip, app, past)


@pytest.mark.parametrize("page", PAGES, ids=lambda made: made.__name__)
def test_no_word_of_the_window_escapes(
    page: Callable[[Path], QWidget], pseudo: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    language.use(PSEUDO, pseudo)
    made = page(tmp_path)
    qtbot.addWidget(made)
    if isinstance(made, HistoryPage):
        with qtbot.waitSignal(made.loaded):
            made.show()
    found = words(made)
    assert len(found) > 5
    assert escaped(found) == set()


def test_no_word_of_what_is_wrong_escapes(pseudo: Path, tmp_path: Path) -> None:
    language.use(PSEUDO, pseudo)
    own = OwnSettings(Store(tmp_path))
    told: list[str] = []
    for size, hour in (("42", "25"), ("-", ""), ("9999", "7:5")):
        texts = {**dict.fromkeys(Field, size), Field.SILENT_FROM: hour, Field.FEMUR: ""}
        told += own.problems(SettingsForm(texts, new=True)).values()
    assert len(told) > 10
    assert escaped(" ".join(told)) == set()
