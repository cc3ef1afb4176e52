"""What the sessions' folders look like, so that only what changed is read again."""

import hashlib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from monitor.day_plan import practised
from monitor.store import entry, folder_entry, made_by, meta, notes
from monitor.store.locks import is_busy
from monitor.store.session import META, RECORDING, TABLES
from monitor.store.sessions import Store

# What an entry is made of.
_READ = (RECORDING, *TABLES, META, "notes.toml", "results/summary.json", "results/made_by.json")
# One of these is left of every session.
_ESSENCE = frozenset({RECORDING, *TABLES, "results/summary.json"})


@dataclass(frozen=True, slots=True)
class Folders:
    """A stamp for each session's folder, by its name; `dead` names folders in which nothing is left.

    `nameless` counts folders whose names are no text, as they come from other systems.
    """

    stamps: Mapping[str, str]
    dead: tuple[str, ...]
    nameless: int


def look(store: Store) -> Folders:
    """All sessions' folders as they are now."""
    stamps: dict[str, str] = {}
    dead: list[str] = []
    folders = store.folders()
    named = [folder for folder in folders if _is_text(folder.name)]
    for folder in named:
        seen = _seen(folder)
        if seen.keys() & _ESSENCE:
            stamps[folder.name] = " ".join((reader_code(), *seen.values()))
        elif not is_busy(folder):
            dead.append(folder.name)
    return Folders(stamps, tuple(dead), len(folders) - len(named))


@cache
def reader_code() -> str:
    """A name for the code that makes entries: what older code read is read again."""
    modules = (entry, folder_entry, made_by, meta, notes, practised)
    found = hashlib.sha256()
    for module in modules:
        found.update(Path(module.__file__ or "").read_bytes())
    return found.hexdigest()[:16]


def _is_text(name: str) -> bool:
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def _seen(folder: Path) -> dict[str, str]:
    seen: dict[str, str] = {}
    for name in _READ:
        with suppress(OSError):
            found = (folder / name).stat()
            seen[name] = f"{name}:{found.st_mtime_ns}:{found.st_size}:{found.st_ino}"
    return seen
