"""What is implausible about a calibration, so that the wearer can be asked to do it again.

Invariant: a finding is said of what was measured, never mended in silence.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from analysis.motion import Motion
from analysis.straps.orientation import TableRecord
from analysis.straps.timebase import Bools
from sensor.markers import Label, Marker
from sensor.samples import THIGHS, Floats, Placement

SWAP_MIN_RAD = 0.03


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


def swap_findings(motion: Motion, markers: Sequence[Marker]) -> tuple[CalibrationFinding, ...]:
    """Whether left and right were swapped: from touch to spacer the left knee turns about +x, the right about -x."""
    opened = [_opened_rad(motion, p, markers) for p in THIGHS]
    if opened[0] < -SWAP_MIN_RAD and opened[1] < -SWAP_MIN_RAD:
        return (CalibrationFinding(Finding.STRAPS_SWAPPED, None),)
    return ()


def _opened_rad(motion: Motion, placement: Placement, markers: Sequence[Marker]) -> float:
    """How far the knee turned outwards from the middle of the touch to the middle of the spacer; NaN if unknown."""
    middles = {m.label: (m.start_s + m.end_s) / 2 for m in markers if m.label in (Label.TOUCH, Label.SPACER)}
    segment = motion.segments[placement]
    if len(middles) < 2 or not segment.aligned:
        return float("nan")
    outwards = segment.gyr_rad_s[:, 0] if placement is Placement.LEFT_THIGH else -segment.gyr_rad_s[:, 0]
    touch_s, spacer_s = middles[Label.TOUCH], middles[Label.SPACER]
    turned = _turned_rad(motion, outwards, min(touch_s, spacer_s), max(touch_s, spacer_s))
    return turned if touch_s < spacer_s else -turned


def _turned_rad(motion: Motion, rate_rad_s: Floats, start_s: float, end_s: float) -> float:
    inside: Bools = (motion.time_s >= start_s) & (motion.time_s < end_s)
    return float(rate_rad_s[inside].sum() * np.diff(motion.time_s[:2]).sum()) if inside.any() else float("nan")
