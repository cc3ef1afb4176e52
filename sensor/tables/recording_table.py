"""The recording table of other programs, Parquet or CSV, to samples and back (`shared` contract, "Recording table").

Invariant: rows without a usable time are left out, everything else that can be read is kept; session zero is the first
arrival at or after 0.
"""

from collections.abc import Collection, Mapping
from pathlib import Path

import numpy as np

from sensor.errors import MissingColumns, TooFewRows, UnusableColumn
from sensor.samples import Floats, Ints, Placement, SampleBlock
from sensor.tables.columns import ACC, GYR, TIMES, TableColumns, read_columns, write_columns
from sensor.tables.empty_cells import bridged
from sensor.tables.plausible_units import refuse_degrees, refuse_gravities
from sensor.tables.sample_times import SampleTimes, given_times

# One mistaken time would stretch a session over years of nothing.
_LONGEST_H = 12.0


def read_table(path: Path) -> dict[Placement, SampleBlock]:
    """The samples of each strap in the order of their arrival; `TableError` where the contract is not kept."""
    columns = read_columns(path)
    _require_values(path, columns)
    rows = {p: np.flatnonzero(columns.placement_of_row == i) for i, p in enumerate(columns.placements)}
    times = {p: _times(path, columns.numbers, of_strap) for p, of_strap in rows.items()}
    if not any(len(t) > 1 for t in times.values()):
        raise TooFewRows(path, columns.rows)
    zero_s = _session_zero(path, times, columns.numbers)
    straps = {p: _block(p, columns.numbers, t, zero_s) for p, t in times.items() if len(t)}
    refuse_degrees(path, straps)
    return straps


def write_table(path: Path, straps: Mapping[Placement, SampleBlock]) -> None:
    """The straps' samples as one table in order of arrival; the file's suffix chooses the format."""
    blocks = list(straps.values())
    order = np.argsort(np.concatenate([b.arrival_s for b in blocks]), kind="stable")
    names = np.repeat([str(b.placement) for b in blocks], [len(b) for b in blocks])
    columns = [block_columns(b) for b in blocks]
    numbers = {name: np.concatenate([c[name] for c in columns])[order] for name in columns[0]}
    write_columns(path, [str(name) for name in names[order]], numbers)


def _require_values(path: Path, columns: TableColumns) -> None:
    if columns.rows == 0:
        raise TooFewRows(path, 0)
    numbers = columns.numbers
    if not any(name in numbers for name in TIMES):
        _raise_unusable(path, columns, TIMES, "a time (arrival_s and device_s, or time_s)")
    inertial = [name in numbers for name in (*ACC, *GYR)]
    if any(inertial) and not all(inertial):
        missing = [name for name in (*ACC, *GYR) if name not in numbers]
        _raise_unusable(path, columns, missing, f"{', '.join(missing)} beside the other inertial columns")
    if not any(inertial) and "flex" not in numbers and "range_mm" not in numbers:
        _raise_unusable(path, columns, (*ACC, *GYR, "flex", "range_mm"), "inertial columns, flex or range_mm")
    if all(inertial):
        refuse_gravities(path, numbers)


def _raise_unusable(path: Path, columns: TableColumns, names: tuple[str, ...] | list[str], need: str) -> None:
    empty = [name for name in names if name in columns.names]
    if empty:
        raise UnusableColumn(path, ", ".join(empty), "holds no number")
    raise MissingColumns(path, need)


def _times(path: Path, columns: Mapping[str, Floats], rows: Ints) -> SampleTimes:
    given = {name: columns[name][rows] for name in ("sample", *TIMES) if name in columns}
    return given_times(path, rows, given)


def _session_zero(path: Path, times: Mapping[Placement, SampleTimes], given: Collection[str]) -> float:
    arrivals = np.concatenate([t.arrival_s for t in times.values()])
    if not (arrivals >= 0).any():
        raise UnusableColumn(path, "arrival_s", "has no time at or after session zero (0 s)")
    hours = float(np.ptp(arrivals)) / 3600.0
    if hours > _LONGEST_H:
        name = next(name for name in ("arrival_s", "time_s", "device_s") if name in given)
        raise UnusableColumn(path, name, f"spans {hours:.1f} h, a session has at most {_LONGEST_H:.0f} h")
    return float(arrivals[arrivals >= 0].min())


def _block(placement: Placement, columns: Mapping[str, Floats], times: SampleTimes, zero_s: float) -> SampleBlock:
    n = len(times)

    def values(name: str) -> Floats:
        return columns[name][times.row] if name in columns else np.full(n, np.nan)

    inertial = np.column_stack([values(name) for name in (*ACC, *GYR)])
    if (np.diff(times.sample) > 0).all():
        inertial = bridged(inertial, times.sample, times.rate_hz)
    return SampleBlock(
        placement=placement,
        rate_hz=times.rate_hz,
        sample=times.sample,
        device_s=times.device_s,
        arrival_s=times.arrival_s - zero_s,
        acc_m_s2=inertial[:, :3],
        gyr_rad_s=inertial[:, 3:],
        temperature_c=values("temperature_c"),
        flex=values("flex"),
        tension=values("tension"),
        range_m=values("range_mm") / 1000.0,
        q_start_from_strap=np.full((n, 4), np.nan),
    )


def block_columns(block: SampleBlock) -> dict[str, Floats | Ints]:
    """A strap's samples as columns of the recording table (N,), but for `strap`."""
    vectors = {name: block.acc_m_s2[:, i] for i, name in enumerate(ACC)}
    vectors |= {name: block.gyr_rad_s[:, i] for i, name in enumerate(GYR)}
    return {
        "sample": block.sample,
        "device_s": block.device_s,
        "arrival_s": block.arrival_s,
        **vectors,
        "temperature_c": block.temperature_c,
        "flex": block.flex,
        "tension": block.tension,
        "range_mm": block.range_m * 1000.0,
    }
