"""Whether this machine can show a window.

Invariant: Qt ends the whole process where a library or the display is missing, so it is tried in a child process.
"""

import os
import re
import subprocess
import sys

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
        tried = subprocess.run(
            [sys.executable, "-c", TRY], capture_output=True, text=True, timeout=WITHIN_S, check=False
        )
    except subprocess.TimeoutExpired:
        return f"the window system did not answer within {WITHIN_S:.0f} s"
    except OSError as error:
        return f"no second process could be started ({error.strerror})"
    return None if tried.returncode == 0 else reason(tried.stderr)


def reason(stderr: str) -> str:
    """The missing thing that Qt's last words name."""
    for pattern, words in _REASONS:
        found = pattern.search(stderr)
        if found:
            return words.format(found.group(1))
    return "Qt cannot start here: " + " ".join(stderr.split())[:120]
