"""What every key does, over whatever page is shown.

Invariant: a page's table names every key that works on it, and none that does not.
"""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QWidget

from monitor.language import N_
from monitor.language import gettext as _
from monitor.live_window.labels import label

# Keys as Qt names them, and what they do.
KeyTable = Sequence[tuple[tuple[str, ...], str]]

CURVE_KEYS: KeyTable = (
    (("+", "=", "-"), N_("look closer, look wider")),
    (("Shift+Left", "Shift+Right"), N_("move along the session")),
    (("W", "L"), N_("the whole session, the last minute")),
    (("C",), N_("hide drift corrections, show them")),
)
SESSION_KEYS: KeyTable = (
    (("Space", "B", "S", "M"), N_("ready, break, skip, marker: as on the buttons")),
    (("P", "U"), N_("pain, numbness: stops the exercise")),
    (("Y", "N"), N_("yes, no")),
    (("F",), N_("finish, close")),
    (("R",), N_("the report, once it is written")),
    (("Q", "Esc"), N_("close, when all is over")),
    *CURVE_KEYS,
)
REPLAY_KEYS: KeyTable = (
    (("Space",), N_("play, pause")),
    (("Left", "Right", "PgUp", "PgDown"), N_("5 seconds or a minute back and on")),
    (("Home", "End"), N_("to the start, to the end")),
    (("<", ",", ">", "."), N_("slower, faster")),
    (("F", "Q", "Esc"), N_("close")),
    *CURVE_KEYS,
)
START_KEYS: KeyTable = (
    (("1", "2", "3", "4", "5", "6", "7", "8", "9"), N_("choose an exercise")),
    (("Enter",), N_("start, or press the button that has the focus")),
    (("L", "C"), N_("with the last calibration, calibrate first")),
    (("G",), N_("go on with what was broken off")),
    (("K",), N_("beside work or television")),
    (("H",), N_("history")),
    (("S",), N_("you and your settings")),
    (("Alt+W",), N_("who wears the straps")),
    (("Q",), N_("quit")),
)
HISTORY_KEYS: KeyTable = (
    (("F", "N", "T"), N_("filter, note, tags: type there; Enter keeps it")),
    (("R", "P"), N_("the session's report, the session again")),
    (("Q", "Esc"), N_("back")),
)
SETTINGS_KEYS: KeyTable = (
    (("Enter",), N_("save, or press the button that has the focus")),
    (("Esc",), N_("back, without saving")),
)
NEW_PERSON_KEYS: KeyTable = ((("Alt+N",), N_("somebody new, and back again")),)
WINDOW_KEYS: KeyTable = (
    (("D",), N_("dark or light")),
    (("F11",), N_("full screen")),
    (("Tab", "Enter"), N_("next button, press it")),
    (("F1",), N_("these keys, and away with them")),
)


class KeysHelp(QFrame):
    """A panel in the middle of `over`."""

    def __init__(self, over: QWidget) -> None:
        super().__init__(over)
        self._over = over
        self.setObjectName("panel")
        self._rows: list[QLabel] = []
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(28, 20, 28, 20)
        self._grid.setHorizontalSpacing(18)
        self.hide()

    def toggle(self, page: QWidget | None = None) -> None:
        """Shows the keys of `page` and of the window, or hides them."""
        if self.isVisible():
            self.hide()
            return
        self._fill(keys_of(page))
        self.adjustSize()
        over = self._over.rect()
        self.resize(self.size().boundedTo(over.size()))
        self.move(over.center() - self.rect().center())
        self.raise_()
        self.show()

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 (Qt's name)
        """A click takes the panel away, too."""
        del event
        self.hide()

    def said(self) -> str:
        """Everything that can be read."""
        return "\n".join(row.text() for row in self._rows)

    def _fill(self, table: KeyTable) -> None:
        for row in self._rows:
            self._grid.removeWidget(row)
            row.deleteLater()
        self._rows = []
        for at, (keys, text) in enumerate(table):
            for column, made in enumerate((label("strap", shown_keys(keys)), label("", _(text)))):
                self._grid.addWidget(made, at, column, _ALIGNED[column])
                self._rows.append(made)


def keys_of(page: QWidget | None) -> KeyTable:
    """The page's own keys, then the window's."""
    own: KeyTable = getattr(page, "keys", ())
    return (*own, *WINDOW_KEYS)


def shown_keys(keys: Sequence[str]) -> str:
    """Keys as they stand on a keyboard; digits in a row as one."""
    if len(keys) > 2 and all(key.isdigit() for key in keys):
        return f"{keys[0]} … {keys[-1]}"
    return "  ".join(key.replace("Left", "←").replace("Right", "→") for key in keys)


_ALIGNED = (Qt.AlignmentFlag.AlignRight, Qt.AlignmentFlag.AlignLeft)
