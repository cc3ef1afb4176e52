"""What every key does, over whatever page is shown."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QWidget

from monitor.language import N_
from monitor.language import gettext as _
from monitor.live_window.labels import label

KEYS = (
    ("Space, B, S, M", N_("ready, break, skip, marker: as on the buttons")),
    ("P, U", N_("pain, numbness: stops the exercise")),
    ("Y, N", N_("yes, no")),
    ("F", N_("finish, close")),
    ("+  -", N_("look closer, look wider")),
    ("Shift+← →", N_("move along the session")),
    ("W, L", N_("the whole session, the last minute")),
    ("← →  PgUp PgDn  Home End", N_("in a replay: move in time")),
    ("<  >", N_("in a replay: slower, faster")),
    ("D", N_("dark or light")),
    ("F11", N_("full screen")),
    ("Tab, Enter", N_("next button, press it")),
    ("F1", N_("these keys")),
)


class KeysHelp(QFrame):
    """A panel in the middle of `over`."""

    def __init__(self, over: QWidget) -> None:
        super().__init__(over)
        self._over = over
        self.setObjectName("panel")
        layout = QGridLayout(self)
        layout.setContentsMargins(28, 20, 28, 20)
        for row, (keys, text) in enumerate(KEYS):
            layout.addWidget(label("strap", keys), row, 0, Qt.AlignmentFlag.AlignRight)
            layout.addWidget(label("", _(text)), row, 1)
        layout.setHorizontalSpacing(18)
        self.hide()

    def toggle(self) -> None:
        """Shows or hides the panel."""
        if self.isVisible():
            self.hide()
            return
        self.adjustSize()
        over = self._over.rect()
        self.resize(self.size().boundedTo(over.size()))
        self.move(over.center() - self.rect().center())
        self.raise_()
        self.show()
