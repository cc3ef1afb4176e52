"""The window as a session's screen, as a replay's, and as the place where a session is chosen.

Invariant: each call returns when the wearer is done with what it shows; the window stays for the next one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from pyqtgraph.util.garbage_collector import GarbageCollector
from PySide6.QtCore import QEventLoop, QTimer, SignalInstance
from PySide6.QtWidgets import QApplication, QWidget

from monitor.coach.signals import Action
from monitor.language import N_
from monitor.language import gettext as _
from monitor.live_buffer import LiveBuffer
from monitor.live_window.app_window import AppWindow
from monitor.live_window.desk_mode import STRIP_KEY, DeskMode
from monitor.live_window.fonts import complete_fonts
from monitor.live_window.reminding import Reminding
from monitor.live_window.replay_page import ReplayPage
from monitor.live_window.session_page import SessionPage
from monitor.live_window.settings_form import SettingsForm
from monitor.live_window.settings_page import SettingsPage
from monitor.live_window.start_offer import StartChoice, StartOffer
from monitor.live_window.start_page import StartPage
from monitor.session.actions import ActionQueue
from monitor.session.player import Player, replay_session
from sensor.errors import KneeGapError

if TYPE_CHECKING:
    from monitor.guided.own_settings import OwnSettings
    from monitor.live_window.kept_sessions import KeptSessions

LOOK_MS = 100


class Screens:
    """One window for all that follows one another: start page, session, start page."""

    def __init__(self, close_after_s: float | None = None) -> None:
        """A window closes by itself `close_after_s` after its session's end."""
        self._app = application()
        # Qt's objects must not be collected by whichever thread happens to be running: that ends the process.
        self._garbage = GarbageCollector()
        self._close_after_s = close_after_s
        self.window = AppWindow()

    def show_session(self, buffer: LiveBuffer, actions: ActionQueue, running: Callable[[], bool]) -> None:
        """Shows the session until the wearer leaves it; a window that is closed ends it in good order."""
        page = SessionPage(buffer, actions.put, self.window.theme)
        watch = self._watch(buffer, running, page)
        self._run(page, page.left)
        watch.stop()
        actions.put(Action.STOP)

    def show_desk(self, buffer: LiveBuffer, actions: ActionQueue, running: Callable[[], bool]) -> None:
        """Desk mode: the whole window until the exercise begins, then the strip; either can ask for the other."""
        page = SessionPage(buffer, actions.put, self.window.theme)
        desk = DeskMode(self.window, buffer, actions.put, running, self.window.theme)
        page.offer(_("Small strip"), STRIP_KEY, N_("the small strip beside work"), desk.open_strip)
        self._run(page, page.left, desk.done)
        desk.close()
        actions.put(Action.STOP)

    def show_replay(self, buffer: LiveBuffer, player: Player, running: Callable[[], bool]) -> None:
        """Shows what `player` plays until the wearer leaves it."""
        del running
        page = ReplayPage(buffer, player, self.window.theme)
        self._run(page, page.left)

    def choose(
        self,
        offer: Callable[[str], StartOffer],
        kept: Callable[[str], KeptSessions],
        own: Callable[[str], OwnSettings],
    ) -> StartChoice | None:
        """Shows the start page and, when asked, history and settings; None where the wearer wants nothing.

        `offer`, `kept` and `own` give what there is for a wearer, by his id; the empty one is whoever it was last.
        """
        wearer = said = ""
        reminding = Reminding(lambda: kept(wearer), self.window.isActiveWindow)
        try:
            while not self.window.was_closed:
                offered = offer(wearer)
                page = StartPage(replace(offered, message=said or offered.message), self.window.theme)
                said = ""
                chosen, changed, asked = _told(page.chosen), _told(page.wearer_changed), _told(page.history)
                settling, new_day = _told(page.settings), _told(reminding.new_day)
                ways_out = page.left, page.chosen, page.wearer_changed, page.history, page.settings
                self._run(page, *ways_out, reminding.new_day)
                if changed:
                    wearer = str(changed[0][0])
                elif asked:
                    self.look_back(kept(wearer))
                elif settling:
                    asked_for = own(wearer)
                    self.settle(asked_for)
                    wearer, said = asked_for.wearer, _("Saved.") if asked_for.kept else ""
                elif not new_day:
                    return next((c for (c,) in chosen if isinstance(c, StartChoice)), None)
            return None
        finally:
            reminding.close()

    def look_back(self, kept: KeptSessions) -> None:
        """Shows the history, and sessions again that are chosen there, until the wearer leaves it."""
        # The store's history takes a while to load, which the first page does not wait for.
        from monitor.live_window.history_page import HistoryPage

        trouble = ""
        while not self.window.was_closed:
            page = HistoryPage(kept, self.window.theme, trouble)
            again = _told(page.replay)
            self._run(page, page.left, page.replay)
            if not again or self.window.was_closed:
                return
            try:
                replay_session(kept.find(str(again[0][0])), 1.0, self.show_replay, stay=True)
            except KneeGapError as error:
                trouble = str(error)
            else:
                trouble = ""

    def settle(self, own: OwnSettings) -> None:
        """Shows sizes and settings until they are kept or left."""
        page = SettingsPage(own.offer, own.problems, self.window.theme)

        def keep(form: SettingsForm) -> None:
            try:
                own.keep(form)
            except KneeGapError as error:
                page.say(str(error))
            else:
                page.left.emit()

        page.save.connect(keep)
        self._run(page, page.left)

    def _run(self, page: QWidget, *until: SignalInstance) -> None:
        loop = QEventLoop()
        for signal in (*until, self.window.closed):
            signal.connect(loop.quit)
        self.window.show_page(page)
        self.window.appear()
        loop.exec()

    def _watch(self, buffer: LiveBuffer, running: Callable[[], bool], page: SessionPage) -> QTimer:
        """Leaves the page where the session failed, or after a while where that is asked for."""
        timer = QTimer()

        def look() -> None:
            if running():
                return
            timer.stop()
            # A session that failed has nothing to show; what went wrong is said on the terminal.
            if not buffer.board.over:
                page.left.emit()
            elif self._close_after_s is not None:
                QTimer.singleShot(round(1000 * self._close_after_s), page, page.left.emit)

        timer.timeout.connect(look)
        timer.start(LOOK_MS)
        return timer


def _told(signal: SignalInstance) -> list[tuple[object, ...]]:
    """What the signal was emitted with, from now on."""
    told: list[tuple[object, ...]] = []

    def note(*what: object) -> None:
        told.append(what)

    signal.connect(note)
    return told


def application() -> QApplication:
    """Qt's application, made at the first call; it outlives its windows, since pages follow one another."""
    app = QApplication.instance()
    made = app if isinstance(app, QApplication) else QApplication([])
    made.setQuitOnLastWindowClosed(False)
    complete_fonts(made)
    return made


def show_window(
    buffer: LiveBuffer, actions: ActionQueue, running: Callable[[], bool], close_after_s: float | None = None
) -> None:
    """Shows one session; closes by itself `close_after_s` after its end."""
    Screens(close_after_s).show_session(buffer, actions, running)


def show_desk(buffer: LiveBuffer, actions: ActionQueue, running: Callable[[], bool]) -> None:
    """Shows one session in desk mode."""
    Screens().show_desk(buffer, actions, running)


def show_replay(buffer: LiveBuffer, player: Player, running: Callable[[], bool]) -> None:
    """Shows one replay."""
    Screens().show_replay(buffer, player, running)
