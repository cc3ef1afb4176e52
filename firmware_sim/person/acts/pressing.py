"""Knees pressed together and let go, in any posture.

Invariant: see `acting`.
"""

from firmware_sim.person.actions import Mistake
from firmware_sim.person.acts.acting import Acting
from firmware_sim.person.diary import TrueEvent
from firmware_sim.person.pose import Ch


def press(a: Acting, start_s: float) -> float:
    """Knees together and kept there; the next cue ends it."""
    closed = start_s
    if not _together(a):
        closed = a.gap_to(-a.temper.squeeze_m, start_s, a.pace(0.6))
        a.muscles(float(a.rng.uniform(0.6, 1.0)), start_s, 0.8)
        # Nobody presses as hard after a few seconds as at first.
        a.muscles(float(a.rng.uniform(0.35, 0.6)), closed + 2.0, 6.0)
    end = closed + a.lasts(5.0)
    middle = closed + 0.3 * (end - closed)
    if a.cue.mistake is Mistake.REOPENS:
        end = max(end, part_briefly(a, middle) + 0.3)
    if a.cue.mistake is Mistake.OPENS_SLOWLY:
        end = max(end, part_slowly(a, middle, end) + 0.3)
    if a.cue.mistake is Mistake.BREAKS_OFF:
        return release(a, middle)
    return end


def _together(a: Acting) -> bool:
    build = a.build
    return build.hip_width_m - build.knee_width_m + a.course.goal(Ch.OPEN_L) + a.course.goal(Ch.OPEN_R) < -0.005


def part_briefly(a: Acting, at_s: float) -> float:
    """The knees part by a few centimetres and close again."""
    wide = float(a.rng.uniform(0.027, 0.07))
    open_s = float(a.rng.uniform(0.35, 0.6))
    away = float(a.rng.choice([a.rng.uniform(0.0, 0.15), a.rng.uniform(1.2, 4.0)]))
    parted = a.gap_to(wide, at_s, open_s)
    return a.gap_to(-a.temper.squeeze_m, parted + away, open_s)


def part_slowly(a: Acting, from_s: float, until_s: float) -> float:
    """Tired muscles let the knees part by millimetres a second until the person notices."""
    # Clear of the border of a hold: an opening to 19.9 mm would ask of a sensor what no sensor can tell.
    wide = float(a.rng.choice([a.rng.uniform(0.011, 0.016), a.rng.uniform(0.025, 0.045)]))
    slow = max(until_s - from_s - 2.5, 5.0)
    # The squeeze is let go first, then the gap grows evenly: straight pieces, as minimum jerk alone is too brisk.
    at = a.gap_to(0.001, from_s, 1.5)
    pieces = max(int(slow / 4.0), 2)
    for k in range(pieces):
        a.gap_to(0.001 + (wide - 0.001) * (k + 1) / pieces, at + k * slow / pieces, 1.6 * slow / pieces)
    at += slow + 0.6 * slow / pieces
    a.diary.events.append(TrueEvent("opening", None, from_s, at, wide))
    return a.gap_to(-a.temper.squeeze_m, at, 0.8)


def release(a: Acting, at_s: float) -> float:
    """Knees apart to where they rest."""
    a.muscles(0.0, at_s, 1.0)
    end = a.gap_to(a.usual_gap(), at_s, a.pace(0.7))
    a.even(end, 0.8)
    return end + 0.5
