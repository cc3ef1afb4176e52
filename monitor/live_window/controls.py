"""The session's buttons: one for every action, pain and numbness large and always there."""

from collections.abc import Callable

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QPushButton, QWidget

from monitor.board import Board
from monitor.coach.signals import Action
from monitor.language import N_
from monitor.language import gettext as _
from monitor.live_window.flow import FlowLayout
from monitor.live_window.labels import button, keyed, set_text

CONTROLS = (
    (Action.CONFIRM, N_("Ready"), "Space"),
    (Action.PAUSE, N_("Break"), "B"),
    (Action.SKIP, N_("Skip"), "S"),
    (Action.MARK, N_("Marker"), "M"),
    (Action.YES, N_("Yes"), "Y"),
    (Action.NO, N_("No"), "N"),
    (Action.STOP, N_("Finish"), "F"),
)
FEELINGS = ((Action.PAIN, N_("PAIN"), "P"), (Action.NUMBNESS, N_("NUMB"), "U"))
ANSWERS = frozenset({Action.YES, Action.NO})
ALWAYS = frozenset({Action.PAIN, Action.NUMBNESS, Action.STOP})
REPORT_KEY = "R"


class Controls(QWidget):
    """A button for every action; each shows the key that does the same. `report` opens the session's report."""

    def __init__(self, act: Callable[[Action], None], report: Callable[[], object]) -> None:
        super().__init__()
        self.buttons: dict[Action, QPushButton] = {}
        self.report = button(_("Open the report"), REPORT_KEY, report)
        self._rows = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._ordinary, feelings = FlowLayout(), QHBoxLayout()
        for action, text, key in CONTROLS:
            made = self._button(act, action, _(text), key)
            if action in ANSWERS:
                made.setObjectName("answer")
            self._ordinary.addWidget(made)
        self._ordinary.addWidget(self.report)
        for action, text, key in FEELINGS:
            made = self._button(act, action, _(text), key)
            made.setObjectName("pain")
            feelings.addWidget(made)
        self._rows.addLayout(self._ordinary, 1)
        self._rows.addLayout(feelings)

    def add(self, text: str, key: str, do: Callable[[], object]) -> None:
        """One more button, always there."""
        self._ordinary.addWidget(button(text, key, do))

    def draw(self, board: Board) -> None:
        """Offers what makes sense now; pain and numbness until the end."""
        over = board.coach.ending is not None
        for action, made in self.buttons.items():
            answer = action in ANSWERS
            offered = action in ALWAYS or board.coach.asking == answer
            # After the end there is nothing left to stop.
            made.setVisible(action is Action.STOP or (offered and not over))
        set_text(self.buttons[Action.STOP], keyed(_("Close") if over else _("Finish"), "F"))
        self.report.setVisible(bool(board.report))

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 (Qt's name)
        """In a narrow window pain and numbness get a row of their own, above."""
        narrow = event.size().width() < self._needed_px()
        flow = QBoxLayout.Direction.BottomToTop if narrow else QBoxLayout.Direction.LeftToRight
        if self._rows.direction() != flow:
            self._rows.setDirection(flow)
        super().resizeEvent(event)

    def _needed_px(self) -> int:
        feelings = sum(self.buttons[action].sizeHint().width() for action, _text, _key in FEELINGS)
        return self._ordinary.sizeHint().width() + feelings + 2 * self._rows.spacing()

    def _button(self, act: Callable[[Action], None], action: Action, text: str, key: str) -> QPushButton:
        self.buttons[action] = button(text, key, lambda: act(action))
        return self.buttons[action]
