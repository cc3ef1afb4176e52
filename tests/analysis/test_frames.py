"""Each row of the sign table in `docs/frames.md`: a movement, made with straps mounted at random, and what is seen."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from analysis.motion import Motion
from analysis.pipeline import motion_of
from sensor.recorded import Recorded
from sensor.samples import THIGHS, Floats, Placement
from tests.analysis.analytic_person import (
    MARKERS,
    MOUNTINGS,
    RATE_HZ,
    SEATED,
    STANDING,
    WEARER,
    Air,
    Course,
    Strap,
    clamping,
    plateau,
    sent,
    turned,
    worn_samples,
)

LEFT, RIGHT = THIGHS
POSTURES: Mapping[str, Rotation] = {"seated": SEATED, "standing": STANDING}
X, Y, Z = np.eye(3)
MOVEMENT_S = 22.0

Turn = Callable[[Floats], Course]


def moves(*, abduction: float = 0.0, flexion: float = 0.0, inward: float = 0.0) -> Turn:
    def course(amount: Floats) -> Course:
        return Course(abduction * amount, flexion * amount, inward * amount)

    return course


# movement, posture, course, axis and sign on the left and on the right, change of up in thigh axes on the left
SIGNS = {
    "hip flexion seated": ("seated", moves(flexion=0.3), -Y, -Y),
    "hip flexion standing": ("standing", moves(flexion=0.3), -Y, -Y),
    "hip extension standing": ("standing", moves(flexion=-0.3), Y, Y),
    "opening seated": ("seated", moves(abduction=0.3), X, -X),
    "opening standing": ("standing", moves(abduction=0.3), X, -X),
    "closing seated": ("seated", moves(abduction=-0.1), -X, X),
    "turning in standing": ("standing", moves(inward=0.3), -Z, Z),
    "turning in seated": ("seated", moves(inward=0.3), -Z, Z),
}
LEVEL = {"opening seated", "closing seated", "turning in standing"}


@cache
def moved(name: str) -> Motion:
    """Motion of a calibrated person who makes the movement between 22 and 23 s and back between 28 and 29 s."""
    posture, turn, _, _ = SIGNS[name]
    return motion_of(performed(POSTURES[posture], turn))


def performed(base: Rotation, turn: Turn, turned_left_rad: float = 0.0) -> Recorded:
    """A calibrated session in the posture `base` with one movement; the whole body may turn to the left as well."""
    time_s = np.arange(-20.0, 32.0, 1 / RATE_HZ)
    rise = np.where(time_s < 25.0, plateau(time_s, 22.0, 60.0, 1.0), plateau(time_s, 0.0, 29.0, 1.0))
    blocks = {p: _strap(p, time_s, base, turn(rise), turned_left_rad * rise) for p in THIGHS}
    return Recorded(blocks, MARKERS[:4], WEARER, None)


def _strap(placement: Placement, time_s: Floats, base: Rotation, course: Course, left_rad: Floats):
    before = clamping(np.minimum(time_s, 17.0))
    # Standing, thighs of touching knees slope inwards, as the hips are wider apart than the knees.
    inwards = (0.18 - 0.10) / 2 / 0.42 if base is STANDING else 0.0
    before = replace(before, abduction=before.abduction - inwards)
    both = Course(before.abduction + course.abduction, before.flexion + course.flexion, course.inward)
    body = Rotation.from_euler("Z", left_rad[:, None])
    q = body * turned(time_s, placement, both, base)
    return sent(worn_samples(placement, time_s, q, Strap(MOUNTINGS[placement]), -8.0), Air())


def turn_of(motion: Motion, placement: Placement) -> Floats:
    """The unit axis about which the thigh turned in the movement, in its own axes."""
    during = (motion.time_s > MOVEMENT_S) & (motion.time_s < MOVEMENT_S + 1.0)
    turned_rad = motion.segments[placement].gyr_rad_s[during].sum(axis=0)
    return turned_rad / np.linalg.norm(turned_rad)


@pytest.mark.parametrize("name", SIGNS)
def test_a_movement_turns_about_its_axis(name: str) -> None:
    motion = moved(name)
    _, _, left, right = SIGNS[name]
    for placement, axis in ((LEFT, left), (RIGHT, right)):
        assert turn_of(motion, placement) @ axis > np.cos(np.deg2rad(8.0)), placement


@pytest.mark.parametrize("name", SIGNS)
def test_gravity_sees_what_is_no_turn_about_the_vertical(name: str) -> None:
    motion = moved(name)
    segment = motion.segments[LEFT]
    before, after = (
        segment.acc_m_s2[(motion.time_s > a) & (motion.time_s < a + 1.5)].mean(axis=0) for a in (20.0, 25.0)
    )
    tilt_rad = np.linalg.norm(after - before) / 9.81
    assert (tilt_rad < 0.04) == (name in LEVEL)


@pytest.mark.parametrize(("posture", "axis"), [("seated", X), ("standing", Z)])
def test_the_whole_body_turning_left_turns_both_thighs_alike(posture: str, axis: Floats) -> None:
    motion = motion_of(performed(POSTURES[posture], moves(), turned_left_rad=0.8))
    for placement in THIGHS:
        assert turn_of(motion, placement) @ axis > np.cos(np.deg2rad(8.0))


@pytest.mark.parametrize(("posture", "axis"), [("seated", X), ("standing", Z)])
def test_up_is_the_front_seated_and_the_long_axis_standing(posture: str, axis: Floats) -> None:
    motion = motion_of(performed(POSTURES[posture], moves()))
    still = (motion.time_s > 2.5) & (motion.time_s < 4.5)
    for placement in THIGHS:
        acc = motion.segments[placement].acc_m_s2[still].mean(axis=0)
        assert acc @ axis / 9.81 > 0.99


def test_straps_that_are_not_aligned_keep_their_axes() -> None:
    of = performed(SEATED, moves())
    motion = motion_of(replace(of, markers=of.markers[:1]))
    assert [motion.segments[p].measured.size for p in THIGHS] == [len(motion)] * 2
