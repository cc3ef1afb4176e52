"""The formats that a session can be exported in, and the files of each."""

from collections.abc import Callable
from enum import StrEnum
from pathlib import Path

from monitor.exports.edf import write_edf
from monitor.exports.matlab import write_matlab
from monitor.exports.opensim import write_opensim
from monitor.exports.parquet import write_parquet
from monitor.exports.tables import export_tables, table_columns
from monitor.owner_files import make_folder, whole, write_text
from monitor.results import json_text
from monitor.session_data import SessionData
from sensor.marker_table import write_markers
from sensor.tables import write_table
from sensor.wearer_file import write_wearer


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
    return _WRITERS[form](session, folder, live)


def _csv(session: SessionData, folder: Path, live: bool) -> tuple[Path, ...]:
    tables = export_tables(folder, session.analysis.live if live else session.analysis.final)
    return (*tables, _summary(session, folder))


def _parquet(session: SessionData, folder: Path, live: bool) -> tuple[Path, ...]:
    tables = table_columns(session.analysis.live if live else session.analysis.final)
    paths = {folder / f"{name}.parquet": columns for name, columns in tables.items()}
    for path, columns in paths.items():
        write_parquet(path, columns)
    return (*paths, _summary(session, folder))


def _recording(session: SessionData, folder: Path, live: bool) -> tuple[Path, ...]:
    """The samples, markers and wearer, as `kneegap import` takes them back."""
    del live
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


def _summary(session: SessionData, folder: Path) -> Path:
    path = folder / "summary.json"
    write_text(path, json_text(session.summary) + "\n")
    return path


def _matlab(session: SessionData, folder: Path, live: bool) -> tuple[Path, ...]:
    del live
    path = folder / "session.mat"
    write_matlab(path, session)
    return (path,)


def _edf(session: SessionData, folder: Path, live: bool) -> tuple[Path, ...]:
    del live
    path = folder / "session.edf"
    write_edf(path, session)
    return (path,)


def _opensim(session: SessionData, folder: Path, live: bool) -> tuple[Path, ...]:
    del live
    path = folder / "orientations.sto"
    write_opensim(path, session.analysis.motion)
    return (path,)


_WRITERS: dict[Format, Callable[[SessionData, Path, bool], tuple[Path, ...]]] = {
    Format.CSV: _csv,
    Format.PARQUET: _parquet,
    Format.RECORDING: _recording,
    Format.MATLAB: _matlab,
    Format.EDF: _edf,
    Format.OPENSIM: _opensim,
}
