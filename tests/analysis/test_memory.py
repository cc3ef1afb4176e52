"""What is remembered from session to session: it helps where it is right, and costs nothing where it is wrong.

Sessions are those of simulated straps with their truth: one person, the same two sensors, two days.
"""

from collections.abc import Mapping
from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from analysis.alignment.calibration_findings import Finding
from analysis.alignment.mounting import AlignmentParams, StrapAlignment, align
from analysis.pipeline import Analysis, analyze
from analysis.priors import NO_PRIORS, Priors, Taught, priors_of, priors_text
from analysis.quaternion import conjugate, from_axes, normalized, rotate
from analysis.straps.grid import StrapGrid
from analysis.straps.gyro_bias import GyroBias, aged, improved
from analysis.straps.strap_grid import ArrivedGrid, StrapGridParams, join_grids
from analysis.straps.sure_rest import sure_rests
from firmware_sim.person.actions import Action, Cue
from firmware_sim.person.virtual_person import VirtualPerson
from firmware_sim.sessions.scenario import clamping, exercise, thigh_channels
from firmware_sim.sessions.simulate import Air, Scenario, Simulated, simulate
from sensor.arrivals import cut
from sensor.markers import Marker
from sensor.recorded import Recorded
from sensor.samples import THIGHS, Floats, Placement

SEED = 202
WITHOUT_FLEX = {p: thigh_channels(p, flexes=False) for p in THIGHS}
WRONG_RAD_S = np.array([0.012, -0.01, 0.008])


@cache
def session(name: str, seconds: float) -> Simulated:
    return simulate(Scenario(name, SEED, "clamp", clamping(seconds, 0), WITHOUT_FLEX, Air(lost=0.005)))


@cache
def first_day() -> Analysis:
    return analyze(session("first", 60.0).recorded)


def remembered(taught: Taught, wrong_rad_s: Floats | None = None) -> Mapping[Placement, GyroBias]:
    """The gyroscopes a day after their table records."""
    biases: dict[Placement, GyroBias] = {}
    for placement, tables in taught.tables.items():
        bias = aged(improved(None, tables[-1].bias_rad_s, tables[-1].temperature_c), 1.0)
        wrong = np.zeros(3) if wrong_rad_s is None else wrong_rad_s
        biases[placement] = replace(bias, bias_rad_s=bias.bias_rad_s + wrong)
    return biases


def without_table(recorded: Recorded) -> Recorded:
    """The session of someone who put the straps on and only then switched them on."""
    straps = {p: b.take(b.arrival_s >= 0) for p, b in recorded.straps.items()}
    return replace(recorded, straps=straps, markers=tuple(m for m in recorded.markers if m.label != "table"))


def knowing(recorded: Recorded, priors: Priors) -> Analysis:
    return analyze(replace(recorded, memory=priors_text(priors)))


def rmse_mm(simulated: Simulated, analysis: Analysis) -> float:
    """Of the final gap, once calibrated."""
    ticks, gap = simulated.truth.ticks, analysis.final.gap
    error = gap.gap_m - np.interp(gap.time_s, ticks.time_s, np.maximum(ticks.gap_m, 0.0))
    known = np.isfinite(error) & (gap.time_s > 35.0)
    assert known.mean() > 0.7
    return 1e3 * float(np.sqrt(np.mean(error[known] ** 2)))


def findings(analysis: Analysis) -> set[Finding]:
    return {f.finding for f in analysis.alignment.findings}


def test_a_second_session_without_a_table_record_is_far_better_with_memory() -> None:
    second = session("second", 200.0)
    bare = without_table(second.recorded)
    known = knowing(bare, Priors(remembered(first_day().taught)))
    assert rmse_mm(second, known) < 3.0
    assert rmse_mm(second, known) < 0.2 * rmse_mm(second, analyze(bare))
    assert Finding.BIAS_REMEMBERED in findings(known)


def test_a_wrong_memory_is_outvoted() -> None:
    second = session("second", 200.0)
    wrong = Priors(remembered(first_day().taught, WRONG_RAD_S))
    bare = without_table(second.recorded)
    misled = knowing(bare, wrong)
    assert set(misled.taught.outvoted) == set(THIGHS)
    assert Finding.MEMORY_CONTRADICTED in findings(misled)
    # No better than without any memory, and no worse.
    assert rmse_mm(second, misled) < rmse_mm(second, analyze(bare))
    # Beside a table record it changes nothing.
    np.testing.assert_allclose(
        knowing(second.recorded, wrong).final.gap.gap_m, analyze(second.recorded).final.gap.gap_m, atol=1e-7
    )


def touch_alone(person: VirtualPerson, _: object) -> None:
    """Straps on, a touch, and the exercise begins."""
    person.add(Cue(Action.SIT))
    person.add(Cue(Action.PUT_ON, seconds=8.0))
    person.planned_until_s += 3.5
    person.add(Cue(Action.TOUCH))
    person.planned_until_s += 1.5
    exercise(person, "clamp", [Cue(Action.PRESS, seconds=40.0), Cue(Action.RELAX, seconds=3.0)] * 2)


def test_a_touch_is_enough_where_the_last_session_is_remembered() -> None:
    quick = simulate(Scenario("quick", SEED, "clamp", touch_alone, WITHOUT_FLEX, Air(lost=0.005)))
    bare, day = without_table(quick.recorded), first_day()
    known = knowing(bare, Priors(remembered(day.taught), day.alignment.straps, day.taught.gap))
    series, ticks = known.final.gap, quick.truth.ticks
    error = np.abs(series.gap_m - np.interp(series.time_s, ticks.time_s, np.maximum(ticks.gap_m, 0.0)))
    told = np.isfinite(error)
    assert told.mean() > 0.8
    assert np.sqrt(np.mean(error[told] ** 2)) < 0.005
    assert (error < 1.96 * series.sd_m)[told].mean() > 0.9
    assert sum(h.net_s for h in known.final.holds if h.net_s > 30.0) == pytest.approx(80.0, abs=5.0)


def sitting_still(up_in_strap: Mapping[Placement, Floats]) -> StrapGrid:
    """Half a minute in which nothing moves that could show how the straps sit."""
    n, rng = 1500, np.random.default_rng(5)
    straps: dict[Placement, Floats] = {}
    for placement, up in up_in_strap.items():
        rows = np.zeros((n, 15))
        rows[:, 0:4] = conjugate(from_axes(*_level(up)))
        rows[:, 4:7] = rng.normal(0.0, 0.01, (n, 3))
        rows[:, 7:10] = 9.81 * up + rng.normal(0.0, 0.1, (n, 3))
        straps[placement] = rows
    return StrapGrid(np.arange(n) / 50.0, straps)


def _level(up: Floats) -> tuple[Floats, Floats]:
    """The earth's x and y axes in strap axes."""
    x = normalized(np.cross(up, [0.3, 0.5, 0.8]))
    return x, np.cross(up, x)


def up_seated(mountings: Mapping[Placement, StrapAlignment], turned_rad: float = 0.0) -> dict[Placement, Floats]:
    """Up in the axes of straps that sit as remembered but for a turn about the thigh."""
    up = np.array([np.cos(turned_rad), np.sin(turned_rad), 0.0])
    return {p: rotate(m.q_strap_from_segment, up) for p, m in mountings.items()}


TOUCH = (Marker("touch", 5.0, 9.0),)


def test_how_the_straps_sat_is_remembered_where_nothing_shows_it() -> None:
    before = first_day().alignment.straps
    still = sitting_still(up_seated(before, 0.1))
    assert not align(still, TOUCH, None, AlignmentParams()).straps
    again = align(still, TOUCH, None, AlignmentParams(), before)
    assert [f.finding for f in again.findings] == [Finding.MOUNTING_REMEMBERED] * 2
    for placement, strap in again.straps.items():
        front, knee_to_hip = (rotate(strap.q_strap_from_segment, axis) for axis in np.eye(3)[[0, 2]])
        assert front @ up_seated(before, 0.1)[placement] > 0.999
        assert knee_to_hip @ rotate(before[placement].q_strap_from_segment, np.eye(3)[2]) > 0.99
        assert (strap.sd_rad > before[placement].sd_rad).all()


def test_straps_that_are_worn_another_way_round_are_not_taken_for_remembered() -> None:
    before = first_day().alignment.straps
    again = align(sitting_still(up_seated(before, 1.5)), TOUCH, None, AlignmentParams(), before)
    assert not again.straps
    assert [f.finding for f in again.findings] == [Finding.MEMORY_CONTRADICTED] * 2


def test_a_memory_may_be_cut_anywhere() -> None:
    recorded = without_table(session("second", 200.0).recorded)
    for wrong in (None, WRONG_RAD_S):
        biases = remembered(first_day().taught, wrong)

        def grid(borders: list[float], biases: Mapping[Placement, GyroBias] = biases) -> Floats:
            stage = ArrivedGrid(StrapGridParams(), keep=False, biases=biases)
            joined = join_grids([stage.push(a)[0] for a in cut(recorded, borders)])
            return np.stack([joined.straps[p] for p in THIGHS])

        borders = np.sort(np.random.default_rng(4).uniform(0.0, 230.0, 60)).tolist()
        np.testing.assert_array_equal(grid(borders), grid([]))


def test_two_temperatures_teach_how_the_bias_follows_them() -> None:
    per_k, start = np.array([2e-4, -3e-4, 1e-4]), np.array([0.01, -0.005, 0.002])
    bias: GyroBias | None = None
    rng = np.random.default_rng(1)
    for temperature_c in [22.0, 31.0, 18.0, 27.0] * 3:
        rate = start + per_k * (temperature_c - 25.0) + rng.normal(0.0, 1e-4, 3)
        bias = improved(None if bias is None else aged(bias, 1.0), rate, temperature_c)
    assert bias is not None
    np.testing.assert_allclose(bias.per_k, per_k, atol=6e-5)
    expected = start + per_k * 5.0
    missed = np.abs(bias.at(np.array([30.0]))[0] - expected)
    assert (missed < 4 * bias.sd_rad_s(30.0)).all()
    assert bias.sd_rad_s(30.0) < 5e-4


def test_another_sensors_record_starts_the_memory_anew() -> None:
    bias = improved(None, np.zeros(3), 25.0)
    bias = improved(bias, np.array([0.02, 0.0, 0.0]), 25.0)
    assert bias.records == 1
    np.testing.assert_allclose(bias.bias_rad_s, [0.02, 0.0, 0.0], atol=1e-4)


def test_only_straps_that_nobody_wears_rest_surely() -> None:
    simulated = session("first", 60.0)
    (table,) = (m for m in simulated.recorded.markers if m.label == "table")
    for placement, block in simulated.recorded.straps.items():
        rests = sure_rests(block)
        assert rests
        assert all(r.end_s < 0 for r in rests)
        assert any(r.start_s < table.end_s and r.end_s > table.start_s for r in rests)
        told = first_day().taught.tables[placement][-1]
        np.testing.assert_allclose(rests[-1].rate_rad_s, told.bias_rad_s, atol=3e-4)


def test_what_is_remembered_is_written_and_read_to_the_last_bit() -> None:
    day = first_day()
    priors = Priors(remembered(day.taught), day.alignment.straps, day.taught.gap)
    text = priors_text(priors)
    assert priors_text(priors_of(text)) == text
    assert priors_of("") == NO_PRIORS


@pytest.mark.parametrize("text", ["{", "[]", '{"biases": {}}', '{"biases": {"ear": {}}, "mountings": {}, "gap": null}'])
def test_a_damaged_memory_is_none(text: str) -> None:
    assert priors_of(text) == NO_PRIORS
