"""The window's parts that are no curves: the large word, timer, prompt, straps and buttons.

Invariant: a panel only draws the board it is given; a label is touched only when its text changes.
"""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from monitor import words
from monitor.board import Board, Link, State, StrapStatus
from monitor.coach.signals import Action
from monitor.live_window.theme import Theme
from monitor.names import strap_name

CONTROLS = (
    (Action.CONFIRM, "Ready", "Space"),
    (Action.PAUSE, "Break", "B"),
    (Action.SKIP, "Skip", "S"),
    (Action.MARK, "Marker", "M"),
    (Action.YES, "Yes", "Y"),
    (Action.NO, "No", "N"),
    (Action.STOP, "Finish", "F"),
)
LARGEST_PX, SMALLEST_PX = 92, 24
FEELINGS = ((Action.PAIN, "PAIN", "P"), (Action.NUMBNESS, "NUMB", "U"))


def label(name: str = "", text: str = "") -> QLabel:
    """A label styled by `name`."""
    made = QLabel(text)
    made.setObjectName(name)
    return made


def set_text(target: QLabel, text: str) -> None:
    """Changes a label's text if it differs: unchanged labels cost no repaint."""
    if target.text() != text:
        target.setText(text)


class StatePanel(QFrame):
    """The large word, and how far apart the knees are."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("panel")
        self.sign, self.word, self.gap = label(), label(), label("gap")
        self._styled: tuple[State, str] | None = None
        row = QHBoxLayout()
        row.addWidget(self.sign)
        row.addWidget(self.word, 1)
        # The panel's width decides the word's size, not the other way round.
        self.word.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        row.setSpacing(20)
        layout = QVBoxLayout(self)
        layout.addLayout(row)
        layout.addWidget(self.gap)

    def draw(self, board: Board, theme: Theme) -> None:
        """Shows the board's state."""
        set_text(self.sign, words.STATE_SIGN[board.state])
        set_text(self.word, words.state_word(board.state))
        set_text(self.gap, f"gap {words.gap_text(board)}")
        if self._styled != (board.state, theme.name):
            self._styled = (board.state, theme.name)
            self._style(theme.of(board.state))

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 (Qt's name)
        """The word fills the panel at any size of the window."""
        self._styled = None
        super().resizeEvent(event)

    def _style(self, colour: str) -> None:
        # Capitals are 0.8 em wide at most, and the sign takes three of them.
        letters = 0.8 * len(self.word.text()) + 2.4
        size = max(min(round((self.width() - 60) / letters), LARGEST_PX), SMALLEST_PX)
        for part, px in ((self.sign, size * 3 // 4), (self.word, size)):
            part.setStyleSheet(f"font-size: {px}px; font-weight: 800; color: {colour};")


class TimerPanel(QFrame):
    """The running hold's time, the session's net time and the round."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("panel")
        self.timer, self.total, self.round = label("timer"), label("title"), label("title")
        self.timer.setFont(QFont(self.timer.font().family()))
        layout = QGridLayout(self)
        layout.addWidget(label("faint", "this hold"), 0, 0)
        layout.addWidget(self.timer, 1, 0, 1, 2)
        layout.addWidget(self.total, 2, 0)
        layout.addWidget(self.round, 2, 1, Qt.AlignmentFlag.AlignRight)

    def draw(self, board: Board) -> None:
        """Shows the board's times."""
        set_text(self.timer, words.clock(board.hold_s))
        set_text(self.total, f"together {words.clock(board.net_s)}")
        set_text(self.round, words.round_text(board))


class PromptPanel(QFrame):
    """What to do now, how long, and what to correct."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("panel")
        self.title, self.prompt, self.note = label("faint"), label("prompt"), label("title")
        self.count, self.cue, self.bar = label("count"), label("cue"), QProgressBar()
        self.prompt.setWordWrap(True)
        self.bar.setTextVisible(False)
        self.bar.setRange(0, 1000)
        layout = QGridLayout(self)
        layout.addWidget(self.title, 0, 0)
        layout.addWidget(self.prompt, 1, 0)
        layout.addWidget(self.count, 1, 1, Qt.AlignmentFlag.AlignRight)
        below = QHBoxLayout()
        below.addWidget(self.note)
        below.addStretch(1)
        below.addWidget(self.cue)
        layout.addLayout(below, 2, 0, 1, 2)
        layout.addWidget(self.bar, 3, 0, 1, 2)
        layout.setColumnStretch(0, 1)
        layout.setRowMinimumHeight(2, 48)

    def draw(self, board: Board) -> None:
        """Shows the coach's words."""
        coach = board.coach
        set_text(self.title, coach.title)
        set_text(self.prompt, words.prompt_text(board))
        set_text(self.count, words.countdown_text(board))
        set_text(self.note, board.message or coach.note or board.finding)
        set_text(self.cue, f"!  {coach.cue}" if coach.cue else "")
        self.cue.setVisible(bool(coach.cue))
        self.bar.setValue(round(1000 * (coach.progress or 0.0)))


class StrapPanel(QFrame):
    """Link, battery, losses and tension of one strap."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("panel")
        self.name, self.link, self.tension = label("strap"), label(), label()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 4, 12, 4)
        layout.addWidget(self.name)
        layout.addWidget(self.link, 1)
        layout.addWidget(self.tension)

    def draw(self, strap: StrapStatus) -> None:
        """Shows the strap's status."""
        lost = strap.link is not Link.CONNECTED
        set_text(self.name, f"{words.LINK_SIGN[strap.link]}  {strap_name(strap.placement)}")
        set_text(self.link, words.strap_text(strap).upper() if lost else words.strap_text(strap))
        set_text(self.tension, words.tension_text(strap))


class Controls(QWidget):
    """A button for every action; each shows the key that does the same."""

    def __init__(self, act: Callable[[Action], None]) -> None:
        super().__init__()
        self.buttons: dict[Action, QPushButton] = {}
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        for action, text, key in CONTROLS:
            layout.addWidget(self._button(act, action, text, key))
        layout.addStretch(1)
        for action, text, key in FEELINGS:
            button = self._button(act, action, text, key)
            button.setObjectName("pain")
            layout.addWidget(button)

    def draw(self, board: Board) -> None:
        """Offers what makes sense now; pain and numbness always."""
        over = board.coach.ending is not None
        for action, button in self.buttons.items():
            answer = action in (Action.YES, Action.NO)
            button.setVisible(board.coach.asking == answer or action in (Action.PAIN, Action.NUMBNESS, Action.STOP))
            button.setEnabled(not over or (action is Action.STOP and board.over))
        self.buttons[Action.STOP].setText("Close  [F]" if over else "Finish  [F]")

    def _button(self, act: Callable[[Action], None], action: Action, text: str, key: str) -> QPushButton:
        button = QPushButton(f"{text}  [{key}]")
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.clicked.connect(lambda: act(action))
        # A button's own shortcut would act only after the button was seen to go down and up.
        shortcut = QShortcut(QKeySequence(key), self)
        shortcut.setAutoRepeat(False)
        shortcut.activated.connect(lambda: act(action) if button.isVisible() and button.isEnabled() else None)
        self.buttons[action] = button
        return button
