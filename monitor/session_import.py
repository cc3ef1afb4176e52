"""A recording table, its markers and its wearer to a session folder, checked before anything is kept."""

import shutil
from dataclasses import dataclass
from pathlib import Path

from monitor.owner_files import copy_file, make_folder, refusals
from monitor.store import Session, SessionMeta
from sensor.errors import NotWritable
from sensor.recorded import Recorded
from sensor.tables.imported import read_imported


@dataclass(frozen=True, slots=True)
class ImportedFiles:
    """The files that make a session."""

    table: Path
    markers: Path | None = None
    wearer: Path | None = None
    exercise: str | None = None


def import_session(files: ImportedFiles, folder: Path, program: str) -> tuple[Session, Recorded]:
    """The new session in `folder`, and what it holds; the files' own errors, or `NotWritable`."""
    recorded = read_imported(files.table, files.markers, files.wearer, files.exercise)
    with refusals(folder):
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise NotWritable(folder, "there is something already")
    beside = folder.with_name(f".{folder.name}.part")
    with refusals(folder):
        shutil.rmtree(beside, ignore_errors=True)
    make_folder(beside)
    _copy(files, beside)
    meta = SessionMeta(id=folder.name, exercise=recorded.exercise or "", imported=True, program=program)
    Session(beside).write_meta(meta)
    with refusals(folder):
        if folder.exists():
            folder.rmdir()
        beside.rename(folder)
    return Session(folder), recorded


def _copy(files: ImportedFiles, folder: Path) -> None:
    copy_file(files.table, folder / f"recording{files.table.suffix.lower()}")
    if files.markers is not None:
        copy_file(files.markers, folder / "markers.csv")
    if files.wearer is not None:
        copy_file(files.wearer, folder / "wearer.toml")
