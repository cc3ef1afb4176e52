"""Causes of drift: each from a made-up course of one signal, none from what only looks like it, all on recordings."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis.drift.causes import DriftStage
from analysis.drift.slip_watch import measured_straps
from analysis.drift.slips import SlipParams
from analysis.pipeline import analyze
from analysis.results import Cause, DriftEvent
from sensor.samples import Floats, Placement
from sensor.tables.imported import read_folder
from tests.analysis.seated_straps import Sitting, both, ramp, straps_of, swing

LEFT, RIGHT = Placement.LEFT_THIGH, Placement.RIGHT_THIGH
DEGREE = float(np.radians(1))


def fabric(time_s: Floats) -> Floats:
    """A fabric that loses 15 % in 15 minutes, most of it at once."""
    worn_s = np.maximum(time_s, 0)
    return -0.04 * (1 - np.exp(-worn_s / 15)) - 0.06 * (1 - np.exp(-worn_s / 120)) - 0.05 * (1 - np.exp(-worn_s / 700))


def causes(sitting: Sitting) -> tuple[list[DriftEvent], list[DriftEvent]]:
    """Live and measured events without creep."""
    motion = sitting.motion()
    live = DriftStage().push(motion, sitting.rows(motion), straps_of(motion)).events
    stage = DriftStage(keep=True)
    stage.push(motion, sitting.rows(motion), measured_straps(straps_of(motion), SlipParams()))
    return list(live), [e for e in stage.measured() if e.cause != Cause.CREEP]


def test_fabric_that_relaxes_is_creep_and_no_alarm() -> None:
    sitting = Sitting(900, {LEFT: fabric, RIGHT: fabric})
    assert causes(sitting) == ([], [])
    stage, motion = DriftStage(keep=True), sitting.motion()
    stage.push(motion, sitting.rows(motion), straps_of(motion))
    assert [(e.cause, e.placement) for e in stage.measured()] == [(Cause.CREEP, LEFT), (Cause.CREEP, RIGHT)]
    assert [e.size for e in stage.measured()] == pytest.approx([float(fabric(np.array([900.0]))[0])] * 2, abs=0.01)


@pytest.mark.parametrize(("lasts_s", "delay_s"), [(0.5, 2.0), (4.0, 4.0), (20.0, 8.0)])
def test_strap_that_turns_and_loses_tension_slips(lasts_s: float, delay_s: float) -> None:
    turn, loss = swing(60, 60 + lasts_s, 8 * DEGREE), swing(60, 60 + lasts_s, -0.055)
    live, final = causes(Sitting(150, {LEFT: both(fabric, loss), RIGHT: fabric}, {LEFT: turn}))
    assert [(e.cause, e.placement) for e in live] == [(Cause.SLIP, LEFT)]
    assert 0 < live[0].detected_s - 60 < delay_s
    (slip,) = final
    assert slip.size == pytest.approx(8 * DEGREE, abs=0.4 * DEGREE)
    assert (slip.start_s, slip.end_s) == pytest.approx((60, 60 + lasts_s), abs=max(0.2 * lasts_s, 0.8))


def test_strap_that_turns_about_a_standing_thigh_is_seen_by_the_gyroscopes() -> None:
    turn, loss = swing(60, 60.5, 7 * DEGREE), swing(60, 60.5, -0.055)
    live, final = causes(Sitting(150, {LEFT: fabric, RIGHT: both(fabric, loss)}, {RIGHT: turn}, standing=True))
    assert [(e.cause, e.placement) for e in live] == [(Cause.SLIP, RIGHT)]
    assert final[0].size == pytest.approx(7 * DEGREE, abs=0.7 * DEGREE)


def test_muscles_that_let_go_on_both_sides_are_no_slip() -> None:
    tension = {LEFT: both(fabric, ramp(60, 60.5, -0.05)), RIGHT: both(fabric, ramp(60, 60.5, -0.04))}
    assert causes(Sitting(150, tension, {LEFT: ramp(60, 60.5, 3 * DEGREE)})) == ([], [])


def test_leg_that_turns_with_its_tension_kept_is_no_slip() -> None:
    tension = {LEFT: fabric, RIGHT: fabric}
    assert causes(Sitting(150, tension, {LEFT: ramp(60, 61, 10 * DEGREE), RIGHT: ramp(90, 110, 6 * DEGREE)})) == (
        [],
        [],
    )


@pytest.mark.parametrize(("size", "cause"), [(-0.2, Cause.LOOSENING), (0.16, Cause.TIGHTENING)])
@pytest.mark.parametrize("lasts_s", [40.0, 280.0])
def test_tension_that_leaves_the_fabrics_course_is_told_with_its_size(
    size: float, cause: Cause, lasts_s: float
) -> None:
    change = ramp(100, 100 + lasts_s, size)
    live, final = causes(Sitting(600, {LEFT: fabric, RIGHT: both(fabric, change)}))
    assert [(e.cause, e.placement) for e in live] == [(cause, RIGHT)]
    passed_s = 100 + lasts_s * 0.15 / abs(size)
    assert 100 < live[0].detected_s < passed_s + 30
    (event,) = final
    assert event.size == pytest.approx(size, abs=0.025)
    assert (event.start_s, event.end_s) == pytest.approx((100, 100 + lasts_s), abs=0.15 * lasts_s + 5)


def test_strap_that_is_tightened_and_then_slackened_gives_both() -> None:
    tension = both(fabric, ramp(100, 250, 0.25), ramp(270, 300, -0.3))
    live, final = causes(Sitting(500, {LEFT: tension, RIGHT: fabric}))
    assert [e.cause for e in live] == [e.cause for e in final] == [Cause.TIGHTENING, Cause.LOOSENING]
    assert [e.size for e in final] == pytest.approx([0.25, -0.3], abs=0.03)


def test_knees_that_part_slowly_open() -> None:
    gap_m = both(ramp(100, 140, 0.02), ramp(160, 160.3, 0.06))
    live, final = causes(Sitting(200, {LEFT: fabric, RIGHT: fabric}, gap_m=gap_m))
    assert [(e.cause, e.placement) for e in live] == [(Cause.OPENING, None)]
    assert live[0].detected_s < 130  # 15 mm are passed then
    (opening,) = final
    assert opening.size == pytest.approx(0.02, abs=0.001)
    assert (opening.start_s, opening.end_s) == pytest.approx((106, 140), abs=3)


@pytest.mark.parametrize(("pulled", "causes_told"), [(1.0, [Cause.OPENING]), (0.0, [])])
def test_gap_that_the_cord_does_not_show_is_no_opening(pulled: float, causes_told: list[Cause]) -> None:
    spacer, parting = both(ramp(10, 10.5, 0.09), ramp(20, 20.5, -0.09)), ramp(100, 140, 0.02)
    sitting = Sitting(
        200,
        {LEFT: fabric, RIGHT: fabric},
        gap_m=both(spacer, parting),
        cord_m=lambda t: spacer(t) + pulled * parting(t),
    )
    assert [e.cause for e in causes(sitting)[1]] == causes_told


def test_knees_that_are_moved_apart_do_not_open() -> None:
    gap_m = both(ramp(100, 100.4, 0.015), ramp(130, 130.3, -0.01), ramp(150, 151, 0.05))
    assert causes(Sitting(200, {LEFT: fabric, RIGHT: fabric}, gap_m=gap_m)) == ([], [])


def test_gap_that_a_slip_shifts_is_no_opening() -> None:
    turn, loss = ramp(60, 80, 8 * DEGREE), ramp(60, 80, -0.055)
    tension = {LEFT: both(fabric, loss), RIGHT: fabric}
    live, final = causes(Sitting(200, tension, {LEFT: turn}, gap_m=ramp(60, 80, 0.012)))
    assert [e.cause for e in live] == [e.cause for e in final] == [Cause.SLIP]


def test_knees_that_part_during_a_slip_open_all_the_same() -> None:
    turn, loss = swing(60, 80, 8 * DEGREE), swing(60, 80, -0.055)
    tension = {LEFT: both(fabric, loss), RIGHT: fabric}
    live, final = causes(Sitting(200, tension, {LEFT: turn}, gap_m=ramp(70, 130, 0.035)))
    assert [e.cause for e in live] == [e.cause for e in final] == [Cause.SLIP, Cause.OPENING]
    assert final[1].size == pytest.approx(0.035, abs=0.001)


def test_straps_without_tension_tell_no_cause_but_opening() -> None:
    sitting = Sitting(200, gap_m=ramp(100, 140, 0.02))
    motion = sitting.motion()
    for segment in motion.segments.values():
        segment.tension[:] = np.nan
    update = DriftStage().push(motion, sitting.rows(motion), straps_of(motion))
    assert [e.cause for e in update.events] == [Cause.OPENING]
    assert update.tightness == ()


SESSIONS = (
    "check_a", "clamp15_a", "clamp15_b_lossy", "clamp15_c", "clamp_reps_noflex", "knees_in", "lying_press", "quiet",
    "seated_twist", "walk_a",
)  # fmt: skip


@pytest.mark.parametrize("name", SESSIONS)
def test_recordings_show_their_causes_and_no_others(shared_data: Path, name: str) -> None:
    folder = shared_data / "physics" / name
    true = pd.read_csv(folder / "events.csv")
    true = true.loc[~true.cause.isin(["creep", "data_gap"])].sort_values(by="start_s")
    events = analyze(read_folder(folder)).final.drift
    found = sorted((e for e in events if e.cause not in (Cause.CREEP, Cause.DATA_GAP)), key=lambda e: e.start_s)
    assert [e.cause for e in found] == list(true.cause)
    assert [e.placement or "" for e in found] == list(true.strap.fillna(""))
    for event, start_s, end_s, size in zip(found, true.start_s, true.end_s, true["size"], strict=True):
        assert event.start_s - 15 < end_s
        assert event.end_s + 15 > start_s
        if event.cause == Cause.SLIP:
            assert np.degrees(event.size) == pytest.approx(size, abs=1.0)
        if event.cause in (Cause.LOOSENING, Cause.TIGHTENING):
            assert 100 * event.size == pytest.approx(size, abs=4.0)
