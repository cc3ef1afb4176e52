"""Single keys from the terminal, without waiting for them and without echo.

Invariant: the terminal is given back as it was, whatever ends the reading.
"""

import os
import select
import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager


@contextmanager
def typed_keys() -> Generator[Callable[[], str]]:
    """Gives what was typed since the last call; nothing where the input is no terminal of this kind."""
    if sys.platform == "win32" or not sys.stdin.isatty():
        yield str
        return
    # These two exist on Unix only.
    import termios
    import tty

    fd = sys.stdin.fileno()
    before = termios.tcgetattr(fd)
    tty.setcbreak(fd)
    try:
        yield lambda: _typed(fd)
    finally:
        termios.tcsetattr(fd, termios.TCSADRAIN, before)


def _typed(fd: int) -> str:
    if not select.select([fd], [], [], 0.0)[0]:
        return ""
    return os.read(fd, 64).decode(errors="ignore").lower()
