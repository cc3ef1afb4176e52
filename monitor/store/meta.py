"""What a session is, as its `session.toml` says.

Invariant: every format there ever was is read; a format of a newer program is read as far as it is known, and never
written over.
"""

import json
import tomllib
from dataclasses import dataclass, fields
from datetime import date, datetime
from pathlib import Path
from typing import Self

from monitor.config import from_table

# 1: without a wearer. 2: `wearer` names one of the store.
FORMAT = 2
FIRST_FORMAT = 1


@dataclass(frozen=True, slots=True)
class SessionMeta:
    """What a session is; `started` is local time in ISO form with its offset, empty where unknown.

    `simulated` sessions measured nobody: they are shown, and count in no plan and no trend. `wearer` is the id of one
    of the store's wearers, empty where unknown.
    """

    id: str
    exercise: str = ""
    started: str = ""
    imported: bool = False
    simulated: bool = False
    program: str = ""
    format: int = FORMAT
    wearer: str = ""

    @classmethod
    def from_text(cls, path: Path, text: str) -> Self:
        """What a `session.toml` says; keys of newer versions are left alone."""
        known = {f.name for f in fields(cls)}
        table = {key: value for key, value in tomllib.loads(text).items() if key in known}
        return from_table(cls, {"format": FIRST_FORMAT, **table}, path)

    def text(self) -> str:
        """The text of a `session.toml`."""
        # TOML's basic strings, integers and booleans are JSON's.
        return "".join(f"{f.name} = {json.dumps(getattr(self, f.name), ensure_ascii=False)}\n" for f in fields(self))

    @property
    def started_at(self) -> datetime | None:
        """When it began, with the offset of the wearer's clock then; None where unknown."""
        try:
            found = datetime.fromisoformat(self.started)
            # Written by hand, without an offset, it is this machine's own time.
            return found if found.tzinfo is not None else found.astimezone()
        except (OSError, OverflowError, ValueError):
            return None

    @property
    def day(self) -> date | None:
        """The wearer's calendar day; the offset in `started` keeps it right after travelling."""
        try:
            return datetime.fromisoformat(self.started).date()
        except ValueError:
            return None
