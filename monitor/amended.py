"""A TOML file's text with other values: what somebody wrote beside them stays, comments and order included.

Invariant: keys that are not named are left to the letter; the file's flat part is all that is changed.
"""

import json
import tomllib
from collections.abc import Callable, Iterator, Mapping
from datetime import time
from io import StringIO
from pathlib import Path

from monitor.owner_files import refusals, write_bytes, write_text
from sensor.errors import KneeGapError

Value = str | bool | float | time
SET_ASIDE = ".set_aside"


def amend(path: Path, values: Mapping[str, Value | None], read: Callable[[Path, str], object]) -> None:
    """Writes the values into the file; where `read` cannot read it, the file is set aside and begun anew."""
    with refusals(path):
        was = path.read_bytes() if path.exists() else b""
    try:
        text = amended(was.decode(), values)
        read(path, text)
    except (ValueError, KneeGapError):
        write_bytes(path.with_name(path.name + SET_ASIDE), was)
        text = amended("", values)
    write_text(path, text)


def amended(text: str, values: Mapping[str, Value | None]) -> str:
    """`text` with these values in it, None for a key that goes; raises ValueError where it is no TOML."""
    tomllib.loads(text)
    # Only what TOML takes for the end of a line is one.
    lines = StringIO(text, newline="\n").readlines()
    missing, kept, at = dict(values), list[str](), 0
    for key, start, end in _statements(lines):
        kept += lines[at:start]
        at = end
        was = "".join(lines[start:end])
        if key not in missing:
            kept.append(was)
        elif (value := missing.pop(key)) is not None:
            kept.append(was if _loaded(was) == _loaded(f"{key} = {_written(value)}") else _with_value(was, value))
    new = "".join(f"{key} = {_written(value)}\n" for key, value in missing.items() if value is not None)
    head, rest = "".join(kept), "".join(lines[at:])
    # Behind a table's head what is new would belong to the table.
    if not any(line.lstrip().startswith("[") for line in lines[at:]):
        head, rest = head + rest, ""
    if new and head and not head.endswith("\n"):
        head += "\n"
    return head + new + rest


def _statements(lines: list[str]) -> Iterator[tuple[str, int, int]]:
    """Key, first line and line behind the last of each value above the first table; a value may have several lines."""
    at = 0
    while at < len(lines):
        first = lines[at].lstrip()
        if first.startswith("["):
            return
        end = at + 1
        while (found := _loaded("".join(lines[at:end]))) is None:
            end += 1
        for key in found:
            yield key, at, end
        at = end


def _loaded(text: str) -> dict[str, object] | None:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return None


def _with_value(statement: str, value: Value) -> str:
    """The statement with its key as it was written, another value, and the comment behind it."""
    was = statement.rstrip("\r\n")
    key = was[: was.index("=") + 1]
    # A sign of a comment within a text leaves half a text in front of it, which is no TOML.
    marks = (at for at, sign in enumerate(was) if sign == "#")
    comment_at = next((at for at in marks if _loaded(was[:at]) is not None), len(was))
    value_end = len(was[:comment_at].rstrip())
    return f"{key} {_written(value)}{was[value_end:]}{statement[len(was) :]}"


def _written(value: Value) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, time):
        return value.isoformat()
    # TOML's basic strings are JSON's.
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str) else f"{value:.10g}"
