"""The files of what is remembered, and sessions that start from them and add to them."""

import stat
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from analysis.pipeline import Analysis, analyze
from analysis.priors import NO_PRIORS, Priors, priors_of, priors_text
from firmware_sim.sessions.scenario import clamping
from firmware_sim.sessions.simulate import Air, Scenario, simulate
from monitor.memory.kept import calibration_file, read_strap, strap_file
from monitor.memory.learning import learn
from monitor.memory.recall import last_calibrated, recalled
from monitor.memory.session_memory import SIMULATED, SessionMemory
from sensor.recorded import Recorded
from sensor.recordings.replay import read_recording
from sensor.samples import THIGHS, Placement
from tests.monitor.guided_sessions import lead

LEFT, RIGHT = THIGHS
SERIALS = {LEFT: "A-17", RIGHT: "../../B 18"}
DAY = datetime(2031, 5, 2, 9, 0, tzinfo=UTC)
Session = tuple[Recorded, Analysis]


@cache
def session() -> Session:
    recorded = simulate(Scenario("memory", 202, "clamp", clamping(40.0, 0), air=Air(lost=0.005))).recorded
    return recorded, analyze(recorded)


def learned(home: Path, worn_by: str = "ann") -> Path:
    learn(home, worn_by, SERIALS, DAY, *session())
    return home


def test_a_session_is_remembered_by_its_straps_and_their_wearer(tmp_path: Path) -> None:
    later = DAY + timedelta(days=3)
    known = recalled(learned(tmp_path), "ann", SERIALS, later)
    tables = session()[1].taught.tables
    for placement in THIGHS:
        told = tables[placement][-1]
        bias = known.biases[placement]
        np.testing.assert_allclose(bias.at(np.array([told.temperature_c]))[0], told.bias_rad_s, atol=3e-4)
    assert set(known.mountings) == set(THIGHS)
    assert known.gap is not None
    stranger = recalled(tmp_path, "bob", SERIALS, later)
    assert set(stranger.biases) == set(THIGHS)
    assert not stranger.mountings
    assert stranger.gap is None
    assert recalled(tmp_path, "ann", {LEFT: "C", RIGHT: "D"}, later) == NO_PRIORS
    assert last_calibrated(tmp_path, "ann") == DAY
    assert last_calibrated(tmp_path, "bob") is None
    # The same straps on each other's legs sit otherwise, but are the same gyroscopes.
    swapped = recalled(tmp_path, "ann", {LEFT: SERIALS[RIGHT], RIGHT: SERIALS[LEFT]}, later)
    assert not swapped.mountings
    np.testing.assert_array_equal(swapped.biases[LEFT].bias_rad_s, known.biases[RIGHT].bias_rad_s)


def test_what_is_remembered_is_its_owners_alone_and_stays_in_the_data_folder(tmp_path: Path) -> None:
    home = learned(tmp_path / "home")
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert sorted(files) == sorted(
        [strap_file(home, SERIALS[LEFT]), strap_file(home, SERIALS[RIGHT]), calibration_file(home, "ann", SERIALS)]
    )
    assert all(stat.S_IMODE(path.stat().st_mode) == 0o600 for path in files)
    assert all(home in path.resolve().parents for path in files)


def test_memory_fades(tmp_path: Path) -> None:
    home = learned(tmp_path)
    soon, late = (recalled(home, "ann", SERIALS, DAY + timedelta(days=d)) for d in (1, 200))
    assert late.biases[LEFT].sd_rad_s(25.0) > 1.5 * soon.biases[LEFT].sd_rad_s(25.0)
    assert soon.gap is not None
    assert late.gap is not None
    assert (np.diag(late.gap.covariance) >= np.diag(soon.gap.covariance) - 1e-12).all()
    # A clock that was set back makes nothing surer.
    before = recalled(home, "ann", SERIALS, DAY - timedelta(days=5))
    assert before.biases[LEFT].sd_rad_s(25.0) <= soon.biases[LEFT].sd_rad_s(25.0)
    assert np.isfinite(before.biases[LEFT].covariance).all()


def test_each_session_makes_the_memory_surer(tmp_path: Path) -> None:
    home = learned(tmp_path)
    once = read_strap(strap_file(home, SERIALS[LEFT]))
    learn(home, "ann", SERIALS, DAY + timedelta(days=1), *session())
    twice = read_strap(strap_file(home, SERIALS[LEFT]))
    assert once is not None
    assert twice is not None
    assert twice.bias.records > once.bias.records
    assert twice.bias.sd_rad_s(25.0) < 1.1 * once.bias.sd_rad_s(25.0)


@pytest.mark.parametrize("content", [b"", b"{}", b'{"format": 1, "serial": 3}', b"\xff\x00", b"[" * 9999])
def test_damaged_files_are_nothing_remembered(tmp_path: Path, content: bytes) -> None:
    home = learned(tmp_path)
    for path in (strap_file(home, SERIALS[LEFT]), calibration_file(home, "ann", SERIALS)):
        path.write_bytes(content)
    known = recalled(home, "ann", SERIALS, DAY)
    assert set(known.biases) == {RIGHT}
    assert not known.mountings


def test_a_bias_that_was_contradicted_is_forgotten(tmp_path: Path) -> None:
    home, path = learned(tmp_path), strap_file(tmp_path, SERIALS[LEFT])
    recorded, analysis = session()
    contradicted = replace(analysis, taught=replace(analysis.taught, tables={}, outvoted=(LEFT,)))
    worn = {p: b.take(b.arrival_s > 0) for p, b in recorded.straps.items()}
    learn(home, "ann", SERIALS, DAY, replace(recorded, straps=worn), contradicted)
    assert not path.exists()


def test_another_taped_femur_leaves_the_true_one_as_it_was(tmp_path: Path) -> None:
    recorded, _ = session()
    assert recorded.wearer is not None
    taped, longer = recorded.wearer, replace(recorded.wearer, femur_m=1.05 * recorded.wearer.femur_m)
    before, after = (recalled(learned(tmp_path), "ann", SERIALS, DAY, wearer).gap for wearer in (taped, longer))
    assert before is not None
    assert after is not None
    true_m = [w.femur_m * np.exp(g.mean[0]) for w, g in ((taped, before), (longer, after))]
    assert true_m[0] == pytest.approx(true_m[1])
    np.testing.assert_array_equal(after.mean[1:], before.mean[1:])
    # A session that teaches nothing of the gap keeps what was known, beside the femur of now.
    recorded, analysis = session()
    untaught = replace(analysis, taught=replace(analysis.taught, gap=None))
    learn(tmp_path, "ann", SERIALS, DAY, replace(recorded, wearer=longer), untaught)
    again = recalled(tmp_path, "ann", SERIALS, DAY, taped).gap
    assert again is not None
    np.testing.assert_allclose(again.mean, before.mean)


def test_what_cannot_be_kept_costs_no_session(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("in the way")
    memory = SessionMemory(tmp_path / "home", "ann", DAY)
    assert memory.recall(SERIALS) == NO_PRIORS
    memory.learn(*session())


def test_simulated_straps_have_a_memory_of_their_own(tmp_path: Path) -> None:
    memory = SessionMemory(tmp_path, "ann", DAY, simulated=True)
    memory.recall(SERIALS)
    memory.learn(*session())
    assert {path.name for path in tmp_path.iterdir()} == {SIMULATED}
    assert memory.knows_mounting(SERIALS)
    assert not SessionMemory(tmp_path, "ann", DAY).knows_mounting(SERIALS)


def test_a_recording_keeps_what_its_session_started_from(tmp_path: Path) -> None:
    asked: list[Mapping[Placement, str]] = []
    known = recalled(learned(tmp_path / "home"), "ann", SERIALS, DAY)

    def recall(serials: Mapping[Placement, str]) -> Priors:
        asked.append(serials)
        return known

    led = lead(tmp_path, "demo", recall=recall)
    assert [set(serials) for serials in asked] == [set(THIGHS)]
    assert all(asked[0].values())
    recorded = read_recording(led.recording)
    assert priors_text(priors_of(recorded.memory)) == priors_text(known)
    # Another pair's memory: the table record contradicts it, and the replay knows that just as the session did.
    replayed = analyze(recorded)
    assert set(replayed.taught.outvoted) == set(THIGHS)
    gaps = [u.gap.gap_m for u in led.updates]
    np.testing.assert_array_equal(np.concatenate(gaps), replayed.live.gap.gap_m)
