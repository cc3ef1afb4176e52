"""The body's geometry: gap, frames and contact against arithmetic done by hand."""

import numpy as np
import pytest

from firmware_sim.person import quaternion
from firmware_sim.person.build import Build, Temper
from firmware_sim.person.pose import Ch, start_pose
from firmware_sim.person.wearer import TICK_HZ, Body, BodyTicks
from sensor.samples import THIGHS, Floats, Placement

BUILD = Build(femur_m=0.40, hip_width_m=0.18, knee_width_m=0.10)
STILL = Temper(tremor=0.0, sway=0.0)
X, Y, Z = np.eye(3)


def settled(**channels: float) -> BodyTicks:
    """A still body two seconds after it took this pose."""
    pose = start_pose(0.0)
    pose[Ch.FLEX_L] = pose[Ch.FLEX_R] = np.pi / 2
    for name, value in channels.items():
        pose[Ch[name]] = value
    time_s = np.arange(800) / TICK_HZ
    body = Body(BUILD, STILL, 1, THIGHS)
    return body.carry_out(time_s, np.tile(pose, (len(time_s), 1)))


def axis(ticks: BodyTicks, placement: Placement, inner: Floats) -> Floats:
    return quaternion.rotate(ticks.q_earth_from_segment[placement][-1], inner)


def test_seated_thighs_point_forward_with_the_kneecaps_up() -> None:
    ticks = settled()
    np.testing.assert_allclose(axis(ticks, Placement.LEFT_THIGH, Z), [-1, 0, 0], atol=2e-3)
    np.testing.assert_allclose(axis(ticks, Placement.LEFT_THIGH, X), [0, 0, 1], atol=2e-3)


def test_standing_thighs_agree_with_the_earth() -> None:
    ticks = settled(FLEX_L=0.0, FLEX_R=0.0)
    for inner in (X, Y, Z):
        np.testing.assert_allclose(axis(ticks, Placement.RIGHT_THIGH, inner), inner, atol=2e-3)


def test_gap_is_hips_plus_outward_knees_less_a_knee() -> None:
    ticks = settled(OPEN_L=0.02, OPEN_R=0.01)
    assert ticks.sideways_m[-1] == pytest.approx(0.18 + 0.03 - 0.10, abs=2e-4)
    assert ticks.shortest_m[-1] >= ticks.sideways_m[-1]


def test_seated_opening_is_yaw_and_standing_opening_is_tilt() -> None:
    seated, standing = settled(OPEN_L=0.04), settled(OPEN_L=0.04, FLEX_L=0.0, FLEX_R=0.0)
    angle = np.arcsin(0.04 / 0.40)
    knee = axis(seated, Placement.LEFT_THIGH, -Z)
    assert np.arctan2(knee[1], knee[0]) == pytest.approx(angle, abs=1e-3)
    up_seated, up_standing = axis(seated, Placement.LEFT_THIGH, X), axis(standing, Placement.LEFT_THIGH, Z)
    assert np.arccos(up_seated[2]) < 3e-3
    assert np.arccos(up_standing[2]) == pytest.approx(angle, abs=2e-3)


def test_whole_body_yaw_leaves_the_gap_alone() -> None:
    straight, turned = settled(OPEN_L=0.02), settled(OPEN_L=0.02, YAW=1.3)
    assert turned.sideways_m[-1] == pytest.approx(straight.sideways_m[-1], abs=1e-6)


def test_lying_on_the_back_the_kneecaps_look_up() -> None:
    ticks = settled(FLEX_L=0.0, FLEX_R=0.0, RECLINE=np.pi / 2)
    np.testing.assert_allclose(axis(ticks, Placement.LEFT_THIGH, X), [0, 0, 1], atol=3e-3)


@pytest.mark.parametrize("press_m", [0.0, 0.01, 0.03, 0.06])
def test_pressed_knees_yield_a_little_and_never_pass(press_m: float) -> None:
    outward = (BUILD.knee_width_m - BUILD.hip_width_m - press_m) / 2
    ticks = settled(OPEN_L=outward, OPEN_R=outward)
    assert ticks.sideways_m[-1] == pytest.approx(-0.1 * press_m, abs=3e-4)
    assert ticks.contact_n[-1] == pytest.approx(1100 * press_m, abs=4.0)


def test_knees_of_different_height_pass_each_other() -> None:
    ticks = settled(RECLINE=np.pi / 2, FLEX_L=0.85, FLEX_R=0.0, OPEN_L=-0.17)
    assert ticks.sideways_m[-1] < -0.05


def test_inward_twist_turns_both_kneecaps_to_the_middle() -> None:
    ticks = settled(FLEX_L=0.0, FLEX_R=0.0, TWIST_L=0.3, TWIST_R=0.3)
    assert axis(ticks, Placement.LEFT_THIGH, X)[1] < -0.2
    assert axis(ticks, Placement.RIGHT_THIGH, X)[1] > 0.2
