"""What window and terminal show at one moment; both show the same.

Invariant: a board is frozen and complete; the screens only draw it and know nothing else.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from math import isfinite

from analysis.results import CheckRow
from monitor.coach.signals import CoachView, Ending
from sensor.samples import THIGHS, Placement

# Nearer than this the knees may be called close; a hold starts under 10 mm and ends over 20 mm.
NEAR_M = 0.020
TOUCHING_M = 0.010
# A newest gap older than this is no statement about now.
STALE_S = 2.0
# A strap that is silent for this long is as good as lost, whatever its link says; what is missing longer ends a hold.
AWAY_S = 1.5


class State(StrEnum):
    """The one large word."""

    SEARCHING = "searching"
    CALIBRATING = "calibrating"
    PREPARING = "preparing"
    TOGETHER = "together"
    NEAR = "near"
    APART = "apart"
    ACTIVE = "active"
    UNKNOWN = "unknown"
    PAUSED = "paused"
    ASKING = "asking"
    SAVING = "saving"
    FINISHED = "finished"
    STOPPED = "stopped"


class Link(StrEnum):
    """How a strap's radio link stands."""

    SEARCHING = "searching"
    CONNECTED = "connected"
    RECONNECTING = "reconnecting"


@dataclass(frozen=True, slots=True)
class StrapStatus:
    """A strap's link; None where the strap has not told yet. `band` is that of a band beside it, if there is one."""

    placement: Placement
    link: Link = Link.SEARCHING
    battery_pct: int | None = None
    rssi_dbm: int | None = None
    lost_pct: float | None = None
    jitter_ms: float | None = None
    silent_s: float = 0.0
    tension: float | None = None
    band: "StrapStatus | None" = None

    @property
    def away(self) -> bool:
        """Whether it has sent before and sends no more."""
        return self.link is Link.RECONNECTING or (self.link is Link.CONNECTED and self.silent_s > AWAY_S)


@dataclass(frozen=True, slots=True)
class HoldSpan:
    """A hold to shade; `end_s` None while it runs."""

    start_s: float
    end_s: float | None
    sure: bool = True


@dataclass(frozen=True, slots=True)
class Mark:
    """A marker to show at its start."""

    time_s: float
    label: str


@dataclass(frozen=True, slots=True)
class Corrected:
    """By how much (wider positive) the gap was corrected in the second that ended at `time_s`, known from `source`."""

    time_s: float
    size_m: float
    source: str


@dataclass(frozen=True, slots=True)
class Walked:
    """Steps so far, how many a minute of late, and where each foot points (rad, toe-out positive); NaN if unknown."""

    steps: int
    per_minute: float
    left_rad: float
    right_rad: float

    @property
    def toes_known(self) -> bool:
        """Whether straps on the feet tell where these point."""
        return isfinite(self.left_rad) or isfinite(self.right_rad)


@dataclass(frozen=True, slots=True)
class Board:
    """Everything on the screen besides the curves; times are session seconds, `now_s` the newest sample's.

    `share_left` is the left knee's part of the newest opening or repetition, `report` the finished report's path,
    `check` the newest repetitions of that measurement; `holding` where the exercise has holds to count. Of `net_s` the
    part `unsure_s` was cut off by lost samples: it counts if the straps send these again. `repetitions` are the good
    ones by side, and squats; sides that are counted are there from the start.
    """

    exercise: str = ""
    state: State = State.SEARCHING
    coach: CoachView = field(default_factory=CoachView)
    now_s: float = 0.0
    gap_m: float | None = None
    sd_m: float | None = None
    holding: bool = True
    hold_s: float = 0.0
    net_s: float = 0.0
    unsure_s: float = 0.0
    holds: tuple[HoldSpan, ...] = ()
    repetitions: Mapping[str, int] = field(default_factory=dict[str, int])
    walked: Walked | None = None
    check: tuple[CheckRow, ...] = ()
    marks: tuple[Mark, ...] = ()
    straps: tuple[StrapStatus, ...] = ()
    corrections: tuple[Corrected, ...] = ()
    share_left: float | None = None
    finding: str = ""
    message: str = ""
    report: str = ""
    over: bool = False


def state_of(board: Board, *, worn: bool, together: bool) -> State:
    """The large word that fits the rest of `board`; `worn` once the gap is known, `together` inside a hold."""
    if board.coach.ending is not None:
        return State.FINISHED if board.coach.ending is Ending.FINISHED else State.STOPPED
    if board.coach.asking:
        return State.ASKING
    if any(s.link is Link.SEARCHING for s in board.straps) or not board.straps:
        return State.SEARCHING
    if board.coach.paused:
        return State.PAUSED
    if not worn or board.coach.calibrating:
        return State.CALIBRATING
    if board.coach.step:
        # Until the exercise begins it does not matter how far apart the knees are.
        return State.PREPARING
    if board.coach.exercising and not board.coach.closing:
        # Where the knees need not be together it says nothing that they are apart.
        return State.ACTIVE
    if any(s.placement in THIGHS and s.away for s in board.straps):
        # Whatever the other strap still tells, nothing is credited.
        return State.UNKNOWN
    return _gap_state(board.gap_m, together)


def tells(board: Board) -> bool:
    """Whether nothing counts but what the wearer is told: before the exercise, and while a question waits."""
    coach = board.coach
    searching = board.gap_m is None and not coach.exercising and board.state in (State.SEARCHING, State.CALIBRATING)
    return coach.ending is None and (coach.asking or bool(coach.step) or searching)


def _gap_state(gap_m: float | None, together: bool) -> State:
    if gap_m is None:
        return State.UNKNOWN
    if gap_m < TOUCHING_M or (together and gap_m < NEAR_M):
        return State.TOGETHER
    return State.NEAR if gap_m < NEAR_M else State.APART
