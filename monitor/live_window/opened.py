"""Files that the wearer wants to see, in whatever program the system has for them."""

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices


def open_file(path: str) -> bool:
    """Opens the file with the system's program for it; False where there is none."""
    return bool(path) and QDesktopServices.openUrl(QUrl.fromLocalFile(path))
