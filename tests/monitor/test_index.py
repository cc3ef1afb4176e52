"""The index says what the folders say: damaged, newer, locked away or not writable, for two processes at once."""

import errno
import json
import multiprocessing
import os
import random
import sqlite3
import stat
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitor.history.totals import history
from monitor.store import RECORDING, Session, Store
from monitor.store.entry import Entry, State
from monitor.store.index import FILE, Indexed, indexed, rebuild
from monitor.store.notes import set_note, set_tags
from monitor.store.recovery import recovered
from tests.monitor.faults import Counter, counted, refusal
from tests.monitor.stores import check, clamp, stored

_KEYS = st.sampled_from(
    [
        "holds",
        "count",
        "net_s",
        "repetitions",
        "clamp",
        "both",
        "ok",
        "check",
        "relaxed_mm",
        "relaxed_sd_mm",
        "length_s",
    ]
)
START = datetime(2026, 3, 1, 9, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    store = Store(tmp_path / "home")
    for i in range(6):
        stored(store, START + timedelta(days=i), "clamp", clamp(300 + i))
    session = stored(store, START + timedelta(days=6), "check", check(40, 20))
    set_note(session, "“Zoë”, 'über' \\ 王\nsecond line")
    set_tags(session, ("after knees_in", "b", "b", " "))
    return store


def plain(found: Indexed) -> tuple[Entry, ...]:
    return found.entries


def test_the_index_says_what_the_folders_say(store: Store) -> None:
    first = indexed(store)
    assert [e.figures.net_s for e in first.entries[:6]] == [300, 301, 302, 303, 304, 305]
    last = first.entries[-1]
    assert last.note == "“Zoë”, 'über' \\ 王\nsecond line"
    assert last.tags == ("after knees_in", "b")
    assert last.relaxed is not None
    assert last.relaxed.value_mm == 40
    assert indexed(store) == first
    assert rebuild(store) == first


def test_it_follows_what_is_written_renamed_copied_and_deleted_by_hand(store: Store) -> None:
    first = indexed(store).entries
    folder = store.sessions_folder / first[0].id
    folder.rename(folder.with_name("the very first"))
    (store.sessions_folder / first[1].id).rename(store.home / "elsewhere")
    copied = store.sessions_folder / (first[2].id + " (copy)")
    copied.mkdir()
    for name in ("session.toml", RECORDING):
        (copied / name).write_bytes((store.sessions_folder / first[2].id / name).read_bytes())
    now = {e.id: e for e in indexed(store).entries}
    assert now["the very first"].day == first[0].day
    assert first[1].id not in now
    assert now[copied.name].state is State.COPY
    assert now[first[2].id].state is State.ANALYZED
    assert history(store).days[START.date() + timedelta(days=2)].sessions == 1


def test_a_half_copied_folder_is_told_and_what_it_has_is_used(store: Store) -> None:
    ids = [e.id for e in indexed(store).entries]
    (store.sessions_folder / ids[0] / RECORDING).unlink()
    (store.sessions_folder / ids[1] / "session.toml").unlink()
    empty = store.sessions_folder / "copied in part"
    empty.mkdir()
    (empty / "session.toml").write_text('id = "x"\n', encoding="utf-8")
    found = recovered(store)
    by_id = {e.id: e for e in found.entries}
    assert by_id[ids[0]].state is State.NO_RECORDING
    assert by_id[ids[0]].figures.net_s == 300
    assert by_id[ids[1]].figures.net_s == 301
    assert found.dead == ("copied in part",)
    assert empty.is_dir()
    assert any("Nothing is left in copied in part" in notice for notice in history(store).notices)


@pytest.mark.parametrize("seed", range(6))
def test_a_damaged_index_is_set_aside_and_made_again(store: Store, seed: int) -> None:
    first = indexed(store)
    chance = random.Random(seed)
    path = store.home / FILE
    content = bytearray(path.read_bytes())
    if seed % 2:
        del content[chance.randrange(len(content)) :]
        content += chance.randbytes(700)
    for _ in range(3000):
        content[chance.randrange(len(content))] = chance.randrange(256)
    path.write_bytes(content)
    found = indexed(store)
    assert found.entries == first.entries
    assert ["damaged" in notice for notice in found.notices] == [True]
    assert indexed(store) == first


def test_an_index_of_a_newer_program_is_set_aside(store: Store) -> None:
    first = indexed(store)
    with sqlite3.connect(store.home / FILE) as index:
        index.execute("PRAGMA user_version = 99")
    index.close()
    found = indexed(store)
    assert found.entries == first.entries
    assert "another version" in found.notices[0]
    assert (store.home / f"{FILE}.set_aside").exists()


def test_what_older_code_read_is_read_again(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = indexed(store).entries
    with sqlite3.connect(store.home / FILE) as index:
        index.execute("UPDATE sessions SET net_s = 1")
    index.close()
    assert indexed(store).entries[0].figures.net_s == 1
    monkeypatch.setattr("monitor.store.folder_stamps.reader_code", lambda: "another")
    assert indexed(store).entries == wanted


@pytest.mark.parametrize("table", ["sessions", "checks", "tags"])
def test_an_index_without_a_table_is_made_again(store: Store, table: str) -> None:
    first = indexed(store)
    with sqlite3.connect(store.home / FILE) as index:
        index.execute(f"DROP TABLE {table}")
    index.close()
    assert indexed(store).entries == first.entries


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EROFS, errno.EACCES])
def test_a_disk_that_takes_nothing_shows_the_history_all_the_same(store: Store, code: int) -> None:
    wanted = indexed(store).entries
    (store.home / FILE).unlink()
    with counted(Counter(1, refusal(code))):
        found = recovered(store)
    assert found.entries == wanted
    assert any("cannot be kept" in notice for notice in found.notices)


def test_all_is_readable_by_the_owner_alone(store: Store) -> None:
    indexed(store)
    for path in store.home.rglob("*"):
        if path.name in ("summary.json", "results", RECORDING):
            continue  # made by this test
        assert stat.S_IMODE(path.stat().st_mode) in (0o600, 0o700), path


def test_days_belong_to_the_zone_in_which_they_were(tmp_path: Path) -> None:
    store = Store(tmp_path)
    # In Berlin the clock goes from 2:00 to 3:00 on 29 March 2026, and back on 25 October.
    for text in ("2026-03-28T23:59:59+01:00", "2026-03-29T03:00:00+02:00", "2026-03-29T23:30:00+02:00"):
        stored(store, datetime.fromisoformat(text), "clamp", clamp(60))
    for text in ("2026-10-25T02:30:00+02:00", "2026-10-25T02:30:00+01:00"):
        stored(store, datetime.fromisoformat(text), "clamp", clamp(60))
    # West over the date line, on a flight: the later session has the earlier date.
    for text in ("2026-11-02T08:00:00+13:00", "2026-11-01T20:00:00-10:00"):
        stored(store, datetime.fromisoformat(text), "clamp", clamp(60))
    found = history(store)
    assert [f"{day:%m-%d} {found.days[day].sessions}" for day in found.days] == [
        "03-28 1",
        "03-29 2",
        "10-25 2",
        "11-01 1",
        "11-02 1",
    ]
    started = [e.started for e in found.entries if e.started]
    assert started == sorted(started)
    assert [e.day for e in found.entries][-1] == datetime(2026, 11, 1).date()


def test_a_start_that_makes_no_sense_costs_nothing(store: Store) -> None:
    session = stored(store, START, "walk", clamp(60))
    for text in ("yesterday", "", "2026-02-30T10:00:00+01:00", "0001-01-01T00:00:00+14:00"):
        session.write_meta(replace(session.meta, started=text))
        assert session.folder.name in [e.id for e in history(store).entries]


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_KEYS, inner, max_size=5),
    max_leaves=15,
)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(summary=_json, meta=st.text(max_size=60), note=st.text(max_size=60))
def test_whatever_the_files_say_the_session_is_listed(store: Store, summary: object, meta: str, note: str) -> None:
    session = store.sessions()[0]
    (session.results / "summary.json").write_text(json.dumps(summary), encoding="utf-8")
    started = f'id = "x"\nformat = 2\nstarted = "2026-03-01T09:00:00+00:00"\n{meta}'
    (session.folder / "session.toml").write_bytes(started.encode(errors="replace"))
    (session.folder / "notes.toml").write_bytes(f"text = '{note}'".encode(errors="replace"))
    assert session.folder.name in [e.id for e in history(store).entries]


@pytest.mark.skipif(sys.platform != "linux", reason="other systems refuse such a name")
def test_a_folder_whose_name_is_no_text_is_told(store: Store) -> None:
    folder = store.sessions_folder / store.sessions()[0].folder.name
    os.rename(os.fsencode(folder), os.fsencode(store.sessions_folder) + b"/caf\xe9")  # noqa: PTH104 - bytes
    found = history(store)
    assert len(found.entries) == 6
    assert any("rename them" in notice for notice in found.notices)


_REBUILDING = """
import sys
from pathlib import Path
from monitor.store import Store
from monitor.store.index import rebuild
while True:
    rebuild(Store(Path(sys.argv[1])))
    print(flush=True)
"""


def test_an_index_whose_writer_is_killed_is_whole_again(store: Store) -> None:
    wanted = indexed(store).entries
    chance = random.Random(3)
    for _ in range(3):
        words = [sys.executable, "-c", _REBUILDING, str(store.home)]
        with subprocess.Popen(words, stdout=subprocess.PIPE) as rebuilding:
            assert rebuilding.stdout
            for _ in range(chance.randrange(1, 40)):
                rebuilding.stdout.read(1)
            rebuilding.kill()
        assert indexed(store).entries == wanted


def _read_often(home: Path, times: int, told: "multiprocessing.SimpleQueue[str]") -> None:
    chance = random.Random(times)
    for _ in range(times):
        store = Store(home)
        if chance.random() < 0.3:
            rebuild(store)
        if chance.random() < 0.3:
            (home / FILE).write_bytes(b"no database" * 500)
        if chance.random() < 0.5:
            stored(store, START, "walk", clamp(1))
        found = indexed(store)
        numbers = [e.figures.net_s for e in found.entries if e.exercise == "clamp"]
        told.put("" if numbers == [300, 301, 302, 303, 304, 305] else f"{numbers} {found.notices}")


@pytest.mark.skipif(sys.platform == "win32", reason="nobody can write over a file that is open there")
def test_two_processes_at_once(store: Store) -> None:
    spawn = multiprocessing.get_context("spawn")
    told: multiprocessing.SimpleQueue[str] = spawn.SimpleQueue()
    both = [spawn.Process(target=_read_often, args=(store.home, times, told)) for times in (25, 26)]
    for process in both:
        process.start()
    answers = [told.get() for _ in range(51)]
    for process in both:
        process.join()
    assert [process.exitcode for process in both] == [0, 0]
    assert answers == [""] * 51


def test_a_session_being_recorded_is_left_alone(store: Store) -> None:
    from monitor.store.locks import busy, is_busy
    from monitor.store.recovery import broken_off

    session = stored(store, START, "walk", None, recording=b"\x89MCAP0\r\n\x01")
    with busy(session.folder):
        assert is_busy(session.folder)
        assert not broken_off(store, indexed(store))
    assert broken_off(store, indexed(store)) == (Session(session.folder),)
    assert not list(store.sessions_folder.glob("*.lock"))
