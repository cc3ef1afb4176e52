"""A session as one MATLAB file (version 5, which Octave, Python and R's `R.matlab` read too).

It holds the structs `results` (a struct of columns for every table), `samples` (one for every strap), `markers` and
`session` (identity and exercise). Numbers are column vectors, NaN where unknown; text is in cells.
"""

import io
from collections.abc import Mapping
from pathlib import Path
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.io import savemat

from monitor.exports.tables import Column, Columns
from monitor.owner_files import write_bytes
from monitor.session_data import SessionData

Struct: TypeAlias = dict[str, NDArray[np.generic] | NDArray[np.object_]]

_TEXT_BYTES = 116


def write_matlab(path: Path, session: SessionData) -> None:
    """Writes the session; `NotWritable` or `DiskFull` where it cannot."""
    content = {
        "results": _structs(session.results),
        "samples": _structs(session.samples),
        "markers": _struct(session.markers),
        "session": {
            "id": session.meta.id,
            "started": session.meta.started,
            "exercise": session.recorded.exercise or "",
        },
    }
    file = io.BytesIO()
    savemat(file, content, oned_as="column", long_field_names=True, do_compression=True)
    # The format begins with free text; scipy puts the system and the date there, which an anonymous file must not tell.
    file.getbuffer()[:_TEXT_BYTES] = b"MATLAB 5.0 MAT-file, a session of the knee-gap monitor".ljust(_TEXT_BYTES)
    write_bytes(path, file.getvalue())


def _structs(tables: Mapping[str, Columns]) -> dict[str, Struct]:
    return {name: _struct(columns) for name, columns in tables.items()}


def _struct(columns: Columns) -> Struct:
    return {name: _values(column) for name, column in columns.items()}


def _values(column: Column) -> NDArray[np.generic] | NDArray[np.object_]:
    if isinstance(column, np.ndarray):
        return column
    return np.array(column, dtype=object)
