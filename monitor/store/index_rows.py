"""Entries as rows of the index and back."""

import sqlite3
from collections.abc import Callable, Iterable
from dataclasses import astuple
from datetime import date, datetime
from itertools import groupby
from typing import TypeVar

from monitor.store.entry import CheckRow, Entry, Figures, Repetitions, State

T = TypeVar("T")

# The index is made again where this differs; no migration is needed.
VERSION = 1
SCHEMA = """
CREATE TABLE sessions(
    id TEXT PRIMARY KEY, stamp TEXT, wearer TEXT, started TEXT, day TEXT, exercise TEXT, imported INT, simulated INT,
    state TEXT, origin TEXT, made_by TEXT, format INT, note TEXT, length_s REAL, net_s REAL, gross_s REAL,
    longest_s REAL, holds INT, unknown_holds INT, exercise_minutes REAL, good_repetitions INT);
CREATE TABLE repetitions(
    session TEXT REFERENCES sessions ON DELETE CASCADE, exercise TEXT, side TEXT, ok INT, short INT, unknown INT);
CREATE TABLE checks(
    session TEXT REFERENCES sessions ON DELETE CASCADE, time_s REAL, relaxed_mm REAL, relaxed_sd_mm REAL,
    squeezed_mm REAL, squeezed_sd_mm REAL);
CREATE TABLE tags(session TEXT REFERENCES sessions ON DELETE CASCADE, tag TEXT);
CREATE INDEX repetitions_of ON repetitions(session);
CREATE INDEX checks_of ON checks(session);
CREATE INDEX tags_of ON tags(session);
"""


def stamps(index: sqlite3.Connection) -> dict[str, str]:
    """What each session's folder looked like when it was read."""
    return dict(index.execute("SELECT id, stamp FROM sessions"))


def remove_rows(index: sqlite3.Connection, ids: Iterable[str]) -> None:
    """Forgets sessions."""
    index.executemany("DELETE FROM sessions WHERE id = ?", ((i,) for i in ids))


def insert(index: sqlite3.Connection, stamp: str, e: Entry) -> None:
    """Keeps an entry in place of the one before."""
    f = e.figures
    started, day = e.started.isoformat() if e.started else None, e.day.isoformat() if e.day else None
    what = (e.id, stamp, e.wearer, started, day, e.exercise, e.imported, e.simulated)
    how = (e.state, e.origin, e.made_by, e.format, e.note)
    row = (*what, *how, *astuple(f))
    index.execute(f"INSERT OR REPLACE INTO sessions VALUES({', '.join('?' * len(row))})", row)
    sides = [(e.id, r.exercise, r.side, r.ok, r.short, r.unknown) for r in e.by_side]
    index.executemany("INSERT INTO repetitions VALUES(?, ?, ?, ?, ?, ?)", sides)
    checks = [(e.id, c.time_s, c.relaxed_mm, c.relaxed_sd_mm, c.squeezed_mm, c.squeezed_sd_mm) for c in e.check]
    index.executemany("INSERT INTO checks VALUES(?, ?, ?, ?, ?, ?)", checks)
    index.executemany("INSERT INTO tags VALUES(?, ?)", [(e.id, tag) for tag in e.tags])


def entries(index: sqlite3.Connection) -> list[Entry]:
    """All entries, by id."""
    by_side = _grouped(index, "repetitions", Repetitions)
    checks = _grouped(index, "checks", CheckRow)
    tags = _grouped(index, "tags", str)
    return [
        Entry(
            id=r[0],
            wearer=r[2],
            started=datetime.fromisoformat(r[3]) if r[3] else None,
            day=date.fromisoformat(r[4]) if r[4] else None,
            exercise=r[5],
            imported=bool(r[6]),
            simulated=bool(r[7]),
            state=State(r[8]),
            origin=r[9],
            made_by=r[10],
            format=r[11],
            note=r[12],
            figures=Figures(*r[13:]),
            by_side=by_side.get(r[0], ()),
            check=checks.get(r[0], ()),
            tags=tags.get(r[0], ()),
        )
        for r in index.execute("SELECT * FROM sessions ORDER BY id")
    ]


def _grouped(index: sqlite3.Connection, table: str, kind: Callable[..., T]) -> dict[str, tuple[T, ...]]:
    """Rows of a table that belongs to sessions, by session."""
    rows = index.execute(f"SELECT * FROM {table} ORDER BY session, rowid")
    return {session: tuple(kind(*row[1:]) for row in own) for session, own in groupby(rows, key=lambda row: row[0])}
