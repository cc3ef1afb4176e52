"""Whatever is killed or meets a full disk, at any moment of its work, loses no session and leaves none half."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
# How many moments there are at least: fewer would mean that they are not seen any more.
KILLED = (
    {"save": 40},
    {"reanalyze": 40},
    {"export": 40, "import": 5},
    {"migrate": 10, "seal": 5, "delete": 10, "note": 5, "tape": 5},
)
FULL = {"save": 40, "migrate": 10, "seal": 5, "delete": 10, "tape": 5}


def moments(how: str, works: Mapping[str, int], folder: Path) -> dict[str, int]:
    words = [sys.executable, "-m", "tests.monitor.kill_store", how, str(folder), *works]
    alone = {**os.environ, "OPENBLAS_NUM_THREADS": "1"}
    ended = subprocess.run(words, cwd=ROOT, env=alone, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
    return {work: int(count) for work, count in (line.split() for line in ended.stdout.splitlines())}


@pytest.mark.skipif(not hasattr(os, "fork"), reason="kills copies of a process, which this system cannot make")
@pytest.mark.parametrize("works", KILLED, ids=lambda works: "-".join(works))
def test_killed_at_every_moment(works: Mapping[str, int], tmp_path: Path) -> None:
    found = moments("kill", works, tmp_path)
    assert {work: count >= works[work] for work, count in found.items()} == dict.fromkeys(works, True)


def test_the_disk_is_full_from_every_moment_on(tmp_path: Path) -> None:
    found = moments("full", FULL, tmp_path)
    assert {work: count >= FULL[work] for work, count in found.items()} == dict.fromkeys(FULL, True)
