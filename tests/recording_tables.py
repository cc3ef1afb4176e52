"""Small recording tables for tests, right in every way until a test spoils them."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv as arrow_csv
import pyarrow.parquet as parquet

N = 40

Columns = Mapping[str, object]


def columns() -> dict[str, object]:
    """A right table of two straps, rows alternating; the second strap's clock has an epoch of its own."""
    sample, left = np.repeat(np.arange(N), 2), np.tile([True, False], N)
    sent = sample / 100.0
    table: dict[str, object] = {
        "strap": np.where(left, "left_thigh", "right_thigh").tolist(),
        "sample": sample + np.where(left, 7, 900),
        "device_s": sent + np.where(left, 100.0, 5000.0),
        "arrival_s": sent - 0.075,
    }
    for i, name in enumerate(("acc_x_m_s2", "acc_y_m_s2", "acc_z_m_s2")):
        table[name] = 9.81 * (i == 2) + 0.001 * sample
    for name in ("gyr_x_rad_s", "gyr_y_rad_s", "gyr_z_rad_s"):
        table[name] = 0.01 * sample
    table["flex"] = [1500 + s if is_left else None for s, is_left in zip(sample.tolist(), left.tolist(), strict=True)]
    table["temperature_c"] = np.full(2 * N, 25.0)
    table["range_mm"] = np.full(2 * N, 120.0)
    table["mood"] = ["fine"] * 2 * N
    return table


def without(*names: str) -> dict[str, object]:
    """A right table less some columns."""
    return {name: values for name, values in columns().items() if name not in names}


def written(folder: Path, table: Columns, suffix: str = ".parquet") -> Path:
    """The table as a file."""
    path = folder / f"table{suffix}"
    if suffix == ".csv":
        arrow_csv.write_csv(pa.table(dict(table)), path)
    else:
        parquet.write_table(pa.table(dict(table)), path)
    return path
