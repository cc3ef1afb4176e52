"""An exercise as its TOML file describes it: phases in order, cues, safety questions.

Invariant: a plan is frozen and says nothing about how a phase is recognised; that is in `phases`.
"""

from dataclasses import dataclass
from enum import StrEnum

from analysis.exercises.mistakes import Mistake
from monitor.coach.pictures import Picture
from sensor.samples import THIGHS, Placement


class Doing(StrEnum):
    """What the wearer is asked to do; a simulated person follows these words."""

    LAY_DOWN = "lay_down"
    PUT_ON = "put_on"
    SIT = "sit"
    STAND = "stand"
    LIE = "lie"
    ANKLES_TOGETHER = "ankles_together"
    FEET_IN = "feet_in"
    WIDEN = "widen"
    TIE = "tie"
    TOUCH = "touch"
    SPACER = "spacer"
    LEG_RAISE = "leg_raise"
    REST = "rest"
    RELAX = "relax"
    SQUEEZE = "squeeze"
    CLOSE = "close"
    TWIST_LEFT = "twist_left"
    TWIST_RIGHT = "twist_right"
    PRESS_LEFT = "press_left"
    PRESS_RIGHT = "press_right"
    WALK = "walk"
    SQUAT = "squat"
    ANSWER = "answer"
    AGREE = "agree"
    STOP = "stop"


# Each that has a drawing of its name.
_DRAWN = {Doing(name): Picture(name) for name in set(Doing) & set(Picture)}


class PhaseKind(StrEnum):
    """How a phase is recognised and when it is over."""

    TABLE = "table"  # all straps still, not worn
    PUT_ON = "put_on"  # each strap handled, then all still: session zero
    WORN = "worn"  # straps that are on already, then all still: session zero
    POSE = "pose"  # a pose held still under a marker
    MOVE = "move"  # a movement under a marker
    READY = "ready"  # time to get into position, or to rest
    HOLD = "hold"  # knees together for so many seconds
    REPS = "reps"  # so many repetitions
    FREE = "free"  # so many seconds of the exercise, nothing to reach
    ASK = "ask"  # a question that must be answered to go on

    @property
    def zeroes(self) -> bool:
        """Whether the session begins to count when this is over."""
        return self in (PhaseKind.PUT_ON, PhaseKind.WORN)


class Feet(StrEnum):
    """How the feet are to stand, as far as the knees' distance shows it."""

    ANY = "any"
    APART = "apart"  # as wide as the hips: the distance to compare with
    TOGETHER = "together"


class Tone(StrEnum):
    """Sounds that can be told apart without looking."""

    NONE = "none"
    START = "start"
    DONE = "done"
    GOOD = "good"
    COUNT = "count"
    CUE = "cue"
    ASK = "ask"
    ALARM = "alarm"


@dataclass(frozen=True, slots=True)
class Phase:
    """One step of a session; `seconds` is its length or, in a hold, the net time to reach, in `reps` that of each.

    A pose that `moves_first` is recognised by itself once the wearer has moved and come to rest. Of a question with
    `keep` the answer is kept for the next session; a phase `after_yes` comes only where a question was answered so, and
    one `if_unknown` only where it is not remembered how the straps sit. `picture` is the drawing beside the
    words, where it is not the one named like `do`.
    """

    kind: PhaseKind
    title: str
    say: str
    do: Doing
    seconds: float = 0.0
    countdown_s: float = 0.0
    marker: str = ""
    value: str = ""
    limit_s: float | None = None
    unbroken: bool = False
    count: int = 1
    sides: tuple[str, ...] = ("both",)
    stop_on_yes: bool = False
    stop_on_no: bool = False
    moves_first: bool = False
    feet: Feet = Feet.ANY
    keep: bool = False
    after_yes: bool = False
    if_unknown: bool = False
    picture: Picture | None = None

    @property
    def drawing(self) -> Picture | None:
        """The drawing beside the words; a question has none."""
        return self.picture or _DRAWN.get(self.do)


@dataclass(frozen=True, slots=True)
class Cue:
    """What is said when a mistake has lasted `after_s`, and again every `every_s` while it lasts.

    After `most` times without an effect it is left at that until the mistake is over.
    """

    when: Mistake
    say: str
    after_s: float = 1.0
    every_s: float = 8.0
    most: int | None = None
    tone: Tone = Tone.CUE


@dataclass(frozen=True, slots=True)
class Question:
    """Asked every `every_s` of the exercise; no answer within `wait_s` counts as stop."""

    say: str
    every_s: float
    wait_s: float = 20.0


@dataclass(frozen=True, slots=True)
class Plan:
    """A coached session: phases before, rounds of phases, phases after; `settle` is the position to calibrate in.

    `about` says what one does in it, and with what, to whoever has not chosen it yet.
    `ask_first` comes before all else; `optional` straps are used where they are found.
    """

    name: str
    title: str
    settle: Phase
    about: str = ""
    rounds: int = 1
    straps: tuple[Placement, ...] = THIGHS
    optional: tuple[Placement, ...] = ()
    ask_first: tuple[Phase, ...] = ()
    before: tuple[Phase, ...] = ()
    round: tuple[Phase, ...] = ()
    after: tuple[Phase, ...] = ()
    cues: tuple[Cue, ...] = ()
    questions: tuple[Question, ...] = ()

    @property
    def holding(self) -> bool:
        """Whether the knees are to be held together."""
        return any(phase.kind is PhaseKind.HOLD for phase in self.round)

    @property
    def drawing(self) -> Picture | None:
        """What the exercise is known by."""
        done = (p.drawing for p in self.round if p.kind in (PhaseKind.HOLD, PhaseKind.REPS, PhaseKind.FREE))
        return next(done, self.round[-1].drawing if self.round else None)

    @property
    def sides(self) -> tuple[str, ...]:
        """The sides whose repetitions are counted one by one."""
        return tuple(dict.fromkeys(s for phase in self.round if phase.kind is PhaseKind.REPS for s in phase.sides))


@dataclass(frozen=True, slots=True)
class Calibration:
    """The steps that every session starts with, up to the exercise."""

    steps: tuple[Phase, ...]


@dataclass(frozen=True, slots=True)
class Screen:
    """Questions of safety."""

    ask_first: tuple[Phase, ...]
