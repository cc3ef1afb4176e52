"""What the analysis says of a session: the contents of the exported tables, in SI units.

Invariant: times are session seconds; NaN means unknown; lists are in order of start.
"""

import math
from dataclasses import dataclass
from enum import StrEnum

from sensor.samples import Floats, Placement


class HoldVerdict(StrEnum):
    """Whether a clamp can be credited."""

    OK = "ok"
    UNKNOWN = "unknown"


class RepVerdict(StrEnum):
    """Whether a repetition was complete."""

    OK = "ok"
    SHORT = "short"
    UNKNOWN = "unknown"


class Side(StrEnum):
    """Side of the body."""

    LEFT = "left"
    RIGHT = "right"
    BOTH = "both"


class Cause(StrEnum):
    """Why a signal drifts."""

    OPENING = "opening"
    SLIP = "slip"
    LOOSENING = "loosening"
    TIGHTENING = "tightening"
    CREEP = "creep"
    HEADING = "heading"
    DATA_GAP = "data_gap"


class Posture(StrEnum):
    """What the body does as a whole."""

    STANDING = "standing"
    SITTING = "sitting"
    LYING = "lying"
    WALKING = "walking"


@dataclass(frozen=True, slots=True)
class GapSeries:
    """Knee gap on a regular grid; `gap_m` is NaN where unknown."""

    time_s: Floats  # (N,)
    gap_m: Floats  # (N,)
    sd_m: Floats  # (N,)
    contact: Floats  # (N,) 1 where the knees touch, else 0


@dataclass(frozen=True, slots=True)
class Hold:
    """A counted clamp; `cut` where nothing but missing samples, which may be sent again, kept it from `ok`."""

    start_s: float
    end_s: float
    gross_s: float
    net_s: float
    lapses: int
    mean_gap_m: float
    max_gap_m: float
    verdict: HoldVerdict
    cut: bool = False


@dataclass(frozen=True, slots=True)
class Movement:
    """How a repetition was done; NaN where the straps cannot tell.

    `range_rad` is the tilt of the thigh that works (both: the smaller), `other_rad` that of the thigh that should stay
    still, `trunk_rad` that of the pelvis; `left_share` is the left knee's part of the way, and the left knee starts
    `left_lag_s` after the right.
    """

    range_rad: float = math.nan
    other_rad: float = math.nan
    trunk_rad: float = math.nan
    left_share: float = math.nan
    left_lag_s: float = math.nan


@dataclass(frozen=True, slots=True)
class Repetition:
    """One repetition of an exercise; `reason` says in a few words why the verdict is not ok."""

    exercise: str
    side: Side
    start_s: float
    end_s: float
    verdict: RepVerdict
    reason: str = ""
    movement: Movement = Movement()


@dataclass(frozen=True, slots=True)
class UnderWay:
    """A one-sided repetition that has begun: since when it counts as held, and how far it has come (1: far enough)."""

    side: Side
    held_s: float
    share: float


@dataclass(frozen=True, slots=True)
class Step:
    """A foot flat on the ground; `foot_progression_rad` toe-out positive, NaN without foot straps."""

    side: Side
    start_s: float
    end_s: float
    foot_progression_rad: float


@dataclass(frozen=True, slots=True)
class TightnessSeries:
    """Strap tension relative to session zero (1.0)."""

    placement: Placement
    time_s: Floats
    tension: Floats


@dataclass(frozen=True, slots=True)
class CheckRow:
    """Relaxed and squeezed gap of one repetition of `check`."""

    time_s: float
    relaxed_m: float
    relaxed_sd_m: float
    squeezed_m: float
    squeezed_sd_m: float


@dataclass(frozen=True, slots=True)
class DriftEvent:
    """A cause of drift; `size` is m for opening, rad for slip, a fraction for tension, s for a data gap."""

    cause: Cause
    placement: Placement | None
    start_s: float
    end_s: float
    detected_s: float
    size: float
    confidence: float


@dataclass(frozen=True, slots=True)
class PostureSpan:
    """A posture kept from `start_s` to `end_s`."""

    start_s: float
    end_s: float
    posture: Posture


@dataclass(frozen=True, slots=True)
class Quality:
    """How well a strap's samples arrived over the whole recording."""

    placement: Placement
    samples: int
    lost: int
    rate_hz: float
    clock_ppm: float
    longest_gap_s: float


@dataclass(frozen=True, slots=True)
class Tables:
    """One result of a session, live or final."""

    gap: GapSeries
    holds: tuple[Hold, ...]
    repetitions: tuple[Repetition, ...]
    steps: tuple[Step, ...]
    tightness: tuple[TightnessSeries, ...]
    check: tuple[CheckRow, ...]
    drift: tuple[DriftEvent, ...]
    quality: tuple[Quality, ...]
    postures: tuple[PostureSpan, ...]
