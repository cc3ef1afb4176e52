"""The first page and the history at every size of screen that people have, in every language: nothing is cut off."""

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from monitor.guided.start import start_offer
from monitor.language import use
from monitor.live_window.app_window import FRAME_PX, SMALLEST_PX, AppWindow
from monitor.live_window.history_page import HistoryPage
from monitor.live_window.kept_sessions import KeptSessions
from monitor.live_window.start_page import StartPage
from monitor.store import Store
from tests.monitor.fitting import cut_off
from tests.monitor.stores import check, clamp, stored

SCREENS = [(800, 480), (1024, 600), (1280, 720), (1280, 800), (1920, 1080), (3840, 2160), (496, 696)]
LANGUAGES = ["en", "zh_CN"]


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """A clamp and a check of today."""
    made, now = Store(tmp_path), datetime.now(UTC)
    stored(made, now, "clamp", clamp(400.0))
    stored(made, now, "check", check(60.0, 40.0))
    return made


def room(screen: tuple[int, int]) -> tuple[int, int]:
    """What the window's frame leaves of a screen, as the window takes it."""
    width, height = screen[0] - FRAME_PX[0], screen[1] - FRAME_PX[1]
    return width, height


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("screen", SCREENS)
def test_the_first_page_fits(qtbot: QtBot, store: Store, screen: tuple[int, int], language: str) -> None:
    use(language)
    offer = replace(
        start_offer(store),
        last_calibration="Calibrated today. After one touch the gap is told within a few millimetres, as long as the "
        "straps sit as they did.",
        unfinished="Clamp of 18:04: 40 % done",
        message="Clamp (simulated): 0.8 min held in 1 hold. A session on simulated straps counts in no plan.",
        day="You practised on 12 of the last 14 days.",
    )
    window = AppWindow()
    qtbot.addWidget(window)
    window.resize(*room(screen))
    page = StartPage(offer)
    window.show_page(page)
    with qtbot.waitExposed(window):
        window.show()
    assert cut_off(page) == []
    assert (window.width(), window.height()) == room(screen)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_first_page_fits_the_smallest_window_while_sizes_are_wanted(
    qtbot: QtBot, tmp_path: Path, language: str
) -> None:
    use(language)
    window = AppWindow()
    qtbot.addWidget(window)
    window.resize(*SMALLEST_PX)
    page = StartPage(start_offer(Store(tmp_path)))
    window.show_page(page)
    with qtbot.waitExposed(window):
        window.show()
    assert cut_off(page) == []
    assert (window.width(), window.height()) == SMALLEST_PX


@pytest.mark.parametrize("screen", SCREENS)
def test_the_history_fits(qtbot: QtBot, store: Store, screen: tuple[int, int]) -> None:
    window = AppWindow()
    qtbot.addWidget(window)
    window.resize(*room(screen))
    page = HistoryPage(KeptSessions(store))
    with qtbot.waitSignal(page.loaded):
        window.show_page(page)
        window.show()
    assert cut_off(page) == []
    assert (window.width(), window.height()) == room(screen)
