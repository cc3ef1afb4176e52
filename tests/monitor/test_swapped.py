"""Straps on each other's legs: found by the calibration, put right on the fly, and right in everything that is kept."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from analysis.alignment.calibration_findings import SWAPPED
from analysis.exercises.mistakes import Mistake
from analysis.pipeline import analyze
from analysis.results import RepVerdict, Side
from analysis.update import joined
from firmware_sim.air.radio import SimulatedAir
from firmware_sim.person.truth_ticks import join_truth
from monitor.coach.plan import Doing, Tone
from monitor.coach.plans import load_plan
from monitor.coach.signals import Action, Cued, Ending, Judged, MarkerOpened, Prompted, Swapped
from monitor.guided.worn_straps import StrapKeeper, WornStraps
from monitor.memory.session_memory import SessionMemory
from sensor.markers import Label
from sensor.recorded import Recorded
from sensor.recordings.raw_recording import read_raw
from sensor.recordings.replay import read_recording
from sensor.samples import THIGHS, Placement
from sensor.slots import Part, Remembered, Slot
from tests.monitor.coached_person import Coached, coached
from tests.monitor.guided_sessions import Led, lead_plan
from tests.monitor.test_whole_sessions import shortened

LEFT, RIGHT = THIGHS
NOW = datetime(2031, 5, 2, 9, 0, tzinfo=UTC)


def until_it_begins(found: Coached, now_s: float) -> list[Action]:
    """Stops a little after the exercise has begun."""
    begun = [e.time_s for e in found.events if isinstance(e, MarkerOpened) and e.label == Label.EXERCISE]
    return [Action.STOP] if begun and now_s > begun[0] + 2.0 else []


@pytest.mark.parametrize("swapped", [True, False])
@pytest.mark.parametrize("name", ["clamp", "knees_in", "lying_press"])
def test_the_calibration_tells_seated_standing_and_lying(name: str, *, swapped: bool) -> None:
    plan = replace(load_plan(name), before=())
    found = coached(plan, seed=8, hands=until_it_begins, swapped=swapped)
    cues = [e for e in found.events if isinstance(e, Cued)]
    if not swapped:
        assert not cues
        assert not any(isinstance(e, Swapped) for e in found.events)
        return
    assert [(c.mistake, c.tone) for c in cues] == [(Mistake.STRAPS_SWAPPED, Tone.CUE)]
    assert "leave them as they are" in cues[0].text
    assert sum(isinstance(e, Swapped) for e in found.events) == 1
    # Known before anything is exercised, and nothing of the calibration is asked for again.
    assert [p.doing for p in found.events if isinstance(p, Prompted)].count(Doing.TOUCH) == 1
    assert (
        cues[0].time_s
        < next(e.time_s for e in found.events if isinstance(e, MarkerOpened) and e.label == "exercise") + 0.2
    )


@pytest.fixture(scope="module")
def twisted(tmp_path_factory: pytest.TempPathFactory) -> tuple[Led, SimulatedAir]:
    """A session of a one-sided exercise on swapped straps, through the radio."""
    airs: list[SimulatedAir] = []

    async def watching(led: Led, air: SimulatedAir) -> None:
        del led
        airs.append(air)

    led = lead_plan(tmp_path_factory.mktemp("twisted"), shortened("seated_twist", 2, 10.0), watching, swapped=True)
    return led, airs[0]


def test_a_session_on_swapped_straps_counts_the_right_sides(twisted: tuple[Led, SimulatedAir]) -> None:
    led, _ = twisted
    assert led.outcome.ending is Ending.FINISHED
    judged = [(e.side, e.verdict) for e in led.events if isinstance(e, Judged)]
    assert judged == [(Side.LEFT, RepVerdict.OK), (Side.RIGHT, RepVerdict.OK)] * 2
    assert [e.mistake for e in led.events if isinstance(e, Cued)] == [Mistake.STRAPS_SWAPPED]


def test_the_recording_says_how_they_sat_and_everything_follows_it(twisted: tuple[Led, SimulatedAir]) -> None:
    led, _ = twisted
    raw = read_raw(led.recording)
    assert raw.swapped
    assert [e.name for e in raw.events].count("swapped") == 1
    recorded = read_recording(led.recording)
    # The flex cord hangs on the strap that is meant for the left leg.
    assert np.isfinite(recorded.straps[RIGHT].flex).any()
    assert not np.isfinite(recorded.straps[LEFT].flex).any()
    analysis = analyze(recorded)
    assert analysis.alignment.findings.count(SWAPPED) == 1
    assert [r.side for r in analysis.final.repetitions] == [Side.LEFT, Side.RIGHT] * 2
    assert gap_error_m(led, recorded) < 0.006


def test_live_output_on_swapped_straps_is_its_replay(twisted: tuple[Led, SimulatedAir]) -> None:
    led, _ = twisted
    live, replayed = joined(led.updates), analyze(read_recording(led.recording)).live
    np.testing.assert_array_equal(live.gap.time_s, replayed.gap.time_s)
    np.testing.assert_array_equal(live.gap.gap_m, replayed.gap.gap_m)
    assert live.repetitions == replayed.repetitions


def test_straps_learn_where_they_sat(twisted: tuple[Led, SimulatedAir]) -> None:
    _, air = twisted
    assert [air.straps[p].firmware.info.placement for p in THIGHS] == [RIGHT, LEFT]


def test_a_recording_whose_live_session_did_not_notice_is_put_right_by_its_analysis(
    twisted: tuple[Led, SimulatedAir],
) -> None:
    recorded = read_recording(twisted[0].recording)
    unnoticed = replace(
        recorded,
        straps={p: replace(recorded.straps[q], placement=p) for p, q in ((LEFT, RIGHT), (RIGHT, LEFT))},
        swapped=False,
    )
    analysis = analyze(unnoticed)
    assert SWAPPED in analysis.alignment.findings
    assert [r.side for r in analysis.final.repetitions] == [Side.LEFT, Side.RIGHT] * 2


def gap_error_m(led: Led, recorded: Recorded) -> float:
    """RMS error of the final gap during the exercise."""
    gap = analyze(recorded).final.gap
    truth = join_truth(led.person.truth)
    exercise = next(m for m in recorded.markers if m.label == Label.EXERCISE)
    rows = (gap.time_s > exercise.start_s) & (gap.time_s < exercise.end_s)
    zero_s = (read_raw(led.recording).zero_s or 0.0) - led.person_zero_s
    true = np.interp(gap.time_s[rows] + zero_s, truth.time_s, truth.gap_m)
    return float(np.sqrt(np.mean((true - gap.gap_m[rows]) ** 2)))


def test_a_pair_that_was_calibrated_needs_only_a_touch_until_it_is_swapped(tmp_path: Path) -> None:
    first = _remembering(tmp_path, 1, calibration="calibration_demo")
    assert Doing.LEG_RAISE in first
    assert Doing.LEG_RAISE not in _remembering(tmp_path, 2)
    # On the other legs nothing is known of how they sit: the leg raise is asked for, and nothing else.
    assert _remembering(tmp_path, 3, swapped=True).count(Doing.LEG_RAISE) == 1


def _remembering(home: Path, day: int, *, calibration: str = "calibration_short", swapped: bool = False) -> list[Doing]:
    """What a session asks for that remembers those before it; its gap is known and right."""
    memory = SessionMemory(home, "ann", NOW.replace(day=day))
    folder = home / f"{day}"
    folder.mkdir()
    plan = load_plan("demo")

    async def alone(led: Led, air: SimulatedAir) -> None:
        del led, air

    led = lead_plan(
        folder,
        replace(plan, rounds=1),
        alone,
        recall=memory.recall,
        calibration=calibration,
        swapped=swapped,
    )
    recorded = read_recording(led.recording)
    assert recorded.swapped is swapped
    memory.learn(recorded, analyze(recorded))
    assert gap_error_m(led, recorded) < 0.008
    assert led.outcome.ending is Ending.FINISHED
    return [e.doing for e in led.events if isinstance(e, Prompted)]


def test_remembered_devices_change_legs(tmp_path: Path) -> None:
    def device(placement: Placement, address: str, part: Part = Part.STRAP) -> Remembered:
        return Remembered(Slot(placement, part), address, "kneegap", address)

    worn = WornStraps(tmp_path)
    sat = [device(LEFT, "A"), device(RIGHT, "B"), device(LEFT, "C", Part.BAND)]
    StrapKeeper(worn).keep(sat)
    assert {d.address: d.slot.placement for d in worn.known()} == {"A": LEFT, "B": RIGHT, "C": LEFT}
    keeper = StrapKeeper(worn)
    keeper(Swapped(1.0))
    keeper.keep(sat)
    assert {d.address: d.slot.placement for d in worn.known()} == {"A": RIGHT, "B": LEFT, "C": RIGHT}
