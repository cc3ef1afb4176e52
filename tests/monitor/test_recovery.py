"""What older programs and crashes left is put right at the next start, and nothing of it is lost."""

import json
import random
import shutil
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from mcap.reader import make_reader

from monitor.history.totals import history
from monitor.store import FORMAT, HOME_VARIABLE, RECORDING, Session, Store
from monitor.store.entry import State
from monitor.store.folder_entry import is_sealed
from monitor.store.index import indexed
from monitor.store.notes import set_note
from monitor.store.sealing import seal
from monitor.store.session import NewerSession
from monitor.store.wearers import Wearers
from sensor.recordings.raw_recording import read_raw
from sensor.recordings.recording import RecordingWriter
from sensor.wearer import Wearer
from tests.monitor.command_line import CommandLine
from tests.monitor.stores import FROZEN_ID, frozen_home

NOON = datetime(2026, 3, 20, 12, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return frozen_home(tmp_path / "home", 1)


@pytest.fixture
def session(store: Store) -> Session:
    return Session(store.sessions_folder / FROZEN_ID)


@pytest.fixture
def kneegap(store: Store, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> CommandLine:
    monkeypatch.setenv(HOME_VARIABLE, str(store.home))
    return CommandLine(monkeypatch, capsys)


def cut(session: Session, share: float) -> None:
    """As a crash leaves it: no end, no results, no report."""
    content = session.recording.read_bytes()
    session.recording.write_bytes(content[: int(len(content) * share)])
    shutil.rmtree(session.results)
    (session.folder / "report.html").unlink()


def test_a_session_of_format_1_opens_as_it_was(store: Store, session: Session, kneegap: CommandLine) -> None:
    recorded = session.recording.read_bytes()
    old = json.loads((session.results / "summary.json").read_text(encoding="utf-8"))
    assert session.meta.format == 1
    shown = kneegap("history").out
    assert "History of Zoë 王" in shown
    assert "relaxed 39 ± 8 mm, squeezed 27 ± 8 mm" in shown
    assert session.recording.read_bytes() == recorded
    meta = session.meta
    assert (meta.format, meta.exercise, meta.started) == (FORMAT, "check", "2026-03-28T23:55:12+01:00")
    wearer = Wearers(store.home).find("Zoë 王")
    assert meta.wearer == wearer.id
    assert Wearers(store.home).last() == wearer
    assert not (store.home / "wearer.toml").exists()
    now = json.loads(kneegap("analyze", FROZEN_ID, "--json").out)
    assert now["session"]["started"] == old["session"]["started"]
    assert [row["time_s"] for row in now["check"]] == pytest.approx([row["time_s"] for row in old["check"]], abs=0.5)
    # The frozen session is the truth of its time: later analyses may be better, but see the same knees.
    for row, before in zip(now["check"], old["check"], strict=True):
        assert abs(row["relaxed_mm"] - before["relaxed_mm"]) <= 2 * before["relaxed_sd_mm"]
    assert kneegap("report", FROZEN_ID, "-o", store.home / "r.html").status == 0


def test_sizes_of_others_make_other_wearers(store: Store, session: Session) -> None:
    sizes = store.home / "wearer.toml"
    sizes.write_text('femur_mm = 410\nname = "Kim"\n', encoding="utf-8")
    from monitor.store.recovery import recovered

    recovered(store)
    wearers = Wearers(store.home)
    assert [w.name for w in wearers.known()] == ["Kim", "Zoë 王"]
    assert session.meta.wearer == wearers.find("Zoë 王").id
    last = wearers.last()
    assert last is not None
    assert last.name == "Kim"


def test_a_session_of_a_newer_program_is_shown_and_never_written_over(store: Store, session: Session) -> None:
    path = session.folder / "session.toml"
    text = path.read_text(encoding="utf-8").replace("format = 1", 'format = 99\nmood = "good"')
    path.write_text(text, encoding="utf-8")
    with pytest.raises(NewerSession, match="update this program"):
        session.write_meta(replace(session.meta, wearer="w1"))
    assert len(history(store).entries) == 1
    assert path.read_text(encoding="utf-8") == text


def test_a_session_that_a_crash_broke_off_is_finished(store: Store, session: Session, kneegap: CommandLine) -> None:
    cut(session, 0.7)
    before = session.read()
    assert indexed(store).entries[0].state is State.UNFINISHED
    ran = kneegap("history")
    assert "1 session was broken off: finishing it." in ran.err
    assert "relaxed" in ran.out
    assert is_sealed(session.recording)
    assert (session.folder / "report.html").exists()
    after = session.read()
    assert {p: len(b) for p, b in after.straps.items()} == {p: len(b) for p, b in before.straps.items()}
    with session.recording.open("rb") as file:
        assert sum(1 for _ in make_reader(file).iter_messages()) > 1000
    assert "broken off" not in kneegap("history").err


def test_sealing_loses_nothing_wherever_the_end_was_cut_off(session: Session) -> None:
    content = session.recording.read_bytes()
    chance = random.Random(5)
    for length in [len(content), *(chance.randrange(400, len(content)) for _ in range(25))]:
        session.recording.write_bytes(content[:length])
        before = read_raw(session.recording)
        assert seal(session.recording)
        after = read_raw(session.recording)
        assert after.sealed
        assert (after.straps, after.markers, after.events) == (before.straps, before.markers, before.events)


def test_what_is_damaged_in_its_middle_is_not_cut_off_there(session: Session) -> None:
    content = session.recording.read_bytes()
    for share in (0.0, 0.1, 0.5):
        at = 8
        while at < share * len(content):
            at += 9 + int.from_bytes(content[at + 1 : at + 9], "little")
        damaged = content[: at + 1] + bytes([255] * 8) + content[at + 9 : -8]
        session.recording.write_bytes(damaged)
        assert not seal(session.recording)
        assert session.recording.read_bytes() == damaged


@pytest.mark.parametrize("content", [b"", b"\x89MCAP0\r\n", b"nothing of ours", None])
def test_a_recording_of_no_samples_is_told_once(
    store: Store, session: Session, kneegap: CommandLine, content: bytes | None
) -> None:
    empty = store.create("clamp", NOON, "test")
    if content is None:
        RecordingWriter(empty.folder / RECORDING, {"id": empty.folder.name}).close()
    else:
        (empty.folder / RECORDING).write_bytes(content)
    assert "broken off" in kneegap("history").err
    again = kneegap("history")
    assert "broken off" not in again.err
    assert again.status == 0
    line = next(line for line in again.out.splitlines() if line.startswith(empty.folder.name))
    assert ("no samples came" if content in (b"", None) else "cannot be read") in line
    assert (empty.folder / RECORDING).exists()
    assert len(history(store).days) == 2
    assert session.folder.exists()


def test_what_changed_is_shown_and_a_run_goes_on_where_it_stopped(
    store: Store, session: Session, kneegap: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("a", "b"):
        other = store.sessions_folder / name
        shutil.copytree(session.folder, other)
        path = other / "session.toml"
        path.write_text(path.read_text(encoding="utf-8").replace(FROZEN_ID, name), encoding="utf-8")
    summary = session.results / "summary.json"
    summary.write_text(summary.read_text(encoding="utf-8").replace('"count": 0', '"count": 7'), encoding="utf-8")
    set_note(session, "kept")
    from monitor.results import reanalysis

    real, calls = reanalysis.analyzed_session, 0

    def interrupted(*args: object) -> object:
        nonlocal calls
        calls += 1
        if calls == 3:
            raise KeyboardInterrupt
        return real(*args)  # pyright: ignore[reportArgumentType]

    monkeypatch.setattr(reanalysis, "analyzed_session", interrupted)
    assert kneegap("history", "--reanalyze").status == 130
    first = kneegap("history", "--reanalyze").out
    assert "1 of 3 sessions analyzed again" in first
    assert "0 of 3 sessions analyzed again, 0 with other figures." in kneegap("history", "--reanalyze").out
    assert "#" not in first.splitlines()[0]
    assert "“kept”" in first


def test_changes_of_figures_are_named(session: Session, kneegap: CommandLine) -> None:
    summary = session.results / "summary.json"
    found = json.loads(summary.read_text(encoding="utf-8"))
    found["holds"]["count"] = 7
    for row in found["check"]:
        row["relaxed_mm"] = 80.0
    summary.write_text(json.dumps(found), encoding="utf-8")
    line = kneegap("history", "--reanalyze").out.splitlines()[0]
    assert line.startswith(FROZEN_ID)
    assert "holds: 7 → " in line
    assert "relaxed gap: 80 ± " in line


def test_a_fault_of_the_analysis_locks_nobody_out(
    store: Store, session: Session, kneegap: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    cut(session, 0.7)

    def fault(*args: object) -> object:
        raise ZeroDivisionError(len(args))

    monkeypatch.setattr("monitor.results.reanalysis.analyzed_session", fault)
    ran = kneegap("history")
    assert ran.status == 0
    assert "by a fault of this program (ZeroDivisionError: 2)" in ran.err
    assert "cannot be read" in ran.out
    assert not kneegap("history").err
    monkeypatch.undo()
    monkeypatch.setenv(HOME_VARIABLE, str(store.home))
    assert kneegap("analyze", FROZEN_ID).status == 0
    assert "squeezed 2" in kneegap("history").out


def test_deleting_leaves_nothing(store: Store, session: Session, kneegap: CommandLine) -> None:
    kneegap("note", FROZEN_ID, "--text", "secret words", "--tag", "hush")
    kneegap("history")
    (store.home / "index.sqlite.set_aside").write_bytes((store.home / "index.sqlite").read_bytes())
    assert "add --yes" in kneegap.fails("delete", FROZEN_ID)
    assert session.folder.exists()
    assert kneegap("delete", FROZEN_ID, "--yes").status == 0
    left = [path for path in store.home.rglob("*") if path.is_file()]
    assert sorted(path.name for path in left) == ["index.sqlite", "last", "wearer.toml"]
    for path in left:
        content = path.read_bytes()
        assert b"secret words" not in content
        assert FROZEN_ID.encode() not in content
    assert "no such session" in kneegap.fails("delete", FROZEN_ID, "--yes")


@pytest.mark.parametrize("name", ["..", ".", "../sessions", "/", "", ".hidden"])
def test_nothing_but_a_session_is_deleted(store: Store, kneegap: CommandLine, name: str) -> None:
    (store.sessions_folder / ".hidden").mkdir()
    assert kneegap("delete", "--yes", name).status != 0
    assert (store.sessions_folder / FROZEN_ID / RECORDING).exists()


def test_a_wearer_goes_with_everything(store: Store, session: Session, kneegap: CommandLine) -> None:
    kneegap("history")
    kneegap("measure", "--gap", 38)
    other = Wearers(store.home).add(Wearer(0.4, name="Kim"))
    kept = store.create("walk", NOON, "test", wearer=other.id)
    (kept.folder / RECORDING).write_bytes(b"")
    assert "deleted Zoë 王 and 1 sessions" in kneegap("delete", "--wearer", "Zoë 王", "--yes").out
    assert not session.folder.exists()
    assert Wearers(store.home).known() == (other,)
    assert kept.folder.exists()
    names = b"".join(path.read_bytes() for path in store.home.rglob("*") if path.is_file())
    assert "Zoë 王".encode() not in names


def test_notes_and_tags_are_kept_and_shown(session: Session, kneegap: CommandLine) -> None:
    kneegap("note", FROZEN_ID, "--text", "left knee hurt a little", "--tag", "evening", "--tag", "pain")
    assert "“left knee hurt a little” #evening #pain" in " ".join(kneegap("history").out.split())
    assert kneegap("note", FROZEN_ID, "--untag", "pain").out == f"{FROZEN_ID}  left knee hurt a little #evening\n"
    kneegap("note", FROZEN_ID, "--text", "", "--untag", "evening")
    assert not (session.folder / "notes.toml").exists()
    (session.folder / "notes.toml").write_text("text = 'mine\n", encoding="utf-8")
    assert "correct that line" in kneegap.fails("note", FROZEN_ID, "--text", "other")
