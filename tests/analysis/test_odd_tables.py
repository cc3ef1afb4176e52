"""What becomes of tables that are right but not usual: a range finder alone, cells that are empty, times of packets."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as parquet

from analysis.pipeline import analyze
from analysis.results import PostureSpan
from sensor.tables.imported import read_folder, read_imported
from tests.recording_tables import written


def test_a_range_finder_alone_gives_the_gap_and_its_holds(tmp_path: Path) -> None:
    time_s = np.repeat(np.arange(3000) / 50.0, 2)
    range_mm = np.where((time_s > 20) & (time_s < 40), 2.0, 80.0)
    table = {"strap": ["left_thigh", "right_thigh"] * 3000, "time_s": time_s, "range_mm": range_mm}
    tables = analyze(read_imported(written(tmp_path, table), exercise="clamp")).final
    known = np.isfinite(tables.gap.gap_m)
    assert known.mean() > 0.95
    true_m = np.where((tables.gap.time_s > 20) & (tables.gap.time_s < 40), 0.002, 0.08)
    assert np.abs(tables.gap.gap_m - true_m)[known].mean() < 0.001
    (hold,) = tables.holds
    assert abs(hold.gross_s - 20.0) < 0.1


def postures(folder: Path, columns: Mapping[str, object], given: Path) -> tuple[PostureSpan, ...]:
    """Postures of the session `given` with these columns in place of its own."""
    return analyze(read_imported(written(folder, columns), given / "markers.csv", given / "wearer.toml")).final.postures


def test_empty_cells_cost_no_posture(tmp_path: Path, shared_data: Path) -> None:
    given = shared_data / "physics" / "check_a"
    table = parquet.read_table(given / "recording.parquet")
    columns = {name: table.column(name) for name in table.column_names}
    rng = np.random.default_rng(2)
    for name in table.column_names:
        if name.startswith(("acc", "gyr")):
            values = np.array(columns[name].to_numpy(), dtype=np.float64)
            values[rng.random(len(values)) < 0.1] = np.nan
            columns[name] = pa.chunked_array([pa.array(values, from_pandas=True)])
    spoilt = postures(tmp_path, columns, given)
    whole = analyze(read_folder(given)).final.postures
    assert [p.posture for p in spoilt] == [p.posture for p in whole]
    np.testing.assert_allclose([p.end_s for p in spoilt], [p.end_s for p in whole], atol=0.5)


def test_packet_times_cost_no_posture(tmp_path: Path, shared_data: Path) -> None:
    given = shared_data / "physics" / "check_a"
    table = parquet.read_table(given / "recording.parquet")
    columns = {name: table.column(name) for name in table.column_names if name not in ("sample", "device_s")}
    stamped = postures(tmp_path, {"time_s" if n == "arrival_s" else n: c for n, c in columns.items()}, given)
    whole = analyze(read_folder(given)).final.postures
    assert [p.posture for p in stamped] == [p.posture for p in whole]
