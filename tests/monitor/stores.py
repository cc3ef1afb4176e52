"""Stores for tests: sessions with made-up results, and the home that an older program left."""

import json
import zipfile
from datetime import datetime
from pathlib import Path

from monitor.store import RECORDING, Session, SessionMeta, Store
from monitor.store.folder_entry import MCAP_END

FROZEN = Path(__file__).parent / "frozen"
FROZEN_ID = "2026-03-28_23-55-12_check"


def stored(
    store: Store, started: datetime, exercise: str, summary: object, wearer: str = "", recording: bytes = MCAP_END
) -> Session:
    """A session with this summary; a `None` summary leaves it without results."""
    session = store.create(exercise, started, "test")
    (session.folder / RECORDING).write_bytes(recording)
    session.write_meta(SessionMeta(session.folder.name, exercise, started.isoformat(), wearer=wearer))
    if summary is not None:
        session.results.mkdir()
        (session.results / "summary.json").write_text(json.dumps(summary), encoding="utf-8")
    return session


def clamp(net_s: float) -> object:
    """What the summary of a clamp session says."""
    return {"exercise": "clamp", "holds": {"count": 3, "net_s": net_s}, "repetitions": {}, "check": []}


def check(relaxed: float, squeezed: float) -> object:
    """What the summary of a check says."""
    rows = [{"relaxed_mm": relaxed, "relaxed_sd_mm": 2, "squeezed_mm": squeezed, "squeezed_sd_mm": 2}] * 3
    return {"exercise": "check", "holds": {"count": 0, "net_s": 0}, "repetitions": {}, "check": rows}


def frozen_home(folder: Path, number: int) -> Store:
    """The data folder that a program of this format left, as it left it."""
    with zipfile.ZipFile(FROZEN / f"home_format_{number}.zip") as kept:
        kept.extractall(folder)
    return Store(folder)
