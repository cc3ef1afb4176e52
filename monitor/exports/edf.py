"""A session as EDF+ for signal viewers: gap, tension and movement on the analysis' grid, markers as annotations.

EDF holds 16-bit numbers without a word for "unknown": there a signal stands at its physical minimum, which lies below
every known value of it. Time 0 of the file is `motion.time_s[0]`; the annotation `session zero` tells where session
time begins.
"""

import io
import math
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import edfio
import numpy as np

from analysis.motion import GRID_HZ, Motion
from analysis.results import GapSeries, Hold
from monitor.owner_files import write_bytes
from monitor.session_data import SessionData
from sensor.markers import Marker
from sensor.samples import Floats, Placement

_SHORT = {
    Placement.LEFT_THIGH: "L thigh",
    Placement.RIGHT_THIGH: "R thigh",
    Placement.LEFT_SHANK: "L shank",
    Placement.RIGHT_SHANK: "R shank",
    Placement.LEFT_FOOT: "L foot",
    Placement.RIGHT_FOOT: "R foot",
    Placement.PELVIS: "pelvis",
}


def write_edf(path: Path, session: SessionData) -> None:
    """Writes the session; `NotWritable` or `DiskFull` where it cannot."""
    motion, final = session.analysis.motion, session.analysis.final
    begins_s = float(motion.time_s[0]) if len(motion) else 0.0
    started = datetime.fromisoformat(session.meta.started) if session.meta.started else None
    edf = edfio.Edf(
        [*_gap_signals(motion, final.gap), *_strap_signals(motion)],
        recording=edfio.Recording(startdate=None if started is None else started.date(), equipment_code="kneegap"),
        starttime=None if started is None else started.time().replace(microsecond=0),
        annotations=list(_annotations(session.recorded.markers, final.holds, begins_s)),
        data_record_duration=1.0,
    )
    file = io.BytesIO()
    edf.write(file)
    write_bytes(path, file.getvalue())


def _gap_signals(motion: Motion, gap: GapSeries) -> Iterator[edfio.EdfSignal]:
    rows = np.searchsorted(motion.time_s, gap.time_s - 0.5 / GRID_HZ)
    for label, unit, values in (
        ("gap", "mm", gap.gap_m * 1e3),
        ("gap sd", "mm", gap.sd_m * 1e3),
        ("contact", "", gap.contact),
    ):
        placed = np.full(len(motion), np.nan)
        placed[rows] = values
        yield _signal(label, unit, placed)


def _strap_signals(motion: Motion) -> Iterator[edfio.EdfSignal]:
    for placement, s in motion.segments.items():
        columns = {
            **{f"acc {axis}": ("m/s2", s.acc_m_s2[:, i]) for i, axis in enumerate("xyz")},
            **{f"gyr {axis}": ("deg/s", np.degrees(s.gyr_rad_s[:, i])) for i, axis in enumerate("xyz")},
            "temp": ("degC", s.temperature_c),
            "flex": ("counts", s.flex),
            "tens": ("counts", s.tension),
            "range": ("mm", s.range_m * 1e3),
        }
        for name, (unit, values) in columns.items():
            if np.isfinite(values).any():
                yield _signal(f"{_SHORT[placement]} {name}", unit, values)


def _signal(label: str, unit: str, values: Floats) -> edfio.EdfSignal:
    known = values[np.isfinite(values)]
    low, high = (float(known.min()), float(known.max())) if known.size else (0.0, 1.0)
    below, above = physical_range(low, high)
    padded = np.full(math.ceil(len(values) / GRID_HZ) * int(GRID_HZ), below)
    padded[: len(values)] = np.where(np.isfinite(values), values, below)
    return edfio.EdfSignal(padded, GRID_HZ, label=label, physical_dimension=unit, physical_range=(below, above))


def physical_range(low: float, high: float) -> tuple[float, float]:
    """Round limits below and above all values, the lower one clearly so; they fit the eight characters of a header."""
    step = 10.0 ** math.floor(math.log10(max(high - low, 0.1)))
    return (math.floor(low / step) - 1) * step, (math.floor(high / step) + 1) * step


def _annotations(
    markers: tuple[Marker, ...], holds: tuple[Hold, ...], begins_s: float
) -> Iterator[edfio.EdfAnnotation]:
    yield edfio.EdfAnnotation(max(0.0, -begins_s), None, "session zero")
    for marker in markers:
        text = f"{marker.label} {marker.value}".strip()
        yield edfio.EdfAnnotation(marker.start_s - begins_s, marker.end_s - marker.start_s, text)
    for hold in holds:
        yield edfio.EdfAnnotation(hold.start_s - begins_s, hold.gross_s, f"hold {hold.verdict}")
