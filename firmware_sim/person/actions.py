"""What a virtual person can be asked to do, and what can go wrong when he does it.

Invariant: closed sets; `Cue` is all that passes from a coach (or a written script) to the person.
"""

from dataclasses import dataclass
from enum import StrEnum


class Action(StrEnum):
    """One thing that a coach can ask for; the person keeps doing it until the next one or for `Cue.seconds`."""

    LAY_ON_TABLE = "lay_on_table"
    PUT_ON = "put_on"
    SIT = "sit"
    STAND = "stand"
    LIE = "lie"
    TOUCH = "touch"
    SPACER = "spacer"
    LEG_RAISE = "leg_raise"
    PRESS = "press"
    RELAX = "relax"
    FIDGET = "fidget"
    WIDEN = "widen"
    TWIST = "twist"
    PRESS_ACROSS = "press_across"
    FEET_IN = "feet_in"
    KNEES_IN = "knees_in"
    KNEES_OUT = "knees_out"
    ANKLES_TOGETHER = "ankles_together"
    SQUEEZE = "squeeze"
    WRAP_ON = "wrap_on"
    SQUAT = "squat"
    WALK = "walk"
    TURN_ROUND = "turn_round"
    DOUBLE_TAP = "double_tap"
    SWIVEL = "swivel"
    RIDE = "ride"


class Leg(StrEnum):
    """Whose turn it is in a one-sided action."""

    LEFT = "left"
    RIGHT = "right"


class Mistake(StrEnum):
    """A way to do it wrong, as the table of exercises lists them."""

    REOPENS = "reopens"  # knees part briefly, then close again
    OPENS_SLOWLY = "opens_slowly"  # knees part by millimetres a second, unnoticed
    LEFT_LAGS = "left_lags"  # one knee comes after the other
    RIGHT_LAGS = "right_lags"
    LEANS = "leans"  # trunk and pelvis follow
    BREAKS_OFF = "breaks_off"  # a hold ends early
    TOO_LITTLE = "too_little"  # turned in less than half-way
    WRONG_SIDE = "wrong_side"
    OTHER_THIGH_MOVES = "other_thigh_moves"
    TOO_FAST = "too_fast"
    TOES_OUT = "toes_out"
    SWAYS = "sways"  # does not stand still
    IGNORES = "ignores"  # the prompt is not followed


@dataclass(frozen=True, slots=True)
class Cue:
    """Ask for `action`, to last `seconds` (None: as long as it takes, or until the next cue).

    `leg` is the side of a one-sided action, `width_m` the spacer's width; `marked` False leaves no marker behind.
    """

    action: Action
    seconds: float | None = None
    leg: Leg | None = None
    width_m: float | None = None
    mistake: Mistake | None = None
    marked: bool = True
