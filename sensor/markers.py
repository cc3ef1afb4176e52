"""Markers: named spans of session time set by the wearer or the coach.

Invariant: `start_s <= end_s`; unknown labels are kept.
"""

from dataclasses import dataclass
from enum import StrEnum


class Label(StrEnum):
    """Labels with a meaning to the analysis; a marker may carry any other text."""

    TABLE = "table"
    TOUCH = "touch"
    SPACER = "spacer"
    LEG_RAISE = "leg_raise"
    EXERCISE = "exercise"
    RELAXED = "relaxed"
    SQUEEZED = "squeezed"
    TOES_STRAIGHT = "toes_straight"
    POSTURE = "posture"
    PAIN = "pain"
    NUMBNESS = "numbness"


CALIBRATION = frozenset({Label.TABLE, Label.TOUCH, Label.SPACER, Label.LEG_RAISE})


@dataclass(frozen=True, slots=True)
class Marker:
    """A span of session time; `value` is the text behind it (an exercise's name, a spacer's width in mm)."""

    label: str
    start_s: float
    end_s: float
    value: str = ""
