"""A plan's words in the wearer's language.

Invariant: words that a catalogue does not have, such as a physiotherapist's own, stay as they were written.
"""

from dataclasses import fields, is_dataclass, replace
from typing import TYPE_CHECKING, TypeVar, cast

from monitor.language import gettext as _

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

# The keys of a plan that hold words for the wearer; they are what is extracted for translation.
SPOKEN = frozenset({"title", "say", "about"})

T = TypeVar("T")


def in_language(part: T) -> T:
    """A plan, or any part of one, with its words translated."""
    if isinstance(part, tuple):
        return cast(T, tuple(in_language(item) for item in cast("tuple[object, ...]", part)))
    if not is_dataclass(part) or isinstance(part, type):
        return part
    plan = cast("DataclassInstance", part)
    said = {f.name: _word(f.name, getattr(plan, f.name)) for f in fields(plan)}
    return cast(T, replace(plan, **said))


def _word(key: str, value: object) -> object:
    return _(value) if key in SPOKEN and isinstance(value, str) else in_language(value)
