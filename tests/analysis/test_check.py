"""The check: phases by markers or found, the cord's curve, and the recorded persons."""

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from analysis.motion import Motion
from analysis.movement.body import BodyParams, BodyStage
from analysis.movement.check_cord import CheckCordParams, anchored, learned
from analysis.pipeline import analyze
from analysis.results import CheckRow, GapSeries
from sensor.markers import Label, Marker
from sensor.samples import THIGHS, Floats
from sensor.tables.imported import read_folder
from tests.analysis.moved_body import bump, cut_gap, gap, motion, segment, thigh_turns, times

TIME_S = times(90.0)
PHASES = tuple(
    Marker(label, start_s, start_s + 4.0)
    for i in range(3)
    for label, start_s in ((Label.RELAXED, 40.5 + 12 * i), (Label.SQUEEZED, 46.5 + 12 * i))
)
CALIBRATION = (
    Marker(Label.TOUCH, 3.0, 6.0),
    Marker(Label.SPACER, 8.0, 10.0, "90"),
    Marker(Label.LEG_RAISE, 12.0, 17.0),
)


def standing_gap() -> Floats:
    """40 mm relaxed, 20 mm squeezed, from 31 s on; seated before."""
    gap_m = 0.04 - sum(bump(TIME_S, 45 + 12 * i, 51.5 + 12 * i, 0.02) for i in range(3))
    return np.where(TIME_S < 31, 0.09, gap_m)


def risen(*markers: Marker) -> Motion:
    """Seated until 28 s, then standing."""
    flexion = 1.5 * np.clip((30.0 - TIME_S) / 2.0, 0, 1)
    thighs = {p: segment(thigh_turns(flexion, side=p)) for p in THIGHS}
    return motion(TIME_S, thighs, (*CALIBRATION, *markers))


def told(m: Motion, series: GapSeries, borders: list[int], exercise: str | None = "check") -> list[CheckRow]:
    """Rows of a motion cut at rows."""
    stage, rows = BodyStage(None, exercise, BodyParams()), list[CheckRow]()
    for a, b in pairwise([0, *borders, len(m)]):
        rows += stage.push(m.take(slice(a, b)), cut_gap(series, slice(a, b)), ()).check
    return [*rows, *stage.finish(()).check]


def test_marked_phases_give_medians_and_their_sd() -> None:
    rows = told(risen(*PHASES), gap(TIME_S, standing_gap(), 0.004), [])
    assert [r.time_s for r in rows] == [40.5, 52.5, 64.5]
    for r in rows:
        assert (r.relaxed_m, r.squeezed_m) == pytest.approx((0.04, 0.02), abs=1e-6)
        assert (r.relaxed_sd_m, r.squeezed_sd_m) == pytest.approx((0.004, 0.004))


def test_the_last_squeeze_may_end_with_the_exercise() -> None:
    ended = Marker(Label.EXERCISE, 39.0, PHASES[-1].end_s, "check")
    rows = told(risen(*PHASES, ended), gap(TIME_S, standing_gap()), [])
    assert [r.squeezed_m for r in rows] == pytest.approx([0.02] * 3, abs=1e-6)


def test_phases_without_markers_are_found() -> None:
    rows = told(risen(), gap(TIME_S, standing_gap()), [])
    assert len(rows) == 3
    for i, r in enumerate(rows):
        assert abs(r.time_s - (40.5 + 12 * i)) < 2.0
        assert (r.relaxed_m, r.squeezed_m) == pytest.approx((0.04, 0.02), abs=1e-3)


def test_other_exercises_have_no_rows() -> None:
    assert not told(risen(), gap(TIME_S, standing_gap()), [], "clamp")


def test_phases_that_were_broken_off_are_replaced_by_the_next() -> None:
    again = (Marker(Label.RELAXED, 33.0, 37.0), PHASES[0], Marker(Label.SQUEEZED, 45.0, 45.3), *PHASES[1:])
    rows = told(risen(*again), gap(TIME_S, standing_gap()), [])
    assert [r.time_s for r in rows] == [40.5, 52.5, 64.5]
    assert [r.squeezed_m for r in rows] == pytest.approx([0.02] * 3, abs=1e-6)


def test_a_relaxed_phase_alone_leaves_the_squeeze_unknown() -> None:
    rows = told(risen(*PHASES[:3]), gap(TIME_S, standing_gap()), [])
    assert [np.isnan(r.squeezed_m) for r in rows] == [False, True]


def test_markers_without_samples_leave_everything_unknown() -> None:
    rows = told(risen(*PHASES).take(slice(0, 3)), gap(TIME_S, standing_gap()), [])
    assert rows == []
    stage = BodyStage(None, "check", BodyParams())
    stage.push(
        replace(risen(*PHASES).take(slice(0, 3)), edges=risen(*PHASES).edges),
        cut_gap(gap(TIME_S, 0.0), slice(0, 3)),
        (),
    )
    assert all(np.isnan([r.relaxed_m, r.squeezed_m]).all() for r in stage.finish(()).check)


def test_cuts_change_nothing() -> None:
    for markers in (PHASES, ()):
        m, series = risen(*markers), gap(TIME_S, standing_gap())
        whole = told(m, series, [])
        rng = np.random.default_rng(2)
        for _ in range(4):
            assert told(m, series, sorted(rng.integers(0, len(m), 50).tolist())) == whole


def test_the_cords_curve_is_learned_from_seated_movement() -> None:
    gap_m = np.concatenate([np.linspace(0.1, 0, 30), np.zeros(60), np.linspace(0, 0.09, 30), np.full(60, 0.09)])
    counts = 1800 + 1400 * (1 - np.exp(-gap_m / 0.12)) + np.random.default_rng(1).normal(0, 5, len(gap_m))
    curve = learned(counts, gap_m, CheckCordParams())
    assert curve is not None
    asked = np.array([0.02, 0.05, 0.08])
    np.testing.assert_allclose(curve.gap_m(1800 + 1400 * (1 - np.exp(-asked / 0.12))), asked, atol=0.001)


def test_the_seated_gap_is_set_right_by_touch_and_spacer() -> None:
    true_m = np.interp(TIME_S, [0, 3, 6, 8], [0.1, 0.0007, 0.0007, 0.09])
    off = anchored(TIME_S, 0.95 * true_m + 0.008, [(3.0, 6.0, 0.0007), (8.0, 10.0, 0.09)])
    np.testing.assert_allclose(off, true_m, atol=1e-9)
    np.testing.assert_allclose(anchored(TIME_S, true_m + 0.008, [(3.0, 6.0, 0.0007)]), true_m, atol=1e-9)
    assert anchored(TIME_S, true_m, []) is true_m


def test_a_cord_that_saw_no_movement_or_fits_badly_is_not_trusted() -> None:
    still = np.full(200, 0.05)
    assert learned(np.full(200, 2000.0), still, CheckCordParams()) is None
    rng = np.random.default_rng(1)
    assert learned(rng.uniform(1800, 2800, 200), rng.uniform(0, 0.1, 200), CheckCordParams()) is None


@pytest.mark.parametrize("name", ["check_a", "check_b", "check_c"])
def test_recorded_persons(shared_data: Path, name: str) -> None:
    folder = shared_data / "physics" / name
    true = np.loadtxt(folder / "check.csv", delimiter=",", skiprows=1)
    rows = analyze(read_folder(folder)).final.check
    assert len(rows) == len(true)
    found = 1000 * np.array([(r.relaxed_m, r.squeezed_m) for r in rows])
    sd = 1000 * np.array([(r.relaxed_sd_m, r.squeezed_sd_m) for r in rows])
    error = found - true[:, 1:]
    assert np.abs(error).max() < 8.0
    assert np.median(np.abs(error)) < 5.0
    assert np.ptp(error, axis=0).max() < 3.0
    assert (np.abs(error) < 2.5 * sd).all()
