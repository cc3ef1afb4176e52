"""What the user has settled once for all commands: `settings.toml` in the data folder, every key optional."""

from dataclasses import dataclass
from pathlib import Path

from monitor.config import read_config

SETTINGS = "settings.toml"


@dataclass(frozen=True, slots=True)
class Settings:
    """The user's settings; `language` is empty where the system's is to be used, `grading` where none is wanted."""

    language: str = ""
    grading: str = ""


def read_settings(home: Path) -> Settings:
    """The settings in the folder `home`; raises ConfigError."""
    path = home / SETTINGS
    return read_config(path, Settings) if path.exists() else Settings()
