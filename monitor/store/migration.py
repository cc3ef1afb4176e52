"""Sessions and sizes of older programs, brought to the present format.

Invariant: each step leaves a store that the present program reads; a step that was cut off is done at the next start.
"""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from mcap.exceptions import McapError
from mcap.records import Chunk, Metadata
from mcap.stream_reader import StreamReader

from monitor.owner_files import remove
from monitor.store.entry import Entry
from monitor.store.meta import FORMAT
from monitor.store.session import RECORDING, Session
from monitor.store.sessions import Store
from monitor.store.wearers import KnownWearer, Wearers
from sensor.errors import ConfigError, NotReadable, TableError
from sensor.recordings.recording import METADATA
from sensor.tables.wearer_file import read_wearer, wearer_from_text, wearer_text
from sensor.wearer import Wearer

# Where the sizes of the only wearer were in format 1.
ONLY_WEARER = "wearer.toml"


def migrate(store: Store, entries: Iterable[Entry]) -> int:
    """Brings the store's old sessions to the present format; how many there were."""
    wearers = Wearers(store.home)
    _migrate_sizes(store.home / ONLY_WEARER, wearers)
    old = [e for e in entries if e.format < FORMAT]
    for e in old:
        session = Session(store.sessions_folder / e.id)
        wearer = "" if e.simulated else _whose(recorded_wearer(session), wearers)
        session.write_meta(replace(session.meta, format=FORMAT, wearer=wearer))
    return len(old)


def recorded_wearer(session: Session) -> Wearer | None:
    """The sizes that a session was recorded or imported with; None where there are none."""
    path = session.recording
    try:
        if path.name != RECORDING:
            return read_wearer(session.folder / "wearer.toml")
        text = _recorded_text(path)
        return wearer_from_text(path, text) if text else None
    except (ConfigError, NotReadable, OSError, TableError):
        return None


def _recorded_text(path: Path) -> str:
    """The text of the wearer's file that stands before the first samples."""
    with path.open("rb") as file:
        try:
            for record in StreamReader(file, emit_chunks=True).records:
                if isinstance(record, Chunk):
                    break
                if isinstance(record, Metadata) and record.name == METADATA and "wearer" in record.metadata:
                    return record.metadata["wearer"]
        except (McapError, ValueError, EOFError):
            pass
    return ""


def _migrate_sizes(path: Path, wearers: Wearers) -> None:
    if not path.exists():
        return
    try:
        sizes = read_wearer(path)
    except (ConfigError, NotReadable, TableError):
        return
    known = _of_sizes(sizes, wearers) or wearers.add(sizes)
    if not wearers.remembered():
        wearers.use(known)
    remove(path)


def _whose(recorded: Wearer | None, wearers: Wearers) -> str:
    """A name tells whose a session is; without one it is the only wearer's."""
    known = wearers.known()
    if recorded is not None and (found := _of_sizes(recorded, wearers)):
        return found.id
    if recorded is not None and recorded.name:
        named = [w for w in known if w.name == recorded.name]
        return named[0].id if len(named) == 1 else "" if named else wearers.add(recorded).id
    return known[0].id if len(known) == 1 else ""


def _of_sizes(sizes: Wearer, wearers: Wearers) -> KnownWearer | None:
    return next((w for w in wearers.known() if w.sizes and wearer_text(w.sizes) == wearer_text(sizes)), None)
