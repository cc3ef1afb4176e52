"""What one session teaches the next: a cord that is known needs no spacer."""

import numpy as np

from analysis.gap.gap_filter import SLOPE
from analysis.gap.learned import LEARNED, Learned
from analysis.gap.live_gap import GapParams, GapStage
from sensor.samples import Floats
from tests.analysis.made_up_knees import MARKERS, WEARER, Knees, course, motion, times

TIME_S = times(120.0)
GAP_M = course(TIME_S, (29.0, 0.0), (60.0, 0.0), (61.0, 90.0), (75.0, 90.0), (76.0, 0.0), (120.0, 0.0))


def gap_m(knees: Knees, prior: Learned | None) -> Floats:
    """The live gap of these knees."""
    return GapStage(WEARER, GapParams(), prior=prior).push(motion(TIME_S, GAP_M, knees)).gap_m


def taught(knees: Knees) -> Learned:
    """What these knees teach."""
    stage = GapStage(WEARER, GapParams())
    stage.push(motion(TIME_S, GAP_M, knees))
    learned = stage.learned()
    assert learned is not None
    return learned


def test_a_session_without_a_spacer_profits_from_one_with_it() -> None:
    prior, bare = taught(Knees()), Knees(markers=MARKERS[:1])
    wide = (TIME_S > 63) & (TIME_S < 74)
    errors = [np.abs(gap_m(bare, p)[wide] - GAP_M[wide]).mean() for p in (None, prior)]
    assert errors[1] < 0.002
    assert errors[1] < 0.7 * errors[0]


def test_what_is_taught_is_surer_than_what_was_believed() -> None:
    prior, p = taught(Knees()), GapParams().calibration
    slope = LEARNED.index(SLOPE)
    assert np.sqrt(prior.covariance[slope, slope]) < 0.6 * p.slope_sd_counts_m
    assert abs(prior.mean[slope] - 10_500) < 2 * np.sqrt(prior.covariance[slope, slope])


def test_a_prior_that_says_nothing_changes_nothing() -> None:
    p, bare = GapParams().calibration, Knees(markers=MARKERS[:1])
    sd = [p.femur_log_sd, p.slope_sd_counts_m, p.length_log_sd, p.creep_sd]
    sd += [p.heading_shift_sd_rad, p.floor_shift_sd_counts]
    known = Learned(
        np.array([0.0, p.slope_counts_m, np.log(p.length_m), 0.0, 0.0, p.floor_shift_counts]), np.diag(np.square(sd))
    )
    np.testing.assert_allclose(gap_m(bare, known), gap_m(bare, None), atol=1e-12, equal_nan=True)


def test_nothing_is_learned_before_a_calibration() -> None:
    assert GapStage(WEARER, GapParams()).learned() is None
