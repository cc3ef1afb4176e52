"""The analysis' results as the contract's tables: mm, degrees and %.

Invariant: header first, empty cells where unknown, times in session seconds; the files are their owner's alone.
"""

import csv
import io
import math
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TypeAlias

import numpy as np

from analysis.results import Cause, DriftEvent, GapSeries, Tables, TightnessSeries
from monitor.owner_files import make_folder, write_text
from sensor.samples import Floats, Ints

Column: TypeAlias = Floats | Ints | Sequence[str]
Columns: TypeAlias = Mapping[str, Column]

_SIZES = {
    Cause.OPENING: (1000.0, "mm"),
    Cause.SLIP: (180.0 / math.pi, "deg"),
    Cause.HEADING: (180.0 / math.pi, "deg"),
    Cause.LOOSENING: (100.0, "%"),
    Cause.TIGHTENING: (100.0, "%"),
    Cause.CREEP: (100.0, "%"),
    Cause.DATA_GAP: (1.0, "s"),
}
# Long columns are written with a fixed number of decimals, which is quick; the others with what they need of four.
_DECIMALS = {("gap", "time_s"): 3, ("gap", "gap_mm"): 2, ("gap", "sd_mm"): 2}


def table_columns(tables: Tables) -> dict[str, Columns]:
    """The columns of every table by its name, in the contract's order and units; NaN where unknown."""
    return {
        "gap": _gap(tables.gap),
        "holds": {
            "start_s": _floats(h.start_s for h in tables.holds),
            "end_s": _floats(h.end_s for h in tables.holds),
            "gross_s": _floats(h.gross_s for h in tables.holds),
            "net_s": _floats(h.net_s for h in tables.holds),
            "lapses": _ints(h.lapses for h in tables.holds),
            "mean_gap_mm": _floats(h.mean_gap_m * 1e3 for h in tables.holds),
            "max_gap_mm": _floats(h.max_gap_m * 1e3 for h in tables.holds),
            "verdict": [str(h.verdict) for h in tables.holds],
        },
        "reps": {
            "exercise": [r.exercise for r in tables.repetitions],
            "side": [str(r.side) for r in tables.repetitions],
            "start_s": _floats(r.start_s for r in tables.repetitions),
            "end_s": _floats(r.end_s for r in tables.repetitions),
            "verdict": [str(r.verdict) for r in tables.repetitions],
        },
        "steps": {
            "side": [str(s.side) for s in tables.steps],
            "start_s": _floats(s.start_s for s in tables.steps),
            "end_s": _floats(s.end_s for s in tables.steps),
            "foot_progression_deg": _floats(math.degrees(s.foot_progression_rad) for s in tables.steps),
        },
        "tightness": _tightness(tables.tightness),
        "check": {
            "time_s": _floats(c.time_s for c in tables.check),
            "relaxed_mm": _floats(c.relaxed_m * 1e3 for c in tables.check),
            "relaxed_sd_mm": _floats(c.relaxed_sd_m * 1e3 for c in tables.check),
            "squeezed_mm": _floats(c.squeezed_m * 1e3 for c in tables.check),
            "squeezed_sd_mm": _floats(c.squeezed_sd_m * 1e3 for c in tables.check),
        },
        "drift": _drift(tables.drift),
        "quality": {
            "strap": [str(q.placement) for q in tables.quality],
            "samples": _ints(q.samples for q in tables.quality),
            "lost": _ints(q.lost for q in tables.quality),
            "lost_pct": _floats(_percent(q.lost, q.samples) for q in tables.quality),
            "rate_hz": _floats(q.rate_hz for q in tables.quality),
            "clock_ppm": _floats(q.clock_ppm for q in tables.quality),
            "longest_gap_s": _floats(q.longest_gap_s for q in tables.quality),
        },
    }


def export_tables(folder: Path, tables: Tables) -> tuple[Path, ...]:
    """Writes every table into `folder`, which is made if need be; `NotWritable` or `DiskFull` where it cannot."""
    make_folder(folder)
    return tuple(_write(folder, name, columns) for name, columns in table_columns(tables).items())


def _gap(gap: GapSeries) -> Columns:
    contact = (gap.contact > 0).astype(np.int64)
    return {"time_s": gap.time_s, "gap_mm": gap.gap_m * 1e3, "sd_mm": gap.sd_m * 1e3, "contact": contact}


def _tightness(series: Sequence[TightnessSeries]) -> Columns:
    return {
        "time_s": _joined([s.time_s for s in series]),
        "strap": [str(s.placement) for s in series for _ in range(len(s.time_s))],
        "tension_pct": _joined([s.tension * 100.0 for s in series]),
    }


def _drift(events: Sequence[DriftEvent]) -> Columns:
    return {
        "start_s": _floats(e.start_s for e in events),
        "end_s": _floats(e.end_s for e in events),
        "detected_s": _floats(e.detected_s for e in events),
        "cause": [str(e.cause) for e in events],
        "strap": ["" if e.placement is None else str(e.placement) for e in events],
        "size": _floats(e.size * _SIZES[e.cause][0] for e in events),
        "unit": [_SIZES[e.cause][1] for e in events],
        "confidence": _floats(e.confidence for e in events),
    }


def _percent(lost: int, samples: int) -> float:
    return 100.0 * lost / (lost + samples) if lost + samples else math.nan


def _floats(values: Iterable[float]) -> Floats:
    return np.fromiter(values, np.float64)


def _ints(values: Iterable[int]) -> Ints:
    return np.fromiter(values, np.int64)


def _joined(parts: list[Floats]) -> Floats:
    return np.concatenate(parts) if parts else np.zeros(0)


def _write(folder: Path, name: str, columns: Columns) -> Path:
    path, text = folder / f"{name}.csv", io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    cells = [_cells(column, _DECIMALS.get((name, heading))) for heading, column in columns.items()]
    writer.writerows(zip(*cells, strict=True))
    write_text(path, text.getvalue())
    return path


def _cells(column: Column, decimals: int | None) -> Sequence[str]:
    """A column as text; NaN is empty."""
    if not isinstance(column, np.ndarray):
        return column
    if column.dtype.kind == "i":
        return [str(value) for value in column.tolist()]
    if decimals is None:
        return ["" if x != x else f"{x:.4f}".rstrip("0").rstrip(".") for x in column.tolist()]
    return ["" if x != x else f"{x:.{decimals}f}" for x in column.tolist()]
