"""A store with weeks of a wearer's practice: daily clamps with a day missed now and then, weekly checks, a tape."""

import json
from datetime import date, datetime, timedelta, timezone

import numpy as np

from monitor.store import RECORDING, SessionMeta, Store
from monitor.store.folder_entry import MCAP_END
from monitor.store.notes import Note, write_note
from monitor.store.tape import Quantity, TapeEntry, add_tape
from monitor.store.wearers import Wearers

ZONE = timezone(timedelta(hours=8))
MISSED_EVERY = 6


def practised_weeks(store: Store, last: date, weeks: int, *, change_mm: float = -10.0, note: str = "fasting") -> None:
    """Fills the store with the `weeks` up to `last`; the gap changes by `change_mm` over all of them.

    `note` stands beside each check.
    """
    rng = np.random.default_rng(4)
    first = last - timedelta(days=7 * weeks - 1)
    for i in range(7 * weeks):
        day = first + timedelta(days=i)
        if i % MISSED_EVERY == MISSED_EVERY - 1:
            continue
        for hour in (8, 13, 19)[: 1 + int(rng.integers(0, 3))]:
            _store(
                store,
                day,
                hour,
                "clamp",
                {"holds": {"count": int(rng.integers(1, 4)), "net_s": 600 + 300 * rng.random()}},
            )
        repetitions = {"knees_in": {"both": {"ok": int(rng.integers(2, 4)), "short": 1}}}
        _store(store, day, 20, "knees_in", {"repetitions": repetitions})
        if i % 7 == 0:
            relaxed = 55.0 + change_mm * i / (7 * weeks) + rng.normal(0, 1.2)
            _store(
                store,
                day,
                9,
                "check",
                {"check": [_row(relaxed, relaxed - 14 + rng.normal(0, 1))] * 3},
                note,
            )
    folder = Wearers(store.home).folder("")
    for day, gap, thigh in ((first, 56.0, 561.0), (last - timedelta(days=1), 47.0, 556.0)):
        values = {Quantity.RELAXED_GAP: gap, Quantity.LEFT_THIGH: thigh, Quantity.RIGHT_THIGH: thigh + 4}
        add_tape(folder, tuple(TapeEntry(day, quantity, value) for quantity, value in values.items()))


def _row(relaxed_mm: float, squeezed_mm: float) -> dict[str, float]:
    return {"relaxed_mm": relaxed_mm, "relaxed_sd_mm": 1.5, "squeezed_mm": squeezed_mm, "squeezed_sd_mm": 1.5}


def _store(store: Store, day: date, hour: int, exercise: str, figures: dict[str, object], note: str = "") -> None:
    started = datetime(day.year, day.month, day.day, hour, tzinfo=ZONE)
    session = store.create(exercise, started, "test")
    (session.folder / RECORDING).write_bytes(MCAP_END)
    session.write_meta(SessionMeta(session.folder.name, exercise, started.isoformat()))
    session.results.mkdir()
    summary = {
        "exercise": exercise,
        "length_s": 960.0,
        "holds": {"count": 0, "net_s": 0.0},
        "repetitions": {},
        "check": [],
    }
    (session.results / "summary.json").write_text(json.dumps(summary | figures), encoding="utf-8")
    if note:
        write_note(session, Note(note))
