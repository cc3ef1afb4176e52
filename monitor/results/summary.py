"""The session in one object: `summary.json`, and the lines that `kneegap analyze` prints.

Invariant: mm, degrees and %; None where unknown; every figure is of the final result.
"""

import math
import platform
from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from enum import Enum
from importlib.metadata import PackageNotFoundError, version

import numpy as np

from analysis.params import AnalysisParams
from analysis.results import Hold, HoldVerdict, Tables, TightnessSeries
from monitor.results.exercised import exercise_s, exercised_holds
from monitor.store import SessionMeta
from sensor.recorded import Recorded
from sensor.samples import Floats
from sensor.wearer import Wearer

DISTRIBUTION = "knee-gap-monitor"
_VERSIONED = (DISTRIBUTION, "numpy", "scipy", "vqf")

Json = str | int | float | bool | None | Sequence["Json"] | Mapping[str, "Json"]
JsonObject = dict[str, Json]


def program_version() -> str:
    """This program's version."""
    return _version(DISTRIBUTION)


def versions() -> dict[str, str]:
    """The versions that results depend on."""
    return {"python": platform.python_version()} | {name: _version(name) for name in _VERSIONED}


def summary(meta: SessionMeta, recorded: Recorded, tables: Tables, params: AnalysisParams) -> JsonObject:
    """What `summary.json` holds."""
    return {
        "session": {
            "id": meta.id,
            "started": meta.started or None,
            "imported": meta.imported,
            "recorded_by": meta.program or None,
        },
        "exercise": recorded.exercise,
        "length_s": _number(session_length_s(recorded)),
        "exercise_s": plain(exercise_s(recorded)),
        "wearer": _wearer(recorded.wearer),
        "straps": _straps(recorded, tables),
        "gap": _gap(tables),
        "holds": _holds(exercised_holds(tables.holds, recorded.markers)),
        "repetitions": _repetitions(tables),
        "check": _check(tables),
        "steps": _steps(tables),
        "tightness": {series.placement: _tightness(series) for series in tables.tightness},
        "drift": _drift(tables),
        "postures": [[_number(p.start_s), _number(p.end_s), p.posture] for p in tables.postures],
        "parameters": plain(params),
        "versions": versions(),
    }


def session_length_s(recorded: Recorded) -> float:
    """Session time of the last sample."""
    return max((float(b.arrival_s[-1]) for b in recorded.straps.values() if len(b)), default=math.nan)


def plain(value: object) -> Json:
    """Dataclasses, enums and arrays as JSON's own types."""
    if is_dataclass(value) and not isinstance(value, type):
        return {f.name: plain(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, Enum):
        return plain(value.value)
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, str | int | bool) or value is None:
        return value
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, np.ndarray):
        return plain(value.tolist())
    if isinstance(value, Sequence | frozenset | set):
        return [plain(item) for item in value]
    raise TypeError(f"no JSON for {type(value).__name__}")


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "unknown"


def _wearer(wearer: Wearer | None) -> Json:
    if wearer is None:
        return None
    sizes = {
        "femur_mm": wearer.femur_m,
        "hip_width_mm": wearer.hip_width_m,
        "knee_width_mm": wearer.knee_width_m,
        "height_mm": wearer.height_m,
    }
    return {key: None if value is None else _number(value * 1000, 1) for key, value in sizes.items()} | {
        "name": wearer.name or None
    }


def _straps(recorded: Recorded, tables: Tables) -> JsonObject:
    quality = {
        q.placement: {
            "samples": q.samples,
            "lost": q.lost,
            "lost_pct": _number(100 * q.lost / max(1, q.samples + q.lost)),
            "rate_hz": _number(q.rate_hz),
            "clock_ppm": _number(q.clock_ppm),
            "longest_gap_s": _number(q.longest_gap_s),
        }
        for q in tables.quality
    }
    return {
        p: figures | {"link": plain(recorded.counts.get(p)), "device": plain(recorded.devices.get(p))}
        for p, figures in quality.items()
    }


def _gap(tables: Tables) -> JsonObject:
    worn = tables.gap.time_s >= 0
    gap_mm, sd_mm = tables.gap.gap_m[worn] * 1000, tables.gap.sd_m[worn] * 1000
    known = np.isfinite(gap_mm)
    return {
        "known_pct": _number(100 * float(known.mean())) if known.size else None,
        "median_mm": _number(_median(gap_mm)),
        "median_sd_mm": _number(_median(sd_mm)),
        "contact_s": _number(float((tables.gap.contact[worn] > 0).sum()) * _step_s(tables.gap.time_s)),
    }


def _holds(holds: Sequence[Hold]) -> JsonObject:
    credited = [h for h in holds if h.verdict is HoldVerdict.OK]
    return {
        "count": len(credited),
        "unknown": len(holds) - len(credited),
        "gross_s": _number(sum(h.gross_s for h in credited)),
        "net_s": _number(sum(h.net_s for h in credited)),
        "longest_s": _number(max((h.gross_s for h in credited), default=0.0)),
        "lapses": sum(h.lapses for h in credited),
    }


def _repetitions(tables: Tables) -> JsonObject:
    found: dict[str, dict[str, dict[str, int]]] = {}
    for r in tables.repetitions:
        verdicts = found.setdefault(r.exercise, {}).setdefault(r.side, {})
        verdicts[r.verdict] = verdicts.get(r.verdict, 0) + 1
    return plain(found)  # pyright: ignore[reportReturnType] - a mapping gives a mapping


def _check(tables: Tables) -> Json:
    return [
        {
            "time_s": _number(row.time_s),
            "relaxed_mm": _number(row.relaxed_m * 1000),
            "relaxed_sd_mm": _number(row.relaxed_sd_m * 1000),
            "squeezed_mm": _number(row.squeezed_m * 1000),
            "squeezed_sd_mm": _number(row.squeezed_sd_m * 1000),
        }
        for row in tables.check
    ]


def _steps(tables: Tables) -> JsonObject:
    sides = sorted({step.side for step in tables.steps})
    turned = {s: np.degrees([x.foot_progression_rad for x in tables.steps if x.side is s]) for s in sides}
    return {s: {"count": len(deg), "foot_progression_deg": _number(_median(deg))} for s, deg in turned.items()}


def _tightness(series: TightnessSeries) -> JsonObject:
    """Tension at the end, and its drift over the last five minutes by a straight line."""
    last = (series.time_s >= series.time_s[-1] - 300.0) & np.isfinite(series.tension) if len(series.time_s) else None
    if last is None or last.sum() < 2:
        return {"end_pct": None, "drift_pct_per_min": None}
    slope = float(np.polyfit(series.time_s[last], series.tension[last], 1)[0])
    return {"end_pct": _number(100 * float(series.tension[last][-1])), "drift_pct_per_min": _number(6000 * slope)}


def _drift(tables: Tables) -> Json:
    return [
        {
            "cause": e.cause,
            "strap": e.placement,
            "start_s": _number(e.start_s),
            "end_s": _number(e.end_s),
            "confidence": _number(e.confidence),
        }
        for e in tables.drift
    ]


def _step_s(time_s: Floats) -> float:
    return float(np.median(np.diff(time_s))) if len(time_s) > 1 else 0.0


def _median(values: Floats) -> float:
    known = values[np.isfinite(values)]
    return float(np.median(known)) if known.size else math.nan


def _number(value: float, decimals: int = 3) -> float | None:
    return round(value, decimals) if math.isfinite(value) else None
