"""The entry of a session's folder: from its metadata, its note and its `results/summary.json` alone.

Invariant: whatever is damaged or missing is left out; the session itself never is.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import cast

from monitor.day_plan.practised import practised_of
from monitor.store.entry import CheckRow, Entry, Figures, Repetitions, State
from monitor.store.made_by import read_made_by
from monitor.store.notes import read_note
from monitor.store.session import RECORDING, Session
from sensor.errors import EmptySession

MCAP_END = b"\x89MCAP0\r\n"
# No figure of a session comes near it.
MOST = 1e12


def read_entry(session: Session) -> Entry:
    """The session as its folder tells."""
    meta, found, note = session.meta, read_summary(session), read_note(session)
    exercise = _text(meta.exercise or found.get("exercise"))
    return Entry(
        id=session.folder.name,
        wearer=_text(meta.wearer),
        started=meta.started_at,
        day=meta.day,
        exercise=exercise,
        imported=meta.imported,
        simulated=meta.simulated,
        state=_state(session, found),
        origin=_text(meta.id),
        made_by=read_made_by(session).code,
        format=meta.format,
        figures=_figures(exercise, found),
        by_side=_repetitions(_row(found.get("repetitions"))),
        check=tuple(_check_row(_row(r)) for r in _rows(found.get("check"))),
        note=_text(note.text),
        tags=tuple(_text(tag) for tag in note.tags),
    )


def read_summary(session: Session) -> Mapping[str, object]:
    """The session's `summary.json`; empty where it was not analyzed."""
    try:
        content: object = json.loads((session.results / "summary.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return _row(content)


def is_sealed(recording: Path) -> bool:
    """Whether a recording was brought to its end; imported tables always were."""
    if recording.name != RECORDING:
        return True
    try:
        with recording.open("rb") as file:
            file.seek(-len(MCAP_END), 2)
            return file.read() == MCAP_END
    except OSError:
        return False


def _state(session: Session, found: Mapping[str, object]) -> State:
    recording = session.recording
    if not recording.is_file():
        return State.NO_RECORDING
    if found:
        return State.ANALYZED
    if trouble := read_made_by(session).trouble:
        return State.EMPTY if trouble == EmptySession.__name__ else State.UNREADABLE
    return State.NOT_ANALYZED if is_sealed(recording) else State.UNFINISHED


def _figures(exercise: str, found: Mapping[str, object]) -> Figures:
    holds = _row(found.get("holds"))
    # The plan's own way of counting; the time has no part in it.
    counted = practised_of(exercise, datetime.min, found)
    return Figures(
        length_s=_figure(found, "length_s") or 0.0,
        net_s=_figure(holds, "net_s") or 0.0,
        gross_s=_figure(holds, "gross_s") or 0.0,
        longest_s=_figure(holds, "longest_s") or 0.0,
        holds=_whole(holds, "count"),
        unknown_holds=_whole(holds, "unknown"),
        exercise_minutes=counted.minutes,
        good_repetitions=counted.repetitions,
    )


def _repetitions(found: Mapping[str, object]) -> tuple[Repetitions, ...]:
    return tuple(
        Repetitions(_text(exercise), _text(side), *(_whole(_row(verdicts), v) for v in ("ok", "short", "unknown")))
        for exercise, sides in found.items()
        for side, verdicts in _row(sides).items()
    )


def _check_row(row: Mapping[str, object]) -> CheckRow:
    return CheckRow(
        _figure(row, "time_s"),
        _figure(row, "relaxed_mm"),
        _figure(row, "relaxed_sd_mm"),
        _figure(row, "squeezed_mm"),
        _figure(row, "squeezed_sd_mm"),
    )


def _row(value: object) -> Mapping[str, object]:
    return cast("Mapping[str, object]", value) if isinstance(value, dict) else {}


def _rows(value: object) -> list[object]:
    return cast("list[object]", value) if isinstance(value, list) else []


def _figure(row: Mapping[str, object], key: str) -> float | None:
    value = row.get(key)
    if not isinstance(value, int | float) or isinstance(value, bool):
        return None
    return float(value) if abs(value) < MOST else None


def _text(value: object) -> str:
    """What a text file can hold: JSON can name characters that are none."""
    return str(value or "").encode(errors="replace").decode()


def _whole(row: Mapping[str, object], key: str) -> int:
    return int(_figure(row, key) or 0)
