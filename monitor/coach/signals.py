"""What the coach sees at a tick, what the wearer can tell it, and what it says.

Invariant: nothing here has a clock; every time is session or arrival time given from outside.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from analysis.exercises.mistakes import Mistake
from analysis.results import Repetition, RepVerdict, Side, UnderWay
from monitor.coach.pictures import Picture
from monitor.coach.plan import Doing, Tone
from sensor.samples import Placement


class Action(StrEnum):
    """What the wearer can tell the program at any time, by key or button."""

    CONFIRM = "confirm"
    SKIP = "skip"
    PAUSE = "pause"
    STOP = "stop"
    PAIN = "pain"
    NUMBNESS = "numbness"
    YES = "yes"
    NO = "no"
    MARK = "mark"
    TAP = "tap"  # a double tap on a strap; what it says depends on when


@dataclass(frozen=True, slots=True)
class Seen:
    """What is known at a tick; `net_s` sums the holds so far, the running one included.

    What missing samples cut off counts in `net_s`, since the straps send it again; what was never sure does not.
    `resting` is stricter than `still`: nobody wears the strap; one that goes somewhere, however slowly, is `turning`.
    Straps that cannot tell are absent from all three. `working` is what is under way on one side. Straps are
    `swapped` when each was found on the other's leg, and `mounted` where it is remembered how they sit; `turned` is
    the last one that turned far round its leg.
    """

    resting: Mapping[Placement, bool] = field(default_factory=dict[Placement, bool])
    still: Mapping[Placement, bool] = field(default_factory=dict[Placement, bool])
    turning: Mapping[Placement, bool] = field(default_factory=dict[Placement, bool])
    gap_m: float = float("nan")
    together: bool = False
    hold_s: float = 0.0
    net_s: float = 0.0
    repetitions: tuple[Repetition, ...] = ()
    lost: frozenset[Placement] = frozenset()
    mistakes: frozenset[Mistake] = frozenset()
    working: UnderWay | None = None
    swapped: bool = False
    mounted: bool = False
    turned: Placement | None = None


class Ending(StrEnum):
    """Why a coached session is over."""

    FINISHED = "finished"
    STOPPED = "stopped"
    PAIN = "pain"
    NUMBNESS = "numbness"
    NO_ANSWER = "no_answer"
    NOT_TODAY = "not_today"
    LEFT = "left"


@dataclass(frozen=True, slots=True)
class Prompted:
    """The wearer is asked for something new; it takes about `seconds`."""

    time_s: float
    doing: Doing
    text: str
    tone: Tone
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Cued:
    """A correction is given."""

    time_s: float
    mistake: Mistake
    text: str
    tone: Tone


@dataclass(frozen=True, slots=True)
class Counted:
    """A countdown reached a whole second."""

    time_s: float
    left_s: int
    tone: Tone = Tone.COUNT


@dataclass(frozen=True, slots=True)
class Judged:
    """A repetition was judged; `reason` says why it was not complete."""

    time_s: float
    side: Side
    verdict: RepVerdict
    reason: str
    tone: Tone


@dataclass(frozen=True, slots=True)
class Reached:
    """What was to be held has been held for long enough; `text` says what to do now."""

    time_s: float
    text: str
    tone: Tone = Tone.GOOD


@dataclass(frozen=True, slots=True)
class Answered:
    """A question was answered whose answer is kept."""

    time_s: float
    yes: bool


@dataclass(frozen=True, slots=True)
class MarkerOpened:
    """A marker starts."""

    time_s: float
    label: str
    value: str


@dataclass(frozen=True, slots=True)
class MarkerClosed:
    """The marker that was open under `label` ends."""

    time_s: float
    label: str


@dataclass(frozen=True, slots=True)
class Zeroed:
    """The straps are on: session zero."""

    time_s: float


@dataclass(frozen=True, slots=True)
class Swapped:
    """Each thigh strap was found on the other's leg; from now on each goes by where it sits."""

    time_s: float


@dataclass(frozen=True, slots=True)
class Ended:
    """The coach has nothing more to ask."""

    time_s: float
    ending: Ending


CoachEvent = (
    Prompted | Cued | Counted | Judged | Reached | Answered | MarkerOpened | MarkerClosed | Zeroed | Swapped | Ended
)


@dataclass(frozen=True, slots=True)
class CoachView:
    """What the screens show of the coach; `closing` where the knees should be together now.

    `word` is what is done now in a word or two, where the knees' distance is not what it is about; `goal_s` is the net
    time of all holds that is to be reached, where they may be several.
    `step` counts the preparations, of which there are `steps`; 0 once the exercise has begun. `picture` shows `text`.
    """

    title: str = ""
    text: str = ""
    cue: str = ""
    note: str = ""
    word: str = ""
    picture: Picture | None = None
    countdown_s: float | None = None
    progress: float | None = None
    goal_s: float | None = None
    round: int = 0
    rounds: int = 0
    step: int = 0
    steps: int = 0
    paused: bool = False
    asking: bool = False
    calibrating: bool = False
    exercising: bool = False
    closing: bool = False
    ending: Ending | None = None
