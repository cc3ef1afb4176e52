"""Every session's entry, quickly: a SQLite file beside the sessions, brought up to date whenever it is read.

Invariant: it holds nothing that the folders do not hold; where it is damaged, of another version, or cannot be
written, the answer is the same, made from the folders.
"""

import os
import sqlite3
from collections.abc import Callable, Generator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from monitor.language import gettext as _
from monitor.owner_files import make_folder, remove
from monitor.store.entry import Entry, State
from monitor.store.folder_entry import read_entry
from monitor.store.folder_stamps import Folders, look
from monitor.store.index_rows import SCHEMA, VERSION, entries, insert, remove_rows, stamps
from monitor.store.locks import alone
from monitor.store.session import Session
from monitor.store.sessions import Store
from sensor.errors import DiskFull, NotWritable

FILE = "index.sqlite"
ASIDE = ".set_aside"
BUSY_S = 30.0
_MEMORY = ":memory:"
_BROKEN = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR, sqlite3.SQLITE_MISMATCH)

# Told how many of how many changed sessions were read.
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Indexed:
    """All entries, oldest first; `dead` names folders in which nothing is left; `notices` are for the wearer."""

    entries: tuple[Entry, ...]
    dead: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()


def indexed(store: Store, progress: Progress | None = None) -> Indexed:
    """The entries of all sessions as their folders are now."""
    path = store.home / FILE
    try:
        return _refreshed(store, path, progress)
    except _OtherVersion as error:
        why = _("The index of another version of this program was set aside and made again.") if error.newer else ""
    except (sqlite3.DatabaseError, ValueError, TypeError) as error:
        if not _is_broken(error):
            return _without_file(store, progress, str(error))
        why = _("The index was damaged: it was set aside and made again; no session is touched by that.")
    except (DiskFull, NotWritable, OSError) as error:
        return _without_file(store, progress, str(error))
    try:
        _set_aside(path)
        found = _refreshed(store, path, progress)
    except (sqlite3.Error, DiskFull, NotWritable, OSError, _OtherVersion) as error:
        return _without_file(store, progress, str(error))
    return replace(found, notices=((why,) if why else ()) + found.notices)


def rebuild(store: Store, progress: Progress | None = None) -> Indexed:
    """The index made anew from the folders."""
    with suppress(OSError):
        forget_index(store)
    return indexed(store, progress)


def forget_set_aside(store: Store) -> None:
    """Removes what was set aside, which holds sessions that are gone."""
    remove(store.home / (FILE + ASIDE))


def forget_index(store: Store) -> None:
    """Removes the index and what was set aside of it."""
    with alone(store.home / FILE):
        for path in store.home.glob(f"{FILE}*"):
            path.unlink(missing_ok=True)


class _OtherVersion(Exception):
    def __init__(self, newer: bool) -> None:
        self.newer = newer
        super().__init__("the index is of another version")


def _refreshed(store: Store, path: Path, progress: Progress | None) -> Indexed:
    with closing(_open(path)) as index:
        return _told(index, _refresh(index, store, progress))


def _without_file(store: Store, progress: Progress | None, why: str) -> Indexed:
    with closing(sqlite3.connect(_MEMORY, isolation_level=None)) as index:
        _make(index)
        found = _told(index, _refresh(index, store, progress))
    told = _("The index cannot be kept ({why}): everything was read from the sessions' folders.").format(why=why)
    return replace(found, notices=(told, *found.notices))


def _told(index: sqlite3.Connection, now: Folders) -> Indexed:
    told = _("{n} folders among the sessions have names that are no text, and are left out: rename them.")
    notices = (told.format(n=now.nameless),) if now.nameless else ()
    return Indexed(_in_order(entries(index)), now.dead, notices)


def _open(path: Path) -> sqlite3.Connection:
    if not path.exists():
        make_folder(path.parent)
        # SQLite gives its journals the rights of the file itself.
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    index = sqlite3.connect(path, timeout=BUSY_S, isolation_level=None)
    try:
        # What is deleted is overwritten, too.
        index.execute("PRAGMA secure_delete = ON")
        index.execute("PRAGMA foreign_keys = ON")
        index.execute("PRAGMA synchronous = NORMAL")
        _make_once(index)
    except BaseException:
        index.close()
        raise
    return index


def _make_once(index: sqlite3.Connection) -> None:
    if (found := _version(index)) == 0:
        index.execute("BEGIN IMMEDIATE")
        with _committed(index):
            # Another process may have made it meanwhile.
            if (found := _version(index)) == 0:
                _make(index)
                found = VERSION
    if found != VERSION:
        raise _OtherVersion(found > VERSION)


def _make(index: sqlite3.Connection) -> None:
    for statement in SCHEMA.split(";"):
        index.execute(statement)
    index.execute(f"PRAGMA user_version = {VERSION}")


def _version(index: sqlite3.Connection) -> int:
    return int(index.execute("PRAGMA user_version").fetchone()[0])


def _refresh(index: sqlite3.Connection, store: Store, progress: Progress | None) -> Folders:
    """Reads what changed since; the folders as they are now."""
    now = look(store)
    before = stamps(index)
    changed = [name for name, stamp in now.stamps.items() if before.get(name) != stamp]
    gone = before.keys() - now.stamps.keys()
    if not changed and not gone:
        return now
    read: list[Entry] = []
    for name in changed:
        read.append(read_entry(Session(store.sessions_folder / name)))
        if progress is not None:
            progress(len(read), len(changed))
    index.execute("BEGIN IMMEDIATE")
    with _committed(index):
        remove_rows(index, [*gone, *changed])
        for entry in read:
            insert(index, now.stamps[entry.id], entry)
    return now


@contextmanager
def _committed(index: sqlite3.Connection) -> Generator[None]:
    try:
        yield
    except BaseException:
        if index.in_transaction:
            index.execute("ROLLBACK")
        raise
    index.execute("COMMIT")


def _set_aside(path: Path) -> None:
    with alone(path):
        try:
            # Another process may have done it meanwhile.
            with closing(_open(path)) as index:
                entries(index)
        except (sqlite3.DatabaseError, ValueError, TypeError, _OtherVersion):
            path.replace(path.with_name(FILE + ASIDE))
            for journal in ("-journal", "-wal", "-shm"):
                path.with_name(FILE + journal).unlink(missing_ok=True)


def _is_broken(error: Exception) -> bool:
    code = getattr(error, "sqlite_errorcode", None)
    return not isinstance(error, sqlite3.Error) or (isinstance(code, int) and code & 0xFF in _BROKEN)


def _in_order(found: list[Entry]) -> tuple[Entry, ...]:
    """By the time of their start; of folders with one session, those that are copies say so."""
    originals: dict[str, str] = {}
    for e in found:
        if e.origin not in originals or e.id == e.origin:
            originals[e.origin] = e.id
    told = (e if originals[e.origin] == e.id else replace(e, state=State.COPY) for e in found)
    return tuple(sorted(told, key=lambda e: (_start_s(e), e.id)))


def _start_s(e: Entry) -> float:
    """What is not known is taken from the folder's name, where that begins like those that the store gives."""
    started = e.started
    if started is None:
        try:
            started = datetime.strptime(e.id[:19], "%Y-%m-%d_%H-%M-%S")
        except ValueError:
            return 0.0
    try:
        return started.timestamp()
    except (OverflowError, OSError, ValueError):
        return 0.0
