"""Whether this machine can show a window.

Invariant: Qt ends the whole process where a library or the display is missing, so it is tried in a child process.
"""

import os
import re
import subprocess
import sys
from contextlib import suppress
from importlib import import_module

TRY = "import pyqtgraph; from PySide6.QtWidgets import QApplication; QApplication([])"
WITHIN_S = 20.0
_REASONS = (
    (re.compile(r"(lib[\w.+-]+\.so[.\d]*)"), "the system library {} is missing"),
    (re.compile(r"(could not connect to display[^\n]*)"), "{}"),
    (re.compile(r"(no Qt platform plugin[^\n]*)", re.IGNORECASE), "{}"),
    (re.compile(r"No module named '([\w.]+)'"), "the Python package {} is missing"),
)


def why_no_window() -> str | None:
    """What keeps a window from being shown; None where nothing does."""
    if sys.platform.startswith("linux") and not any(
        os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    ):
        return "there is no display (neither DISPLAY nor WAYLAND_DISPLAY is set)"
    try:
        trying = subprocess.Popen([sys.executable, "-c", TRY], stderr=subprocess.PIPE, text=True)
    except OSError as error:
        return f"no second process could be started ({error.strerror})"
    # Loading the window takes as long as the try: both at once. What cannot be loaded is found out by the try.
    with suppress(ImportError):
        import_module("monitor.live_window.shown")
    try:
        stderr = trying.communicate(timeout=WITHIN_S)[1]
    except subprocess.TimeoutExpired:
        trying.kill()
        trying.communicate()
        return f"the window system did not answer within {WITHIN_S:.0f} s"
    return None if trying.returncode == 0 else reason(stderr)


def reason(stderr: str) -> str:
    """The missing thing that Qt's last words name."""
    for pattern, words in _REASONS:
        found = pattern.search(stderr)
        if found:
            return words.format(found.group(1))
    return "Qt cannot start here: " + " ".join(stderr.split())[:120]
