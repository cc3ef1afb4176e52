"""A session or a wearer removed for good: files, index, and what was set aside of it.

Invariant: a session is gone the moment its removal begins; what a kill leaves of it goes at the next start.
"""

from pathlib import Path

from monitor.owner_files import put_back, refusals, remove
from monitor.store.index import forget_set_aside, indexed
from monitor.store.locks import busy, is_busy, lock_file
from monitor.store.sessions import Store
from monitor.store.wearers import Wearers
from sensor.errors import NoSuchSession

REMOVED = ".removed"


def stored_folder(store: Store, name: str) -> Path:
    """The folder of a stored session by its id, also of one whose recording is gone; `NoSuchSession` if none."""
    path = Path(name)
    for folder in store.folders():
        if name == folder.name or (path.parts[1:] and path.resolve() == folder.resolve()):
            return folder
    raise NoSuchSession(path)


def delete_sessions(store: Store, folders: list[Path]) -> None:
    """Removes sessions of the store; `SessionBusy` where one is being recorded."""
    for folder in folders:
        with busy(folder), refusals(folder):
            gone = folder.with_name(f".{folder.name}{REMOVED}")
            remove(gone)
            folder.rename(gone)
        remove(gone)
    # The index forgets what is gone when it is read.
    indexed(store)
    forget_set_aside(store)


def sessions_of(store: Store, wearer: str) -> list[Path]:
    """Folders of the wearer's sessions; those that name nobody are his where he is the only one."""
    own_ids = {wearer, ""} if len(Wearers(store.home).known()) <= 1 else {wearer}
    return [store.sessions_folder / e.id for e in indexed(store).entries if e.wearer in own_ids and not e.simulated]


def delete_wearer(store: Store, wearer: str) -> int:
    """Removes everything of the wearer of this id; how many sessions that were."""
    own = sessions_of(store, wearer)
    delete_sessions(store, own)
    wearers = Wearers(store.home)
    if wearers.remembered() == wearer:
        wearers.forget()
    remove(wearers.folder(wearer))
    remove(lock_file(wearers.folder(wearer)))
    return len(own)


def tidy(store: Store) -> None:
    """Ends what killed processes began in the store's folders."""
    people = Wearers(store.home)
    folders = [store.home, people.top, *people.folders(), store.sessions_folder, *store.folders()]
    for folder in folders:
        if folder.is_dir() and not is_busy(folder):
            put_back(folder)
    if store.sessions_folder.is_dir():
        for path in store.sessions_folder.glob(f".*{REMOVED}"):
            remove(path)
        for path in store.sessions_folder.glob(".*.lock"):
            folder = path.with_name(path.name[1:].removesuffix(".lock"))
            if not folder.exists() and not is_busy(folder):
                remove(path)
