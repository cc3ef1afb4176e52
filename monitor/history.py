"""What the stored sessions add up to: days, goals and the trend of the `check` measurement.

Invariant: read from each session's `session.toml` and `results/summary.json` alone; a session that was not analyzed
yet, or whose results were lost, is listed without figures and never left out.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import cast

import numpy as np

from monitor.store import Session, Store
from monitor.trends import Trend, trend

CLAMP_GOAL_MIN = 45.0  # the method asks for 3 to 5 times 15 min a day


@dataclass(frozen=True, slots=True)
class Measured:
    """One quantity of a `check`, mm."""

    value_mm: float
    sd_mm: float


@dataclass(frozen=True, slots=True)
class Entry:
    """One stored session; `day` is the wearer's calendar day, None where the start is unknown."""

    id: str
    day: date | None
    exercise: str
    simulated: bool
    analyzed: bool
    net_s: float
    holds: int
    repetitions: int
    relaxed: Measured | None
    squeezed: Measured | None


@dataclass(frozen=True, slots=True)
class Day:
    """What was done on one day."""

    day: date
    clamp_min: float
    sessions: int

    @property
    def reached(self) -> bool:
        """Whether the day's clamp goal was reached."""
        return self.clamp_min >= CLAMP_GOAL_MIN


@dataclass(frozen=True, slots=True)
class History:
    """All sessions, oldest first, and what they add up to."""

    entries: tuple[Entry, ...]
    days: Mapping[date, Day]
    relaxed: Trend | None
    squeezed: Trend | None

    def streak(self, today: date) -> int:
        """Days in a row with clamping, up to today; a today without any does not yet break it."""
        day = today if self._clamped(today) else today - timedelta(days=1)
        count = 0
        while self._clamped(day):
            count, day = count + 1, day - timedelta(days=1)
        return count

    def _clamped(self, day: date) -> bool:
        return day in self.days and self.days[day].clamp_min > 0


def history(store: Store) -> History:
    """The history of everything in the store."""
    entries = tuple(_entry(session) for session in store.sessions())
    dated = [e for e in entries if e.day is not None and not e.simulated]
    return History(
        entries,
        _days(dated),
        _trend((e.day, e.relaxed) for e in dated if e.day and e.relaxed),
        _trend((e.day, e.squeezed) for e in dated if e.day and e.squeezed),
    )


def _entry(session: Session) -> Entry:
    meta = session.meta
    found = _summary(session)
    holds, check = _table(found, "holds"), found.get("check")
    rows = [_row(r) for r in cast("list[object]", check)] if isinstance(check, list) else []
    return Entry(
        id=session.folder.name,
        day=_day(meta.started),
        exercise=meta.exercise or str(found.get("exercise") or ""),
        simulated=meta.simulated,
        analyzed=bool(found),
        net_s=_figure(holds, "net_s") or 0.0,
        holds=int(_figure(holds, "count") or 0),
        repetitions=_count(found.get("repetitions")),
        relaxed=_mean(rows, "relaxed"),
        squeezed=_mean(rows, "squeezed"),
    )


def _summary(session: Session) -> Mapping[str, object]:
    try:
        content: object = json.loads((session.results / "summary.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return _row(content)


def _day(started: str) -> date | None:
    """The calendar day where the wearer was; the offset in `started` keeps it right after travelling."""
    try:
        return datetime.fromisoformat(started).date()
    except ValueError:
        return None


def _row(value: object) -> Mapping[str, object]:
    return cast("Mapping[str, object]", value) if isinstance(value, dict) else {}


def _table(found: Mapping[str, object], key: str) -> Mapping[str, object]:
    return _row(found.get(key))


def _figure(row: Mapping[str, object], key: str) -> float | None:
    value = row.get(key)
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _count(value: object) -> int:
    """Repetitions with any verdict, summed over exercises and sides."""
    if isinstance(value, dict):
        return sum(_count(item) for item in cast("Mapping[str, object]", value).values())
    return value if isinstance(value, int) else 0


def _mean(rows: list[Mapping[str, object]], name: str) -> Measured | None:
    """Mean of a session's repetitions; their errors share one calibration, so their deviation does not shrink."""
    pairs = [(_figure(r, f"{name}_mm"), _figure(r, f"{name}_sd_mm")) for r in rows]
    known = [(value, sd) for value, sd in pairs if value is not None and sd is not None]
    if not known:
        return None
    values, sds = np.array(known).T
    return Measured(float(values.mean()), float(np.sqrt(np.mean(sds**2))))


def _days(entries: Iterable[Entry]) -> dict[date, Day]:
    days: dict[date, Day] = {}
    for e in entries:
        if e.day is not None:
            before = days.get(e.day, Day(e.day, 0.0, 0))
            clamp_min = before.clamp_min + (e.net_s / 60 if e.exercise == "clamp" else 0.0)
            days[e.day] = Day(e.day, clamp_min, before.sessions + 1)
    return days


def _trend(measured: Iterable[tuple[date | None, Measured]]) -> Trend | None:
    rows = [(float(day.toordinal()), m.value_mm, m.sd_mm) for day, m in measured if day is not None]
    if not rows:
        return None
    day, value, sd = np.array(rows, dtype=np.float64).T
    return trend(day, value, sd)
