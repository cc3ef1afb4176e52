"""Walking in a straight line: feet are placed, the legs follow (`gait`).

Invariant: a foot that is noted as flat stands still meanwhile.
"""

import numpy as np

from firmware_sim.person.actions import Mistake
from firmware_sim.person.acts.acting import Acting
from firmware_sim.person.diary import Posture, TrueStep
from firmware_sim.person.pose import Ch

SWING_SHARE = 0.78  # of the time of one step; the rest both feet are on the ground


def walk(a: Acting, start_s: float) -> float:
    """Step by step for as long as asked, then feet side by side."""
    step_s = float(a.rng.uniform(0.52, 0.60)) * a.temper.slowness**0.5
    if a.cue.mistake is Mistake.TOO_FAST:
        step_s *= 0.75
    step_m = float(a.rng.uniform(0.58, 0.70))
    steps = max(int(a.lasts(30.0) / step_s), 4)
    toe = a.rng.normal(np.deg2rad(6.0), np.deg2rad(2.5), 2)
    if a.cue.mistake is Mistake.TOES_OUT:
        toe += np.deg2rad(16.0)
    _begin(a, start_s)
    at = start_s + 0.6
    flat_since = [at, at]
    for k in range(steps):
        side = k % 2
        reach, ahead = _steps_on(k, steps)
        _note_flat(a, side, flat_since[side], at)
        landed = _swing(a, side, at, step_s, reach * step_m, float(toe[side] + a.rng.normal(0, np.deg2rad(1.8))))
        a.course.by(Ch.AHEAD, ahead * step_m, at - 0.25 * step_s, 1.9 * step_s)
        flat_since[side] = landed
        at += step_s
    for side in (0, 1):
        _note_flat(a, side, flat_since[side], at + 0.5)
    return _end(a, at + step_s)


def _steps_on(k: int, steps: int) -> tuple[float, float]:
    """How far step `k` carries its foot and the pelvis, in step lengths; the feet begin and end side by side."""
    if k == 0:
        return 0.5, 0.25
    if k == steps - 1:
        return 1.0, 0.5
    return (1.5, 0.75) if k == 1 else (2.0, 1.0)


def _begin(a: Acting, start_s: float) -> None:
    a.both(Ch.STEP_L, 0.0, start_s, 0.01)
    a.both(Ch.ANKLE_L, -0.01, start_s, 0.5)
    a.course.to(Ch.WALK, 1.0, start_s, 0.5)
    a.gap_to(0.6 * a.temper.seated_gap_m, start_s, 0.6)
    a.diary.postures.append((start_s + 0.6, Posture.WALKING))


def _end(a: Acting, at_s: float) -> float:
    a.course.to(Ch.WALK, 0.0, at_s, 0.5)
    a.diary.postures.append((at_s, Posture.STANDING))
    a.gap_to(a.usual_gap(), at_s, 0.8)
    a.even(at_s, 0.8)
    _stay_here(a, at_s + 0.6)
    return at_s + 0.9


def _stay_here(a: Acting, at_s: float) -> None:
    """Make the way walked part of the place stood at, so that turning does not swing it round."""
    way, yaw = a.course.goal(Ch.AHEAD), a.course.goal(Ch.YAW)
    a.course.to(Ch.AHEAD, 0.0, at_s, 0.05)
    a.course.by(Ch.X, way * float(np.cos(yaw)), at_s, 0.05)
    a.course.by(Ch.Y, way * float(np.sin(yaw)), at_s, 0.05)


def _swing(a: Acting, side: int, at_s: float, step_s: float, reach_m: float, toe_rad: float) -> float:
    """One foot lifted, carried and set down; gives when it is flat again."""
    takes = SWING_SHARE * step_s
    sign = 1.0 if side == 0 else -1.0
    a.course.by(Ch.STEP_L + side, reach_m, at_s, takes)
    a.bump(Ch(Ch.LIFT_L + side), 0.13, at_s, takes)
    a.course.by(Ch.PITCH_L + side, 0.7, at_s, 0.35 * takes)
    a.course.by(Ch.PITCH_L + side, -0.95, at_s + 0.35 * takes, 0.6 * takes)
    a.course.by(Ch.PITCH_L + side, 0.25, at_s + 0.95 * takes, 0.12)
    a.course.to(Ch.TOE_L + side, toe_rad, at_s + 0.2 * takes, 0.7 * takes)
    a.bump(Ch(Ch.OPEN_L + side), float(a.rng.normal(0.015, 0.012)), at_s, takes)
    a.bump(Ch(Ch.MUSCLE_L + side), 0.4, at_s + takes, step_s)
    a.bump(Ch.TURN, -sign * 0.09, at_s, step_s)
    a.bump(Ch.ROLL, sign * 0.05, at_s, step_s)
    a.bump(Ch.Z, 0.02, at_s, step_s)
    return at_s + 0.95 * takes + 0.12


def _note_flat(a: Acting, side: int, start_s: float, end_s: float) -> None:
    if end_s - start_s > 0.1:
        toe = a.course.goal(Ch.TOE_L + side)
        a.diary.steps.append(TrueStep("left" if side == 0 else "right", start_s, end_s, toe))


def turn_round(a: Acting, start_s: float) -> float:
    """About-turn on the spot."""
    a.course.by(Ch.YAW, np.pi, start_s, 3.0)
    return start_s + 3.5
