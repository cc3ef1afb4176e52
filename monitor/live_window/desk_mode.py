"""Desk mode: the whole window while the straps are put on and calibrated, then only the strip and the tray.

Invariant: once the exercise has begun nothing takes the focus by itself; the window comes back only when asked for.
"""

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from monitor.board import Board
from monitor.coach.signals import Action
from monitor.live_buffer import LiveBuffer
from monitor.live_window.desk_strip import DeskStrip
from monitor.live_window.theme import Theme
from monitor.live_window.tray import tray

LOOK_MS = 100
STRIP_KEY = "K"


class DeskMode(QObject):
    """Puts strip or window on the screen, as `buffer` and the wearer want it; `done` when the session is left."""

    done = Signal()

    def __init__(
        self,
        window: QWidget,
        buffer: LiveBuffer,
        act: Callable[[Action], None],
        running: Callable[[], bool],
        theme: Theme,
    ) -> None:
        super().__init__()
        self._window, self._buffer, self._act, self._running = window, buffer, act, running
        self.strip = DeskStrip(buffer, self.act, theme)
        self.strip.opened.connect(self.open_window)
        self.strip.left.connect(self.done)
        self.tray = tray(buffer, self.act, self.open_window, theme)
        self._began = self._leaves = False
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.look)
        self._timer.start(LOOK_MS)

    def look(self) -> None:
        """Makes room when the exercise begins; ends where the wearer wants it or the session failed."""
        if not self._began and exercising(self._buffer.board):
            self._began = True
            self.open_strip()
        if (self._leaves and self._buffer.board.over) or (not self._running() and not self._buffer.board.over):
            self.done.emit()

    def act(self, action: Action) -> None:
        """Passes on what the wearer does; finishing what has ended leaves it, once its report is written."""
        if action is Action.STOP and self._buffer.board.coach.ending is not None:
            self._leaves = True
            self.look()
        else:
            self._act(action)

    def open_window(self) -> None:
        """The whole window, because the wearer asked for it."""
        self.strip.hide()
        self._window.show()
        self._window.raise_()
        self._window.activateWindow()

    def open_strip(self) -> None:
        """The strip in place of the window."""
        self._window.hide()
        self.strip.show()

    def close(self) -> None:
        """Leaves screen and tray."""
        self._timer.stop()
        self.strip.blockSignals(True)
        self.strip.close()
        if self.tray is not None:
            self.tray.close()


def exercising(board: Board) -> bool:
    """Whether the preparations are over."""
    return board.coach.exercising and not board.coach.asking
