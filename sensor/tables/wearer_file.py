"""The wearer's sizes as the contract's TOML file (mm) and back (m)."""

import json
import math
import tomllib
from pathlib import Path

from sensor.errors import BadWearer, NotReadable, NotWritable, UnknownKey
from sensor.wearer import Wearer

# Widest sizes of grown and growing people, in mm: outside them it is a slip of the pen or another unit.
PLAUSIBLE_MM = {
    "femur_mm": (200.0, 650.0),
    "hip_width_mm": (80.0, 350.0),
    "knee_width_mm": (50.0, 220.0),
    "height_mm": (800.0, 2500.0),
}


def read_wearer(path: Path) -> Wearer:
    """The wearer of a file; `BadWearer` where a size is missing or no person has it."""
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise NotReadable(path, error.strerror or str(error)) from error
    except UnicodeDecodeError as error:
        raise BadWearer(path, "the file", f"is no text ({error})") from error
    return wearer_from_text(path, text)


def wearer_from_text(path: Path, text: str) -> Wearer:
    """The wearer that such a file's text describes; `path` is for errors."""
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadWearer(path, "the file", f"is no TOML ({error})") from error
    for key in values:
        if key not in PLAUSIBLE_MM and key != "name":
            raise UnknownKey(path, key, [*PLAUSIBLE_MM, "name"])
    if "femur_mm" not in values:
        raise BadWearer(path, "femur_mm", "is missing (hip joint to knee joint, in mm)")
    name = values.get("name", "")
    if not isinstance(name, str):
        raise BadWearer(path, "name", "is no text")
    sizes = {key: _metres(path, key, values[key]) for key in PLAUSIBLE_MM if key in values}
    return Wearer(
        femur_m=sizes["femur_mm"],
        hip_width_m=sizes.get("hip_width_mm"),
        knee_width_m=sizes.get("knee_width_mm"),
        height_m=sizes.get("height_mm"),
        name=name,
    )


def sizes_mm(wearer: Wearer) -> dict[str, float | None]:
    """The sizes under their names in the file, in mm; None where not measured."""
    sizes_m = (wearer.femur_m, wearer.hip_width_m, wearer.knee_width_m, wearer.height_m)
    return {key: None if m is None else m * 1000 for key, m in zip(PLAUSIBLE_MM, sizes_m, strict=True)}


def wearer_text(wearer: Wearer) -> str:
    """The text of the wearer's file."""
    lines = [f"{key} = {value:.10g}" for key, value in sizes_mm(wearer).items() if value is not None]
    if wearer.name:
        # TOML's basic strings are JSON's.
        lines.append(f"name = {json.dumps(wearer.name, ensure_ascii=False)}")
    return "\n".join(lines) + "\n"


def write_wearer(path: Path, wearer: Wearer) -> None:
    """The wearer as a file."""
    try:
        path.write_text(wearer_text(wearer), encoding="utf-8")
    except OSError as error:
        raise NotWritable(path, error.strerror or str(error)) from error


def _metres(path: Path, key: str, value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise BadWearer(path, key, f"is {value!r}, a number of mm is wanted")
    low, high = PLAUSIBLE_MM[key]
    if not low <= value <= high:
        raise BadWearer(path, key, f"is {value:g} mm, but people have {low:.0f} to {high:.0f} mm")
    return value / 1000.0
