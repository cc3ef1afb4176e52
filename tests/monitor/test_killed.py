"""`kill -9` at any moment of a session: what came until half a second before is there, and can be used."""

import json
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from monitor.store import HOME_VARIABLE
from sensor.recordings.raw_recording import read_raw
from sensor.samples import THIGHS
from tests.monitor.command_line import CommandLine

ROOT = Path(__file__).parents[2]
PROGRAM = textwrap.dedent("""
    import asyncio, os, signal, sys
    from pathlib import Path
    from firmware_sim.air.radio import SimulatedAir
    from tests.monitor.guided_sessions import lead

    async def kill(air: SimulatedAir) -> None:
        await asyncio.sleep(float(sys.argv[2]))
        print(asyncio.get_running_loop().time(), flush=True)
        os.kill(os.getpid(), signal.SIGKILL)

    lead(Path(sys.argv[1]), "demo", kill)
""")


@pytest.mark.parametrize("moment_s", [20.83, 52.07])
def test_killed(
    moment_s: float, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    words = [sys.executable, "-c", PROGRAM, str(tmp_path), str(moment_s)]
    ended = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)
    assert ended.returncode == -signal.SIGKILL, ended.stderr
    killed_s = float(ended.stdout)
    raw = read_raw(tmp_path / "recording.mcap")
    assert not raw.sealed
    assert raw.damaged == 0
    for placement in THIGHS:
        assert killed_s - raw.straps[placement].stream[-1].arrival_s <= 0.5
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path / "home"))
    kneegap = CommandLine(monkeypatch, capsys)
    assert set(json.loads(kneegap("analyze", tmp_path, "--json").out)["straps"]) == set(THIGHS)
    assert kneegap("report", tmp_path, "-o", tmp_path / "report.html").status == 0
    assert kneegap("export", tmp_path, "--to", tmp_path / "tables").status == 0
