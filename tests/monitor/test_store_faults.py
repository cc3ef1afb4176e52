"""Whatever is killed or meets a full disk, at any moment of its work, loses no session and leaves none half."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
# How many moments there are at least: fewer would mean that they are not seen any more.
KILLED = {
    "save": 40,
    "reanalyze": 40,
    "migrate": 10,
    "seal": 5,
    "delete": 10,
    "export": 40,
    "note": 5,
    "tape": 5,
    "import": 5,
}
FULL = {"save": 40, "migrate": 10, "seal": 5, "delete": 10, "tape": 5}


def moments(how: str, work: str, folder: Path) -> int:
    words = [sys.executable, "-m", "tests.monitor.kill_store", how, work, str(folder)]
    alone = {**os.environ, "OPENBLAS_NUM_THREADS": "1"}
    ended = subprocess.run(words, cwd=ROOT, env=alone, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
    return int(ended.stdout)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="kills copies of a process, which this system cannot make")
@pytest.mark.parametrize("work", KILLED)
def test_killed_at_every_moment(work: str, tmp_path: Path) -> None:
    assert moments("kill", work, tmp_path) >= KILLED[work]


@pytest.mark.parametrize("work", FULL)
def test_the_disk_is_full_from_every_moment_on(work: str, tmp_path: Path) -> None:
    assert moments("full", work, tmp_path) >= FULL[work]
