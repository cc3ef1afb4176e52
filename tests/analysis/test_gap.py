"""The live gap on made-up knees whose gap is known."""

from dataclasses import replace

import numpy as np
import pytest

from analysis.gap.gap_channels import GapChannels
from analysis.gap.live_gap import GapParams, GapStage
from sensor.markers import Marker
from sensor.samples import THIGHS, Floats
from tests.analysis.made_up_knees import BETWEEN_M, MARKERS, WEARER, Knees, course, motion, times

HOLDS = ((29.0, 0.0), (70.0, 0.0), (71.0, 60.0), (73.0, 60.0), (74.0, 0.0))
SLOW_OPENING = (*HOLDS, (120.0, 0.0), (210.0, 40.0), (215.0, 40.0), (216.0, 0.0), (240.0, 0.0))


def told(gap_m: Floats, time_s: Floats, knees: Knees) -> GapChannels:
    """The live gap of these knees."""
    return GapStage(WEARER, GapParams()).push(motion(time_s, gap_m, knees))


def rmse_mm(channels: GapChannels, gap_m: Floats, since_s: float, until_s: float = np.inf) -> float:
    """Error within a span."""
    m = (channels.time_s >= since_s) & (channels.time_s < until_s)
    return 1000 * float(np.sqrt(np.mean(np.square(channels.gap_m[m] - gap_m[m]))))


def coverage(channels: GapChannels, gap_m: Floats, since_s: float) -> float:
    """Share of rows whose error is within 1.96 standard deviations."""
    m = channels.time_s >= since_s
    return float(np.mean(np.abs(channels.gap_m[m] - gap_m[m]) <= 1.96 * channels.sd_m[m]))


def test_drift_is_followed_from_touch_to_touch() -> None:
    time_s = times(120.0)
    gap_m = course(time_s, *HOLDS)
    for knees in (Knees(), Knees(cord=False), Knees(drift_rad_s=-1e-3)):
        found = told(gap_m, time_s, knees)
        assert rmse_mm(found, gap_m, 30.0) < 3.0
        assert coverage(found, gap_m, 30.0) > 0.9


def test_a_slow_real_opening_survives() -> None:
    time_s = times(240.0)
    gap_m = course(time_s, *SLOW_OPENING)
    found = told(gap_m, time_s, Knees())
    assert rmse_mm(found, gap_m, 200.0, 215.0) < 5.0
    alone = told(gap_m, time_s, Knees(cord=False))
    assert coverage(alone, gap_m, 120.0) > 0.9  # without a cord it must say how unsure it is
    assert rmse_mm(alone, gap_m, 225.0) < 3.0  # and find back at the next touch


def test_heading_that_nothing_checks_grows_unsure() -> None:
    time_s = times(300.0)
    gap_m = course(time_s, (300.0, 80.0))
    found = told(gap_m, time_s, Knees(cord=False, drift_rad_s=1e-3))
    early, late = found.sd_m[np.searchsorted(time_s, [40.0, 299.0])]
    assert late > 4 * early
    assert coverage(found, gap_m, 30.0) > 0.9


def test_a_cord_that_jumped_is_set_right_by_the_touch() -> None:
    time_s = times(200.0)
    gap_m = course(time_s, *HOLDS, (160.0, 0.0), (161.0, 40.0), (163.0, 40.0), (164.0, 0.0))
    found = told(gap_m, time_s, Knees(cord_jump_counts=-60.0))
    assert rmse_mm(found, gap_m, 150.0) < 3.0


def test_a_range_sensor_is_believed_but_not_its_echoes() -> None:
    time_s = times(200.0)
    gap_m = course(time_s, (200.0, 80.0))
    knees = Knees(cord=False, drift_rad_s=1e-3)
    found = told(gap_m, time_s, replace(knees, ranged=True))
    assert rmse_mm(found, gap_m, 60.0) < 2.0
    assert rmse_mm(told(gap_m, time_s, knees), gap_m, 60.0) > 4.0


@pytest.mark.parametrize("cord", [True, False])
@pytest.mark.parametrize(
    "markers",
    [
        (Marker("touch", 5.0, 9.0), Marker("spacer", 19.0, 22.0, "130")),  # knees that had let go of it
        (Marker("touch", 0.0, 2.8), Marker("spacer", 12.0, 15.0, "100")),  # not touching yet
        (*MARKERS, Marker("spacer", 19.0, 22.0, "40")),
    ],
)
def test_a_known_gap_that_cannot_be_true_is_not_believed(markers: tuple[Marker, ...], *, cord: bool) -> None:
    time_s = times(120.0)
    gap_m = course(time_s, *HOLDS)
    found = told(gap_m, time_s, Knees(cord=cord, markers=markers))
    assert rmse_mm(found, gap_m, 22.0, 28.0) < 7.0
    assert rmse_mm(found, gap_m, 30.0) < 4.0
    assert coverage(found, gap_m, 22.0) > 0.9


def test_a_cord_without_motion_sensors_gives_a_gap() -> None:
    time_s = times(120.0)
    gap_m = course(time_s, *HOLDS)
    moved = motion(time_s, gap_m, Knees())
    bare = {p: replace(s, q_earth_from_segment=np.full((len(time_s), 4), np.nan)) for p, s in moved.segments.items()}
    found = GapStage(WEARER, GapParams()).push(replace(moved, segments=bare))
    assert rmse_mm(found, gap_m, 30.0) < 6.0
    assert np.isnan(found.inertial_m).all()


def test_nothing_is_claimed_before_a_touch() -> None:
    time_s = times(60.0)
    gap_m = course(time_s, *HOLDS)
    assert np.isnan(told(gap_m, time_s, Knees(markers=())).gap_m).all()
    found = told(gap_m, time_s, Knees(markers=MARKERS[:1]))
    assert np.isnan(found.gap_m[time_s < 9.0]).all()
    assert np.isfinite(found.gap_m[time_s > 9.3]).all()


def test_contact_is_told_in_holds_and_not_beside_them() -> None:
    time_s = times(120.0)
    gap_m = course(time_s, *HOLDS)
    contact = told(gap_m, time_s, Knees()).contact
    assert contact[(time_s > 34) & (time_s < 70)].mean() > 0.95
    assert contact[(time_s > 71) & (time_s < 73.8)].max() == 0


def test_missing_thighs_make_an_unknown_gap() -> None:
    time_s = times(40.0)
    moved = motion(time_s, course(time_s), Knees(cord=False))
    nothing = {p: replace(moved.segments[p], q_earth_from_segment=np.full((len(time_s), 4), np.nan)) for p in THIGHS}
    assert np.isnan(GapStage(WEARER, GapParams()).push(replace(moved, segments=nothing)).gap_m).all()


def test_sizes_are_those_of_the_wearer() -> None:
    assert WEARER.hip_width_m is not None
    assert WEARER.knee_width_m is not None
    assert np.isclose(WEARER.hip_width_m - WEARER.knee_width_m, BETWEEN_M)


def test_a_marked_touch_is_contact_in_the_end_though_nothing_was_known_at_the_time() -> None:
    time_s = times(60.0)
    stage = GapStage(WEARER, GapParams(), keep=True)
    live = stage.push(motion(time_s, course(time_s, *HOLDS), Knees()))
    touch = (time_s > 5.0) & (time_s < 9.0)
    assert live.contact[touch].max() == 0
    assert stage.smoothed().contact[touch].min() == 1
    assert stage.smoothed().contact[(time_s > 10.5) & (time_s < 28.0)].max() == 0
