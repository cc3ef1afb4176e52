"""The page of sizes and settings: each field, key and button, what is refused, and nothing cut off at any size."""

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from monitor.guided.own_settings import OwnSettings
from monitor.language import use
from monitor.live_window.app_window import SMALLEST_PX, AppWindow
from monitor.live_window.form_row import OFF_SIGN, ON_SIGN, WRONG_SIGN
from monitor.live_window.settings_form import PERSON, SILENT, Field, SettingsForm
from monitor.live_window.settings_page import SettingsPage
from monitor.live_window.theme import DARK, LIGHT
from monitor.store import Store
from monitor.store.wearers import Wearers
from sensor.wearer import Wearer
from tests.monitor.fitting import cut_off
from tests.monitor.test_pages_fit import LANGUAGES, SCREENS, room

WHOLE = [(1000, 625), (1280, 800), (1920, 1080), (3840, 2160)]
SMALL = [SMALLEST_PX, (480, 656), (784, 440), (1008, 560)]
RIGHT = {Field.NAME: "Lee", Field.SILENT_FROM: "21:00", Field.SILENT_UNTIL: "6:00", Field.SPACER: "80"}


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """One person in it."""
    made = Store(tmp_path)
    Wearers(tmp_path).add(Wearer(0.425, knee_width_m=0.105, name="Kim"))
    return made


@pytest.fixture
def page(qtbot: QtBot, store: Store) -> SettingsPage:
    """That person's, in a window."""
    return shown(qtbot, OwnSettings(store))


def shown(qtbot: QtBot, own: OwnSettings, size: tuple[int, int] = (1000, 625)) -> SettingsPage:
    window = AppWindow(DARK)
    qtbot.addWidget(window)
    window.resize(*size)
    page = SettingsPage(own.offer, own.problems)
    window.show_page(page)
    with qtbot.waitExposed(window):
        window.show()
    return page


def retype(page: SettingsPage, field: Field, text: str) -> None:
    """As somebody does it who goes there by Tab."""
    row = page.rows[field].text
    row.setFocus(Qt.FocusReason.TabFocusReason)
    row.selectAll()
    QTest.keyClick(row, Qt.Key.Key_Delete)
    QTest.keyClicks(row, text)


def saved(qtbot: QtBot, page: SettingsPage, save: Callable[[], object]) -> SettingsForm:
    with qtbot.waitSignal(page.save) as told:
        save()
    assert told.args is not None
    form = told.args[0]
    assert isinstance(form, SettingsForm)
    return form


def enter(page: SettingsPage) -> None:
    QTest.keyClick(QApplication.focusWidget() or page, Qt.Key.Key_Return)


def test_typing_goes_into_the_name_at_once(page: SettingsPage, qtbot: QtBot) -> None:
    qtbot.waitUntil(page.rows[Field.NAME].text.hasFocus)


@pytest.mark.parametrize("field", Field)
def test_each_field_is_given_away_as_it_was_typed(page: SettingsPage, qtbot: QtBot, field: Field) -> None:
    text = RIGHT.get(field, "901" if field is Field.HEIGHT else "209")
    before = page.form
    retype(page, field, text)
    form = saved(qtbot, page, lambda: enter(page))
    assert form == replace(before, texts={**before.texts, field: text})


@pytest.mark.parametrize("field", [f for f in Field if f is not Field.NAME])
def test_what_is_wrong_is_told_beside_its_field_once_it_is_left(page: SettingsPage, field: Field) -> None:
    row = page.rows[field]
    retype(page, field, "12345")
    assert row.problem == ""
    QTest.keyClick(row.text, Qt.Key.Key_Tab)
    assert row.problem
    told = next(c for c in page.findChildren(QLabel) if c.text().startswith(WRONG_SIGN))
    assert told.text() == f"{WRONG_SIGN} {row.problem}"
    assert told.mapTo(page, QPoint(0, 0)).x() > row.text.mapTo(page, row.text.rect().topRight()).x()
    assert row.text.accessibleDescription() == row.problem
    retype(page, field, RIGHT.get(field, "1700" if field is Field.HEIGHT else "210"))
    assert row.problem == ""


def test_nothing_is_given_away_before_all_is_right(page: SettingsPage, qtbot: QtBot) -> None:
    retype(page, Field.FEMUR, "42")
    retype(page, Field.SILENT_FROM, "25:00")
    with qtbot.assertNotEmitted(page.save):
        enter(page)
    assert "Nothing is saved" in page.says
    assert {f for f, row in page.rows.items() if row.problem} == {Field.FEMUR, Field.SILENT_FROM}
    assert page.rows[Field.FEMUR].text.hasFocus()
    retype(page, Field.FEMUR, "420")
    retype(page, Field.SILENT_FROM, "21")
    assert saved(qtbot, page, lambda: enter(page)).texts[Field.FEMUR] == "420"


def test_sound_buzz_and_speech_are_turned_by_the_space_bar_and_say_so_by_a_sign(
    page: SettingsPage, qtbot: QtBot
) -> None:
    before = page.form
    for box in (page.sound, page.buzz, page.speech):
        was = box.text()
        qtbot.keyClick(box, Qt.Key.Key_Space)
        assert {was[0], box.text()[0]} == {ON_SIGN, OFF_SIGN}
        assert box.accessibleName() == box.text()[1:].strip()
    assert not page.volume.isEnabled()
    form = saved(qtbot, page, lambda: enter(page))
    assert form == replace(before, sound=False, buzz=False, speech=True)


def test_volume_and_language_are_changed_by_the_arrows(page: SettingsPage, qtbot: QtBot) -> None:
    qtbot.keyClick(page.volume, Qt.Key.Key_Right)
    qtbot.keyClick(page.language, Qt.Key.Key_End)
    assert page.language.currentText() == "简体中文"
    form = saved(qtbot, page, lambda: enter(page))
    assert (form.volume_pct, form.language) == (35, "zh_CN")
    assert any(c.text() == "35 %" for c in page.findChildren(QLabel))


def test_save_and_back_have_buttons_and_keys(page: SettingsPage, qtbot: QtBot) -> None:
    saved(qtbot, page, lambda: qtbot.mouseClick(page.save_button, Qt.MouseButton.LeftButton))
    page.save_button.setFocus()
    saved(qtbot, page, lambda: enter(page))
    with qtbot.waitSignal(page.left):
        qtbot.mouseClick(page.back_button, Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(page.left):
        qtbot.keyClick(page.rows[Field.FEMUR].text, Qt.Key.Key_Escape)
    page.back_button.setFocus()
    with qtbot.waitSignal(page.left), qtbot.assertNotEmitted(page.save):
        enter(page)


def test_the_way_back_says_when_something_would_be_lost(page: SettingsPage) -> None:
    assert page.back_button.text().startswith("Back  ")
    retype(page, Field.FEMUR, "430")
    assert page.back_button.text().startswith("Back without saving")
    retype(page, Field.FEMUR, "425")
    assert page.back_button.text().startswith("Back  ")


@pytest.mark.parametrize("by_key", [True, False])
def test_somebody_new_has_empty_fields_and_the_other_comes_back(
    page: SettingsPage, qtbot: QtBot, *, by_key: bool
) -> None:
    def press() -> None:
        if by_key:
            qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_N, Qt.KeyboardModifier.AltModifier)
        else:
            qtbot.mouseClick(page.new_button, Qt.MouseButton.LeftButton)

    retype(page, Field.HEIGHT, "1800")
    before = page.form
    press()
    assert page.form.new
    assert {f: page.form.texts[f] for f in PERSON if page.form.texts[f]} == {Field.SPACER: "67"}
    assert {f: page.form.texts[f] for f in SILENT} == {f: before.texts[f] for f in SILENT}
    assert page.rows[Field.NAME].text.hasFocus()
    press()
    assert page.form == before


def test_somebody_new_is_offered_only_beside_somebody_known(qtbot: QtBot, tmp_path: Path) -> None:
    page = shown(qtbot, OwnSettings(Store(tmp_path)))
    assert not any("Alt+N" in b.text() for b in page.findChildren(QPushButton))
    assert not any("Alt+N" in keys for keys, _text in page.keys)


def test_simulated_straps_leave_only_what_is_not_a_person_s(qtbot: QtBot, store: Store) -> None:
    page = shown(qtbot, OwnSettings(store, simulated=True))
    assert set(page.rows) == set(SILENT)
    assert "simulated" in page.says
    qtbot.waitUntil(page.sound.hasFocus)
    retype(page, Field.SILENT_FROM, "21")
    assert saved(qtbot, page, lambda: enter(page)).texts[Field.SILENT_FROM] == "21"


def test_tab_goes_through_the_page_in_the_order_in_which_it_is_read(page: SettingsPage, qtbot: QtBot) -> None:
    wanted: list[QWidget] = [page.rows[f].text for f in PERSON]
    wanted += [page.sound, page.volume, page.buzz, page.speech, *(page.rows[f].text for f in SILENT)]
    wanted += [page.language, page.save_button, page.back_button, page.new_button]
    qtbot.waitUntil(wanted[0].hasFocus)
    reached: list[QWidget | None] = []
    for _step in wanted:
        reached.append(QApplication.focusWidget())
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
    assert reached == wanted
    assert QApplication.focusWidget() is wanted[0]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("size", WHOLE)
def test_all_of_it_is_seen_at_once_even_with_every_mistake(
    qtbot: QtBot, store: Store, size: tuple[int, int], language: str
) -> None:
    use(language)
    page = shown(qtbot, OwnSettings(store), size)
    for field in Field:
        page.rows[field].text.setText("12345")
    page.try_to_save()
    settle()
    assert cut_off(page) == []
    assert (page.window().width(), page.window().height()) == size


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("size", [*SMALL, *(room(screen) for screen in SCREENS)])
def test_in_a_small_window_tab_brings_everything_into_sight(
    qtbot: QtBot, store: Store, size: tuple[int, int], language: str
) -> None:
    use(language)
    page = shown(qtbot, OwnSettings(store), size)
    page.rows[Field.FEMUR].text.setText("42")
    page.rows[Field.SILENT_UNTIL].text.setText("99")
    page.try_to_save()
    assert (page.window().width(), page.window().height()) == size
    assert unreadable(page) == []
    for _step in range(20):
        focused = QApplication.focusWidget()
        assert isinstance(focused, QWidget)
        box = focused.rect().translated(focused.mapTo(page, QPoint(0, 0)))
        assert page.rect().contains(box)
        assert not focused.visibleRegion().isEmpty()
        assert focused.visibleRegion().boundingRect().size() == focused.size()
        qtbot.keyClick(focused, Qt.Key.Key_Tab)


def settle() -> None:
    """A text that needs another line moves what is below it, which Qt does in several goes."""
    for _round in range(4):
        QApplication.processEvents()


def unreadable(page: SettingsPage) -> list[str]:
    """Texts without room enough for themselves, or wider than what can be scrolled to."""
    settle()
    texts = [c for c in page.findChildren(QWidget) if c.isVisible() and isinstance(c, QLabel | QAbstractButton)]
    return [
        c.text()
        for c in texts
        if c.mapTo(page, c.rect().topRight()).x() >= page.width()
        or (isinstance(c, QLabel) and c.wordWrap() and c.height() < c.heightForWidth(c.width()))
        or (not (isinstance(c, QLabel) and c.wordWrap()) and c.width() < c.minimumSizeHint().width())
    ]


def test_type_is_readable_in_the_smallest_window_and_colours_follow_the_theme(qtbot: QtBot, store: Store) -> None:
    page = shown(qtbot, OwnSettings(store), SMALLEST_PX)
    assert page.rows[Field.FEMUR].text.font().pixelSize() >= 13
    dark = page.window().grab().toImage()
    page.paint_in(LIGHT)
    assert LIGHT.ground in page.styleSheet()
    assert page.window().grab().toImage() != dark
