"""What a session teaches of its straps and its wearer, written down for the next one.

Invariant: only sure rests teach a gyroscope's bias; what they contradict is forgotten.
"""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from analysis.alignment.mounting import StrapAlignment
from analysis.pipeline import Analysis
from analysis.straps.gyro_bias import GyroBias, aged, improved
from analysis.straps.sure_rest import sure_rests
from monitor.memory.kept import (
    KeptCalibration,
    KeptStrap,
    calibration_file,
    read_calibration,
    read_strap,
    strap_file,
    write_calibration,
    write_strap,
)
from monitor.memory.recall import days_since, of_femur, taped_femur_m
from sensor.recorded import Recorded
from sensor.samples import Placement


def learn(
    home: Path, worn_by: str, serials: Mapping[Placement, str], now: datetime, recorded: Recorded, analysis: Analysis
) -> None:
    """Keeps what the session showed; `NotWritable` or `DiskFull`."""
    for placement, serial in serials.items():
        if serial and placement in recorded.straps:
            _learn_strap(strap_file(home, serial), serial, now, placement, recorded, analysis)
    mountings = calibrated_mountings(analysis)
    if mountings:
        path = calibration_file(home, worn_by, serials)
        before = read_calibration(path)
        femur_m = taped_femur_m(recorded.wearer)
        gap = analysis.taught.gap or (of_femur(before.gap, before.femur_m, femur_m) if before else None)
        write_calibration(path, KeptCalibration(dict(serials), now, mountings, gap, femur_m))


def calibrated_mountings(analysis: Analysis) -> Mapping[Placement, StrapAlignment]:
    """How the straps sat, where this session's own leg raises showed it."""
    return {p: s for p, s in analysis.alignment.straps.items() if s.knee_axis_seen}


def _learn_strap(
    path: Path, serial: str, now: datetime, placement: Placement, recorded: Recorded, analysis: Analysis
) -> None:
    kept = read_strap(path)
    before = None if kept is None else aged(kept.bias, days_since(kept.updated, now))
    bias = taught_bias(before, placement, recorded, analysis)
    if bias is not None and bias is not before:
        write_strap(path, KeptStrap(serial, now, bias))
    elif placement in analysis.taught.outvoted:
        path.unlink(missing_ok=True)


def taught_bias(
    before: GyroBias | None, placement: Placement, recorded: Recorded, analysis: Analysis
) -> GyroBias | None:
    """The bias with every rest of the session taken in; None where it was contradicted and nothing else is known."""
    tables = [t for t in analysis.taught.tables.get(placement, ()) if t.still]
    rests = sure_rests(recorded.straps[placement])
    bias = None if placement in analysis.taught.outvoted else before
    for table in tables:
        if not any(r.start_s < table.end_s and table.end_s - 1.0 < r.end_s for r in rests):
            bias = improved(bias, table.bias_rad_s, table.temperature_c)
    for rest in rests:
        bias = improved(bias, rest.rate_rad_s, rest.temperature_c)
    return bias
