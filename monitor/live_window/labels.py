"""Labels and keys as every page writes them.

Invariant: a label is touched only when its text changes; every button shows the key that does the same.
"""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QPushButton, QWidget


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


def keyed(text: str, key: str) -> str:
    """A button's text with its key."""
    return f"{text}  [{key}]" if key else text


def button(page: QWidget, text: str, key: str, do: Callable[[], object]) -> QPushButton:
    """A button that does `do`, as its key does anywhere on `page` while the button can be seen and used."""
    made = QPushButton(keyed(text, key))
    made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    made.clicked.connect(lambda: do())
    if key:
        bind(page, key, lambda: do() if made.isVisible() and made.isEnabled() else None)
    return made


def bind(page: QWidget, key: str, do: Callable[[], object]) -> None:
    """Lets a key do `do` while `page` is on the screen."""
    # A button's own shortcut would act only after the button was seen to go down and up.
    shortcut = QShortcut(QKeySequence(key), page)
    shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
    shortcut.setAutoRepeat(False)
    shortcut.activated.connect(lambda: do())


def enter_presses(page: QWidget) -> None:
    """Lets Enter press the button that has the focus, as in a dialog."""

    def press() -> None:
        focused = QApplication.focusWidget()
        if isinstance(focused, QAbstractButton):
            focused.click()

    for key in ("Return", "Enter"):
        bind(page, key, press)
