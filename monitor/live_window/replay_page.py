"""A recorded session on the screen: the live page with play, pause, speed and a time line in place of the buttons."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSlider, QVBoxLayout, QWidget

from monitor.board import Board
from monitor.coach.signals import Action
from monitor.language import gettext as _
from monitor.live_buffer import LiveBuffer
from monitor.live_window.flow import FlowLayout
from monitor.live_window.keys_help import REPLAY_KEYS
from monitor.live_window.labels import bind, button, keyed, label, set_text
from monitor.live_window.session_page import SessionPage
from monitor.live_window.theme import DARK, Theme
from monitor.session.player import Player
from monitor.wording import words

STEP_S, LEAP_S = 5.0, 60.0


class ReplayBar(QWidget):
    """Play, pause, speed and time line of `player`; keys work anywhere on `page`."""

    def __init__(self, page: SessionPage, player: Player) -> None:
        super().__init__()
        self._player = player
        self._drawing = False
        # The time line counts whole seconds.
        self.line = QSlider(Qt.Orientation.Horizontal)
        self.line.setRange(round(player.start_s), round(player.end_s))
        self.line.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.line.setAccessibleName(_("time line"))
        self.line.valueChanged.connect(self._on_line)
        self.time, self.speed = label("title"), label("title")
        self.buttons: dict[str, QPushButton] = {}
        row, line = FlowLayout(), QHBoxLayout()
        line.addWidget(self.line, 1)
        line.addWidget(self.time)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.addLayout(line)
        rows.addLayout(row)
        for key, text, do in (
            ("Space", _("Pause"), player.toggle),
            ("Home", _("Start"), lambda: player.seek(player.start_s)),
            ("Left", _("Back"), lambda: self._leap(-STEP_S)),
            ("Right", _("On"), lambda: self._leap(STEP_S)),
            ("End", _("End"), lambda: player.seek(player.end_s)),
            ("<", _("Slower"), player.slower),
            (">", _("Faster"), player.faster),
            ("F", _("Close"), page.left.emit),
        ):
            self.buttons[key] = button(text, key, do)
            row.addWidget(self.buttons[key])
            if key == "<":
                row.addWidget(self.speed)
        # The same keys without Shift.
        for key, do in ((",", player.slower), (".", player.faster)):
            bind(page, key, do)
        bind(page, "PgUp", lambda: self._leap(-LEAP_S))
        bind(page, "PgDown", lambda: self._leap(LEAP_S))

    def draw(self) -> None:
        """Shows where the player stands."""
        at_s = self._player.at_s
        self._drawing = True
        self.line.setValue(round(at_s))
        self._drawing = False
        set_text(self.buttons["Space"], keyed(_("Pause") if self._player.playing else _("Play"), "Space"))
        set_text(self.time, f"{words.clock(at_s)} / {words.clock(self._player.end_s)}")
        set_text(self.speed, f"{self._player.speed:g} x")

    def _on_line(self, second: int) -> None:
        if not self._drawing:
            self._player.seek(float(second))

    def _leap(self, by_s: float) -> None:
        self._player.seek(self._player.at_s + by_s)


class ReplayPage(SessionPage):
    """Shows what `player` plays into `buffer`."""

    def __init__(self, buffer: LiveBuffer, player: Player, theme: Theme = DARK) -> None:
        self.bar: ReplayBar | None = None
        super().__init__(buffer, _nothing, theme)
        self.bar = ReplayBar(self, player)
        self.controls.hide()
        self.prompt_panel.shows_progress = False
        self.prompt_panel.bar.hide()
        self.extra.addWidget(self.bar)
        self.keys = REPLAY_KEYS

    def tells(self, board: Board) -> bool:
        """Never: who looks back wants to see the curves."""
        del board
        return False

    def leave_if_over(self) -> None:
        """A replay can be left at any time."""
        self.left.emit()

    def draw(self) -> None:
        """One frame, and where the player stands."""
        super().draw()
        if self.bar is not None:
            self.bar.draw()


def _nothing(action: Action) -> None:
    """A recording does not listen."""
    del action
