"""What the drawings show that stand beside what the wearer is told to do.

Invariant: every picture has a drawing of its name; a picture says nothing that the words beside it do not.
"""

from enum import StrEnum


class Picture(StrEnum):
    """One drawing; those that are named like a `Doing` show it, the others the same thing done otherwise."""

    SWITCH_ON = "switch_on"
    LAY_DOWN = "lay_down"
    PUT_ON = "put_on"
    SIT = "sit"
    STAND = "stand"
    BY_CHAIR = "by_chair"  # standing, with something to hold on to
    HANDS_ON_HIPS = "hands_on_hips"  # standing, feet as wide as the shoulders
    LIE = "lie"
    ANKLES_TOGETHER = "ankles_together"
    FEET_IN = "feet_in"
    WIDEN = "widen"
    TIE = "tie"
    TIED = "tied"  # standing, as by the chair
    TOUCH = "touch"
    SPACER = "spacer"
    LEG_RAISE = "leg_raise"
    REST = "rest"
    RELAX = "relax"
    SQUEEZE = "squeeze"
    CLOSE = "close"
    KNEES_IN = "knees_in"  # closed standing, feet apart
    TWIST_LEFT = "twist_left"
    TWIST_RIGHT = "twist_right"
    PRESS_LEFT = "press_left"
    PRESS_RIGHT = "press_right"
    WALK = "walk"
    SQUAT = "squat"
    ASK_DOCTOR = "ask_doctor"
