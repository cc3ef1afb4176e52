"""Which strap sits on which leg: told where the touch shows it, never where the wearer had let go of it."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from analysis.alignment.legs import LegParams, swapped_aligned
from analysis.motion import Motion
from analysis.quaternion import about, multiply
from sensor.markers import Marker
from sensor.samples import THIGHS, Floats
from tests.analysis.made_up_knees import MARKERS, Knees, course, motion, times

TIME_S = times(40.0)
GAP_M = course(TIME_S, (40.0, 80.0))
LEFT, RIGHT = THIGHS
LATE_TOUCH = (Marker("touch", 19.0, 22.0),)


def worn(gap_m: Floats, *, swapped: bool) -> Motion:
    """These knees, with each strap on its leg or on the other."""
    m = motion(TIME_S, gap_m, Knees(cord=False))
    a, b = (RIGHT, LEFT) if swapped else (LEFT, RIGHT)
    return replace(m, segments={LEFT: m.segments[a], RIGHT: m.segments[b]})


def told(m: Motion, markers: Sequence[Marker] = MARKERS) -> bool | None:
    """Whether the straps are told to be swapped."""
    return swapped_aligned(m, markers, LegParams())


@pytest.mark.parametrize("swapped", [True, False])
def test_knees_that_come_to_a_touch_tell_whose_they_are(*, swapped: bool) -> None:
    assert told(worn(GAP_M, swapped=swapped)) is swapped


@pytest.mark.parametrize("swapped", [True, False])
def test_a_touch_that_was_let_go_before_its_marker_tells_nothing(*, swapped: bool) -> None:
    let_go_m = np.interp(TIME_S, [0.0, 8.0, 9.0, 12.0, 13.0], [0.08, 0.08, 0.0, 0.0, 0.08])
    assert told(worn(let_go_m, swapped=swapped), LATE_TOUCH) is None


@pytest.mark.parametrize("swapped", [True, False])
def test_who_sat_down_just_before_is_seen_from_then_on(*, swapped: bool) -> None:
    m = worn(GAP_M, swapped=swapped)
    # Down within two seconds, the straps a little askew: what rolls about their long axes looks like an opening.
    down = np.clip((2.0 - TIME_S) / 2.0, 0.0, 1.0) * np.pi / 2
    segments = {}
    for askew, (placement, thigh) in zip((0.2, -0.2), m.segments.items(), strict=True):
        gyr = thigh.gyr_rad_s + np.outer(np.gradient(down, 1 / 50), [askew, 1.0, 0.0])
        q = multiply(thigh.q_earth_from_segment, about(np.array([0.0, 1.0, 0.0]), down))
        segments[placement] = replace(thigh, q_earth_from_segment=q, gyr_rad_s=gyr)
    assert told(replace(m, segments=segments)) is swapped
