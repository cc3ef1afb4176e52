"""Markers as the contract's CSV table `label,start_s,end_s,value` and back.

Invariant: what is read is in order of start and keeps the promises of `sensor.markers`.
"""

import csv
import math
from collections.abc import Iterable
from pathlib import Path

from sensor.errors import BadMarkers, NotReadable, NotWritable
from sensor.markers import Label, Marker

HEADER = ("label", "start_s", "end_s", "value")
EXERCISES = ("check", "clamp", "knees_in", "seated_twist", "lying_press", "walk", "wrap")
_SPACER_MM = (5.0, 500.0)
# A marker is set by hand: it may begin this much before the first sample and end this much after the last.
_OUTSIDE_S = 2.0


def read_markers(path: Path, span_s: tuple[float, float] | None = None) -> tuple[Marker, ...]:
    """The markers of a file; `BadMarkers` where one is reversed, or outside `span_s` (first to last sample)."""
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            rows = list(csv.reader(file))
    except OSError as error:
        raise NotReadable(path, error.strerror or str(error)) from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise BadMarkers(path, 1, f"no readable text ({error})") from error
    if not rows or not set(HEADER[:3]) <= {name.strip() for name in rows[0]}:
        raise BadMarkers(path, 1, f"the header must be {','.join(HEADER)}")
    names = [name.strip() for name in rows[0]]
    read = [_marker(path, i, dict(zip(names, row, strict=False))) for i, row in enumerate(rows[1:], 2) if any(row)]
    if span_s is not None:
        _refuse_outside(path, read, span_s)
    return tuple(sorted((marker for _, marker in read), key=lambda m: m.start_s))


def write_markers(path: Path, markers: Iterable[Marker]) -> None:
    """The markers as a file, times to the millisecond."""
    try:
        with path.open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(HEADER)
            writer.writerows((m.label, f"{m.start_s:.3f}", f"{m.end_s:.3f}", m.value) for m in markers)
    except OSError as error:
        raise NotWritable(path, error.strerror or str(error)) from error


def _marker(path: Path, line: int, row: dict[str, str]) -> tuple[int, Marker]:
    label = row.get("label", "").strip()
    start_s, end_s = (_seconds(path, line, name, row.get(name, "")) for name in ("start_s", "end_s"))
    value = row.get("value", "").strip()
    if not label:
        raise BadMarkers(path, line, "the label is empty")
    if end_s < start_s:
        raise BadMarkers(path, line, f"{label} ends at {end_s:g} s, before it starts at {start_s:g} s")
    if label == Label.EXERCISE and value not in EXERCISES:
        raise BadMarkers(path, line, f"no exercise is called {value!r}, use {', '.join(EXERCISES)}")
    if label == Label.SPACER:
        _refuse_width(path, line, value)
    return line, Marker(label, start_s, end_s, value)


def _seconds(path: Path, line: int, name: str, text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise BadMarkers(path, line, f"{name} {text.strip()!r} is no time in seconds")
    return value


def _refuse_width(path: Path, line: int, text: str) -> None:
    try:
        width = float(text)
    except ValueError:
        width = math.nan
    if not _SPACER_MM[0] <= width <= _SPACER_MM[1]:
        raise BadMarkers(path, line, f"spacer needs its width in mm as value, not {text!r}")


def _refuse_outside(path: Path, read: list[tuple[int, Marker]], span_s: tuple[float, float]) -> None:
    first, last = span_s
    for line, marker in read:
        if marker.start_s < first - _OUTSIDE_S or marker.end_s > last + _OUTSIDE_S:
            span = f"{marker.start_s:g} to {marker.end_s:g} s"
            raise BadMarkers(
                path, line, f"{marker.label} ({span}) is outside the session ({first:.1f} to {last:.1f} s)"
            )
