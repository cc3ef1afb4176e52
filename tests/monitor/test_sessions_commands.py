"""`kneegap import`, `analyze` and `export` through the real entry: what they write, and one test for each bad input."""

import csv
import json
import os
import stat
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import numpy as np
import pyarrow.compute as compute
import pyarrow.parquet as parquet
import pytest
import typer

from firmware_sim.sessions.scenario import catalogue
from firmware_sim.sessions.simulate import simulate
from firmware_sim.sessions.truth import write as write_simulated
from monitor.store import HOME_VARIABLE, Session, Store
from sensor.packet import encode_info
from sensor.recordings.recording import RecordingWriter
from sensor.samples import Placement
from tests.monitor.command_line import CommandLine
from tests.recording_tables import columns, without, written
from tests.sensor.strap_bytes import INFO, Stream

# The contract's headers, word for word.
HEADERS = {
    "gap": "time_s,gap_mm,sd_mm,contact",
    "holds": "start_s,end_s,gross_s,net_s,lapses,mean_gap_mm,max_gap_mm,verdict",
    "reps": "exercise,side,start_s,end_s,verdict",
    "steps": "side,start_s,end_s,foot_progression_deg",
    "tightness": "time_s,strap,tension_pct",
    "check": "time_s,relaxed_mm,relaxed_sd_mm,squeezed_mm,squeezed_sd_mm",
    "drift": "start_s,end_s,detected_s,cause,strap,size,unit,confidence",
    "quality": "strap,samples,lost,lost_pct,rate_hz,clock_ppm,longest_gap_s",
}


@pytest.fixture
def kneegap(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> CommandLine:
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path / "home"))
    return CommandLine(monkeypatch, capsys)


@pytest.fixture(scope="module")
def person(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A `check` session of a simulated person, with its truth beside it."""
    folder = tmp_path_factory.mktemp("person")
    write_simulated(folder, simulate(next(s for s in catalogue() if s.exercise == "check")))
    return folder


@pytest.fixture
def session(person: Path, kneegap: CommandLine, tmp_path: Path) -> Path:
    folder = tmp_path / "session"
    files = ("--markers", person / "markers.csv", "--wearer", person / "wearer.toml")
    ran = kneegap("import", person / "recording.parquet", *files, "-o", folder)
    assert ran.status == 0, ran
    return folder


def test_a_session_keeps_its_files_unchanged_and_to_its_owner(session: Path, person: Path) -> None:
    for name in ("recording.parquet", "markers.csv", "wearer.toml"):
        assert (session / name).read_bytes() == (person / name).read_bytes()
        assert stat.S_IMODE((session / name).stat().st_mode) == 0o600
    assert stat.S_IMODE(session.stat().st_mode) == 0o700
    assert Session(session).meta.imported
    # The exercise is that of the markers where none was given.
    assert Session(session).meta.exercise == "check"


def test_analyze_prints_and_keeps_the_summary(session: Path, kneegap: CommandLine) -> None:
    ran = kneegap("analyze", session)
    assert ran.status == 0, ran
    assert "check       relaxed" in ran.out
    assert (session / "results" / "gap.csv").exists()
    as_json = kneegap("analyze", session, "--json")
    summary = json.loads(as_json.out)
    assert summary == json.loads((session / "results" / "summary.json").read_text())
    assert summary["exercise"] == "check"
    assert summary["session"]["imported"]
    assert {"numpy", "vqf", "knee-gap-monitor"} <= set(summary["versions"])
    assert summary["parameters"]["holds"]
    assert {name for _, _, name in summary["postures"]} <= {"standing", "sitting", "lying", "walking"}


@pytest.mark.parametrize("live", [(), ("--live",)])
def test_export_writes_the_contracts_tables(
    session: Path, kneegap: CommandLine, tmp_path: Path, live: tuple[str, ...]
) -> None:
    ran = kneegap("export", session, "--to", tmp_path / "out" / "deep", *live)
    assert ran.status == 0, ran
    for name, header in HEADERS.items():
        with (tmp_path / "out" / "deep" / f"{name}.csv").open(newline="") as file:
            rows = list(csv.reader(file))
        assert ",".join(rows[0]) == header
        assert {len(row) for row in rows} == {len(rows[0])}
    times = np.loadtxt(tmp_path / "out" / "deep" / "gap.csv", delimiter=",", skiprows=1, usecols=0)
    assert np.diff(times).max() <= 0.0201
    assert json.loads((tmp_path / "out" / "deep" / "summary.json").read_text())["exercise"] == "check"


def test_export_twice_replaces_the_tables(session: Path, kneegap: CommandLine, tmp_path: Path) -> None:
    for _ in range(2):
        assert kneegap("export", session, "--to", tmp_path / "out").status == 0
    assert not list((tmp_path / "out").glob(".*"))


def test_tables_are_their_owners_alone(session: Path, kneegap: CommandLine, tmp_path: Path, person: Path) -> None:
    folder = tmp_path / "out" / "deep"
    assert kneegap("export", session, "--to", folder).status == 0
    (folder / "gap.csv").chmod(0o644)
    assert kneegap("export", session, "--to", folder).status == 0
    for made in (folder, folder.parent):
        assert stat.S_IMODE(made.stat().st_mode) == 0o700
    for file in (*folder.iterdir(), *person.iterdir()):
        assert stat.S_IMODE(file.stat().st_mode) == 0o600, file


def test_nothing_is_simulated_over_something(kneegap: CommandLine, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    for occupied in (tmp_path, tmp_path / "file"):
        assert "something already" in kneegap.fails("simulate", "--to", occupied)
    assert [p.name for p in tmp_path.iterdir()] == ["file"]
    assert (tmp_path / "file").read_text() == "mine"


def test_results_are_kept_though_nobody_reads_the_summary(
    session: Path, kneegap: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def closed(_: object) -> None:
        raise BrokenPipeError

    monkeypatch.setattr(typer, "echo", closed)
    assert kneegap("analyze", session, "--json").status == 1
    assert (session / "results" / "summary.json").exists()


def test_a_gap_that_cannot_be_told_is_said_to_be_unknown(session: Path, kneegap: CommandLine, tmp_path: Path) -> None:
    assert "gap         unknown" not in kneegap("analyze", session).out
    whole = parquet.read_table(session / "recording.parquet")
    parquet.write_table(whole.filter(compute.field("strap") != "right_thigh"), tmp_path / "left.parquet")
    assert kneegap("import", tmp_path / "left.parquet", "-o", tmp_path / "left").status == 0
    assert "gap         unknown: no samples of Right strap\n" in kneegap("analyze", tmp_path / "left").out


def test_the_summarys_labels_are_aligned(session: Path, kneegap: CommandLine) -> None:
    lines = kneegap("analyze", session).out.splitlines()
    assert any(line.startswith("drift") for line in lines)
    assert all(line[:12].rstrip().isalpha() and line[11] == " " and line[12] != " " for line in lines)


def test_a_session_is_found_by_its_id(kneegap: CommandLine, person: Path) -> None:
    store = Store()
    folder = store.sessions_folder / "mine"
    assert kneegap("import", person / "recording.parquet", "-o", folder).status == 0
    assert kneegap("analyze", "mine").status == 0
    assert [s.folder for s in store.sessions()] == [folder]


def test_a_recorded_session(kneegap: CommandLine) -> None:
    session = Store().create("clamp", datetime(2026, 3, 1, 7, 30), "0.1")
    writer = RecordingWriter(session.recording, {"id": session.folder.name, "exercise": "clamp"})
    for seed, placement in enumerate((Placement.LEFT_THIGH, Placement.RIGHT_THIGH)):
        writer.information(placement, 50.0, encode_info(INFO))
        for n in Stream(seed=seed).notifications(0, 300):
            writer.notification(placement, n.arrival_s, n.data)
    writer.close()
    assert session.folder.name == "2026-03-01_07-30-00_clamp"
    ran = kneegap("analyze", session.folder.name, "--json")
    assert ran.status == 0, ran
    assert json.loads(ran.out)["straps"]["left_thigh"]["link"]["corrupt"] == 0
    cut = session.recording.read_bytes()[:-5000]
    session.recording.write_bytes(cut)
    assert kneegap("analyze", session.recording).status == 0


def test_two_sessions_begun_in_one_second(kneegap: CommandLine) -> None:
    del kneegap
    now = datetime(2026, 3, 1, 7, 30)
    first, second = Store().create(None, now, "0.1"), Store().create(None, now, "0.1")
    assert first.folder != second.folder
    assert stat.S_IMODE(first.folder.stat().st_mode) == 0o700


def test_the_installed_command(person: Path, tmp_path: Path) -> None:
    command = Path(sys.executable).with_name("kneegap")
    done = subprocess.run(
        [command, "import", person / "recording.parquet", "-o", tmp_path / "s"], capture_output=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, b"")
    failed = subprocess.run([command, "analyze", tmp_path / "none"], capture_output=True, check=False)
    assert failed.returncode == 1
    assert failed.stderr.count(b"\n") == 1


BAD_TABLES = {
    "lacks strap": without("strap"),
    "lacks a time": without("arrival_s", "device_s"),
    "lacks a gyroscope axis": without("gyr_x_rad_s"),
    "not numbers": columns() | {"flex": ["x"] * len(columns()["strap"])},  # pyright: ignore[reportArgumentType]
    "unknown placement": columns() | {"strap": ["nose"] * len(columns()["strap"])},  # pyright: ignore[reportArgumentType]
    "zero length": {name: values[:0] for name, values in columns().items()},  # pyright: ignore[reportIndexIssue]
}


@pytest.mark.parametrize("what", BAD_TABLES)
@pytest.mark.parametrize("suffix", [".parquet", ".csv"])
def test_a_bad_table_makes_no_session(kneegap: CommandLine, tmp_path: Path, what: str, suffix: str) -> None:
    kneegap.fails("import", written(tmp_path, BAD_TABLES[what], suffix), "-o", tmp_path / "s")
    assert sorted(p.name for p in tmp_path.iterdir()) == [f"table{suffix}"]


@pytest.mark.parametrize(
    ("option", "text", "words"),
    [
        ("--markers", "label,start_s,end_s,value\ntouch,0.2,0.1,\n", "before it starts"),
        ("--markers", "label,start_s,end_s,value\ntouch,100,110,\n", "outside the session"),
        ("--wearer", "femur_mm = 9999\n", "people have"),
        ("--wearer", "femur = 430\n", "unknown setting 'femur'"),
    ],
)
def test_a_bad_file_beside_the_table_makes_no_session(
    kneegap: CommandLine, tmp_path: Path, option: str, text: str, words: str
) -> None:
    (tmp_path / "file").write_text(text)
    said = kneegap.fails("import", written(tmp_path, columns()), option, tmp_path / "file", "-o", tmp_path / "s")
    assert words in said
    assert not (tmp_path / "s").exists()


def test_files_that_are_not_there(kneegap: CommandLine, tmp_path: Path) -> None:
    table = written(tmp_path, columns())
    assert "No such file" in kneegap.fails("import", tmp_path / "none.csv", "-o", tmp_path / "s")
    assert "No such file" in kneegap.fails("import", table, "--markers", tmp_path / "n.csv", "-o", tmp_path / "s")
    assert "No such file" in kneegap.fails("import", table, "--wearer", tmp_path / "n.toml", "-o", tmp_path / "s")


def test_nothing_is_imported_over_something(kneegap: CommandLine, session: Path, tmp_path: Path) -> None:
    table = written(tmp_path, columns())
    assert "something already" in kneegap.fails("import", table, "-o", session)
    assert "something already" in kneegap.fails("import", table, "-o", table)
    (tmp_path / "empty").mkdir()
    assert kneegap("import", table, "-o", tmp_path / "empty").status == 0


def test_a_folder_that_cannot_be_made(kneegap: CommandLine, tmp_path: Path) -> None:
    table = written(tmp_path, columns())
    assert "cannot write here" in kneegap.fails("import", table, "-o", table / "below" / "a_file")


def test_an_export_folder_that_cannot_be_made(kneegap: CommandLine, session: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    assert "cannot write here" in kneegap.fails("export", session, "--to", tmp_path / "file" / "out")


def test_results_that_cannot_be_kept_are_printed_all_the_same(kneegap: CommandLine, session: Path) -> None:
    (session / "results").write_text("in the way")
    ran = kneegap("analyze", session)
    assert ran.status == 1
    assert "exercise    Check" in ran.out
    assert "cannot write here" in ran.err


@pytest.mark.parametrize("command", [("analyze",), ("export", "--to", "out")])
def test_a_session_that_is_none(kneegap: CommandLine, tmp_path: Path, command: tuple[str, ...]) -> None:
    (tmp_path / "empty").mkdir()
    for name in (tmp_path / "none", tmp_path / "empty", "2026-01-01_00-00-00", "../../etc", ""):
        assert "no such session" in kneegap.fails(command[0], name, *command[1:])


@pytest.mark.parametrize("content", [b"", b"what is this", bytes(1000)])
def test_a_foreign_recording(kneegap: CommandLine, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "recording.mcap").write_bytes(content)
    assert "not a recording of this program" in kneegap.fails("analyze", tmp_path)


def test_a_recording_without_samples(kneegap: CommandLine, tmp_path: Path) -> None:
    RecordingWriter(tmp_path / "recording.mcap", {"id": "s"}).close()
    assert "no samples" in kneegap.fails("analyze", tmp_path)


def test_a_session_whose_table_was_cut(kneegap: CommandLine, session: Path) -> None:
    table = session / "recording.parquet"
    os.truncate(table, table.stat().st_size // 2)
    assert "cannot read this as a table" in kneegap.fails("analyze", session)


def test_a_session_without_its_metadata_still_opens(kneegap: CommandLine, session: Path) -> None:
    (session / "session.toml").write_text("= half copied")
    assert kneegap("analyze", session).status == 0


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("frobnicate",),
        ("import",),
        ("import", "t.csv"),
        ("import", "t.csv", "-o", "s", "--exercise", "sprint"),
        ("analyze",),
        ("analyze", "s", "--frob"),
        ("export", "s"),
        ("live", "--sim", "--spacer-mm", "19"),
        ("live", "--sim", "--spacer-mm", "301"),
        ("live", "--sim", "--spacer-mm", "nan"),
        ("live", "--sim", "--exercise", ""),
    ],
)
def test_bad_usage(kneegap: CommandLine, words: tuple[str, ...]) -> None:
    ran = kneegap(*words)
    assert ran.status == 2
    assert "Traceback" not in ran.err


def test_a_fault_of_the_program_is_one_line_too(
    kneegap: CommandLine, session: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("oh\nno")

    monkeypatch.setattr("monitor.results.analyzed.analyze", broken)
    ran = kneegap("analyze", session)
    assert ran.status == 1
    assert ran.err.count("\n") == 1
    assert "a fault of this program (ZeroDivisionError: oh no)" in ran.err


def test_a_real_person_does_no_hold(kneegap: CommandLine, shared_data: Path, tmp_path: Path) -> None:
    folder = shared_data / "real_person"
    files = ("--markers", folder / "markers.csv", "--wearer", folder / "wearer.toml")
    assert kneegap("import", folder / "recording.parquet", *files, "-o", tmp_path / "s").status == 0
    summary = json.loads(kneegap("analyze", tmp_path / "s", "--json").out)
    assert summary["holds"]["count"] == 0
    assert len(summary["straps"]) == 7
