"""TOML onto frozen dataclasses, for exercises, parameters and sizes alike.

Invariant: a key that the dataclass does not have is refused by name, together with the names it could have been.
"""

import tomllib
import types
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import date, time
from enum import StrEnum
from pathlib import Path
from typing import TypeVar, Union, cast, get_args, get_origin, get_type_hints

from sensor.errors import BadValue, ConfigError, UnknownKey

T = TypeVar("T")


def read_config(path: Path, kind: type[T]) -> T:
    """The file at `path` as a `kind`; raises ConfigError."""
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(path, f"cannot be read ({error}): check its name and its permissions") from error
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(path, f"is no TOML file ({error}): correct that line") from error
    return from_table(kind, table, path)


def from_table(kind: type[T], table: Mapping[str, object], path: Path, at: str = "") -> T:
    """`table` as a `kind`, a frozen dataclass; missing keys take their defaults; `at` says where it stands."""
    hints = get_type_hints(kind)
    known = {f.name: f for f in fields(kind)}  # pyright: ignore[reportArgumentType]
    for key in table:
        if key not in known:
            raise UnknownKey(path, at + key, [at + k for k in known])
    for name, f in known.items():
        if name not in table and f.default is MISSING and f.default_factory is MISSING:
            raise BadValue(path, at + name, "is missing")
    return kind(**{key: _value(hints[key], value, path, at + key) for key, value in table.items()})


def _value(kind: object, value: object, path: Path, key: str) -> object:
    if get_origin(kind) in (Union, types.UnionType):
        kind = next(k for k in get_args(kind) if k is not type(None))
    if get_origin(kind) is tuple:
        if not isinstance(value, list):
            raise BadValue(path, key, "must be a list")
        items = cast("list[object]", value)
        return tuple(_value(get_args(kind)[0], item, path, f"{key}[{i + 1}]") for i, item in enumerate(items))
    if isinstance(kind, type):
        return _single(cast("type[object]", kind), value, path, key)
    raise TypeError(f"no TOML value becomes a {kind}")


def _single(kind: type[object], value: object, path: Path, key: str) -> object:
    if is_dataclass(kind):
        if not isinstance(value, dict):
            raise BadValue(path, key, "must be a table")
        return from_table(kind, cast("dict[str, object]", value), path, f"{key}.")
    if issubclass(kind, StrEnum):
        return _member(kind, value, path, key)
    if kind is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if type(value) is not kind:
        raise BadValue(path, key, f"must be {_NAMES.get(kind, kind.__name__)}, not {value!r}")
    return value


def _member(kind: type[StrEnum], value: object, path: Path, key: str) -> StrEnum:
    members = {str(m.value): m for m in kind}
    if not isinstance(value, str) or value not in members:
        raise BadValue(path, key, f"is {value!r}, not one of {', '.join(members)}")
    return members[value]


_NAMES: dict[type, str] = {
    date: "a date such as 2026-03-20",
    time: "a time such as 21:30:00",
    float: "a number",
    int: "a whole number",
    bool: "true or false",
    str: "a text",
}
