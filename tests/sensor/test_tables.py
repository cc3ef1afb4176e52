"""Recording tables in and out, and one test for each way in which a table, its markers or its wearer can be bad."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from sensor.errors import (
    BadPlacement,
    KneeGapError,
    MissingColumns,
    NotReadable,
    NotWritable,
    TooFewRows,
    UnreadableTable,
    UnusableColumn,
)
from sensor.samples import ARRAYS, Placement
from sensor.tables.imported import read_folder, read_imported
from sensor.tables.plausible_units import refuse_degrees
from sensor.tables.recording_table import read_table, write_table
from tests.recording_tables import N, columns, without, written

LEFT, RIGHT = Placement.LEFT_THIGH, Placement.RIGHT_THIGH
SUFFIXES = [".parquet", ".csv"]


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_table_as_the_contract_says(tmp_path: Path, suffix: str) -> None:
    straps = read_table(written(tmp_path, columns(), suffix))
    left, right = straps[LEFT], straps[RIGHT]
    np.testing.assert_array_equal(left.sample, 7 + np.arange(N))
    np.testing.assert_allclose(right.device_s, 5000.0 + np.arange(N) / 100)
    # Session zero is the first arrival at or after 0.
    np.testing.assert_allclose(left.arrival_s, np.arange(N) / 100 - 0.08, atol=1e-9)
    assert left.rate_hz == 100.0
    np.testing.assert_allclose(left.acc_m_s2[3], [0.003, 0.003, 9.813])
    np.testing.assert_array_equal(left.flex, 1500 + np.arange(N))
    assert np.isnan(right.flex).all()
    assert np.isnan(left.tension).all()
    np.testing.assert_allclose(left.range_m, 0.12)


def test_session_zero_is_the_first_arrival_at_or_after_0(tmp_path: Path) -> None:
    table = columns()
    table["arrival_s"] = np.repeat(np.arange(N), 2) * 0.01 - 0.105
    assert min(abs(read_table(written(tmp_path, table))[LEFT].arrival_s)) == 0.0


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_what_was_read_is_written_and_read_again(tmp_path: Path, suffix: str) -> None:
    straps = read_table(written(tmp_path, columns()))
    path = tmp_path / f"again{suffix}"
    write_table(path, straps)
    again = read_table(path)
    assert set(again) == set(straps)
    for placement, block in straps.items():
        for name in ARRAYS:
            np.testing.assert_array_equal(getattr(again[placement], name), getattr(block, name), err_msg=name)


def test_a_simple_logger_gives_time_alone(tmp_path: Path) -> None:
    table = without("sample", "device_s", "arrival_s")
    table["time_s"] = np.repeat(np.arange(N), 2) / 50.0 + 3.0
    left = read_table(written(tmp_path, table))[LEFT]
    assert left.rate_hz == 50.0
    np.testing.assert_array_equal(left.sample, np.arange(N))
    np.testing.assert_allclose(left.arrival_s, np.arange(N) / 50)


def test_lost_rows_of_a_simple_logger_leave_holes_in_the_numbers(tmp_path: Path) -> None:
    table = {name: list(values) for name, values in without("sample", "device_s", "arrival_s").items()}  # pyright: ignore[reportArgumentType]
    table["time_s"] = (np.repeat(np.arange(N), 2) / 100.0).tolist()
    cut = {name: values[:20] + values[40:] for name, values in table.items()}
    left = read_table(written(tmp_path, cut))[LEFT]
    np.testing.assert_array_equal(left.sample, [*range(10), *range(20, N)])


def test_rows_in_any_order_and_twice(tmp_path: Path) -> None:
    table = {name: list(values) for name, values in columns().items()}  # pyright: ignore[reportArgumentType]
    shuffled = {name: values[::-1] + values[4:8] for name, values in table.items()}
    straps = read_table(written(tmp_path, shuffled))
    np.testing.assert_array_equal(straps[LEFT].sample, 7 + np.arange(N))


def test_samples_of_one_packet_in_any_order(tmp_path: Path) -> None:
    table = {name: list(values) for name, values in columns().items()}  # pyright: ignore[reportArgumentType]
    table["arrival_s"] = [0.04 * (k // 8) for k in range(2 * N)]
    backwards = {name: values[::-1] for name, values in table.items()}
    straps = read_table(written(tmp_path, backwards))
    np.testing.assert_array_equal(straps[LEFT].sample, 7 + np.arange(N))
    np.testing.assert_array_equal(straps[LEFT].flex, 1500 + np.arange(N))


@pytest.mark.parametrize("kept", [("flex",), ("range_mm",)])
def test_flex_or_range_alone_make_a_session(tmp_path: Path, kept: tuple[str, ...]) -> None:
    table = {n: v for n, v in columns().items() if n in ("strap", "sample", "device_s", "arrival_s", *kept)}
    assert len(read_table(written(tmp_path, table))[LEFT]) == N


@pytest.mark.parametrize("drop", ["sample", "device_s", "arrival_s"])
def test_any_time_is_enough(tmp_path: Path, drop: str) -> None:
    left = read_table(written(tmp_path, without(drop)))[LEFT]
    assert left.rate_hz == 100.0
    np.testing.assert_array_equal(np.diff(left.sample), 1)
    np.testing.assert_allclose(np.diff(left.arrival_s), 0.01)


def refused(path: Path) -> KneeGapError:
    with pytest.raises(KneeGapError) as caught:
        read_table(path)
    text = str(caught.value)
    assert "\n" not in text
    assert str(path) in text
    return caught.value


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize(
    ("drop", "kind"),
    [
        (("strap",), MissingColumns),
        (("device_s", "arrival_s"), MissingColumns),
        (("gyr_y_rad_s",), MissingColumns),
        (tuple(n for n in columns() if n[:3] in ("acc", "gyr", "fle", "ran")), MissingColumns),
    ],
)
def test_a_table_that_lacks_what_the_contract_requires(
    tmp_path: Path, drop: tuple[str, ...], kind: type[KneeGapError], suffix: str
) -> None:
    assert type(refused(written(tmp_path, without(*drop), suffix))) is kind


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_column_that_is_all_empty(tmp_path: Path, suffix: str) -> None:
    table = columns() | {"acc_z_m_s2": pa.nulls(2 * N, pa.float64())}
    assert isinstance(refused(written(tmp_path, table, suffix)), UnusableColumn)


def test_measured_columns_that_are_all_empty(tmp_path: Path) -> None:
    nothing = pa.nulls(2 * N)
    table = {n: nothing if n[:3] in ("acc", "gyr", "fle", "ran") else v for n, v in columns().items()}
    assert isinstance(refused(written(tmp_path, table)), UnusableColumn)


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("name", ["acc_x_m_s2", "flex", "arrival_s", "sample"])
def test_a_column_that_is_not_numbers(tmp_path: Path, name: str, suffix: str) -> None:
    error = refused(written(tmp_path, columns() | {name: ["much"] * 2 * N}, suffix))
    assert isinstance(error, UnusableColumn)
    assert name in str(error)


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_an_unknown_placement(tmp_path: Path, suffix: str) -> None:
    error = refused(written(tmp_path, columns() | {"strap": ["left_thigh", "left_ear"] * N}, suffix))
    assert isinstance(error, BadPlacement)
    assert "pelvis" in str(error)


def test_straps_without_a_name(tmp_path: Path) -> None:
    assert isinstance(refused(written(tmp_path, columns() | {"strap": ["left_thigh", None] * N})), UnusableColumn)
    assert isinstance(refused(written(tmp_path, columns() | {"strap": list(range(2 * N))})), UnusableColumn)


def test_gravity_written_as_1(tmp_path: Path) -> None:
    table = columns() | {"acc_z_m_s2": np.ones(2 * N)}
    assert "m/s²" in str(refused(written(tmp_path, table)))


def turning(per_rad: float) -> dict[str, object]:
    """Two straps that tilt to and fro, slowly, about their x axis; `per_rad` is the unit of their rates."""
    time_s = np.repeat(np.arange(1200), 2) / 100.0
    tilt = 0.6 * np.sin(time_s)
    table: dict[str, object] = {
        "strap": ["left_thigh", "right_thigh"] * 1200,
        "time_s": time_s,
        "acc_y_m_s2": 9.81 * np.sin(tilt),
        "acc_z_m_s2": 9.81 * np.cos(tilt),
        "gyr_x_rad_s": 0.6 * np.cos(time_s) * per_rad,
    }
    return table | dict.fromkeys(("acc_x_m_s2", "gyr_y_rad_s", "gyr_z_rad_s"), 0 * tilt)


def test_rates_in_degrees(tmp_path: Path) -> None:
    assert len(read_table(written(tmp_path, turning(1.0)))[LEFT]) == 1200
    error = refused(written(tmp_path, turning(57.3)))
    assert isinstance(error, UnusableColumn)
    assert "degrees" in str(error)


def test_recorded_persons_turn_in_radians(shared_data: Path) -> None:
    for name in ("physics/walk_b", "physics/quiet", "real_person"):
        blocks = read_folder(shared_data / name).straps
        refuse_degrees(Path(name), blocks)
        degrees = {p: replace(b, gyr_rad_s=np.degrees(b.gyr_rad_s)) for p, b in blocks.items()}
        with pytest.raises(UnusableColumn):
            refuse_degrees(Path(name), degrees)


def stamped(rows: int = 400, packet: int = 10, lost: range = range(0)) -> dict[str, object]:
    """Two straps at 100 Hz whose times are those of their packets; the packets `lost` are missing."""
    packets = [k for k in range(rows // packet) if k not in lost]
    of_row = np.repeat(packets, packet)
    number = (of_row[:, None] * packet + np.tile(np.arange(packet), len(packets))[:, None]).ravel()
    time_s = np.repeat((of_row + 1) * packet / 100.0, 2)
    table: dict[str, object] = {"strap": ["left_thigh", "right_thigh"] * len(number), "time_s": time_s}
    return table | {"flex": np.repeat(1000.0 + number, 2)}


def test_times_of_whole_packets_are_spread_over_their_samples(tmp_path: Path) -> None:
    left = read_table(written(tmp_path, stamped()))[LEFT]
    assert left.rate_hz == 100.0
    np.testing.assert_array_equal(np.diff(left.sample), 1)
    np.testing.assert_allclose(np.diff(left.device_s), 0.01)


@pytest.mark.parametrize("lost", [range(10, 11), range(7, 30)])
def test_packets_lost_between_stamped_ones_leave_a_hole(tmp_path: Path, lost: range) -> None:
    left = read_table(written(tmp_path, stamped(lost=lost)))[LEFT]
    np.testing.assert_array_equal(left.sample, left.flex - 1000)
    assert left.rate_hz == 100.0


def test_a_long_hole_changes_no_rate(tmp_path: Path) -> None:
    time_s = np.concatenate([np.arange(3000), np.arange(3000) + 900_000]) / 128.0
    table = {"strap": ["left_thigh"] * 6000, "time_s": np.round(time_s, 3), "flex": np.arange(6000.0)}
    left = read_table(written(tmp_path, table))[LEFT]
    assert left.rate_hz == 128.0
    assert left.sample[3000] - left.sample[2999] == pytest.approx(900_000 - 2999, abs=2)


def test_numbers_with_arrivals_alone_pace_the_strap(tmp_path: Path) -> None:
    rng = np.random.default_rng(3)
    number = np.arange(3000)
    arrival_s = np.repeat((number[::10] + 10) / 100.0 + 0.02 + rng.exponential(0.006, 300), 10)
    table = {"strap": ["left_thigh"] * 3000, "sample": number, "arrival_s": arrival_s, "flex": np.arange(3000.0)}
    left = read_table(written(tmp_path, table))[LEFT]
    assert left.rate_hz == 100.0
    np.testing.assert_allclose(np.diff(left.device_s), 0.01)


def test_one_time_for_all_rows(tmp_path: Path) -> None:
    table = without("sample", "device_s", "arrival_s") | {"time_s": np.full(2 * N, 3.0)}
    assert "the same in all rows" in str(refused(written(tmp_path, table)))


def test_single_empty_cells_are_bridged_and_holes_are_not(tmp_path: Path) -> None:
    table = turning(1.0)
    rows = np.random.default_rng(1).random(2400) < 0.1
    rows[200:300] = True
    spoilt = np.where(rows, np.nan, np.asarray(table["acc_y_m_s2"]))
    left = read_table(written(tmp_path, table | {"acc_y_m_s2": pa.array(spoilt, from_pandas=True)}))[LEFT]
    known = np.isfinite(left.acc_m_s2[:, 1])
    assert not known[100:150].any()
    assert known[:95].all()
    assert known[155:-3].all()
    np.testing.assert_allclose(left.acc_m_s2[known, 1], np.asarray(table["acc_y_m_s2"])[::2][known], atol=2e-3)


@pytest.mark.parametrize("separator", [";", "\t"])
def test_columns_that_are_not_separated_by_commas(tmp_path: Path, separator: str) -> None:
    path = tmp_path / "table.csv"
    path.write_text(separator.join(["strap", "time_s", "flex"]) + "\n" + separator.join(["left_thigh", "0", "5"]))
    assert "separated by" in str(refused(path))


def test_times_in_milliseconds(tmp_path: Path) -> None:
    table = without("sample", "device_s", "arrival_s") | {"time_s": np.repeat(np.arange(N), 2) * 10.0}
    assert isinstance(refused(written(tmp_path, table)), UnusableColumn)


def test_one_mistaken_time(tmp_path: Path) -> None:
    arrival = np.repeat(np.arange(N), 2) / 100.0
    arrival[-1] = 1e9
    assert "a session has at most 12 h" in str(refused(written(tmp_path, columns() | {"arrival_s": arrival})))


def test_no_time_at_or_after_zero(tmp_path: Path) -> None:
    table = columns() | {"arrival_s": np.repeat(np.arange(N), 2) / 100.0 - 50.0}
    assert "session zero" in str(refused(written(tmp_path, table)))


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("rows", [0, 1])
def test_a_session_of_zero_length(tmp_path: Path, rows: int, suffix: str) -> None:
    table = {name: pa.array(values)[:rows] for name, values in columns().items()}
    error = refused(written(tmp_path, table, suffix))
    assert isinstance(error, TooFewRows)
    assert ("two rows" in str(error)) == bool(rows)


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize(
    "content", [b"", b"PAR1garbagePAR1", bytes(range(256)) * 20, b'a,b\n1,2,3\n"', b"\xff\xfe\n1\n"]
)
def test_a_file_that_is_no_table(tmp_path: Path, content: bytes, suffix: str) -> None:
    path = tmp_path / f"table{suffix}"
    path.write_bytes(content)
    assert isinstance(refused(path), UnreadableTable | MissingColumns)


def test_a_strap_whose_sample_numbers_are_all_beyond_counting_has_no_rows(tmp_path: Path) -> None:
    """Found by fuzzing: one bad strap must cost no other."""
    table = columns()
    straps = np.array(table["strap"])
    table["sample"] = np.where(straps == "left_thigh", 1e32, np.arange(len(straps)))
    for suffix in SUFFIXES:
        assert list(read_table(written(tmp_path, table, suffix))) == [Placement.RIGHT_THIGH]


def test_times_closer_than_any_clock_ticks_and_farther_than_any_count_are_survived(tmp_path: Path) -> None:
    """Found by fuzzing: rates beyond all numbers."""
    table = columns()
    del table["sample"], table["arrival_s"]
    rows = len(np.array(table["strap"]))
    for times in (np.arange(rows) * 5e-324, np.arange(rows) * 1e-300):
        read = read_table(written(tmp_path, table | {"device_s": times}))
        assert set(read) == {Placement.LEFT_THIGH, Placement.RIGHT_THIGH}
    with pytest.raises(UnusableColumn, match="samples a second"):
        read_table(written(tmp_path, table | {"device_s": np.linspace(0.0, 1e300, rows)}))


def test_a_truncated_table(tmp_path: Path) -> None:
    path = written(tmp_path, columns())
    path.write_bytes(path.read_bytes()[:-300])
    assert isinstance(refused(path), UnreadableTable)


def test_files_that_are_not_there_or_not_tables(tmp_path: Path) -> None:
    assert isinstance(refused(tmp_path / "none.csv"), NotReadable)
    (tmp_path / "folder.csv").mkdir()
    assert isinstance(refused(tmp_path / "folder.csv"), NotReadable)
    (tmp_path / "notes.txt").write_text("x")
    assert isinstance(refused(tmp_path / "notes.txt"), UnreadableTable)


def test_a_table_that_cannot_be_written(tmp_path: Path) -> None:
    straps = read_table(written(tmp_path, columns()))
    with pytest.raises(NotWritable):
        write_table(tmp_path / "none" / "out.csv", straps)


def test_a_session_takes_its_exercise_from_the_marker_unless_it_is_given(tmp_path: Path) -> None:
    table = written(tmp_path, columns())
    (tmp_path / "m.csv").write_text("label,start_s,end_s,value\nexercise,0,0.2,walk\n")
    assert read_imported(table, tmp_path / "m.csv").exercise == "walk"
    assert read_imported(table, tmp_path / "m.csv", exercise="clamp").exercise == "clamp"
    assert read_imported(table).exercise is None


def test_a_real_person_with_seven_straps(shared_data: Path) -> None:
    recorded = read_folder(shared_data / "real_person")
    assert set(recorded.straps) == set(Placement)
    assert {len(block) for block in recorded.straps.values()} == {10_000}
    assert len(recorded.markers) == 5


def test_every_simulated_person(shared_data: Path) -> None:
    for folder in sorted((shared_data / "physics").iterdir()):
        if folder.is_dir():
            recorded = read_folder(folder)
            assert {LEFT, RIGHT} <= set(recorded.straps)
            assert min(abs(block.arrival_s).min() for block in recorded.straps.values()) == 0.0
            assert recorded.wearer is not None
