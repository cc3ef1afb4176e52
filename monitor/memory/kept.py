"""The files of what is remembered: one a strap, and one a wearer for each pair of straps.

Invariant: plain JSON that only its owner can read, written whole; a file that is damaged or gone is nothing remembered.
"""

import json
import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from analysis.alignment.mounting import StrapAlignment
from analysis.gap.learned import Learned
from analysis.priors import (
    bias_fields,
    bias_of,
    fields_of,
    learned_fields,
    learned_of,
    mounting_fields,
    mounting_of,
)
from analysis.straps.gyro_bias import GyroBias
from monitor.owner_files import make_folder, write_text
from monitor.store.wearers import Wearers
from sensor.samples import Placement

FORMAT = 1
STRAPS = "straps"
CALIBRATIONS = "calibrations"

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class KeptStrap:
    """A strap's gyroscope as it was known at `updated`."""

    serial: str
    updated: datetime
    bias: GyroBias


@dataclass(frozen=True, slots=True)
class KeptCalibration:
    """How a pair of straps last sat on a wearer, and what the gap's filter learned of both.

    `femur_m` is the taped femur that the learned scale refers to; None in files that do not say it.
    """

    serials: Mapping[Placement, str]
    updated: datetime
    mountings: Mapping[Placement, StrapAlignment] = field(default_factory=dict[Placement, StrapAlignment])
    gap: Learned | None = None
    femur_m: float | None = None


def strap_file(home: Path, serial: str) -> Path:
    """Where a strap's memory lies; the serial came off the air and may hold anything."""
    return home / STRAPS / f"{_name(serial)}.json"


def calibration_file(home: Path, worn_by: str, serials: Mapping[Placement, str]) -> Path:
    """Where a wearer's memory of these straps lies."""
    pair = "+".join(f"{p}={serials[p]}" for p in sorted(serials))
    return calibrations_folder(home, worn_by) / f"{_name(pair)}.json"


def calibrations_folder(home: Path, worn_by: str) -> Path:
    """Where all of a wearer's calibrations lie."""
    return Wearers(home).folder(worn_by) / CALIBRATIONS


def read_strap(path: Path) -> KeptStrap | None:
    """What the file says, if it can be read."""
    content = _read(path)
    try:
        if content is None:
            return None
        return KeptStrap(str(content["serial"]), _time(content["updated"]), bias_of(fields_of(content["bias"])))
    except (KeyError, TypeError, ValueError) as error:
        return _damaged(path, error)


def write_strap(path: Path, kept: KeptStrap) -> None:
    """Keeps it; `NotWritable` or `DiskFull`."""
    _write(path, {"serial": kept.serial, "updated": kept.updated.isoformat(), "bias": bias_fields(kept.bias)})


def read_calibration(path: Path) -> KeptCalibration | None:
    """What the file says, if it can be read."""
    content = _read(path)
    try:
        if content is None:
            return None
        gap, femur_m = content["gap"], content.get("femur_m")
        return KeptCalibration(
            {Placement(p): str(s) for p, s in fields_of(content["straps"]).items()},
            _time(content["updated"]),
            {Placement(p): mounting_of(fields_of(m)) for p, m in fields_of(content["mountings"]).items()},
            None if gap is None else learned_of(fields_of(gap)),
            femur_m if isinstance(femur_m, float) and femur_m > 0 else None,
        )
    except (KeyError, TypeError, ValueError) as error:
        return _damaged(path, error)


def write_calibration(path: Path, kept: KeptCalibration) -> None:
    """Keeps it; `NotWritable` or `DiskFull`."""
    _write(
        path,
        {
            "straps": {str(p): s for p, s in kept.serials.items()},
            "updated": kept.updated.isoformat(),
            "mountings": {str(p): mounting_fields(m) for p, m in kept.mountings.items()},
            "gap": None if kept.gap is None else learned_fields(kept.gap),
            "femur_m": kept.femur_m,
        },
    )


def _name(text: str) -> str:
    plain = re.sub(r"[^A-Za-z0-9_-]+", "_", text)[:60]
    return plain if plain == text else f"{plain}-{sha256(text.encode()).hexdigest()[:8]}"


def _read(path: Path) -> dict[str, object] | None:
    try:
        content = fields_of(json.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError, RecursionError) as error:
        return _damaged(path, error)
    return content if content.get("format") == FORMAT else None


def _write(path: Path, content: Mapping[str, object]) -> None:
    make_folder(path.parent)
    write_text(path, json.dumps({"format": FORMAT, **content}, indent=1) + "\n")


def _time(value: object) -> datetime:
    time = datetime.fromisoformat(str(value))
    if time.tzinfo is None:
        raise ValueError("a time zone is wanted")
    return time


def _damaged(path: Path, error: Exception) -> None:
    _log.warning("%s cannot be used and is left out of account: %s", path, error)
