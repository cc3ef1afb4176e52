"""A thousand stored sessions: how long the index, the history and the report of a period take, and how that grows."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter

from monitor.store import HOME_VARIABLE, RECORDING, Session, Store
from monitor.store.folder_entry import MCAP_END
from monitor.store.index import rebuild
from monitor.store.wearers import Wearers
from sensor.wearer import Wearer

SESSIONS = 1000
FEWER = 250
RUNS = 3
FIRST = datetime(2024, 1, 1, 7, tzinfo=UTC)
_PEAK = """
import pathlib, sys
from monitor.cli import main
sys.argv = ["kneegap", *sys.argv[1:]]
try:
    sys.exit(main())
finally:
    lines = pathlib.Path("/proc/self/status").read_text().splitlines()
    print(next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM")), file=sys.stderr)
"""


def store_figures() -> dict[str, float]:
    """Seconds and megabytes with a thousand sessions, and the time over that of a quarter of them."""
    with tempfile.TemporaryDirectory() as few, tempfile.TemporaryDirectory() as many:
        make_store(Path(few), FEWER)
        make_store(Path(many), SESSIONS)
        fewer_s = _rebuild_s(Path(few))
        rebuild_s = _rebuild_s(Path(many))
        history_s, history_mb = _command(Path(many), "history")
        page = Path(few) / "period.html"
        period = ("report", "--from", "2024-01-01", "--to", "2024-12-31", "-o", str(page))
        report_s, report_mb = _command(Path(many), *period)
        return {
            "store_rebuild_s": rebuild_s,
            "store_rebuild_scaling": rebuild_s / fewer_s,
            "store_history_s": history_s,
            "store_history_mb": history_mb,
            "store_period_report_s": report_s,
            "store_period_report_mb": report_mb,
        }


def make_store(home: Path, sessions: int) -> Store:
    """A store of a clamp, a clamp and a check in turn, with results as the analysis writes them."""
    store = Store(home)
    wearer = Wearers(home).add(Wearer(0.43, 0.17, 0.1, name="Kim"))
    Wearers(home).use(wearer)
    for i in range(sessions):
        started = FIRST + timedelta(hours=8 * i)
        exercise = "check" if i % 3 == 2 else "clamp"
        session = store.create(exercise, started, "bench", wearer=wearer.id)
        (session.folder / RECORDING).write_bytes(bytes(4096) + MCAP_END)
        _results(session, exercise, i)
    return store


def _results(session: Session, exercise: str, number: int) -> None:
    session.results.mkdir()
    check = exercise == "check"
    row = {"time_s": 30.0, "relaxed_mm": 45 - number / 100, "relaxed_sd_mm": 3, "squeezed_mm": 22, "squeezed_sd_mm": 3}
    summary: Mapping[str, object] = {
        "session": {"id": session.folder.name, "started": session.meta.started},
        "exercise": exercise,
        "length_s": 960.0,
        "exercise_s": 900.0,
        "gap": {"known_pct": 99.0, "median_mm": 3.0, "median_sd_mm": 2.0, "contact_s": 800.0},
        "holds": {} if check else {"count": 12, "unknown": 1, "gross_s": 880, "net_s": 850, "longest_s": 300},
        "repetitions": {"clamp": {"both": {"ok": 12, "unknown": 1}}},
        "check": [row] * 3 if check else [],
        "drift": [{"cause": "slip", "strap": "left_thigh", "start_s": i, "end_s": i + 9} for i in range(9)],
        # As many parameters and figures as there are in real ones.
        "parameters": {f"parameter_{i}": i / 7 for i in range(250)},
    }
    (session.results / "summary.json").write_text(json.dumps(summary, indent=1), encoding="utf-8")


def _rebuild_s(home: Path) -> float:
    start = perf_counter()
    rebuild(Store(home))
    return perf_counter() - start


def _command(home: Path, *words: str) -> tuple[float, float]:
    """How long a command takes from its start to its end, undisturbed, and the most memory that it had, MB."""
    own = {**os.environ, HOME_VARIABLE: str(home)}
    times: list[float] = []
    peaks_mb: list[float] = []
    for _ in range(RUNS):
        start = perf_counter()
        ended = subprocess.run(
            [sys.executable, "-c", _PEAK, *words], env=own, capture_output=True, text=True, check=True
        )
        times.append(perf_counter() - start)
        peaks_mb.append(float(ended.stderr.split()[-1]))
    return min(times), max(peaks_mb)
