"""The object that a wearer calibrates with, kept in his folder: a tennis ball, his fist, a box; measured once."""

import tomllib
from dataclasses import dataclass
from pathlib import Path

from monitor.amended import amend
from monitor.config import from_table, read_config
from monitor.owner_files import make_folder

TENNIS_BALL_MM = 67.0
# Narrower ones the knees hardly feel, wider ones nobody holds between them.
NARROWEST_MM, WIDEST_MM = 20.0, 300.0
SPACER_FILE = "spacer.toml"


@dataclass(frozen=True, slots=True)
class Spacer:
    """The object that the wearer calibrates with."""

    width_mm: float = TENNIS_BALL_MM


def own_spacer_mm(folder: Path, given_mm: float | None = None) -> float:
    """The width of the wearer's spacer: as given now, and kept; else that of last time; else a tennis ball's."""
    path = folder / SPACER_FILE
    if given_mm is None:
        return read_config(path, Spacer).width_mm if path.exists() else TENNIS_BALL_MM
    make_folder(folder)
    amend(path, {"width_mm": float(given_mm)}, _read)
    return given_mm


def _read(path: Path, text: str) -> Spacer:
    return from_table(Spacer, tomllib.loads(text), path)
