"""What is read at two metres: the large word and the timer.

Invariant: a panel only draws the board it is given.
"""

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QSizePolicy,
    QVBoxLayout,
)

from monitor.board import Board, State
from monitor.live_window.labels import label, set_text
from monitor.live_window.theme import Theme
from monitor.wording import words

LARGEST_PX, SMALLEST_PX = 92, 20
GAP_STATES = frozenset({State.TOGETHER, State.NEAR, State.APART})
# Capitals are 0.8 em wide at most, the signs of other scripts a whole one; the state's sign takes three letters.
LETTER_EM, IDEOGRAPH_EM, SIGN_EM = 0.8, 1.05, 2.4


class StatePanel(QFrame):
    """The large word, and the figures that it is about: mostly how far apart the knees are."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("panel")
        self.sign, self.word, self.figures = label(), label(), label("gap")
        self.scale = 1.0
        self._colour = ""
        self._styled = ("", 0)
        row = QHBoxLayout()
        row.addWidget(self.sign)
        row.addWidget(self.word, 1)
        # The panel's width decides the word's size, not the other way round.
        self.word.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        row.setSpacing(20)
        self.figures.setWordWrap(True)
        layout = QVBoxLayout(self)
        layout.addLayout(row)
        layout.addWidget(self.figures)

    def draw(self, board: Board, theme: Theme) -> None:
        """Shows the board's state."""
        if self.word.text() != words.state_word(board):
            self.sign.setAccessibleName(words.state_word(board))
        set_text(self.sign, words.STATE_SIGN[board.state])
        set_text(self.word, words.state_word(board))
        set_text(self.figures, words.state_line(board))
        # Where nobody asks for closed knees, open ones are no mistake.
        counts = board.holding or board.coach.closing or board.state not in GAP_STATES
        self._colour = theme.of(board.state) if counts else theme.calm
        self._style()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 (Qt's name)
        """The word fills the panel at any size of the window."""
        super().resizeEvent(event)
        self._style()

    def _style(self) -> None:
        ems = sum(LETTER_EM if ord(c) < 0x2E80 else IDEOGRAPH_EM for c in self.word.text()) + SIGN_EM
        largest = round(LARGEST_PX * self.scale)
        size = max(min(round((self.width() - 60) / ems), largest), SMALLEST_PX)
        if self._styled == (self._colour, size):
            return
        self._styled = (self._colour, size)
        for part, px in ((self.sign, size * 3 // 4), (self.word, size)):
            part.setStyleSheet(f"font-size: {px}px; font-weight: 800; color: {self._colour};")


class TimerPanel(QFrame):
    """The running hold's time, the session's net time and the round; before and in a question, the seconds left."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("panel")
        self.named, self.timer, self.total, self.round = label("named"), label("timer"), label("title"), label("title")
        self.total.setWordWrap(True)
        layout = QGridLayout(self)
        layout.addWidget(self.named, 0, 0)
        layout.addWidget(self.timer, 1, 0, 1, 2)
        layout.addWidget(self.total, 2, 0)
        layout.addWidget(self.round, 2, 1, Qt.AlignmentFlag.AlignRight)
        layout.setColumnStretch(0, 1)

    def draw(self, board: Board, *, told: bool = False) -> None:
        """Shows the board's times, or where the wearer is `told` what to do, how long that takes."""
        shown = words.told_time(board) if told else words.time_shown(board)
        set_text(self.named, shown.named)
        set_text(self.timer, shown.time)
        set_text(self.total, shown.total)
        set_text(self.round, shown.round)
