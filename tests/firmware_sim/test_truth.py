"""Truth tables follow the contract's rules, and a session is the same every time."""

import csv
import tomllib
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from firmware_sim.sessions.scenario import catalogue, checking, flex_only, knees_inward, short_clamps
from firmware_sim.sessions.simulate import Air, Scenario, Simulated, simulate
from firmware_sim.sessions.true_holds import true_holds
from firmware_sim.sessions.truth import write
from sensor.samples import THIGHS, Floats

RATE_HZ = 100
CHECK = Scenario("check", 31, "check", checking)


def gaps(*pieces: tuple[float, float]) -> tuple[Floats, Floats]:
    """Seconds at a gap in mm, one after another."""
    gap = np.concatenate([np.full(round(s * RATE_HZ), mm / 1000) for s, mm in pieces])
    return np.arange(len(gap)) / RATE_HZ, gap


def test_a_hold_starts_under_ten_and_ends_over_twenty_millimetres() -> None:
    (hold,) = true_holds(*gaps((2, 50), (5, 5), (3, 15), (2, 50)))
    assert (hold.start_s, hold.end_s, hold.lapses, hold.verdict) == (2.0, 10.0, 0, "ok")


def test_shorter_than_a_third_of_a_second_is_no_hold() -> None:
    assert true_holds(*gaps((2, 50), (0.29, 5), (2, 50))) == []
    assert len(true_holds(*gaps((2, 50), (0.3, 5), (2, 50)))) == 1


def test_a_reopening_within_grace_is_a_lapse_and_taken_off() -> None:
    (hold,) = true_holds(*gaps((1, 50), (5, 0), (0.9, 40), (5, 0), (1, 50)))
    assert hold.lapses == 1
    assert hold.end_s - hold.start_s == pytest.approx(10.9)
    assert hold.net_s == pytest.approx(10.0)


def test_a_longer_reopening_makes_two_holds_and_a_shorter_one_none() -> None:
    assert len(true_holds(*gaps((1, 50), (5, 0), (1.1, 40), (5, 0), (1, 50)))) == 2
    (hold,) = true_holds(*gaps((1, 50), (5, 0), (0.4, 40), (5, 0), (1, 50)))
    assert hold.lapses == 0


def test_silence_ends_a_hold_as_unknown() -> None:
    time_s, gap = gaps((1, 50), (20, 0), (1, 50))
    first, second = true_holds(time_s, gap, [(5.0, 8.0)])
    assert (first.verdict, second.verdict) == ("unknown", "ok")
    assert first.end_s == pytest.approx(5.0)
    assert second.start_s == pytest.approx(8.0)


def read(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / f"{name}.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_a_check_has_a_row_for_each_repetition(tmp_path: Path) -> None:
    session = simulate(CHECK)
    write(tmp_path, session)
    rows = read(tmp_path, "check")
    assert len(rows) == 3
    assert all(float(r["relaxed_mm"]) > float(r["squeezed_mm"]) + 8 for r in rows)
    assert not (tmp_path / "holds.csv").exists()
    sizes = tomllib.loads((tmp_path / "wearer.toml").read_text(encoding="utf-8"))
    assert 330 < sizes["femur_mm"] < 520


def test_markers_lie_where_the_truth_says(tmp_path: Path) -> None:
    session = simulate(Scenario("reps", 32, "clamp", short_clamps))
    write(tmp_path, session)
    ticks = session.truth.ticks
    touch = next(m for m in session.recorded.markers if m.label == "touch")
    inside = (ticks.time_s > touch.start_s + 0.3) & (ticks.time_s < touch.end_s - 0.3)
    assert np.max(ticks.gap_m[inside]) < 0.0015
    holds = read(tmp_path, "holds")
    assert len(holds) == 25  # the calibration touch is listed too
    assert {h["verdict"] for h in holds} == {"ok"}


def test_knees_in_repetitions_are_the_holds_of_the_true_gap(tmp_path: Path) -> None:
    session = simulate(Scenario("in", 33, "knees_in", knees_inward))
    write(tmp_path, session)
    holds = {h["start_s"] for h in read(tmp_path, "holds")}
    reps = [r for r in read(tmp_path, "reps") if r["exercise"] == "knees_in"]
    assert len(reps) == 9
    assert all(r["start_s"] in holds for r in reps)


def test_lost_samples_are_counted(tmp_path: Path) -> None:
    session = simulate(replace(CHECK, air=Air(lost=0.1)))
    write(tmp_path, session)
    for row in read(tmp_path, "quality"):
        block = next(b for p, b in session.recorded.straps.items() if p == row["strap"])
        assert int(row["samples"]) == len(block)
        assert int(row["samples"]) + int(row["lost"]) == pytest.approx(block.sample[-1] + 1, abs=5)
        assert 3 < float(row["lost_pct"]) < 20


def test_arrivals_never_overtake_and_zero_is_an_arrival() -> None:
    session = simulate(CHECK)
    arrivals = [b.arrival_s for b in session.recorded.straps.values()]
    assert all(np.all(np.diff(a) >= 0) for a in arrivals)
    assert min(float(a[a >= 0][0]) for a in arrivals) == 0.0


def test_the_same_scenario_gives_the_same_session() -> None:
    first, second = simulate(CHECK), simulate(CHECK)
    for placement in THIGHS:
        a, b = first.recorded.straps[placement], second.recorded.straps[placement]
        np.testing.assert_array_equal(a.gyr_rad_s, b.gyr_rad_s)
        np.testing.assert_array_equal(a.arrival_s, b.arrival_s)


def test_a_flex_only_person_has_no_inertial_samples() -> None:
    session = simulate(flex_only(CHECK))
    left = session.recorded.straps[THIGHS[0]]
    assert np.all(np.isnan(left.gyr_rad_s))
    assert np.ptp(left.flex) > 200


def test_the_catalogue_names_every_exercise_and_both_stresses() -> None:
    scenarios = catalogue()
    assert len({s.name for s in scenarios}) == len(scenarios)
    exercises = {s.exercise for s in scenarios}
    assert {"check", "clamp", "knees_in", "seated_twist", "lying_press", "walk", "wrap", None} == exercises
    assert {"own_clamp_swivel", "own_clamp_vehicle"} < {s.name for s in scenarios}


def causes(session: Simulated) -> set[str]:
    return {e.cause for e in session.truth.events}


def test_long_clamps_hold_every_kind_of_event() -> None:
    clamps = [simulate(s) for s in catalogue()[:2]]
    assert {"slip", "loosening", "tightening", "opening"} <= set.union(*(causes(c) for c in clamps))
