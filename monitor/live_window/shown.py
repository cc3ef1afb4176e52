"""The live window as a session's screen."""

from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from monitor.live_buffer import LiveBuffer
from monitor.live_window.theme import DARK, LIGHT
from monitor.live_window.window import LiveWindow
from monitor.session.actions import ActionQueue

LOOK_MS = 100


def show_window(
    buffer: LiveBuffer, actions: ActionQueue, running: Callable[[], bool], close_after_s: float | None = None
) -> None:
    """Shows the session until the wearer closes the window, or `close_after_s` after the session's end."""
    app = QApplication.instance() or QApplication([])
    light = QGuiApplication.styleHints().colorScheme() is Qt.ColorScheme.Light
    window = LiveWindow(buffer, actions.put, LIGHT if light else DARK)
    window.show()

    def look() -> None:
        if running():
            return
        timer.stop()
        # A session that failed has nothing to show; what went wrong is said on the terminal.
        if not buffer.board.over:
            window.close()
        elif close_after_s is not None:
            QTimer.singleShot(round(1000 * close_after_s), window.close)

    timer = QTimer()
    timer.timeout.connect(look)
    timer.start(LOOK_MS)
    app.exec()
