"""The smoother against the least-squares solution of the same model, and on knees whose gap is known."""

import numpy as np

from analysis.gap.gap_filter import HEADING, RATE, STATES, Errors, update
from analysis.gap.live_gap import GapParams, GapStage
from analysis.gap.smoothing import FilterRecord, smoothed
from sensor.samples import Floats
from tests.analysis.made_up_knees import WEARER, Knees, course, motion, times

STEP_S, WALK, NOISE, PRIOR_RATE = 1.0, 1e-3, 4e-3, 2e-3


def filtered(seen: Floats) -> FilterRecord:
    """A heading that drifts at an unknown rate, seen with noise at every step."""
    e = Errors(np.zeros(STATES), 1e-12 * np.eye(STATES))
    e.p[RATE, RATE] = PRIOR_RATE**2
    h = np.zeros(STATES)
    h[HEADING] = 1.0
    record = FilterRecord()
    for k, value in enumerate(seen.tolist()):
        e.x[HEADING] += STEP_S * e.x[RATE]
        e.p[HEADING] += STEP_S * e.p[RATE]
        e.p[:, HEADING] += STEP_S * e.p[:, RATE]
        e.p[HEADING, HEADING] += WALK**2
        record.note_before(e)
        update(e, h, value - float(e.x[HEADING]), NOISE**2, 1e9)
        record.note_after(e, k * STEP_S, STEP_S)
    return record


def solved(seen: Floats) -> tuple[Floats, Floats]:
    """Mean and standard deviation of the headings from all measurements at once."""
    n = len(seen)
    rows, values, weights = [], [], []
    for k in range(n):
        row = np.zeros(n + 1)  # headings, then the rate
        row[k] = 1.0
        rows.append(row)
        values.append(seen[k])
        weights.append(1 / NOISE)
        step = row.copy()
        step[n] = -STEP_S
        if k:
            step[k - 1] = -1.0
        rows.append(step)
        values.append(0.0)
        weights.append(1 / WALK)
    rate = np.zeros(n + 1)
    rate[n] = 1.0
    a = np.array([*rows, rate]) * np.array([*weights, 1 / PRIOR_RATE])[:, None]
    b = np.array([*values, 0.0]) * np.array([*weights, 1 / PRIOR_RATE])
    covariance = np.linalg.inv(np.einsum("ni,nj->ij", a, a))
    mean = np.einsum("ij,nj,n->i", covariance, a, b)
    return mean[:n], np.sqrt(np.diag(covariance))[:n]


def test_smoothed_states_are_the_least_squares_solution() -> None:
    seen = 1e-3 * np.arange(40) + NOISE * np.random.default_rng(3).standard_normal(40)
    found = smoothed(filtered(seen))
    mean, sd = solved(seen)
    np.testing.assert_allclose(found.x[:, HEADING], mean, atol=1e-6)
    np.testing.assert_allclose(np.sqrt(found.p[:, HEADING, HEADING]), sd, rtol=1e-3)


def test_looking_back_is_better_and_surer_where_nothing_was_known_then() -> None:
    time_s = times(260.0)
    gap_m = course(time_s, (29.0, 0.0), (60.0, 0.0), (61.0, 90.0), (230.0, 90.0), (231.0, 0.0), (260.0, 0.0))
    stage = GapStage(WEARER, GapParams(), keep=True)
    live = stage.push(motion(time_s, gap_m, Knees(cord=False, drift_rad_s=1.5e-3)))
    final = stage.smoothed()
    apart = (time_s > 62) & (time_s < 229)
    error = [float(np.sqrt(np.mean(np.square(c.gap_m[apart] - gap_m[apart])))) for c in (live, final)]
    assert error[1] < error[0]
    assert final.sd_m[apart].mean() < live.sd_m[apart].mean()
    assert np.mean(np.abs(final.gap_m[apart] - gap_m[apart]) <= 1.96 * final.sd_m[apart]) > 0.9


def test_without_a_calibration_there_is_nothing_to_smooth() -> None:
    time_s = times(30.0)
    stage = GapStage(WEARER, GapParams(), keep=True)
    stage.push(motion(time_s, course(time_s), Knees(markers=())))
    assert np.isnan(stage.smoothed().gap_m).all()
    assert len(stage.smoothed().time_s) == len(time_s)
