"""The formats that a session can be exported in, and the files of each."""

from collections.abc import Callable
from enum import StrEnum
from pathlib import Path

from analysis.results import Tables
from monitor.exports.edf import write_edf
from monitor.exports.matlab import write_matlab
from monitor.exports.opensim import write_opensim
from monitor.exports.parquet import write_parquet
from monitor.exports.tables import export_tables, table_columns
from monitor.owner_files import make_folder, whole, write_text
from monitor.results.analyzed import json_text
from monitor.session_data import SessionData
from sensor.tables.marker_table import write_markers
from sensor.tables.recording_table import write_table
from sensor.tables.wearer_file import write_wearer


class Format(StrEnum):
    """What other programs read."""

    CSV = "csv"
    PARQUET = "parquet"
    RECORDING = "recording"
    MATLAB = "matlab"
    EDF = "edf"
    OPENSIM = "opensim"


def export(session: SessionData, folder: Path, form: Format, *, live: bool = False) -> tuple[Path, ...]:
    """Writes the session into `folder`, which is made if need be; `NotWritable` or `DiskFull` where it cannot.

    `live` takes the live tables instead of the final ones (CSV and Parquet).
    """
    make_folder(folder)
    if form in _TABLES:
        tables = session.analysis.live if live else session.analysis.final
        return (*_TABLES[form](folder, tables), _summary(session, folder))
    return _FILES[form](session, folder)


def _parquet(folder: Path, tables: Tables) -> tuple[Path, ...]:
    paths = {folder / f"{name}.parquet": columns for name, columns in table_columns(tables).items()}
    for path, columns in paths.items():
        write_parquet(path, columns)
    return tuple(paths)


def _summary(session: SessionData, folder: Path) -> Path:
    path = folder / "summary.json"
    write_text(path, json_text(session.summary) + "\n")
    return path


def _recording(session: SessionData, folder: Path) -> tuple[Path, ...]:
    """The samples, markers and wearer, as `kneegap import` takes them back."""
    table, markers, wearer = folder / "recording.parquet", folder / "markers.csv", folder / "wearer.toml"
    with whole(table) as beside:
        write_table(beside, session.recorded.straps)
    with whole(markers) as beside:
        write_markers(beside, session.recorded.markers)
    if session.recorded.wearer is None:
        return table, markers
    with whole(wearer) as beside:
        write_wearer(beside, session.recorded.wearer)
    return table, markers, wearer


def _matlab(session: SessionData, folder: Path) -> tuple[Path, ...]:
    path = folder / "session.mat"
    write_matlab(path, session)
    return (path,)


def _edf(session: SessionData, folder: Path) -> tuple[Path, ...]:
    path = folder / "session.edf"
    write_edf(path, session)
    return (path,)


def _opensim(session: SessionData, folder: Path) -> tuple[Path, ...]:
    path = folder / "orientations.sto"
    write_opensim(path, session.analysis.motion)
    return (path,)


_TABLES: dict[Format, Callable[[Path, Tables], tuple[Path, ...]]] = {
    Format.CSV: export_tables,
    Format.PARQUET: _parquet,
}
_FILES: dict[Format, Callable[[SessionData, Path], tuple[Path, ...]]] = {
    Format.RECORDING: _recording,
    Format.MATLAB: _matlab,
    Format.EDF: _edf,
    Format.OPENSIM: _opensim,
}
