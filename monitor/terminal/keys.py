"""Single keys from the terminal, without waiting for them and without echo, and the line that names them.

Invariant: the terminal is given back as it was, whatever ends the reading; a line of keys is never wider than asked.
"""

import os
import re
import select
import sys
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from rich.text import Text

LEFT, RIGHT = "\x1b[d", "\x1b[c"
_WINDOWS_ARROWS = {"K": LEFT, "M": RIGHT}
# An arrow arrives as a sequence whose last letter alone would be another key.
_KEY = re.compile(r"\x1b\[[0-9;]*[a-z~]|\x1bo[a-z]|.", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Named:
    """A key as it is written and what it does, in words."""

    key: str
    does: str
    urgent: bool = False


def keys_in(typed: str) -> list[str]:
    """The keys of what was typed, one by one."""
    return _KEY.findall(typed)


def key_line(names: Sequence[Named], width: int) -> Text:
    """The keys in one line; the last of those that are not urgent give way where it is narrow."""
    plain = [Text(f"[{n.key}] {n.does}") for n in names if not n.urgent]
    urgent = [Text(f" {n.key.upper()} {n.does} ", style="bold reverse") for n in names if n.urgent]
    while plain and _width(plain, urgent) > width:
        plain.pop()
    return Text("  ").join([*plain, *urgent])


def _width(plain: list[Text], urgent: list[Text]) -> int:
    parts = [*plain, *urgent]
    return sum(p.cell_len for p in parts) + 2 * (len(parts) - 1)


@contextmanager
def typed_keys() -> Generator[Callable[[], str]]:
    """Gives what was typed since the last call; nothing where the input is no terminal of this kind."""
    if not sys.stdin.isatty():
        yield str
        return
    if sys.platform == "win32":
        yield _typed_in_windows
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


def _typed_in_windows() -> str:
    if sys.platform != "win32":
        return ""
    import msvcrt

    out = ""
    while msvcrt.kbhit():
        key = msvcrt.getwch()
        # An arrow is two characters here, too, and its second alone would be another key.
        out += _WINDOWS_ARROWS.get(msvcrt.getwch(), "") if key in "\x00\xe0" else key.lower()
    return out


def _typed(fd: int) -> str:
    if not select.select([fd], [], [], 0.0)[0]:
        return ""
    return os.read(fd, 64).decode(errors="ignore").lower()
