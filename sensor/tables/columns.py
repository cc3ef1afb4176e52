"""The columns of a Parquet or CSV file as arrays; what Arrow has to say about a file is translated here alone.

Invariant: numbers are finite or NaN; every row belongs to a known placement.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
import pyarrow as pa
import pyarrow.csv as arrow_csv
import pyarrow.parquet as parquet
from numpy.typing import NDArray

from sensor.errors import BadPlacement, MissingColumns, NotReadable, NotWritable, UnreadableTable, UnusableColumn
from sensor.samples import Floats, Ints, Placement

TIMES = ("device_s", "arrival_s", "time_s")
ACC = ("acc_x_m_s2", "acc_y_m_s2", "acc_z_m_s2")
GYR = ("gyr_x_rad_s", "gyr_y_rad_s", "gyr_z_rad_s")
OTHER_SEPARATORS = (";", "\t", "|")
# On threads of its own Arrow leaves a little memory behind in each with every file.
IN_TURN = arrow_csv.ReadOptions(use_threads=False)
NUMBERS = ("sample", *TIMES, *ACC, *GYR, "temperature_c", "flex", "tension", "range_mm")


class _Column(Protocol):
    type: object

    def to_numpy(self) -> NDArray[np.generic]: ...
    def to_pylist(self) -> list[object]: ...
    def cast(self, target_type: object, safe: bool = True) -> "_Column": ...


class _Table(Protocol):
    column_names: list[str]
    num_rows: int

    def column(self, i: str) -> _Column: ...


@dataclass(frozen=True, slots=True)
class TableColumns:
    """A recording table as arrays; `numbers` lacks columns that hold no number at all, `names` has them too."""

    rows: int
    names: tuple[str, ...]
    numbers: Mapping[str, Floats]
    placements: tuple[Placement, ...]
    placement_of_row: Ints


def read_columns(path: Path) -> TableColumns:
    """The file's columns that the contract knows."""
    table = _parse(path)
    names = tuple(table.column_names)
    if len(names) == 1 and (other := next((c for c in OTHER_SEPARATORS if c in names[0]), "")):
        raise UnreadableTable(path, f"its columns are separated by {other!r}")
    if "strap" not in names:
        raise MissingColumns(path, "the column strap")
    if len(set(names)) < len(names):
        raise UnreadableTable(path, "a column occurs twice")
    numbers = {name: _numbers(path, name, table.column(name)) for name in NUMBERS if name in names}
    placements, of_row = _placements(path, table.column("strap")) if table.num_rows else ((), np.zeros(0, np.int64))
    return TableColumns(
        rows=table.num_rows,
        names=names,
        numbers={name: values for name, values in numbers.items() if np.isfinite(values).any()},
        placements=placements,
        placement_of_row=of_row,
    )


def write_columns(path: Path, straps: Sequence[str], numbers: Mapping[str, NDArray[np.generic]]) -> None:
    """A file with these columns, NaN as empty cells; the suffix `.csv` or any other (Parquet) chooses the format."""
    arrays = {"strap": pa.array(straps).dictionary_encode()}
    arrays |= {name: pa.array(values, from_pandas=True) for name, values in numbers.items()}
    try:
        with path.open("wb") as file:
            if path.suffix.lower() == ".csv":
                arrow_csv.write_csv(pa.table(arrays | {"strap": pa.array(straps)}), file)
            else:
                parquet.write_table(pa.table(arrays), file)
    except OSError as error:
        raise NotWritable(path, error.strerror or str(error)) from error


def _parse(path: Path) -> _Table:
    suffix = path.suffix.lower()
    if suffix not in (".csv", ".parquet"):
        raise UnreadableTable(path, f"its name ends in {suffix or 'nothing'}")
    try:
        with path.open("rb") as file:
            table = arrow_csv.read_csv(file, IN_TURN) if suffix == ".csv" else parquet.ParquetFile(file).read()
            # Names are decoded only here: foreign bytes in them show now.
            _ = table.column_names
            return table
    except (pa.ArrowException, UnicodeDecodeError, ValueError) as error:
        raise UnreadableTable(path, str(error)[:120]) from error
    except OSError as error:
        # Arrow reports damaged files as OSError without a number; one from the system has it.
        if error.errno is None:
            raise UnreadableTable(path, str(error)[:120]) from error
        raise NotReadable(path, error.strerror or str(error)) from error


def _numbers(path: Path, name: str, column: _Column) -> Floats:
    kind = column.type
    if pa.types.is_null(kind):
        return np.full(len(column.to_pylist()), np.nan)
    if not (pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind)):
        raise UnusableColumn(path, name, "holds other things than numbers")
    values = np.array(column.cast(pa.float64(), safe=False).to_numpy(), dtype=np.float64)
    values[~np.isfinite(values)] = np.nan
    return values


def _placements(path: Path, column: _Column) -> tuple[tuple[Placement, ...], Ints]:
    if not _is_text(column.type):
        raise UnusableColumn(path, "strap", "holds no placements")
    encoded = pa.chunked_array(column).combine_chunks()
    if not pa.types.is_dictionary(encoded.type):
        encoded = encoded.dictionary_encode()
    if encoded.null_count:
        raise UnusableColumn(path, "strap", "has empty cells")
    try:
        names = [str(name) for name in encoded.dictionary.to_pylist()]
    except UnicodeDecodeError as error:
        raise UnusableColumn(path, "strap", "holds no text") from error
    rows = np.array(encoded.indices.to_numpy(zero_copy_only=False), dtype=np.int64)
    used = [int(i) for i in np.unique(rows)]
    known = [str(placement) for placement in Placement]
    for name in (names[i] for i in used):
        if name not in known:
            raise BadPlacement(path, name, known)
    return tuple(Placement(names[i]) for i in used), np.searchsorted(used, rows)


def _is_text(kind: object) -> bool:
    if pa.types.is_dictionary(kind):
        return True
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind))
