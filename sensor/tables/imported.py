"""A recording table with its markers and wearer as one session."""

from pathlib import Path

import numpy as np

from sensor.markers import Label, Marker
from sensor.recorded import Recorded
from sensor.samples import Placement, SampleBlock
from sensor.tables.marker_table import read_markers
from sensor.tables.recording_table import read_table
from sensor.tables.wearer_file import read_wearer


def read_imported(
    table: Path, markers: Path | None = None, wearer: Path | None = None, exercise: str | None = None
) -> Recorded:
    """The session of these files; an exercise that is not given is taken from the first `exercise` marker."""
    straps = read_table(table)
    known = () if markers is None else read_markers(markers, _span(straps))
    return Recorded(
        straps=straps,
        markers=known,
        wearer=None if wearer is None else read_wearer(wearer),
        exercise=exercise or marked_exercise(known),
    )


def read_folder(folder: Path) -> Recorded:
    """The session of a folder that holds `recording.parquet` or `recording.csv`, and perhaps the other files."""
    tables = [folder / f"recording{suffix}" for suffix in (".parquet", ".csv")]
    table = next((path for path in tables if path.exists()), tables[0])
    markers, wearer = folder / "markers.csv", folder / "wearer.toml"
    return read_imported(table, markers if markers.exists() else None, wearer if wearer.exists() else None)


def marked_exercise(markers: tuple[Marker, ...]) -> str | None:
    """The exercise that the first `exercise` marker names."""
    return next((m.value for m in markers if m.label == Label.EXERCISE and m.value), None)


def _span(straps: dict[Placement, SampleBlock]) -> tuple[float, float]:
    arrivals = [b.arrival_s for b in straps.values()]
    return float(np.min([a[0] for a in arrivals])), float(np.max([a[-1] for a in arrivals]))
