"""A sign in the system's tray: state and minutes, and the few things to do; nothing where there is no tray."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QPointF, Qt, QTimer
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap, QPolygonF
from PySide6.QtWidgets import QMenu, QSystemTrayIcon

from monitor.board import State
from monitor.coach.signals import Action
from monitor.language import N_
from monitor.language import gettext as _
from monitor.live_buffer import LiveBuffer
from monitor.live_window.theme import Theme
from monitor.wording import words

LOOK_MS = 500
ICON_PX = 64
MENU = (
    (Action.PAUSE, N_("Break")),
    (Action.PAIN, N_("PAIN")),
    (Action.NUMBNESS, N_("NUMB")),
    (Action.STOP, N_("Finish")),
)


class Tray(QObject):
    """Shows `buffer` in the tray; `act` is called with what the wearer does, `open_window` asks for the window."""

    def __init__(
        self, buffer: LiveBuffer, act: Callable[[Action], None], open_window: Callable[[], None], theme: Theme
    ) -> None:
        super().__init__()
        self._buffer, self._theme = buffer, theme
        self._state: State | None = None
        self.menu = QMenu()
        self.menu.addAction(_("Show the window"), open_window)
        for action, text in MENU:
            self.menu.addAction(_(text), lambda action=action: act(action))
        self.icon = QSystemTrayIcon()
        self.icon.setContextMenu(self.menu)
        self._open_window = open_window
        self.icon.activated.connect(self._on_click)
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.draw)
        self._timer.start(LOOK_MS)
        self.draw()
        self.icon.show()

    def draw(self) -> None:
        """Shows the newest board."""
        board = self._buffer.board
        if board.state is not self._state:
            self._state = board.state
            self.icon.setIcon(state_icon(board.state, self._theme))
        text = f"{words.state_word(board)}  {words.clock(board.net_s)}"
        if self.icon.toolTip() != text:
            self.icon.setToolTip(text)

    def _on_click(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        if reason is _CLICKED:
            self._open_window()

    def close(self) -> None:
        """Leaves the tray."""
        self._timer.stop()
        self.icon.hide()


def tray(
    buffer: LiveBuffer, act: Callable[[Action], None], open_window: Callable[[], None], theme: Theme
) -> Tray | None:
    """A sign in the tray; None where the system has none."""
    return Tray(buffer, act, open_window, theme) if QSystemTrayIcon.isSystemTrayAvailable() else None


def state_icon(state: State, theme: Theme) -> QIcon:
    """Two knees, seen from above: touching, apart, or a mark where there is nothing to tell; told by shape alone."""
    picture = QPixmap(ICON_PX, ICON_PX)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(theme.of(state)))
    apart = _APART_PX.get(state)
    if apart is None:
        painter.drawEllipse(QPointF(ICON_PX / 2, ICON_PX / 2), 14.0, 14.0)
    else:
        for side in (-1.0, 1.0):
            tip, middle = ICON_PX / 2 + side * apart, ICON_PX / 2
            base = tip + side * 22.0
            painter.drawPolygon(QPolygonF([QPointF(tip, middle), QPointF(base, 8.0), QPointF(base, ICON_PX - 8.0)]))
    painter.end()
    return QIcon(picture)


# Half the distance between the knees in the icon.
_APART_PX = {State.TOGETHER: 1.0, State.NEAR: 5.0, State.APART: 10.0}
_CLICKED = QSystemTrayIcon.ActivationReason.Trigger
