"""Writes the pictures of docs/screenshots anew: `python -m tests.monitor.screenshots`, without a display."""

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from io import StringIO
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from rich.console import Console

from monitor.coach.signals import Action
from monitor.live_window.session_page import SessionPage
from monitor.live_window.theme import DARK, LIGHT
from monitor.terminal_view import screen
from tests.monitor.boards import BOARDS, EXERCISING, buffer_with

FOLDER = Path(__file__).parents[2] / "docs" / "screenshots"
LIGHT_ONES = frozenset({"calibrating", "asking"})
WIDTH_PX = 1000


def _nobody(action: Action) -> None:
    del action


def main() -> None:
    """The window in every state, and the terminal."""
    app = QApplication([])
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, board in BOARDS.items():
        window = SessionPage(buffer_with(board()), _nobody, LIGHT if name in LIGHT_ONES else DARK)
        window.show()
        app.processEvents()
        window.draw()
        picture = window.grab().scaledToWidth(WIDTH_PX, Qt.TransformationMode.SmoothTransformation)
        picture.save(str(FOLDER / f"window_{name}.png"))
        window.close()
    console = Console(width=100, height=32, record=True, file=StringIO(), force_terminal=True)
    console.print(screen(buffer_with(EXERCISING), 100, 32))
    console.save_svg(str(FOLDER / "terminal.svg"), title="kneegap live")


if __name__ == "__main__":
    main()
