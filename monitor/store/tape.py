"""What a wearer measured with a tape: the gap between the knees and the girth of thighs and calves.

A line of `measurements.csv` each, in the wearer's folder, in mm; a value that is given again for one day replaces it.

Invariant: a line that is none of ours is kept as it is.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path

from monitor.owner_files import make_folder, write_text
from monitor.store.locks import alone
from sensor.errors import KneeGapError, NotReadable

FILE = "measurements.csv"
HEADER = "date,quantity,value_mm"


class Quantity(StrEnum):
    """What can be measured with a tape; gaps standing with the ankles together, girths at their widest."""

    RELAXED_GAP = "relaxed_gap"
    SQUEEZED_GAP = "squeezed_gap"
    LEFT_THIGH = "left_thigh_girth"
    RIGHT_THIGH = "right_thigh_girth"
    LEFT_CALF = "left_calf_girth"
    RIGHT_CALF = "right_calf_girth"


# What grown and growing people have, in mm: outside it is a slip of the pen or another unit.
PLAUSIBLE_MM: Mapping[Quantity, tuple[float, float]] = {
    Quantity.RELAXED_GAP: (0.0, 250.0),
    Quantity.SQUEEZED_GAP: (0.0, 250.0),
    Quantity.LEFT_THIGH: (200.0, 1000.0),
    Quantity.RIGHT_THIGH: (200.0, 1000.0),
    Quantity.LEFT_CALF: (150.0, 700.0),
    Quantity.RIGHT_CALF: (150.0, 700.0),
}


@dataclass(frozen=True, slots=True)
class TapeEntry:
    """One value measured with a tape."""

    day: date
    quantity: Quantity
    value_mm: float


class ImplausibleTape(KneeGapError):
    """A value that nobody has."""

    def __init__(self, entry: TapeEntry) -> None:
        self.entry = entry
        low, high = PLAUSIBLE_MM[entry.quantity]
        super().__init__(
            f"{entry.quantity} of {entry.value_mm:g} mm: people have {low:.0f} to {high:.0f} mm: measure again, in mm"
        )


def read_tape(folder: Path) -> tuple[TapeEntry, ...]:
    """All values in a wearer's folder, oldest first."""
    found = (_entry(line) for line in _lines(folder / FILE))
    return tuple(sorted((e for e in found if e is not None), key=lambda e: (e.day, e.quantity)))


def add_tape(folder: Path, entries: tuple[TapeEntry, ...]) -> None:
    """Keeps values in a wearer's folder; `ImplausibleTape` where nobody has such a value."""
    for entry in entries:
        low, high = PLAUSIBLE_MM[entry.quantity]
        if not low <= entry.value_mm <= high:
            raise ImplausibleTape(entry)
    given = {(e.day, e.quantity) for e in entries}
    _rewrite(folder, given, [f"{e.day.isoformat()},{e.quantity},{e.value_mm:g}" for e in entries])


def remove_tape(folder: Path, day: date) -> int:
    """Takes back the values of one day; how many there were."""
    gone = {(e.day, e.quantity) for e in read_tape(folder) if e.day == day}
    if gone:
        _rewrite(folder, gone, [])
    return len(gone)


def _rewrite(folder: Path, without: set[tuple[date, Quantity]], new: list[str]) -> None:
    make_folder(folder)
    with alone(folder):
        kept: list[str] = []
        for line in _lines(folder / FILE):
            entry = _entry(line)
            if line != HEADER and (entry is None or (entry.day, entry.quantity) not in without):
                kept.append(line)
        write_text(folder / FILE, "\n".join([HEADER, *kept, *new]) + "\n")


def _lines(path: Path) -> list[str]:
    try:
        return [line for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    except FileNotFoundError:
        return []
    except (OSError, UnicodeDecodeError) as error:
        raise NotReadable(path, str(error)) from error


def _entry(line: str) -> TapeEntry | None:
    day, _, rest = line.partition(",")
    quantity, _, value = rest.partition(",")
    try:
        entry = TapeEntry(date.fromisoformat(day.strip()), Quantity(quantity.strip()), float(value))
    except ValueError:
        return None
    return entry if math.isfinite(entry.value_mm) else None
