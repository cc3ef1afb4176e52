"""What people do on their feet in one place: the check, knees in, wrapped legs and squats.

Invariant: see `acting`. With the ankles together the knees of bow legs stay apart however hard they are squeezed.
"""

import numpy as np

from firmware_sim.person.actions import Mistake
from firmware_sim.person.acts.acting import Acting
from firmware_sim.person.diary import TrueRep
from firmware_sim.person.pose import Ch
from sensor.markers import Label

TOWEL_M = 0.035


def ankles_together(a: Acting, start_s: float) -> float:
    """Ankles touching, legs relaxed."""
    takes = a.pace(1.6)
    inward = -(a.build.hip_width_m - 0.07) / 2
    a.both(Ch.ANKLE_L, inward, start_s, takes)
    a.both(Ch.TOE_L, float(np.deg2rad(4.0)), start_s, takes)
    a.gap_to(a.build.bow_m, start_s, takes)
    a.even(start_s, takes)
    return start_s + takes + 0.4


def relax(a: Acting, start_s: float) -> float:
    """Muscles loose, knees where they rest; marked in `check`."""
    takes = a.pace(0.9)
    a.muscles(0.0, start_s, 0.7 * takes)
    a.both(Ch.TWIST_L, 0.0, start_s, takes)
    if a.ankles_touch():
        a.both(Ch.FLEX_L, float(np.deg2rad(3.0)), start_s, takes)
        a.both(Ch.KNEE_L, float(np.deg2rad(4.0)), start_s, takes)
    settled = a.gap_to(a.usual_gap() + float(a.rng.normal(0, 0.0006)), start_s, takes)
    a.even(settled, 0.8)
    end = settled + a.lasts(0.0)
    if a.ankles_touch():
        _sway_if_mistaken(a, settled, end)
        a.mark(Label.RELAXED, settled + 0.5, max(end - 0.5, settled + 0.5))
    return end


def squeeze(a: Acting, start_s: float) -> float:
    """Knees together as far as they go: bent a little, turned in, less bow."""
    takes = a.pace(0.9)
    least = max(a.build.bow_m - float(a.rng.uniform(0.016, 0.026)), -a.temper.squeeze_m)
    a.muscles(1.0, start_s, takes)
    a.both(Ch.TWIST_L, float(np.deg2rad(a.rng.uniform(10, 16))), start_s, takes)
    a.both(Ch.FLEX_L, float(np.deg2rad(a.rng.uniform(5, 8))), start_s, takes)
    a.both(Ch.KNEE_L, float(np.deg2rad(a.rng.uniform(8, 14))), start_s, takes)
    settled = a.gap_to(least, start_s, takes)
    held = a.lasts(5.0)
    a.gap_to(least + float(a.rng.uniform(0.0005, 0.0025)), settled, held)
    _sway_if_mistaken(a, settled, settled + held)
    a.mark(Label.SQUEEZED, settled + 0.5, settled + held - 0.5)
    return settled + held


def _sway_if_mistaken(a: Acting, start_s: float, end_s: float) -> None:
    # What was begun may have been broken off by a prompt.
    a.course.to(Ch.SWAY, 1.0, start_s - 0.2, 0.2)
    if a.cue.mistake is Mistake.SWAYS:
        a.bump(Ch.SWAY, 8.0, start_s, end_s - start_s)


def feet_in(a: Acting, start_s: float) -> float:
    """Feet shoulder-wide, soles turned slightly in."""
    takes = a.pace(1.5)
    inward = -12.0 if a.cue.mistake is Mistake.TOES_OUT else 8.0
    a.both(Ch.ANKLE_L, 0.06, start_s, takes)
    a.both(Ch.TOE_L, -float(np.deg2rad(inward)), start_s, takes)
    a.both(Ch.TWIST_L, float(np.deg2rad(6.0)), start_s, takes)
    a.gap_to(a.usual_gap(), start_s, takes)
    return start_s + takes + 0.3


def knees_in(a: Acting, start_s: float) -> float:
    """Both knees bent inward until the thighs touch, held, and out again."""
    takes = a.pace(0.9)
    lags_s = a.lags_s()
    a.both(Ch.FLEX_L, float(np.deg2rad(a.rng.uniform(18, 26))), start_s, takes, lags_s)
    a.both(Ch.KNEE_L, float(np.deg2rad(a.rng.uniform(34, 46))), start_s, takes, lags_s)
    a.both(Ch.TWIST_L, float(np.deg2rad(15.0)), start_s, takes, lags_s)
    a.muscles(float(a.rng.uniform(0.6, 1.0)), start_s, takes)
    a.course.by(Ch.Z, -0.07, start_s, takes)
    closed = a.gap_to(-a.temper.squeeze_m, start_s, takes)
    asked = a.lasts(11.0)
    held = float(a.rng.uniform(0.3, 0.75)) * asked if a.cue.mistake is Mistake.BREAKS_OFF else asked
    a.lean_if_mistaken(start_s, closed + held)
    if a.cue.mistake is Mistake.REOPENS:
        _part_once(a, closed + 0.4 * held)
    verdict = "ok" if held > 10.0 else "short"
    a.diary.reps.append(TrueRep("knees_in", "both", start_s, closed + held + 1.0, verdict, held=True))
    return knees_out(a, closed + held)


def _part_once(a: Acting, at_s: float) -> None:
    opened = a.gap_to(0.04, at_s, 0.5)
    a.gap_to(-a.temper.squeeze_m, opened + 0.1, 0.5)


def knees_out(a: Acting, start_s: float) -> float:
    """Legs straight again."""
    takes = a.pace(1.2)
    a.both(Ch.FLEX_L, float(np.deg2rad(4.0)), start_s, takes)
    a.both(Ch.KNEE_L, float(np.deg2rad(6.0)), start_s, takes)
    a.both(Ch.TWIST_L, float(np.deg2rad(6.0)), start_s, takes)
    a.muscles(0.15, start_s, takes)
    a.course.to(Ch.Z, 0.9, start_s, takes)
    end = a.gap_to(a.usual_gap(), start_s, takes)
    a.even(start_s, takes)
    return end + 0.2


def wrap_on(a: Acting, start_s: float) -> float:
    """Legs tied together over a towel: the knees rest against it."""
    takes = a.pace(2.0)
    inward = -(a.build.hip_width_m - 0.09) / 2
    a.both(Ch.ANKLE_L, inward, start_s, takes)
    a.gap_to(TOWEL_M + 0.001 * float(a.rng.standard_normal()), start_s, takes)
    a.even(start_s, takes)
    return start_s + takes + a.lasts(1.0)


def squat(a: Acting, start_s: float) -> float:
    """Down and up."""
    down, up = a.pace(1.7), a.pace(1.7)
    deep = float(np.deg2rad(a.rng.uniform(38, 60)))
    for channel, by in ((Ch.FLEX_L, deep), (Ch.KNEE_L, 1.8 * deep)):
        for side in (0, 1):
            a.course.by(channel + side, by, start_s, down)
            a.course.by(channel + side, -by, start_s + down, up)
    a.course.by(Ch.Z, -0.2, start_s, down)
    a.course.by(Ch.Z, 0.2, start_s + down, up)
    a.bump(Ch.MUSCLE_L, 0.5, start_s, down + up)
    a.bump(Ch.MUSCLE_R, 0.5, start_s, down + up)
    a.lean_if_mistaken(start_s, start_s + down + up)
    a.diary.reps.append(TrueRep("squat", "both", start_s, start_s + down + up, "ok"))
    return start_s + down + up + a.lasts(0.0)
