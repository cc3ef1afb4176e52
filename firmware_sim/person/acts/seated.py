"""What people do on a chair: turn one knee in, fidget, swivel, ride a bus.

Invariant: see `acting`.
"""

import numpy as np

from firmware_sim.person.actions import Mistake
from firmware_sim.person.acts.acting import Acting
from firmware_sim.person.diary import TrueRep
from firmware_sim.person.pose import Ch


def twist(a: Acting, start_s: float) -> float:
    """One hip turned in, its knee pressed down to the centre, and back."""
    leg, side = a.leg()
    # Clear of half-way, which for knees that rest 160 mm apart is 0.42.
    part = float(a.rng.uniform(0.25, 0.36)) if a.cue.mistake is Mistake.TOO_LITTLE else float(a.rng.uniform(0.85, 1.1))
    out, stay, back = a.pace(1.25), float(a.rng.uniform(0.05, 0.4)), a.pace(1.25)
    end = start_s + out + stay + back
    _turn_in(a, side, part, start_s, out, stay, back)
    if a.cue.mistake is Mistake.OTHER_THIGH_MOVES:
        _turn_in(a, 1 - side, 0.6, start_s + 0.1, out, stay, back)
    a.lean_if_mistaken(start_s, end)
    verdict = "short" if a.cue.mistake is Mistake.TOO_LITTLE else "ok"
    a.diary.reps.append(TrueRep("seated_twist", leg.value, start_s, end, verdict))
    return end + a.lasts(0.0)


def _turn_in(a: Acting, side: int, part: float, start_s: float, out_s: float, stay_s: float, back_s: float) -> None:
    moves = (
        (Ch.TWIST_L, float(np.deg2rad(24.0)) * part),
        (Ch.OPEN_L, -0.095 * part),
        (Ch.FLEX_L, -float(np.deg2rad(5.0)) * part),
        (Ch.MUSCLE_L, 0.5),
    )
    for channel, by in moves:
        a.course.by(channel + side, by, start_s, out_s)
        a.course.by(channel + side, -by, start_s + out_s + stay_s, back_s)


def widen(a: Acting, start_s: float) -> float:
    """Knees almost shoulder-wide, as `seated_twist` begins."""
    takes = a.pace(1.2)
    end = a.gap_to(a.cue.width_m or 0.16, start_s, takes)
    a.even(end, 0.5)
    return end + 0.6


def fidget(a: Acting, start_s: float) -> float:
    """Sit as one does when nobody asks for anything."""
    end = start_s + a.lasts(30.0)
    at = start_s + float(a.rng.exponential(4.0))
    while at < end - 3.0:
        at = _restless(a, at) + float(a.rng.exponential(9.0))
    return end


def _restless(a: Acting, at_s: float) -> float:
    kind = a.rng.choice(["knees", "knees", "shift", "foot", "still"])
    takes = float(a.rng.uniform(0.8, 2.2))
    if kind == "knees":
        a.gap_to(float(a.rng.uniform(0.03, 0.2)), at_s, takes)
    if kind == "shift":
        a.both(Ch.FLEX_L, float(np.deg2rad(a.rng.uniform(83, 92))), at_s, takes)
        a.course.to(Ch.TURN, float(np.deg2rad(a.rng.normal(0, 4))), at_s, takes)
        a.course.by(Ch.X, float(a.rng.normal(0, 0.01)), at_s, takes)
        a.even(at_s, takes)
    if kind == "foot":
        side = int(a.rng.integers(2))
        a.bump(Ch(Ch.FLEX_L + side), float(np.deg2rad(a.rng.uniform(1, 5))), at_s, takes)
        a.bump(Ch(Ch.KNEE_L + side), float(np.deg2rad(a.rng.uniform(-25, 10))), at_s, takes)
    return at_s + takes


def swivel(a: Acting, start_s: float) -> float:
    """The whole body turned on a swivel chair, to and fro; legs do as the plan says besides."""
    end = start_s + a.lasts(60.0)
    at = start_s
    while at < end - 4.0:
        takes = float(a.rng.uniform(0.9, 3.5))
        a.course.to(Ch.YAW, float(np.deg2rad(a.rng.uniform(-110, 110))), at, takes)
        at += takes + float(a.rng.exponential(3.0))
    return start_s


def ride(a: Acting, start_s: float) -> float:
    """The chair is a seat in a bus: it shakes, turns, brakes and goes."""
    end = start_s + a.lasts(120.0)
    a.course.to(Ch.SHAKE, float(a.rng.uniform(0.6, 1.4)), start_s, 2.0)
    at = start_s + 2.0
    while at < end - 10.0:
        takes = float(a.rng.uniform(3.0, 9.0))
        if a.rng.random() < 0.5:
            a.course.by(Ch.YAW, float(np.deg2rad(a.rng.uniform(-95, 95))), at, takes)
            a.course.by(Ch.Y, float(a.rng.normal(0, 4.0)), at, takes)
        else:
            a.course.by(Ch.X, float(a.rng.uniform(-0.25, 0.25)) * takes**2, at, takes)
        at += takes * float(a.rng.uniform(0.7, 1.3))
    a.course.to(Ch.SHAKE, 0.0, end - 3.0, 2.0)
    return start_s
