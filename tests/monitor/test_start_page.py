"""The start page: who, what and how; every key and button does what it says."""

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from monitor.coach.pictures import Picture
from monitor.coach.plan_files import exercises
from monitor.coach.plans import load_plan
from monitor.live_window.start_offer import ExerciseOffer, StartChoice, StartOffer, WearerOffer
from monitor.live_window.start_page import StartPage

OFFER = StartOffer(
    (
        ExerciseOffer("check", "Check", "this week 0 of 1"),
        ExerciseOffer("clamp", "Clamp", "today 2 of 3 times"),
        ExerciseOffer("knees_in", "Knees in", "3 of 3 repetitions", done=True),
        ExerciseOffer("wrap", "Wrap", refused="Not today: ask a professional first."),
    ),
    suggested="clamp",
)
TRUSTED = replace(OFFER, last_calibration="Calibrated today at 9:12.")


def shown(qtbot: QtBot, offer: StartOffer) -> StartPage:
    page = StartPage(offer)
    qtbot.addWidget(page)
    with qtbot.waitExposed(page):
        page.show()
    return page


def chosen(qtbot: QtBot, page: StartPage, key: Qt.Key) -> object:
    with qtbot.waitSignal(page.chosen) as told:
        qtbot.keyClick(page, key)
    assert told.args is not None
    return told.args[0]


def test_enter_starts_what_the_plan_asks_for(qtbot: QtBot) -> None:
    assert chosen(qtbot, shown(qtbot, OFFER), Qt.Key.Key_Return) == StartChoice("clamp")


def test_a_number_chooses_an_exercise_and_says_so_by_a_sign(qtbot: QtBot) -> None:
    page = shown(qtbot, OFFER)
    qtbot.keyClick(page, Qt.Key.Key_3)
    assert page.exercises["knees_in"].text().startswith("▶")
    assert not page.exercises["clamp"].text().startswith("▶")
    assert "✔" in page.exercises["knees_in"].text()
    assert chosen(qtbot, page, Qt.Key.Key_Return) == StartChoice("knees_in")


@pytest.mark.parametrize("name", ["check", "clamp", "knees_in"])
def test_each_tile_chooses_its_exercise(qtbot: QtBot, name: str) -> None:
    page = shown(qtbot, OFFER)
    qtbot.mouseClick(page.exercises[name], Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(page.chosen) as told:
        qtbot.mouseClick(page.start_button, Qt.MouseButton.LeftButton)
    assert told.args == [StartChoice(name)]


def test_what_is_refused_cannot_be_started_and_says_why(qtbot: QtBot) -> None:
    page = shown(qtbot, OFFER)
    qtbot.mouseClick(page.exercises["wrap"], Qt.MouseButton.LeftButton)
    with qtbot.assertNotEmitted(page.chosen):
        qtbot.keyClick(page, Qt.Key.Key_Return)
    assert "professional" in page.says


def test_the_last_calibration_is_offered_with_how_far_to_trust_it(qtbot: QtBot) -> None:
    page = shown(qtbot, TRUSTED)
    assert page.says == TRUSTED.last_calibration
    qtbot.keyClick(page, Qt.Key.Key_C)
    assert page.says == ""
    assert chosen(qtbot, page, Qt.Key.Key_Return) == StartChoice("clamp", calibrate=True)
    qtbot.keyClick(page, Qt.Key.Key_L)
    assert chosen(qtbot, page, Qt.Key.Key_Return) == StartChoice("clamp", calibrate=False)
    qtbot.mouseClick(page.calibration[True], Qt.MouseButton.LeftButton)
    assert chosen(qtbot, page, Qt.Key.Key_Return) == StartChoice("clamp", calibrate=True)


def test_a_session_that_was_broken_off_can_go_on(qtbot: QtBot) -> None:
    page = shown(qtbot, replace(OFFER, unfinished="Go on with the clamp of 18:04"))
    assert chosen(qtbot, page, Qt.Key.Key_G) == StartChoice("clamp", calibrate=False, resume=True)


def test_desk_mode_history_and_end_have_keys(qtbot: QtBot) -> None:
    page = shown(qtbot, OFFER)
    assert chosen(qtbot, page, Qt.Key.Key_K) == StartChoice("clamp", desk=True)
    for key, made, signal in (
        (Qt.Key.Key_H, page.history_button, page.history),
        (Qt.Key.Key_S, page.settings_button, page.settings),
        (Qt.Key.Key_Q, page.quit_button, page.left),
    ):
        with qtbot.waitSignal(signal):
            qtbot.keyClick(page, key)
        with qtbot.waitSignal(signal):
            qtbot.mouseClick(made, Qt.MouseButton.LeftButton)


def test_enter_on_another_button_presses_that_one(qtbot: QtBot) -> None:
    page = shown(qtbot, OFFER)
    page.history_button.setFocus()
    with qtbot.waitSignal(page.history), qtbot.assertNotEmitted(page.chosen):
        qtbot.keyClick(page.history_button, Qt.Key.Key_Return)


def test_several_wearers_are_asked_who_it_is(qtbot: QtBot) -> None:
    two = replace(OFFER, wearers=(WearerOffer("a", "Li Wei"), WearerOffer("b", "Maria")), wearer="b")
    page = shown(qtbot, two)
    assert page.wearer.currentText() == "Maria"
    with qtbot.waitSignal(page.wearer_changed) as told:
        page.wearer.setCurrentIndex(0)
        page.wearer.activated.emit(0)
    assert told.args == ["a"]
    assert chosen(qtbot, page, Qt.Key.Key_Return) == StartChoice("clamp", "a")
    assert not shown(qtbot, OFFER).wearer.isVisible()


def test_sizes_that_are_missing_are_asked_for_by_a_line_and_the_button(qtbot: QtBot) -> None:
    page = shown(qtbot, replace(OFFER, unsized="No sizes yet."))
    said = next(c for c in page.findChildren(QLabel) if c.text() == "No sizes yet.")
    assert said.geometry().top() < page.settings_button.geometry().bottom() < page.exercises["check"].geometry().top()
    with qtbot.waitSignal(page.settings):
        qtbot.keyClick(page, Qt.Key.Key_S)
    # It keeps nobody from starting.
    page.start_button.setFocus()
    assert chosen(qtbot, page, Qt.Key.Key_Return) == StartChoice("clamp")


def test_the_chosen_exercise_is_drawn_where_there_is_room(qtbot: QtBot) -> None:
    pictures = {"check": Picture.SQUEEZE, "clamp": Picture.CLOSE, "knees_in": Picture.KNEES_IN}
    offers = tuple(replace(e, picture=pictures.get(e.name)) for e in OFFER.exercises)
    page = shown(qtbot, replace(OFFER, exercises=offers))
    page.resize(1000, 700)
    assert page.drawing.shown is Picture.CLOSE
    before = page.drawing.grab().toImage()
    qtbot.keyClick(page, Qt.Key.Key_3)
    assert page.drawing.shown is Picture.KNEES_IN
    assert page.drawing.grab().toImage() != before
    assert page.drawing.accessibleName() == "Knees in"
    qtbot.keyClick(page, Qt.Key.Key_4)
    assert page.drawing.shown is None
    qtbot.keyClick(page, Qt.Key.Key_3)
    page.resize(1000, 300)
    assert page.drawing.shown is None


@pytest.mark.parametrize("name", exercises())
def test_every_exercise_offers_its_drawing(name: str) -> None:
    assert load_plan(name).drawing is not None
