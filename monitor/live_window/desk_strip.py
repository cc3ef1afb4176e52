"""Desk mode's small strip: only the state and the minutes, above all other windows and never in the way.

Invariant: the strip never takes the focus; it grows only while the coach asks something that must be answered, and then
upwards: its lower right corner stays where the wearer put it.
"""

from collections.abc import Callable

from PySide6.QtCore import QPoint, QRect, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QGuiApplication, QMouseEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from monitor.board import Board
from monitor.coach.signals import Action
from monitor.language import gettext as _
from monitor.live_buffer import LiveBuffer
from monitor.live_window.labels import label, set_text
from monitor.live_window.theme import DARK, Theme, style_sheet
from monitor.wording import words

# Words that nobody has to read at once need no frame rate.
LOOK_MS = 200
MARGIN_PX = 24
WIDTH_PX = 340


class DeskStrip(QWidget):
    """Shows `buffer`; `act` is called with what the wearer does; `opened` asks for the whole window."""

    opened = Signal()
    left = Signal()

    def __init__(self, buffer: LiveBuffer, act: Callable[[Action], None], theme: Theme = DARK) -> None:
        super().__init__(None, _FLAGS)
        self._buffer, self._act, self._theme = buffer, act, theme
        self._grabbed: QPoint | None = None
        corner = QGuiApplication.primaryScreen().availableGeometry().bottomRight()
        # The lower right corner of the screen, where nobody reads.
        self._corner = corner - QPoint(MARGIN_PX, 2 * MARGIN_PX)
        self._colour = ""
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.setWindowTitle(_("Knee gap"))
        self.setStyleSheet(style_sheet(theme))
        self.setToolTip(_("Drag to move, double-click for the whole window."))
        self.sign, self.word, self.time, self.says = label(), label(), label("title"), label()
        self.buttons: dict[Action, QPushButton] = {}
        self._arrange()
        self.draw()
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.draw)
        self._timer.start(LOOK_MS)

    def draw(self) -> None:
        """Shows the newest board."""
        board = self._buffer.board
        over = board.coach.ending is not None
        set_text(self.sign, words.STATE_SIGN[board.state])
        set_text(self.word, words.state_word(board))
        set_text(self.time, words.clock(board.net_s))
        set_text(self.says, said_text(board))
        self.says.setVisible(bool(self.says.text()))
        for action, made in self.buttons.items():
            offered = board.coach.asking or action in (Action.PAIN, Action.NUMBNESS)
            made.setVisible(action is Action.STOP or (offered and not over))
        set_text(self.buttons[Action.STOP], _("Close") if over else _("Finish"))
        if self._colour != self._theme.of(board.state):
            self._colour = self._theme.of(board.state)
            for part in (self.sign, self.word):
                part.setStyleSheet(f"font-size: 24px; font-weight: 800; color: {self._colour};")
        self.adjustSize()
        self._to_corner()

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 (Qt's name)
        """A window system may forget where a hidden strip was."""
        super().showEvent(event)
        self._to_corner()

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 (Qt's name)
        """The strip is taken."""
        self._grabbed = event.globalPosition().toPoint() - self.pos()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """And goes where it is dragged."""
        if self._grabbed is not None:
            self.move(event.globalPosition().toPoint() - self._grabbed)
            self._corner = self.geometry().bottomRight()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """And stays there."""
        del event
        self._grabbed = None

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Asks for the whole window."""
        del event
        self.opened.emit()

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802
        """Closing the strip ends the session in good order."""
        self._timer.stop()
        self.left.emit()
        event.accept()

    def _arrange(self) -> None:
        frame = QFrame()
        frame.setObjectName("panel")
        row = QHBoxLayout()
        for part in (self.sign, self.word):
            row.addWidget(part)
        row.addStretch(1)
        row.addWidget(self.time)
        self.says.setWordWrap(True)
        buttons = QHBoxLayout()
        for action, text in (
            (Action.YES, _("Yes")),
            (Action.NO, _("No")),
            (Action.PAIN, _("PAIN")),
            (Action.NUMBNESS, _("NUMB")),
            (Action.STOP, _("Finish")),
        ):
            buttons.addWidget(self._button(action, text))
        inside = QVBoxLayout(frame)
        inside.setContentsMargins(14, 8, 14, 8)
        inside.addLayout(row)
        inside.addWidget(self.says)
        inside.addLayout(buttons)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(frame)
        self.setFixedWidth(WIDTH_PX)

    def _button(self, action: Action, text: str) -> QPushButton:
        made = QPushButton(text)
        made.setProperty("small", True)
        made.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        made.clicked.connect(lambda: self._act(action))
        if action in (Action.PAIN, Action.NUMBNESS):
            made.setObjectName("pain")
        self.buttons[action] = made
        return made

    def _to_corner(self) -> None:
        """Where it belongs; a strip that has grown stays on its screen."""
        box = QRect(QPoint(), self.size())
        box.moveBottomRight(self._corner)
        screen = QGuiApplication.screenAt(self._corner) or QGuiApplication.primaryScreen()
        box.moveTop(max(box.top(), screen.availableGeometry().top()))
        if self.pos() != box.topLeft():
            self.move(box.topLeft())


def said_text(board: Board) -> str:
    """What must be read now: a question, a correction, a lost strap, the end; mostly nothing."""
    coach = board.coach
    if coach.asking or coach.ending is not None:
        return board.message or coach.text
    return coach.cue


_FLAGS = (
    Qt.WindowType.Tool
    | Qt.WindowType.FramelessWindowHint
    | Qt.WindowType.WindowStaysOnTopHint
    | Qt.WindowType.WindowDoesNotAcceptFocus
)
