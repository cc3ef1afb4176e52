"""What is implausible about a calibration, so that the wearer can be asked to do it again.

Invariant: a finding is said of what was measured, never mended in silence.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from analysis.straps.orientation import TableRecord
from sensor.samples import Placement


class Finding(StrEnum):
    """What is wrong with a calibration."""

    NO_TABLE = "no_table"
    TABLE_MOVED = "table_moved"
    TOUCH_NOT_STILL = "touch_not_still"
    NO_KNEE_AXIS = "no_knee_axis"
    PIVOT_UNCLEAR = "pivot_unclear"
    STRAPS_SWAPPED = "straps_swapped"
    MOUNTING_REMEMBERED = "mounting_remembered"
    BIAS_REMEMBERED = "bias_remembered"
    MEMORY_CONTRADICTED = "memory_contradicted"


@dataclass(frozen=True, slots=True)
class CalibrationFinding:
    """A finding about one strap, or about all."""

    finding: Finding
    placement: Placement | None


SWAPPED = CalibrationFinding(Finding.STRAPS_SWAPPED, None)


def table_findings(
    tables: Mapping[Placement, Sequence[TableRecord]], before_s: float
) -> tuple[CalibrationFinding, ...]:
    """Straps without a still table record that ended before `before_s`."""
    out: list[CalibrationFinding] = []
    for placement, records in tables.items():
        known = [r for r in records if r.end_s <= before_s]
        if not known:
            out.append(CalibrationFinding(Finding.NO_TABLE, placement))
        elif not known[-1].still:
            out.append(CalibrationFinding(Finding.TABLE_MOVED, placement))
    return tuple(out)


def memory_findings(
    remembered: Collection[Placement], contradicted: Collection[Placement]
) -> tuple[CalibrationFinding, ...]:
    """Whose gyroscope was remembered, and where that was not so any more."""
    told = {True: Finding.MEMORY_CONTRADICTED, False: Finding.BIAS_REMEMBERED}
    return tuple(CalibrationFinding(told[p in contradicted], p) for p in remembered)
