"""Columns as a Parquet file, NaN as null, for pandas, polars, R (`arrow`) and databases."""

import io
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet

from monitor.exports.tables import Column, Columns
from monitor.owner_files import write_bytes


def write_parquet(path: Path, columns: Columns) -> None:
    """Writes the columns as one table; `NotWritable` or `DiskFull` where it cannot."""
    table = pa.table({name: _values(column) for name, column in columns.items()})
    file = io.BytesIO()
    pyarrow.parquet.write_table(table, file)
    write_bytes(path, file.getvalue())


def _values(column: Column) -> object:
    if isinstance(column, np.ndarray):
        return pa.array(column, from_pandas=True)
    return pa.array(column, pa.string())
