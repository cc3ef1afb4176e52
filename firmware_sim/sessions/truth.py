"""A simulated session as files: the recording, and the truth in the tables that sessions are scored against.

Invariant: the same columns, units and rules as the recordings with truth that the project is measured on; the files are
their owner's alone.
"""

import csv
import io
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import BinaryIO

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from firmware_sim.person.diary import TrueEvent
from firmware_sim.person.truth_ticks import TruthTicks
from firmware_sim.sessions.simulate import Simulated, Truth
from firmware_sim.sessions.true_holds import true_holds
from sensor.samples import THIGHS, Floats, SampleBlock
from sensor.wearer import Wearer

WITHOUT_HOLDS = ("walk", "lying_press", "check")
Row = tuple[str | int | float, ...]


def write(folder: Path, simulated: Simulated) -> None:
    """All files of the session into `folder`, which is made."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    recorded, truth = simulated.recorded, simulated.truth
    _write_recording(folder / "recording.parquet", list(recorded.straps.values()))
    if recorded.wearer is not None:
        _write_text(folder / "wearer.toml", _wearer_toml(recorded.wearer))
    markers = sorted(recorded.markers, key=lambda m: m.start_s)
    _write(folder, "markers", "label,start_s,end_s,value", ((m.label, m.start_s, m.end_s, m.value) for m in markers))
    ticks = truth.ticks
    gap = {"t": ticks.time_s, "gap_mm": np.round(1000 * ticks.gap_m, 2), "contact_N": np.round(ticks.contact_n, 1)}
    _write_parquet(folder / "truth.parquet", gap)
    write_tables(folder, simulated)


def write_tables(folder: Path, simulated: Simulated) -> None:
    """The truth's tables."""
    truth = simulated.truth
    if simulated.scenario.exercise not in WITHOUT_HOLDS:
        head = "start_s,end_s,gross_s,net_s,lapses,mean_gap_mm,max_gap_mm,verdict"
        _write(folder, "holds", head, _holds(truth))
    if simulated.scenario.exercise == "check":
        _write(folder, "check", "time_s,relaxed_mm,squeezed_mm", _checks(simulated))
    _write(folder, "reps", "exercise,side,start_s,end_s,verdict", _reps(truth))
    steps = (
        (s.side, _s(s.start_s), _s(s.end_s), round(float(np.rad2deg(s.foot_progression_rad)), 2)) for s in truth.steps
    )
    _write(folder, "steps", "side,start_s,end_s,foot_progression_deg", steps)
    _write(folder, "events", "cause,strap,start_s,end_s,size,unit", _events(truth))
    _write(folder, "tightness", "time_s,strap,tension_pct", _tightness(truth))
    lost = ((p, n, m, round(100 * m / max(n + m, 1), 3)) for p, (n, m) in truth.lost.items())
    _write(folder, "quality", "strap,samples,lost,lost_pct", lost)
    spans = zip(truth.postures, [*[at for at, _ in truth.postures[1:]], truth.ticks.time_s[-1]], strict=True)
    _write(folder, "postures", "start_s,end_s,posture", ((_s(a), _s(b), name) for (a, name), b in spans))


def _holds(truth: Truth) -> Iterable[Row]:
    silences = [span for p in THIGHS for span in truth.silences.get(p, ())]
    for h in true_holds(truth.ticks.time_s, truth.ticks.gap_m, silences):
        gaps = (round(1000 * h.mean_gap_m, 3), round(1000 * h.max_gap_m, 3))
        yield (_s(h.start_s), _s(h.end_s), _s(h.end_s - h.start_s), _s(h.net_s), h.lapses, *gaps, h.verdict)


def _checks(simulated: Simulated) -> Iterable[Row]:
    ticks = simulated.truth.ticks
    markers = sorted(simulated.recorded.markers, key=lambda m: m.start_s)
    relaxed = [m for m in markers if m.label == "relaxed"]
    squeezed = [m for m in markers if m.label == "squeezed"]
    for a, b in zip(relaxed, squeezed, strict=False):
        medians = (float(np.median(_inside(ticks.time_s, ticks.gap_m, m.start_s, m.end_s))) for m in (a, b))
        yield (a.start_s, *(round(1000 * m, 2) for m in medians))


def _inside(time_s: Floats, x: Floats, start_s: float, end_s: float) -> Floats:
    return x[(time_s >= start_s) & (time_s <= end_s)]


def _reps(truth: Truth) -> Iterable[Row]:
    for rep in truth.reps:
        start, end, verdict = (
            held_span(rep.start_s, rep.end_s, truth.ticks) if rep.held else (rep.start_s, rep.end_s, rep.verdict)
        )
        yield (rep.exercise, rep.side, _s(start), _s(end), verdict)


def held_span(start_s: float, end_s: float, ticks: TruthTicks) -> tuple[float, float, str]:
    """Start, end and verdict of a repetition that is the hold of the true gap inside these times."""
    inside = (ticks.time_s >= start_s) & (ticks.time_s <= end_s)
    holds = true_holds(ticks.time_s[inside], ticks.gap_m[inside])
    if not holds:
        return start_s, end_s, "short"
    best = max(holds, key=lambda h: h.net_s)
    return best.start_s, best.end_s, "ok" if best.net_s >= 10.0 else "short"


def _events(truth: Truth) -> Iterable[Row]:
    end_s = float(truth.ticks.time_s[-1])
    for placement, tension in truth.ticks.tension.items():
        steps = sum(e.size for e in truth.events if e.placement is placement and e.cause != "slip")
        crept = float(tension[-1] - tension[0]) - steps
        yield ("creep", placement, 0.0, _s(end_s), round(100 * crept, 1), "%")
    rows: list[Row] = [row for e in truth.events if (row := _event(e, truth))]
    for placement in THIGHS:
        for a, b in truth.silences.get(placement, ()):
            rows.append(("data_gap", placement, _s(a), _s(b), round(b - a, 2), "s"))
    yield from sorted(rows, key=lambda row: float(row[2]))


def _event(event: TrueEvent, truth: Truth) -> Row | None:
    place = event.placement or ""
    if event.cause == "slip":
        return ("slip", place, _s(event.start_s), _s(event.end_s), round(float(np.rad2deg(event.size)), 1), "deg")
    if event.cause != "opening":
        return (event.cause, place, _s(event.start_s), _s(event.end_s), round(100 * event.size, 1), "%")
    ticks = truth.ticks
    inside = np.flatnonzero((ticks.time_s >= event.start_s) & (ticks.time_s <= event.end_s))
    top = inside[int(np.argmax(ticks.gap_m[inside]))]
    under = inside[(ticks.gap_m[inside] < 0.003) & (inside < top)]
    if not len(under):
        return None
    start, size = float(ticks.time_s[under[-1]]), round(1000 * float(ticks.gap_m[top]), 1)
    return ("opening", "", _s(start), _s(float(ticks.time_s[top])), size, "mm")


def _tightness(truth: Truth) -> Iterable[Row]:
    for placement, tension in truth.ticks.tension.items():
        for i in range(0, len(tension), 200):
            yield (_s(float(truth.ticks.time_s[i])), placement, round(100 * float(tension[i]), 2))


def _s(time_s: float) -> float:
    return round(time_s, 3)


def _write(folder: Path, name: str, head: str, rows: Iterable[Row]) -> None:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(head.split(","))
    writer.writerows(rows)
    _write_text(folder / f"{name}.csv", text.getvalue())


def _write_text(path: Path, text: str) -> None:
    with _owners_file(path) as file:
        file.write(text.encode())


def _write_parquet(path: Path, columns: Mapping[str, object]) -> None:
    with _owners_file(path) as file:
        pq.write_table(pa.table(dict(columns)), file)


def _owners_file(path: Path) -> BinaryIO:
    """A new file that only its owner can read, in the place of one of that name."""
    path.unlink(missing_ok=True)
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


def _wearer_toml(wearer: Wearer) -> str:
    sizes = {
        "femur_mm": wearer.femur_m,
        "hip_width_mm": wearer.hip_width_m,
        "knee_width_mm": wearer.knee_width_m,
        "height_mm": wearer.height_m,
    }
    return "".join(f"{name} = {1000 * size:.0f}\n" for name, size in sizes.items() if size is not None)


def _write_recording(path: Path, blocks: list[SampleBlock]) -> None:
    straps = np.concatenate([np.full(len(b), str(b.placement), dtype=object) for b in blocks])
    arrival = np.concatenate([b.arrival_s for b in blocks])
    order = np.argsort(arrival, kind="stable")
    columns: dict[str, pa.Array] = {"strap": pa.array(straps[order])}
    columns["sample"] = pa.array(np.concatenate([b.sample for b in blocks])[order])
    plain = {
        "device_s": [b.device_s for b in blocks],
        "arrival_s": [b.arrival_s for b in blocks],
        **{f"acc_{c}_m_s2": [b.acc_m_s2[:, i] for b in blocks] for i, c in enumerate("xyz")},
        **{f"gyr_{c}_rad_s": [b.gyr_rad_s[:, i] for b in blocks] for i, c in enumerate("xyz")},
        "temperature_c": [b.temperature_c for b in blocks],
        "flex": [b.flex for b in blocks],
        "tension": [b.tension for b in blocks],
    }
    for name, parts in plain.items():
        columns[name] = pa.array(np.concatenate(parts)[order], from_pandas=True)
    _write_parquet(path, columns)
