"""The analysis' results as the contract's CSV tables: mm, degrees and %.

Invariant: header first, empty cells where unknown, times in session seconds; the files are their owner's alone.
"""

import csv
import io
import math
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np

from analysis.results import Cause, DriftEvent, GapSeries, Tables
from monitor.owner_files import make_folder, write_text

HEADERS = {
    "gap": ("time_s", "gap_mm", "sd_mm", "contact"),
    "holds": ("start_s", "end_s", "gross_s", "net_s", "lapses", "mean_gap_mm", "max_gap_mm", "verdict"),
    "reps": ("exercise", "side", "start_s", "end_s", "verdict"),
    "steps": ("side", "start_s", "end_s", "foot_progression_deg"),
    "tightness": ("time_s", "strap", "tension_pct"),
    "check": ("time_s", "relaxed_mm", "relaxed_sd_mm", "squeezed_mm", "squeezed_sd_mm"),
    "drift": ("start_s", "end_s", "detected_s", "cause", "strap", "size", "unit", "confidence"),
    "quality": ("strap", "samples", "lost", "lost_pct", "rate_hz", "clock_ppm", "longest_gap_s"),
}
_SIZES = {
    Cause.OPENING: (1000.0, "mm"),
    Cause.SLIP: (180.0 / math.pi, "deg"),
    Cause.HEADING: (180.0 / math.pi, "deg"),
    Cause.LOOSENING: (100.0, "%"),
    Cause.TIGHTENING: (100.0, "%"),
    Cause.CREEP: (100.0, "%"),
    Cause.DATA_GAP: (1.0, "s"),
}

Cell = str | int | float


def export_tables(folder: Path, tables: Tables) -> tuple[Path, ...]:
    """Writes every table into `folder`, which is made if need be; `NotWritable` or `DiskFull` where it cannot."""
    make_folder(folder)
    return tuple(_write(folder, name, rows) for name, rows in table_rows(tables).items())


def table_rows(tables: Tables) -> dict[str, Iterable[Sequence[str]]]:
    """The rows of every table as text, in the order of `HEADERS`."""
    return {
        "gap": _gap_rows(tables.gap),
        "holds": _rows(
            (h.start_s, h.end_s, h.gross_s, h.net_s, h.lapses, h.mean_gap_m * 1e3, h.max_gap_m * 1e3, h.verdict)
            for h in tables.holds
        ),
        "reps": _rows((r.exercise, r.side, r.start_s, r.end_s, r.verdict) for r in tables.repetitions),
        "steps": _rows((s.side, s.start_s, s.end_s, math.degrees(s.foot_progression_rad)) for s in tables.steps),
        "tightness": _rows(
            (time_s, series.placement, tension * 100.0)
            for series in tables.tightness
            for time_s, tension in zip(series.time_s.tolist(), series.tension.tolist(), strict=True)
        ),
        "check": _rows(
            (c.time_s, c.relaxed_m * 1e3, c.relaxed_sd_m * 1e3, c.squeezed_m * 1e3, c.squeezed_sd_m * 1e3)
            for c in tables.check
        ),
        "drift": _rows(_drift_row(event) for event in tables.drift),
        "quality": _rows(
            (q.placement, q.samples, q.lost, _percent(q.lost, q.samples), q.rate_hz, q.clock_ppm, q.longest_gap_s)
            for q in tables.quality
        ),
    }


def _gap_rows(gap: GapSeries) -> Iterable[Sequence[str]]:
    time_s, contact = _texts(gap.time_s, 3), np.where(gap.contact > 0, "1", "0").tolist()
    return zip(time_s, _texts(gap.gap_m * 1e3, 2), _texts(gap.sd_m * 1e3, 2), contact, strict=True)


def _texts(values: np.ndarray[tuple[int], np.dtype[np.float64]], decimals: int) -> list[str]:
    """Numbers as text, many at once; NaN is empty."""
    return ["" if x != x else f"{x:.{decimals}f}" for x in values.tolist()]


def _drift_row(event: DriftEvent) -> Sequence[Cell]:
    factor, unit = _SIZES[event.cause]
    strap = "" if event.placement is None else event.placement
    times = (event.start_s, event.end_s, event.detected_s)
    return (*times, event.cause, strap, event.size * factor, unit, event.confidence)


def _percent(lost: int, samples: int) -> float:
    return 100.0 * lost / (lost + samples) if lost + samples else math.nan


def _rows(rows: Iterable[Sequence[Cell]]) -> Iterable[Sequence[str]]:
    return ([_cell(cell) for cell in row] for row in rows)


def _cell(cell: Cell) -> str:
    if isinstance(cell, float):
        return "" if math.isnan(cell) else f"{cell:.4f}".rstrip("0").rstrip(".")
    return str(cell)


def _write(folder: Path, name: str, rows: Iterable[Sequence[str]]) -> Path:
    path, text = folder / f"{name}.csv", io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(HEADERS[name])
    writer.writerows(rows)
    write_text(path, text.getvalue())
    return path
