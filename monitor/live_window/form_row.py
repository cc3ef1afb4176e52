"""The lines of a form: a text to fill in with what it is for or what is wrong with it, or something on or off.

Invariant: a text is never wrong by its colour alone: it has a sign, a sentence and a dashed frame.
"""

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QCheckBox, QGridLayout, QHBoxLayout, QLayout, QLineEdit, QWidget

from monitor.live_window.labels import label, set_text
from monitor.live_window.settings_form import Field

WRONG_SIGN = "✖"
ON_SIGN, OFF_SIGN = "☑", "☐"
SHORT_PX, SPACING_PX, LONGEST = 84, 8, 60


class Tick(QCheckBox):
    """Something on or off, shown by a sign in its text: the style sheet's own box cannot be seen in the dark."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name = name
        self.setAccessibleName(name)
        self.toggled.connect(self._draw)
        self._draw(self.isChecked())

    def _draw(self, on: bool) -> None:
        self.setText(f"{ON_SIGN if on else OFF_SIGN}  {self._name}")


class FormRow(QObject):
    """The text of `field`; `edited` with every change by hand, `done` when it was left."""

    edited = Signal()
    done = Signal(object)

    def __init__(self, field: Field, name: str, unit: str = "", note: str = "", *, long: bool = False) -> None:
        super().__init__()
        self.field, self._note, self._long = field, note, long
        self.name, self.text, self.unit, self._says = label("", name), QLineEdit(), label("faint", unit), label("faint")
        self.name.setBuddy(self.text)
        self.text.setAccessibleName(f"{name} ({unit})" if unit else name)
        self.text.setMaxLength(LONGEST)
        self._says.setWordWrap(True)
        set_text(self._says, note)
        self.text.setAccessibleDescription(note)
        # Hidden, but never shown here: what has no parent yet would be a window of its own.
        for shown in (self.unit, self._says):
            if not shown.text():
                shown.hide()
        self.text.textEdited.connect(self.edited)
        self.text.editingFinished.connect(lambda: self.done.emit(self.field))

    @property
    def problem(self) -> str:
        """What is wrong with the text, as it is told."""
        return self._says.text().removeprefix(f"{WRONG_SIGN} ") if self._says.objectName() == "problem" else ""

    def say(self, problem: str) -> None:
        """Tells what is wrong; with nothing wrong, what the text is for."""
        wrong = bool(problem)
        set_text(self._says, f"{WRONG_SIGN} {problem}" if wrong else self._note)
        self._says.setVisible(bool(self._says.text()))
        self.text.setAccessibleDescription(problem or self._note)
        if self.text.property("wrong") != wrong:
            self.text.setProperty("wrong", wrong)
            self._says.setObjectName("problem" if wrong else "faint")
            for painted in (self.text, self._says):
                painted.style().unpolish(painted)
                painted.style().polish(painted)

    def scale(self, scale: float) -> None:
        """Room for a number of usual length, in type of this scale."""
        if not self._long:
            self.text.setFixedWidth(round(SHORT_PX * scale))

    def lay(self, grid: QGridLayout) -> None:
        """Its name, then text, unit and what is said side by side."""
        row = QHBoxLayout()
        row.setSpacing(SPACING_PX)
        for widget, stretch in ((self.text, int(self._long)), (self.unit, 0), (self._says, 1)):
            row.addWidget(widget, stretch)
        if not self._long:
            row.addStretch(0)
        lay_row(grid, self.name, row)


def lay_row(grid: QGridLayout, name: QWidget | None, content: QWidget | QLayout) -> None:
    """A line of the form at the end of `grid`."""
    at = grid.rowCount()
    if name is not None:
        grid.addWidget(name, at, 0)
    if isinstance(content, QLayout):
        grid.addLayout(content, at, 1)
    else:
        grid.addWidget(content, at, 1)


def lay_note(grid: QGridLayout, text: str) -> None:
    """What there is to know of the line above, as wide as the form."""
    said = label("faint", text)
    said.setWordWrap(True)
    grid.addWidget(said, grid.rowCount(), 0, 1, 2)
