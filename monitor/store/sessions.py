"""The store: every session in the user's data folder.

Invariant: a name that begins with a dot is work in progress (being written, being removed) and no session.
"""

from dataclasses import replace
from datetime import datetime
from pathlib import Path

from monitor.owner_files import make_folder
from monitor.store.home import home_folder
from monitor.store.meta import SessionMeta
from monitor.store.session import RECORDING, TABLES, Session, is_session
from sensor.errors import NoSuchSession, NotWritable


class Store:
    """All sessions in the user's data folder."""

    def __init__(self, home: Path | None = None) -> None:
        self.home = home or home_folder()

    @property
    def sessions_folder(self) -> Path:
        """Where new sessions go."""
        return self.home / "sessions"

    def create(
        self, exercise: str | None, started: datetime, program: str, *, simulated: bool = False, wearer: str = ""
    ) -> Session:
        """A new empty session, named after its start; `wearer` is the id of a known one."""
        make_folder(self.sessions_folder)
        name = f"{started:%Y-%m-%d_%H-%M-%S}" + (f"_{exercise}" if exercise else "")
        folder = self._new_folder(name)
        session = Session(folder)
        local = started if started.tzinfo is not None else started.astimezone()
        meta = SessionMeta(folder.name, exercise or "", local.isoformat(timespec="seconds"), program=program)
        session.write_meta(replace(meta, simulated=simulated, wearer=wearer))
        return session

    def folders(self) -> list[Path]:
        """Every folder among the sessions, by name; also those whose recording is gone."""
        if not self.sessions_folder.is_dir():
            return []
        found = (f for f in self.sessions_folder.iterdir() if not f.name.startswith(".") and f.is_dir())
        return sorted(found)

    def sessions(self) -> list[Session]:
        """Every stored session, oldest first."""
        return [Session(folder) for folder in self.folders() if is_session(folder)]

    def find(self, name: str) -> Session:
        """The session of a folder, of a recording in it, or of an id in the store; `NoSuchSession` if there is none."""
        path = Path(name)
        if path.name in (RECORDING, *TABLES) and path.is_file():
            path = path.parent
        # A name that would lead out of the store is no id.
        stored = [self.sessions_folder / name] if path.name == name else []
        for folder in (path, *stored):
            if is_session(folder):
                return Session(folder)
        raise NoSuchSession(path)

    def _new_folder(self, name: str) -> Path:
        """Two sessions that begin within one second get different names."""
        for i in range(1, 1000):
            folder = self.sessions_folder / (name if i == 1 else f"{name}_{i}")
            try:
                folder.mkdir(mode=0o700)
            except FileExistsError:
                continue
            except OSError as error:
                raise NotWritable(folder, error.strerror or str(error)) from error
            return folder
        raise NotWritable(self.sessions_folder / name, "a thousand sessions have this name")
