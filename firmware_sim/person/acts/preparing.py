"""From the table to calibrated straps: table, put on, touch, spacer, leg raise, and the change of posture.

Invariant: see `acting`; each act gives the time at which it is over.
"""

import numpy as np

from firmware_sim.person.acts.acting import Acting
from firmware_sim.person.diary import Posture
from firmware_sim.person.pose import Ch
from firmware_sim.worn.strap_fit import Fit
from sensor.markers import Label

LIGHT_TOUCH_M = 0.002
SPACER_PRESS_M = 0.001


def lay_on_table(a: Acting, start_s: float) -> float:
    """The straps lie still; worn ones are taken off first."""
    off = 0.0
    if a.course.goal(Ch.WORN):
        off = 4.0
        a.course.to(Ch.WORN, 0.0, start_s, off)
        for fit in a.straps.values():
            fit.course.to(Fit.PULLED, 0.0, start_s, 1.0)
    end = start_s + off + a.lasts(10.0)
    a.mark(Label.TABLE, start_s + off + 0.3, end - 0.3)
    return end


def put_on(a: Acting, start_s: float) -> float:
    """Straps from the table over the feet to the thighs, and pulled tight."""
    whole = a.lasts(25.0)
    end = start_s + whole
    a.course.to(Ch.HANDLED, 1.0, start_s, 0.1 * whole)
    a.course.to(Ch.WORN, 1.0, start_s + 0.15 * whole, 0.35 * whole)
    a.course.to(Ch.HANDLED, 0.0, start_s + 0.5 * whole, 0.4 * whole)
    for fit in a.straps.values():
        fit.course.to(Fit.PULLED, 1.0, start_s + 0.62 * whole, 0.34 * whole)
    a.bump(Ch.LEAN, 0.5, start_s + 0.1 * whole, 0.7 * whole)
    a.diary.donned_s = end
    return end


def touch(a: Acting, start_s: float) -> float:
    """Knees lightly together for a few seconds, then apart again."""
    held = a.lasts(3.6)
    closed = a.gap_to(-LIGHT_TOUCH_M, start_s, a.pace(1.3))
    a.muscles(0.08, start_s, 1.0)
    a.mark(Label.TOUCH, closed + 0.3, closed + held)
    a.muscles(0.0, closed + held + 0.2, 0.8)
    return a.gap_to(a.usual_gap(), closed + held + 0.4, a.pace(1.2))


def spacer(a: Acting, start_s: float) -> float:
    """Knees resting on an object of known width."""
    true_m = a.cue.width_m or float(a.rng.uniform(0.06, 0.15))
    held = a.lasts(2.6)
    closed = a.gap_to(true_m, start_s, a.pace(1.2))
    a.muscles(0.08, start_s, 1.0)
    value = a.cue.width_m if a.cue.width_m is not None else true_m + 0.001 * float(a.rng.standard_normal())
    a.mark(Label.SPACER, closed + 0.3, closed + held, f"{1000 * value:.0f}")
    a.muscles(0.0, closed + held + 0.2, 0.8)
    return a.gap_to(a.usual_gap(), closed + held + 0.4, a.pace(1.0))


def leg_raise(a: Acting, start_s: float) -> float:
    """Both lower legs raised and lowered three times; the thighs go along a little, not quite about the hips' axis."""
    once = a.lasts(5.4) / 3
    seated = a.posture is Posture.SITTING
    skew = a.rng.normal(0.0, 0.07, 2)
    for side in (0, 1):
        lift = float(np.deg2rad(a.rng.uniform(8, 12) if seated else a.rng.uniform(14, 24)))
        for k in range(3):
            at = start_s + k * once + 0.05 * side
            a.bump(Ch(Ch.FLEX_L + side), lift, at, 0.94 * once)
            a.bump(Ch(Ch.KNEE_L + side), -0.8 if seated else 1.0, at, 0.94 * once)
            a.bump(Ch(Ch.OPEN_L + side), float(skew[side]) * lift * a.build.femur_m, at, 0.94 * once)
            a.bump(Ch(Ch.MUSCLE_L + side), 0.4, at, 0.94 * once)
    a.mark(Label.LEG_RAISE, start_s, start_s + 3 * once)
    return start_s + 3 * once + 0.3


def sit(a: Acting, start_s: float) -> float:
    """Down on the seat."""
    return _change(a, start_s, Posture.SITTING, flex_deg=88.0, knee_deg=88.0, recline_deg=0.0, height_m=0.5)


def stand(a: Acting, start_s: float) -> float:
    """Up on both feet, hip-wide."""
    return _change(a, start_s, Posture.STANDING, flex_deg=4.0, knee_deg=6.0, recline_deg=0.0, height_m=0.9)


def lie(a: Acting, start_s: float) -> float:
    """On the back, legs straight."""
    return _change(a, start_s, Posture.LYING, flex_deg=2.0, knee_deg=4.0, recline_deg=90.0, height_m=0.3)


def _change(
    a: Acting, start_s: float, posture: Posture, flex_deg: float, knee_deg: float, recline_deg: float, height_m: float
) -> float:
    takes = a.pace(2.2 if posture is not Posture.LYING else 4.0)
    if a.posture is not posture:
        a.bump(Ch.LEAN, 0.55, start_s, takes)
        a.diary.postures.append((start_s + takes / 2, posture))
    a.both(Ch.FLEX_L, float(np.deg2rad(flex_deg + a.rng.normal(0, 1.0))), start_s, takes)
    a.both(Ch.KNEE_L, float(np.deg2rad(knee_deg)), start_s, takes)
    a.both(Ch.TWIST_L, 0.0, start_s, takes)
    a.both(Ch.ANKLE_L, 0.0, start_s, takes)
    a.both(Ch.TOE_L, float(np.deg2rad(7.0)), start_s, takes)
    a.course.to(Ch.RECLINE, float(np.deg2rad(recline_deg)), start_s, takes)
    a.course.to(Ch.Z, height_m, start_s, takes)
    a.course.to(Ch.SWAY, 1.0 if posture is not Posture.LYING else 0.6, start_s, takes)
    a.muscles(0.15 if posture is Posture.STANDING else 0.0, start_s, takes)
    a.gap_to(a.usual_gap(), start_s, takes)
    a.even(start_s, takes)
    return start_s + takes + 0.3
