"""The program's window: one page at a time, in one theme.

Invariant: a page knows nothing of the others; whoever shows a page waits for its `left`, or for the window's `closed`.
"""

from typing import Protocol

from PySide6.QtCore import QSize, Qt, Signal, SignalInstance
from PySide6.QtGui import QCloseEvent, QGuiApplication, QKeySequence, QShortcut
from PySide6.QtWidgets import QVBoxLayout, QWidget

from monitor.language import gettext as _
from monitor.live_window.keys_help import KeysHelp
from monitor.live_window.theme import DARK, LIGHT, Theme, style_sheet

SMALLEST_PX = (480, 440)
USUAL_PX = (1280, 800)
# What a window system's title bar and borders may take, which is not known before the window is on the screen.
FRAME_PX = (16, 40)


class Page(Protocol):
    """Something that fills the window."""

    left: SignalInstance

    def paint_in(self, theme: Theme) -> None:
        """Takes the colours of `theme`."""
        ...


class AppWindow(QWidget):
    """Shows pages; `theme` is the system's without one."""

    closed = Signal()

    def __init__(self, theme: Theme | None = None) -> None:
        super().__init__()
        self.theme = theme or system_theme()
        self._page: QWidget | None = None
        self.was_closed = False
        self.setWindowTitle(_("Knee gap"))
        self.setMinimumSize(*SMALLEST_PX)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(10, 8, 10, 8)
        self.help = KeysHelp(self)
        self._fills_screen = self._fit_screen()
        self.setStyleSheet(style_sheet(self.theme))
        for key, do in (("D", self.toggle_theme), ("F11", self.toggle_full), ("F1", self.toggle_help)):
            QShortcut(QKeySequence(key), self, do)

    @property
    def page(self) -> QWidget | None:
        """The page on the screen."""
        return self._page

    def show_page(self, page: QWidget) -> None:
        """Puts `page` in the place of the one before, which is gone then."""
        # Anew, since the language may have been changed on the page before.
        self.setWindowTitle(_("Knee gap"))
        before, self._page = self._page, page
        self._layout.addWidget(page)
        if before is not None:
            self._layout.removeWidget(before)
            before.hide()
            before.deleteLater()
        self.help.hide()
        self._paint()
        page.setFocus(Qt.FocusReason.OtherFocusReason)

    def appear(self) -> None:
        """Comes on the screen, if it is not there; takes all of one that is too small for the usual size."""
        if self.isVisible():
            return
        if self._fills_screen:
            self._fills_screen = False
            self.showMaximized()
        else:
            self.show()

    def toggle_theme(self) -> None:
        """Dark to light and back."""
        self.theme = LIGHT if self.theme is DARK else DARK
        self._paint()

    def toggle_help(self) -> None:
        """The keys that work here, and away with them."""
        self.help.toggle(self._page)

    def toggle_full(self) -> None:
        """The whole screen, and back."""
        self.showNormal() if self.isFullScreen() else self.showFullScreen()

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802 (Qt's name)
        """Tells whoever waits for a page."""
        self.was_closed = True
        self.closed.emit()
        event.accept()

    def _paint(self) -> None:
        self.setStyleSheet(style_sheet(self.theme))
        page = self._page
        paint_in = getattr(page, "paint_in", None)
        if callable(paint_in):
            paint_in(self.theme)

    def _fit_screen(self) -> bool:
        """Takes the usual size, or what the screen has room for; True where it has not enough."""
        screen = QGuiApplication.primaryScreen()
        room = screen.availableGeometry().size() if screen else None
        size = QSize(*USUAL_PX) if room is None else QSize(*USUAL_PX).boundedTo(room - QSize(*FRAME_PX))
        self.resize(size)
        return size != QSize(*USUAL_PX)


def system_theme() -> Theme:
    """Dark or light, as the system is."""
    light = QGuiApplication.styleHints().colorScheme() is Qt.ColorScheme.Light
    return LIGHT if light else DARK
