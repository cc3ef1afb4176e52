"""A session's folder.

It holds `recording.mcap` (off the air) or `recording.parquet`/`.csv` (imported, unchanged) with `markers.csv` and
`wearer.toml`, besides `session.toml` (what it is), `notes.toml` (what the wearer wrote) and `results/` (what the
analysis last said).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from monitor.owner_files import write_text
from monitor.store.meta import FORMAT, SessionMeta
from sensor.errors import ConfigError, RecordingError

if TYPE_CHECKING:
    from sensor.recorded import Recorded

RECORDING = "recording.mcap"
TABLES = ("recording.parquet", "recording.csv")
META = "session.toml"


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
        path = self.folder / META
        try:
            return SessionMeta.from_text(path, path.read_text(encoding="utf-8"))
        except (OSError, ValueError, ConfigError):
            return SessionMeta(id=self.folder.name, imported=self.recording.name != RECORDING)

    def write_meta(self, meta: SessionMeta) -> None:
        """Keeps what the session is; `NewerSession` where a newer program wrote it."""
        if self.meta.format > FORMAT:
            raise NewerSession(self.folder, self.meta.format)
        write_text(self.folder / META, meta.text())

    def read(self) -> Recorded:
        """Its samples, markers and wearer; a `RecordingError` or `TableError` where they cannot be read."""
        # Loaded only here: reading needs far more than listing, which many commands do.
        from sensor.recordings.replay import read_recording
        from sensor.tables.imported import read_imported

        if self.recording.name == RECORDING:
            return read_recording(self.recording)
        markers, wearer = self.folder / "markers.csv", self.folder / "wearer.toml"
        return read_imported(
            self.recording,
            markers if markers.exists() else None,
            wearer if wearer.exists() else None,
            self.meta.exercise or None,
        )


class NewerSession(RecordingError):
    """A session whose metadata a newer program wrote."""

    def __init__(self, path: Path, found: int) -> None:
        self.found = found
        super().__init__(path, f"a newer program wrote this session (format {found}): update this program")


def is_session(folder: Path) -> bool:
    """Whether the folder holds a recording."""
    return any((folder / name).is_file() for name in (RECORDING, *TABLES))
