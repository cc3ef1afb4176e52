"""What to do now, in words and as a drawing, how long, and what to correct.

Invariant: words come first: a drawing has what room they leave, and none where that is too little.
"""

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QProgressBar,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from monitor.board import Board, State
from monitor.coach.pictures import Picture
from monitor.language import gettext as _
from monitor.live_window.drawing import LEAST_PX, Drawing
from monitor.live_window.labels import announce, label, set_text
from monitor.live_window.theme import Theme
from monitor.wording import words

LOW_PX = 560
# A wider part of the panel would leave too little to the words.
MOST_DRAWING, CLEARLY_LARGER = 0.45, 1.4


class PromptPanel(QFrame):
    """What to do now, how long, and what to correct."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("panel")
        self.title, self.prompt, self.note = label("faint"), label("prompt"), label("title")
        self.count, self.cue, self.bar = label("count"), label("cue"), QProgressBar()
        self.shows_progress, self._fits_progress = True, False
        self._large = False
        self._announced = ("", "")
        self.bar.setAccessibleName(_("progress"))
        # What the page itself has to tell.
        self.told = ""
        for text in (self.prompt, self.note, self.cue):
            text.setWordWrap(True)
        self.bar.setTextVisible(False)
        self.bar.setRange(0, 1000)
        self.drawing = Drawing()
        self._shown: tuple[Picture | None, str] = (None, "")
        words_part = QWidget()
        words_part.setObjectName("words")
        # The words take what the drawing leaves, and it leaves what they need.
        words_part.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        rows = QVBoxLayout(self)
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._row.addWidget(words_part, 1)
        self._row.addWidget(self.drawing)
        rows.addLayout(self._row, 1)
        rows.addWidget(self.bar)
        self._words = layout = QGridLayout(words_part)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.title, 0, 0)
        layout.addWidget(self.prompt, 1, 0)
        layout.addWidget(self.count, 1, 1, Qt.AlignmentFlag.AlignRight)
        below = QHBoxLayout()
        below.addWidget(self.note, 1)
        below.addWidget(self.cue, 1)
        layout.addLayout(below, 2, 0, 1, 2)
        layout.setColumnStretch(0, 1)
        layout.setRowStretch(1, 1)

    def fit(self, scale: float, height: int) -> None:
        """Keeps room for a cue, so that nothing jumps when one comes; leaves out what a low window can do without."""
        self.title.setVisible(height >= LOW_PX)
        self._fits_progress = height >= LOW_PX and self.shows_progress
        self.bar.setVisible(self._fits_progress and self.bar.isVisibleTo(self))
        self._words.setRowMinimumHeight(2, round(48 * scale))

    def enlarge(self, *, large: bool) -> None:
        """Larger words, where nothing else is to be looked at."""
        if large == self._large:
            return
        self._large = large
        self.count.setVisible(not large)
        for text in (self.title, self.prompt, self.note):
            text.setProperty("large", large)
            text.style().unpolish(text)
            text.style().polish(text)
        self._make_room()

    def paint_in(self, theme: Theme) -> None:
        """Takes the colours of `theme`; those of the words come from the page."""
        self.drawing.paint_in(theme)

    def draw(self, board: Board) -> None:
        """Shows the coach's words."""
        coach = board.coach
        set_text(self.title, coach.title)
        set_text(self.prompt, words.prompt_text(board))
        # Where no hold has its own time above, the countdown has.
        set_text(self.count, words.countdown_text(board) if board.holding else "")
        set_text(self.note, self.told or board.message or coach.note or board.finding)
        self._announce((self.prompt.text(), coach.cue))
        set_text(self.cue, f"!  {coach.cue}" if coach.cue else "")
        self.cue.setVisible(bool(coach.cue))
        # What makes a pause is said by the cue already.
        self.note.setVisible(not coach.cue or (bool(self.note.text()) and not coach.paused))
        self.bar.setValue(round(1000 * (coach.progress or 0.0)))
        self.bar.setVisible(self._fits_progress and (not self._large or coach.progress is not None))
        picture = shown_picture(board)
        name = coach.title if picture is coach.picture else self.prompt.text()
        if (picture, name) != self._shown:
            self._shown = (picture, name)
            self._make_room()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 (Qt's name)
        """What room the words leave is the drawing's."""
        super().resizeEvent(event)
        self._make_room()

    def event(self, event: QEvent) -> bool:
        """Other words, or other type, need other room."""
        if event.type() is QEvent.Type.LayoutRequest:
            self._make_room()
        return super().event(event)

    def _make_room(self) -> None:
        """Places the drawing below the words, or beside them where it becomes clearly larger, or leaves it out."""
        picture, name = self._shown
        if self._large and picture is not None:
            beside, below = self._room()
            # Words are read more easily in long lines.
            is_beside = beside > CLEARLY_LARGER * below
            ways, side = QBoxLayout.Direction, beside if is_beside else below
            self._row.setDirection(ways.LeftToRight if is_beside else ways.TopToBottom)
            self.drawing.show_picture(picture if side >= LEAST_PX else None, side, name)
        elif self.drawing.isVisibleTo(self):
            self.drawing.show_picture(None, 0, "")

    def _room(self) -> tuple[int, int]:
        """How large a square fits beside the words, and how large a one below them."""
        inside, gap = self._row.geometry(), self._row.spacing()
        width, height = inside.width(), inside.height()
        beside = min(height, round(MOST_DRAWING * width))
        while beside >= LEAST_PX and self._words.heightForWidth(width - beside - gap) > height:
            beside = beside * 9 // 10
        return beside, min(width, height - gap - self._words.heightForWidth(width))

    def _announce(self, said: tuple[str, str]) -> None:
        for text, before in zip(said, self._announced, strict=True):
            if text and text != before:
                announce(self.prompt, text)
        self._announced = said


def shown_picture(board: Board) -> Picture | None:
    """What is drawn beside `words.prompt_text`; nothing beside a question."""
    if board.coach.asking or board.coach.ending is not None:
        return None
    return Picture.SWITCH_ON if board.state is State.SEARCHING else board.coach.picture
