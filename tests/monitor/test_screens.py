"""Pages one after another in one window: chosen, led through, left, and closed at any time."""

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from monitor.coach.signals import Action
from monitor.guided.own_settings import OwnSettings
from monitor.guided.start import start_offer
from monitor.live_buffer import LiveBuffer
from monitor.live_window import app_window, reminding
from monitor.live_window.desk_strip import DeskStrip
from monitor.live_window.history_page import HistoryPage
from monitor.live_window.kept_sessions import KeptSessions
from monitor.live_window.replay_page import ReplayPage
from monitor.live_window.session_page import SessionPage
from monitor.live_window.settings_form import Field
from monitor.live_window.settings_page import SettingsPage
from monitor.live_window.shown import Screens
from monitor.live_window.start_offer import StartChoice, StartOffer
from monitor.live_window.start_page import StartPage
from monitor.live_window.theme import DARK, LIGHT
from monitor.session.actions import ActionQueue
from monitor.session.player import Player
from monitor.session.replayed import Logged, Replay
from monitor.store import Store
from monitor.store.wearers import Wearers
from sensor.recordings.replay import read_recording
from tests.bench_analysis import recording_file
from tests.monitor.boards import BOARDS, EXERCISING, buffer_with
from tests.monitor.test_start_page import OFFER


@pytest.fixture
def screens(qtbot: QtBot) -> Iterator[Screens]:
    """An empty window."""
    made = Screens()
    qtbot.addWidget(made.window)
    yield made
    made.window.close()


class Script:
    """What the wearer does, one step each time the page that it is meant for is on the screen."""

    def __init__(
        self,
        screens: Screens,
        *steps: tuple[type[QWidget], Callable[[], object]],
        strips: Callable[[], Sequence[QWidget]] = tuple,
    ) -> None:
        self._screens, self.left, self._strips = screens, list(steps), strips
        self._timer = QTimer()
        self._timer.timeout.connect(self._step)
        self._timer.start(5)
        # A test whose steps do not fit fails instead of waiting for ever.
        self._end = QTimer(singleShot=True)
        self._end.timeout.connect(screens.window.close)
        self._end.start(10_000)

    def _step(self) -> None:
        page = self._screens.window.page
        seen = [page] if page is not None and page.isVisible() and page.isActiveWindow() else self._strips()
        if self.left and any(isinstance(widget, self.left[0][0]) for widget in seen):
            self.left.pop(0)[1]()


def offered(wearer: str) -> StartOffer:
    del wearer
    return OFFER


def kept_in(home: Path) -> Callable[[str], KeptSessions]:
    return lambda wearer: KeptSessions(Store(home), wearer or None)


def own_in(home: Path) -> Callable[[str], OwnSettings]:
    return lambda wearer: OwnSettings(Store(home), wearer)


def press(screens: Screens, key: Qt.Key) -> Callable[[], object]:
    """Presses a key on whatever page there is."""

    def pressed() -> None:
        if screens.window.page is not None:
            QTest.keyClick(screens.window.page, key)

    return pressed


def test_a_session_is_chosen_after_a_look_at_the_history(screens: Screens, tmp_path: Path) -> None:
    script = Script(
        screens,
        (StartPage, press(screens, Qt.Key.Key_H)),
        (HistoryPage, press(screens, Qt.Key.Key_Q)),
        (StartPage, press(screens, Qt.Key.Key_1)),
        (StartPage, press(screens, Qt.Key.Key_Return)),
    )
    choice = screens.choose(offered, kept_in(tmp_path), own_in(tmp_path))
    assert choice == StartChoice("check")
    assert script.left == []


def typed(screens: Screens, field: Field, text: str) -> Callable[[], object]:
    """Types into a field of the page of settings."""

    def do() -> None:
        page = screens.window.page
        if isinstance(page, SettingsPage):
            page.rows[field].text.selectAll()
            QTest.keyClicks(page.rows[field].text, text)

    return do


def test_sizes_that_are_given_are_kept_and_the_first_page_says_so(screens: Screens, tmp_path: Path) -> None:
    offers: list[StartOffer] = []
    seen: list[str] = []

    def offer(wearer: str) -> StartOffer:
        offers.append(start_offer(Store(tmp_path), wearer))
        return offers[-1]

    def look() -> None:
        page = screens.window.page
        texts = [c.text() for c in page.findChildren(QLabel)] if page else []
        seen.extend(text for text in texts if text == "已保存。")
        screens.window.close()

    script = Script(
        screens,
        (StartPage, press(screens, Qt.Key.Key_S)),
        (SettingsPage, typed(screens, Field.NAME, "Kim")),
        (SettingsPage, press(screens, Qt.Key.Key_Return)),
        (SettingsPage, typed(screens, Field.FEMUR, "425")),
        (SettingsPage, lambda: QTest.keyClick(_language(screens), Qt.Key.Key_End)),
        (SettingsPage, press(screens, Qt.Key.Key_Return)),
        (StartPage, look),
    )
    assert screens.choose(offer, kept_in(tmp_path), own_in(tmp_path)) is None
    assert script.left == []
    kim = Wearers(tmp_path).find("Kim")
    assert kim.sizes is not None
    assert kim.sizes.femur_m == pytest.approx(0.425)
    assert [bool(o.unsized) for o in offers] == [True, False]
    assert [o.wearer for o in offers] == ["", kim.id]
    assert seen == ["已保存。"]
    assert screens.window.windowTitle() == "膝间距"


def _language(screens: Screens) -> QWidget:
    page = screens.window.page
    assert isinstance(page, SettingsPage)
    return page.language


def test_settings_that_are_left_are_as_they_were(screens: Screens, tmp_path: Path) -> None:
    script = Script(
        screens,
        (StartPage, press(screens, Qt.Key.Key_S)),
        (SettingsPage, typed(screens, Field.FEMUR, "425")),
        (SettingsPage, press(screens, Qt.Key.Key_Escape)),
        (StartPage, screens.window.close),
    )
    assert screens.choose(offered, kept_in(tmp_path), own_in(tmp_path)) is None
    assert script.left == []
    assert Wearers(tmp_path).known() == ()


def test_a_disk_that_takes_nothing_is_told_on_the_page_and_nothing_typed_is_lost(
    screens: Screens, tmp_path: Path
) -> None:
    (tmp_path / "wearers").write_text("no folder", encoding="utf-8")
    said: list[str] = []

    def look() -> None:
        page = screens.window.page
        if isinstance(page, SettingsPage):
            said.extend((page.says, page.rows[Field.FEMUR].text.text()))
        screens.window.close()

    script = Script(
        screens,
        (StartPage, press(screens, Qt.Key.Key_S)),
        (SettingsPage, typed(screens, Field.FEMUR, "425")),
        (SettingsPage, press(screens, Qt.Key.Key_Return)),
        (SettingsPage, look),
    )
    assert screens.choose(offered, kept_in(tmp_path), own_in(tmp_path)) is None
    assert script.left == []
    assert "cannot write here" in said[0]
    assert said[1] == "425"


@pytest.mark.parametrize(("screen", "fills"), [((800, 480), True), ((1280, 800), True), ((1920, 1080), False)])
def test_a_screen_without_room_for_the_frame_is_filled(
    monkeypatch: pytest.MonkeyPatch, qtbot: QtBot, screen: tuple[int, int], fills: bool
) -> None:
    room = SimpleNamespace(size=lambda: QSize(*screen))
    primary = SimpleNamespace(availableGeometry=lambda: room)
    monkeypatch.setattr(
        app_window,
        "QGuiApplication",
        SimpleNamespace(primaryScreen=lambda: primary, styleHints=QGuiApplication.styleHints),
    )
    window = app_window.AppWindow()
    qtbot.addWidget(window)
    assert window.width() <= screen[0]
    assert window.height() < screen[1]
    window.appear()
    assert window.isVisible()
    assert window.isMaximized() == fills


def test_start_has_the_focus_and_can_be_seen_to_have_it(screens: Screens, qtbot: QtBot) -> None:
    page = StartPage(OFFER, screens.window.theme)
    screens.window.show_page(page)
    with qtbot.waitExposed(screens.window):
        screens.window.show()
    qtbot.waitUntil(page.start_button.hasFocus)
    framed = screens.window.grab().toImage()
    page.history_button.setFocus()
    assert screens.window.grab().toImage() != framed
    with qtbot.waitSignal(page.history):
        qtbot.keyClick(page.history_button, Qt.Key.Key_Return)


def test_closing_the_start_page_chooses_nothing(screens: Screens, tmp_path: Path) -> None:
    script = Script(screens, (StartPage, screens.window.close))
    assert screens.choose(offered, kept_in(tmp_path), own_in(tmp_path)) is None
    assert screens.choose(offered, kept_in(tmp_path), own_in(tmp_path)) is None
    assert script.left == []


def test_closing_the_window_in_mid_session_ends_it_in_good_order(screens: Screens) -> None:
    actions = ActionQueue()
    script = Script(screens, (SessionPage, screens.window.close))
    screens.show_session(buffer_with(EXERCISING), actions, lambda: True)
    assert actions.drain() == [Action.STOP]
    assert script.left == []


def test_what_the_wearer_does_reaches_the_session(screens: Screens) -> None:
    actions = ActionQueue()
    buffer = buffer_with(EXERCISING)
    script = Script(
        screens,
        (SessionPage, press(screens, Qt.Key.Key_B)),
        (SessionPage, lambda: buffer.show(BOARDS["finished"]())),
        *((SessionPage, press(screens, Qt.Key.Key_F)) for _i in range(200)),
    )
    screens.show_session(buffer, actions, lambda: not buffer.board.over)
    assert actions.drain() == [Action.PAUSE, Action.STOP]
    del script


def test_beside_work_a_button_and_its_key_bring_the_strip(screens: Screens) -> None:
    actions, buffer = ActionQueue(), buffer_with(BOARDS["calibrating"]())
    seen: list[tuple[bool, str]] = []

    def strips() -> list[DeskStrip]:
        return [w for w in QApplication.topLevelWidgets() if isinstance(w, DeskStrip) and w.isVisible()]

    def back() -> None:
        seen.append((screens.window.isVisible(), strips()[0].word.text()))
        QTest.mouseDClick(strips()[0], Qt.MouseButton.LeftButton)

    def click() -> None:
        page = screens.window.page
        made = [b for b in page.findChildren(QPushButton) if b.text().startswith("Small strip")] if page else []
        QTest.mouseClick(made[0], Qt.MouseButton.LeftButton)

    script = Script(
        screens,
        (SessionPage, press(screens, Qt.Key.Key_K)),
        (DeskStrip, back),
        (SessionPage, click),
        (DeskStrip, back),
        (SessionPage, screens.window.close),
        strips=strips,
    )
    screens.show_desk(buffer, actions, lambda: True)
    assert script.left == []
    assert seen == [(False, "CALIBRATING")] * 2


def test_a_page_of_yesterday_is_made_anew(screens: Screens, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reminding, "LOOK_MS", 1)
    yesterday = date.today() - timedelta(days=1)
    monkeypatch.setattr(reminding, "date", SimpleNamespace(today=lambda: yesterday))
    offers: list[str] = []

    def offer(wearer: str) -> StartOffer:
        offers.append(wearer)
        if len(offers) == 2:
            QTimer.singleShot(0, screens.window.close)
        return OFFER

    assert screens.choose(offer, kept_in(tmp_path), own_in(tmp_path)) is None
    assert len(offers) == 2


def test_a_session_that_failed_leaves_by_itself(screens: Screens) -> None:
    screens.show_session(buffer_with(BOARDS["searching"]()), ActionQueue(), lambda: False)


def test_a_demonstration_leaves_by_itself_when_it_is_over(qtbot: QtBot) -> None:
    screens = Screens(close_after_s=0.01)
    qtbot.addWidget(screens.window)
    screens.show_session(buffer_with(BOARDS["finished"]()), ActionQueue(), lambda: False)
    screens.window.close()


def test_theme_full_screen_and_keys_have_keys(screens: Screens, qtbot: QtBot) -> None:
    page = SessionPage(buffer_with(EXERCISING), list[object]().append)
    screens.window.show_page(page)
    with qtbot.waitExposed(screens.window):
        screens.window.show()
    before = screens.window.theme
    qtbot.keyClick(screens.window, Qt.Key.Key_D)
    assert {before, screens.window.theme} == {DARK, LIGHT}
    assert screens.window.theme.ground in page.styleSheet()
    qtbot.keyClick(screens.window, Qt.Key.Key_F1)
    assert screens.window.help.isVisible()
    qtbot.keyClick(screens.window, Qt.Key.Key_F1)
    assert not screens.window.help.isVisible()
    qtbot.keyClick(screens.window, Qt.Key.Key_F11)
    assert screens.window.isFullScreen()
    qtbot.keyClick(screens.window, Qt.Key.Key_F11)
    assert not screens.window.isFullScreen()


@pytest.fixture(scope="module")
def replay() -> Iterator[Replay]:
    """Half a minute of clamping."""
    with recording_file(30.0) as file:
        yield Replay(read_recording(file), Logged(), LiveBuffer())


@pytest.fixture
def replayed(replay: Replay, qtbot: QtBot) -> Iterator[tuple[ReplayPage, Player]]:
    """A page of a recording whose clock stands still."""
    player = Player(replay, 1.0, lambda: 0.0)
    page = ReplayPage(LiveBuffer(), player)
    qtbot.addWidget(page)
    with qtbot.waitExposed(page):
        page.show()
    page.draw()
    yield page, player
    page.hide()


@pytest.mark.parametrize("by_key", [True, False])
def test_each_key_and_button_of_a_replay_does_what_it_says(
    replayed: tuple[ReplayPage, Player], qtbot: QtBot, *, by_key: bool
) -> None:
    page, player = replayed
    bar = page.bar
    assert bar is not None

    def use(key: Qt.Key, name: str) -> None:
        if by_key:
            qtbot.keyClick(page, key)
        else:
            qtbot.mouseClick(bar.buttons[name], Qt.MouseButton.LeftButton)
        page.draw()

    use(Qt.Key.Key_Space, "Space")
    assert not player.playing
    assert bar.buttons["Space"].text().startswith("Play")
    use(Qt.Key.Key_Right, "Right")
    assert player.at_s == player.start_s + 5.0
    use(Qt.Key.Key_End, "End")
    assert player.at_s == player.end_s
    use(Qt.Key.Key_Left, "Left")
    assert player.at_s == player.end_s - 5.0
    use(Qt.Key.Key_Home, "Home")
    assert player.at_s == player.start_s
    use(Qt.Key.Key_Period, ">")
    assert player.speed == 2.0
    use(Qt.Key.Key_Comma, "<")
    assert player.speed == 1.0
    with qtbot.waitSignal(page.left):
        use(Qt.Key.Key_F, "F")


def test_the_time_line_goes_to_its_second(replayed: tuple[ReplayPage, Player]) -> None:
    page, player = replayed
    assert page.bar is not None
    page.bar.line.setValue(12)
    assert player.at_s == 12.0
    page.draw()
    assert player.at_s == 12.0


def test_a_replay_offers_nothing_that_only_a_session_can_do(replayed: tuple[ReplayPage, Player]) -> None:
    page, player = replayed
    del player
    assert not any(made.isVisible() for made in page.controls.buttons.values())
