"""A TOML file's text with other values: what somebody wrote beside them stays, comments and order included.

Invariant: keys that are not named, and values that stay the same, are left to the letter.
"""

from collections.abc import Callable, Mapping
from datetime import time
from pathlib import Path

import tomlkit
from tomlkit.exceptions import TOMLKitError

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
    try:
        document = tomlkit.parse(text)
    except TOMLKitError as error:
        raise ValueError(str(error)) from error
    for key, value in values.items():
        if value is None:
            document.pop(key, None)
        elif key not in document or document[key] != value:
            # 425, as people write it, not 425.0.
            document[key] = int(value) if isinstance(value, float) and value.is_integer() else value
    return tomlkit.dumps(document)
