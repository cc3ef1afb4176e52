"""What the next start puts right: files that a killed process left, old formats, sessions that a crash broke off.

Invariant: what cannot be put right, on a disk that takes nothing for instance, is told and stops nobody.
"""

from dataclasses import replace

from monitor.store.entry import State
from monitor.store.index import Indexed, Progress, indexed
from monitor.store.locks import is_busy
from monitor.store.meta import FORMAT
from monitor.store.removal import tidy
from monitor.store.session import Session
from monitor.store.sessions import Store
from sensor.errors import KneeGapError

# A recording that came to its end, or to a crash, was to be analyzed at once; an imported table when it is asked for.
_LEFT = (State.UNFINISHED, State.NOT_ANALYZED)


def recovered(store: Store, progress: Progress | None = None) -> Indexed:
    """The index of a store whose files and formats were put right."""
    notices: list[str] = []
    try:
        tidy(store)
    except KneeGapError as error:
        notices.append(str(error))
    found = indexed(store, progress)
    notices += found.notices
    try:
        if _migrated(store, found):
            found = indexed(store)
    except KneeGapError as error:
        notices.append(str(error))
    return replace(found, notices=tuple(dict.fromkeys(notices)))


def broken_off(store: Store, found: Indexed) -> tuple[Session, ...]:
    """Recorded sessions without results, on which nobody works."""
    left = (Session(store.sessions_folder / e.id) for e in found.entries if e.state in _LEFT and not e.imported)
    return tuple(session for session in left if not is_busy(session.folder))


def _migrated(store: Store, found: Indexed) -> bool:
    if not any(e.format < FORMAT for e in found.entries) and not (store.home / "wearer.toml").exists():
        return False
    # Loaded only where there is something old: it reads recordings.
    from monitor.store.migration import migrate

    return migrate(store, found.entries) > 0
