"""What the user has settled once for all commands: `settings.toml` in the data folder, every key optional."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time
from enum import StrEnum
from pathlib import Path

from monitor.amended import Value, amended
from monitor.config import read_config
from monitor.owner_files import make_folder, write_text

SETTINGS = "settings.toml"


class CueBy(StrEnum):
    """How the coach is heard or felt."""

    SOUND = "sound"
    BUZZ = "buzz"  # by the straps that can
    BOTH = "both"
    NONE = "none"

    @property
    def sounds(self) -> bool:
        """Whether the machine makes tones."""
        return self in (CueBy.SOUND, CueBy.BOTH)

    @property
    def buzzes(self) -> bool:
        """Whether the straps buzz."""
        return self in (CueBy.BUZZ, CueBy.BOTH)


@dataclass(frozen=True, slots=True)
class Settings:
    """The user's settings; `language` is empty where the system's is to be used, `grading` where none is wanted.

    Beside work (`--desk`) nothing is heard or felt from `silent_from` to `silent_until`; `volume` goes from 0 to 1,
    `speech` says the coach's words aloud where this machine has a synthesizer.
    """

    language: str = ""
    grading: str = ""
    cue: CueBy = CueBy.BOTH
    volume: float = 0.3
    speech: bool = False
    silent_from: time = time(22)
    silent_until: time = time(7)

    def silent_at(self, now: time) -> bool:
        """Whether this time of the day is silent; hours that pass midnight are meant so."""
        if self.silent_from <= self.silent_until:
            return self.silent_from <= now < self.silent_until
        return now >= self.silent_from or now < self.silent_until


def read_settings(home: Path) -> Settings:
    """The settings in the folder `home`; raises ConfigError."""
    path = home / SETTINGS
    return read_config(path, Settings) if path.exists() else Settings()


def change_settings(home: Path, changed: Mapping[str, Value]) -> Settings:
    """Writes these settings into the user's file, in which all else stays; raises ConfigError where it has mistakes."""
    read_settings(home)
    path = home / SETTINGS
    make_folder(home)
    write_text(path, amended(path.read_text(encoding="utf-8") if path.exists() else "", changed))
    return read_settings(home)
