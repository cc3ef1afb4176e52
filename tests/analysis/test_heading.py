"""Directions of thighs and the gap they mean, against trigonometry."""

import numpy as np
import pytest

from analysis.gap.heading import Geometry, knees_askew, thigh_directions, vertical_rate_rad_s, wrapped
from analysis.motion import SegmentMotion, unknown_segment
from analysis.quaternion import about, from_axes, multiply
from sensor.samples import Floats

UP = np.array([0.0, 0.0, 1.0])
FORWARD = np.array([1.0, 0.0, 0.0])
LEFT = np.array([0.0, 1.0, 0.0])
SIZES = Geometry(femur_m=0.43, between_m=0.08)


def thigh(q: Floats) -> SegmentMotion:
    """A thigh with the orientation `q` (4,) for one row, turning at 0.3 rad/s about its front."""
    empty = unknown_segment(1)
    gyr = np.array([[0.3, 0.0, 0.0]])
    return SegmentMotion(
        q[None, :], gyr, empty.acc_m_s2, empty.temperature_c, empty.flex, empty.tension, empty.range_m, np.ones(1)
    )


def seated(outward_rad: float) -> Floats:
    """Orientation of a level thigh turned to the left: front up, left side left, hip behind."""
    return multiply(about(UP, outward_rad), from_axes(UP, LEFT))


def standing(outward_rad: float) -> Floats:
    """Orientation of an upright thigh whose knee is tilted to the left."""
    return multiply(about(FORWARD, outward_rad), from_axes(FORWARD, LEFT))


@pytest.mark.parametrize("angle", [-0.1, 0.0, 0.2])
def test_seated_gap_is_hips_less_knee_and_the_sine_of_both_headings(angle: float) -> None:
    left, right = thigh_directions(thigh(seated(angle)), thigh(seated(-angle)))
    relative = np.angle(left.ahead * np.conj(right.ahead))
    gap = SIZES.gap_m(left.reach, right.reach, relative)
    assert gap[0] == pytest.approx(0.08 + 2 * 0.43 * np.sin(angle), abs=1e-9)


@pytest.mark.parametrize("tilt", [-0.05, 0.0, 0.08])
def test_standing_gap_is_tilt_that_gravity_sees(tilt: float) -> None:
    left, right = thigh_directions(thigh(standing(tilt)), thigh(standing(-tilt)))
    relative = np.angle(left.ahead * np.conj(right.ahead))
    gap = SIZES.gap_m(left.reach, right.reach, relative)
    assert gap[0] == pytest.approx(0.08 + 2 * 0.43 * np.sin(tilt), abs=1e-6)
    assert abs(SIZES.slope_m(left.reach, right.reach, relative)[0]) < 0.01  # heading hardly matters


def test_slope_is_the_derivative_of_the_gap() -> None:
    left, right = np.array([0.9 + 0.1j]), np.array([0.8 - 0.2j])
    at, step = np.array([0.3]), 1e-6
    difference = (SIZES.gap_m(left, right, at + step) - SIZES.gap_m(left, right, at - step)) / (2 * step)
    assert SIZES.slope_m(left, right, at)[0] == pytest.approx(difference[0], rel=1e-6)


def test_turn_rate_about_the_vertical_is_that_of_a_level_thigh_about_its_front() -> None:
    assert vertical_rate_rad_s(thigh(seated(0.4)))[0] == pytest.approx(0.3)


def test_a_lifted_knee_is_askew() -> None:
    level, lifted = thigh_directions(thigh(seated(0.0)), thigh(standing(0.0)))
    assert knees_askew(level, level)[0] == pytest.approx(0.0, abs=1e-9)
    assert knees_askew(level, lifted)[0] == pytest.approx(np.sqrt(2), abs=1e-6)


def test_angles_wrap_to_half_a_turn() -> None:
    np.testing.assert_allclose(wrapped(np.array([np.pi + 0.1, -np.pi - 0.1, 0.2])), [-np.pi + 0.1, np.pi - 0.1, 0.2])
