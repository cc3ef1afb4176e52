"""Labels and keys as every page writes them.

Invariant: a label is touched only when its text changes; every button shows the key that does the same.
"""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QLineEdit, QPushButton, QWidget


def label(name: str = "", text: str = "") -> QLabel:
    """A label styled by `name`; what it shows is text and never markup."""
    made = QLabel(text)
    made.setObjectName(name)
    made.setTextFormat(Qt.TextFormat.PlainText)
    return made


def set_text(target: QLabel | QAbstractButton, text: str) -> None:
    """Changes a text if it differs: what is unchanged costs no repaint."""
    if target.text() != text:
        target.setText(text)


def announce(widget: QWidget, text: str) -> None:
    """Lets a screen reader say `text`, where one is running."""
    if QAccessible.isActive():
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(widget, text))


def keyed(text: str, key: str) -> str:
    """A button's text with its key."""
    return f"{text}  [{key}]" if key else text


def button(text: str, key: str, do: Callable[[], object]) -> QPushButton:
    """A button that does `do`, as its key does while the button can be seen and used."""
    made = QPushButton(keyed(text, key))
    made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    made.clicked.connect(lambda: do())
    if key:
        bind(made, key, do)
    return made


def bind(widget: QWidget, key: str, do: Callable[[], object]) -> None:
    """Lets a key do `do` whatever has the focus, as long as `widget` can be seen and used."""
    # A button's own shortcut would act only after the button was seen to go down and up.
    shortcut = QShortcut(QKeySequence(key), widget)
    shortcut.setAutoRepeat(False)
    shortcut.activated.connect(lambda: do())


def enter_presses(page: QWidget) -> None:
    """Lets Enter press the button that has the focus, as in a dialog, and end the typing in a field."""

    def press() -> None:
        focused = QApplication.focusWidget()
        if isinstance(focused, QAbstractButton):
            focused.click()
        elif isinstance(focused, QLineEdit):
            # What was typed counts from here on.
            focused.clearFocus()

    for key in ("Return", "Enter"):
        bind(page, key, press)
