"""Files and folders are whole or absent, also where several write them at once."""

import os
import stat
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from monitor.owner_files import put_back, whole_folder, write_text
from sensor.errors import NotWritable


def test_of_many_writers_one_stays_whole(tmp_path: Path) -> None:
    def write(number: int) -> None:
        for _ in range(20):
            with whole_folder(tmp_path / "results") as folder:
                for name in ("a", "b", "c"):
                    write_text(folder / name, str(number))
            write_text(tmp_path / "file", str(number) * 10_000)

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(write, range(4)))
    assert len({path.read_text() for path in (tmp_path / "results").iterdir()}) == 1
    assert sorted(path.name for path in (tmp_path / "results").iterdir()) == ["a", "b", "c"]
    assert len(set((tmp_path / "file").read_text())) == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "results"]


def test_what_breaks_off_leaves_the_old(tmp_path: Path) -> None:
    with whole_folder(tmp_path / "results") as folder:
        write_text(folder / "a", "old")
    with pytest.raises(NotWritable), whole_folder(tmp_path / "results") as folder:
        write_text(folder / "no folder" / "a", "new")
    assert (tmp_path / "results" / "a").read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["results"]


def test_a_folder_replaces_no_file(tmp_path: Path) -> None:
    (tmp_path / "results").write_text("mine")
    with pytest.raises(NotWritable, match="results"), whole_folder(tmp_path / "results"):
        pass
    assert (tmp_path / "results").read_text() == "mine"


def test_what_a_killed_process_left_is_ended_and_what_goes_on_is_not(tmp_path: Path) -> None:
    for name in (".results.abc.part", ".results.abc.replaced", ".other.abc.part"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "inside").write_text(name)
    put_back(tmp_path)
    assert (tmp_path / "results" / "inside").read_text() == ".results.abc.replaced"
    assert (tmp_path / ".other.abc.part").exists()
    time_ago = time.time() - 7200
    for path in tmp_path.glob(".*"):
        os.utime(path, (time_ago, time_ago))
    put_back(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["results"]


def test_only_the_owner_reads(tmp_path: Path) -> None:
    with whole_folder(tmp_path / "new" / "results") as folder:
        write_text(folder / "a", "mine")
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "new").rglob("*")}
    assert modes == {"results": 0o700, "a": 0o600}
