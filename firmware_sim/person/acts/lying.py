"""On the back: one bent leg pressed across the body.

Invariant: see `acting`. The bent knee is higher than the other, so that they pass each other.
"""

import numpy as np

from firmware_sim.person.actions import Leg, Mistake
from firmware_sim.person.acts.acting import Acting
from firmware_sim.person.diary import TrueRep
from firmware_sim.person.pose import Ch

BENT_RAD = float(np.deg2rad(54.0))


def press_across(a: Acting, start_s: float) -> float:
    """The bent knee across the body, held, and back; the leg is bent first where it lies straight."""
    leg, side = a.leg()
    start_s = bend(a, start_s, side)
    out, back = a.pace(1.2), a.pace(1.1)
    asked = a.lasts(11.0)
    held = float(a.rng.uniform(0.25, 0.6)) * asked if a.cue.mistake is Mistake.BREAKS_OFF else asked
    part = 0.4 if a.cue.mistake is Mistake.TOO_LITTLE else 1.0
    away = start_s + out + held
    for channel, by in ((Ch.OPEN_L, -0.17 * part), (Ch.TWIST_L, 0.25 * part), (Ch.MUSCLE_L, 0.6)):
        a.course.by(channel + side, by, start_s, out)
        a.course.by(channel + side, -by, away, back)
    if a.cue.mistake is Mistake.LEANS:
        sign = 1.0 if leg is Leg.LEFT else -1.0
        a.bump(Ch.ROLL, sign * float(np.deg2rad(20.0)), start_s, away + back - start_s)
    if a.cue.mistake is Mistake.OTHER_THIGH_MOVES:
        a.bump(Ch(Ch.OPEN_L + 1 - side), 0.12, start_s, away + back - start_s)
    # The press lasts from half-way in to half-way out.
    half_in, half_out = start_s + out / 2, away + back / 2
    verdict = "ok" if half_out - half_in > 10.0 and part == 1.0 else "short"
    a.diary.reps.append(TrueRep("lying_press", leg.value, half_in, half_out, verdict))
    return away + back + 0.3


def bend(a: Acting, start_s: float, side: int) -> float:
    """This leg bent up, the other one straight; nothing where that is so already."""
    other = 1 - side
    if a.course.goal(Ch.FLEX_L + side) > 0.6 * BENT_RAD and a.course.goal(Ch.FLEX_L + other) < 0.4 * BENT_RAD:
        return start_s
    takes = a.pace(1.8)
    for which, flex, knee in ((other, 0.03, 0.08), (side, BENT_RAD, 2 * BENT_RAD)):
        a.course.to(Ch.FLEX_L + which, flex, start_s, takes)
        a.course.to(Ch.KNEE_L + which, knee, start_s, takes)
        # Both work: one to hold the bent leg up, the other to keep the hips level.
        a.course.to(Ch.MUSCLE_L + which, 0.4, start_s, takes)
    return start_s + takes + 0.5
