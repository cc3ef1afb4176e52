"""Sessions on disk: one folder each, in the user's data folder or wherever the user put one.

A session's folder holds `recording.mcap` (off the air) or `recording.parquet`/`.csv` (imported, unchanged) with
`markers.csv` and `wearer.toml`, besides `session.toml` (what it is) and `results/` (what the analysis last said).

Invariant: whatever holds a recording is a session; everything beside it can be lost and made again.
"""

import json
import os
import tomllib
from dataclasses import dataclass, fields
from datetime import datetime
from pathlib import Path
from typing import Self

import platformdirs

from monitor.config import from_table
from monitor.owner_files import make_folder, write_text
from sensor.errors import ConfigError, NoSuchSession, NotWritable
from sensor.imported import read_imported
from sensor.recorded import Recorded
from sensor.replay import read_recording

HOME_VARIABLE = "KNEEGAP_HOME"
RECORDING = "recording.mcap"
TABLES = ("recording.parquet", "recording.csv")
FORMAT = 1


@dataclass(frozen=True, slots=True)
class SessionMeta:
    """What a session is; `started` is local time in ISO form with its offset, empty where unknown.

    `simulated` sessions measured nobody: they are shown, and count in no plan and no trend.
    """

    id: str
    exercise: str = ""
    started: str = ""
    imported: bool = False
    simulated: bool = False
    program: str = ""
    format: int = FORMAT

    @classmethod
    def from_text(cls, path: Path, text: str) -> Self:
        """What a `session.toml` says; keys of newer versions are left alone."""
        known = {f.name for f in fields(cls)}
        return from_table(cls, {key: value for key, value in tomllib.loads(text).items() if key in known}, path)

    def text(self) -> str:
        """The text of a `session.toml`."""
        # TOML's basic strings, integers and booleans are JSON's.
        return "".join(f"{f.name} = {json.dumps(getattr(self, f.name), ensure_ascii=False)}\n" for f in fields(self))


@dataclass(frozen=True, slots=True)
class Session:
    """A session's folder."""

    folder: Path

    @property
    def recording(self) -> Path:
        """The recording or table it was made from."""
        names = (RECORDING, *TABLES)
        return next((self.folder / name for name in names if (self.folder / name).exists()), self.folder / RECORDING)

    @property
    def results(self) -> Path:
        """Where results go."""
        return self.folder / "results"

    @property
    def meta(self) -> SessionMeta:
        """What the session is; what was lost is taken from the folder's name."""
        path = self.folder / "session.toml"
        try:
            return SessionMeta.from_text(path, path.read_text(encoding="utf-8"))
        except (OSError, ValueError, ConfigError):
            return SessionMeta(id=self.folder.name, imported=self.recording.name != RECORDING)

    def write_meta(self, meta: SessionMeta) -> None:
        """Keeps what the session is."""
        write_text(self.folder / "session.toml", meta.text())

    def read(self) -> Recorded:
        """Its samples, markers and wearer; a `RecordingError` or `TableError` where they cannot be read."""
        if self.recording.name == RECORDING:
            return read_recording(self.recording)
        markers, wearer = self.folder / "markers.csv", self.folder / "wearer.toml"
        return read_imported(
            self.recording,
            markers if markers.exists() else None,
            wearer if wearer.exists() else None,
            self.meta.exercise or None,
        )


def is_session(folder: Path) -> bool:
    """Whether the folder holds a recording."""
    return any((folder / name).is_file() for name in (RECORDING, *TABLES))


class Store:
    """All sessions in the user's data folder (`KNEEGAP_HOME`, or where the system keeps such data)."""

    def __init__(self, home: Path | None = None) -> None:
        given = os.environ.get(HOME_VARIABLE)
        self.home = home or (Path(given) if given else platformdirs.user_data_path("knee-gap-monitor", appauthor=False))

    @property
    def sessions_folder(self) -> Path:
        """Where new sessions go."""
        return self.home / "sessions"

    def create(self, exercise: str | None, started: datetime, program: str, *, simulated: bool = False) -> Session:
        """A new empty session, named after its start."""
        make_folder(self.sessions_folder)
        name = f"{started:%Y-%m-%d_%H-%M-%S}" + (f"_{exercise}" if exercise else "")
        folder = self._new_folder(name)
        session = Session(folder)
        when = started.astimezone().isoformat(timespec="seconds")
        meta = SessionMeta(folder.name, exercise or "", when, simulated=simulated, program=program)
        session.write_meta(meta)
        return session

    def sessions(self) -> list[Session]:
        """Every stored session, oldest first."""
        if not self.sessions_folder.is_dir():
            return []
        return [Session(folder) for folder in sorted(self.sessions_folder.iterdir()) if is_session(folder)]

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
