"""Whole guided sessions: the person does as asked, things go wrong on the way, everything is kept."""

import asyncio
import stat
from pathlib import Path

import numpy as np
import pytest

from analysis.params import AnalysisParams
from analysis.pipeline import analyze
from firmware_sim.air.radio import SimulatedAir
from monitor.board import State
from monitor.coach.signals import Action, CoachEvent, Ended, Ending, Zeroed
from monitor.session.course import Blocks, Course, split
from sensor.errors import DiskFull
from sensor.radio_errors import NoStrapFound
from sensor.recordings import recording_sink
from sensor.recordings.raw_recording import read_raw
from sensor.recordings.replay import decode_worn, read_recording
from sensor.samples import THIGHS
from tests.monitor.guided_sessions import Led, coach_of, lead

LEFT, RIGHT = THIGHS


@pytest.fixture(scope="module")
def clamp(tmp_path_factory: pytest.TempPathFactory) -> Led:
    """An undisturbed demonstration session."""
    return lead(tmp_path_factory.mktemp("clamp"), "demo")


def test_the_demonstration_reaches_its_end_with_two_holds(clamp: Led) -> None:
    assert clamp.outcome.ending is Ending.FINISHED
    assert clamp.outcome.trouble is None
    recorded = read_recording(clamp.recording)
    assert recorded.exercise == "clamp"
    assert [m.label for m in recorded.markers] == ["table", "touch", "spacer", "leg_raise", "exercise"]
    exercise = recorded.markers[-1]
    holds = [h for h in analyze(recorded).final.holds if h.start_s >= exercise.start_s]
    assert len(holds) == 2
    assert all(h.net_s >= 7.5 for h in holds)


def test_nothing_is_said_against_who_does_as_asked(clamp: Led) -> None:
    assert len(clamp.prompts) == len(set(clamp.prompts)) + 2  # the second round repeats two
    assert clamp.buffer.board.coach.cue == ""


def test_the_screen_ends_on_the_session_s_end(clamp: Led) -> None:
    board = clamp.buffer.board
    assert board.state is State.FINISHED
    assert {s.placement for s in board.straps} == set(THIGHS)
    assert all(s.battery_pct is not None for s in board.straps)
    assert len(clamp.buffer.curves().gap) > 1000


def test_live_results_equal_the_replay_of_their_recording(clamp: Led) -> None:
    replayed = analyze(read_recording(clamp.recording)).live
    live = [u.gap for u in clamp.updates]
    time_s = np.concatenate([g.time_s for g in live])
    gap_m = np.concatenate([g.gap_m for g in live])
    np.testing.assert_array_equal(time_s, replayed.gap.time_s)
    np.testing.assert_array_equal(gap_m, replayed.gap.gap_m)
    holds = [h for u in clamp.updates for h in u.holds]
    assert [(h.start_s, h.end_s, h.lapses, h.verdict) for h in holds] == [
        (h.start_s, h.end_s, h.lapses, h.verdict) for h in replayed.holds
    ]
    # A mean's last bit depends on where its rows were cut.
    assert [h.mean_gap_m for h in holds] == pytest.approx([h.mean_gap_m for h in replayed.holds], abs=1e-9)


def test_the_coach_says_the_same_again_in_a_replay(clamp: Led) -> None:
    raw, recorded = read_raw(clamp.recording), read_recording(clamp.recording)
    start_s = next(e.time_s for e in raw.events if e.name == "start")
    course = Course(coach_of("demo"), recorded.wearer, "clamp", AnalysisParams(), start_s)
    decoded = {p: decode_worn(clamp.recording, p, raw.straps[p]) for p in THIGHS}
    left: Blocks = {p: found[0] for p, found in decoded.items() if found is not None}
    events: list[CoachEvent] = []
    for until_s in [*np.arange(0.37, raw.last_s, 0.37).tolist(), raw.last_s]:
        blocks, left = split(left, until_s)
        events += course.push(until_s, blocks).events
    assert events == clamp.events


def test_recordings_are_their_owner_s_alone(clamp: Led) -> None:
    assert stat.S_IMODE(clamp.recording.stat().st_mode) == 0o600


def test_a_strap_that_drops_out_pauses_and_everything_is_fetched(tmp_path: Path) -> None:
    async def away(air: SimulatedAir) -> None:
        await asyncio.sleep(42.0)
        await air.straps[LEFT].out_of_range(8.0)

    led = lead(tmp_path, "demo", away)
    assert led.outcome.ending is Ending.FINISHED
    raw = read_raw(led.recording)
    assert any(e.name == "cue" and e.fields["signal"] == "strap_lost" for e in raw.events)
    quality = {q.placement: q for q in analyze(read_recording(led.recording)).final.quality}
    assert [quality[p].lost for p in THIGHS] == [0, 0]


@pytest.mark.parametrize("action", [Action.PAIN, Action.NUMBNESS])
def test_pain_stops_the_session_and_is_kept(tmp_path: Path, action: Action) -> None:
    led = lead(tmp_path, "demo", actions=lambda now_s: [action] if 40.0 <= now_s < 40.2 else [])
    assert led.outcome.ending is not None
    assert led.outcome.ending.value == action.value
    assert led.buffer.board.state is State.STOPPED
    assert "loosen" in led.buffer.board.coach.text.lower()
    assert action.value in {m.label for m in read_recording(led.recording).markers}


def test_stopping_before_the_straps_are_on_keeps_what_came(tmp_path: Path) -> None:
    led = lead(tmp_path, "demo", actions=lambda now_s: [Action.STOP] if now_s > 8.0 else [])
    assert led.outcome.ending is Ending.STOPPED
    assert led.outcome.samples_came
    assert not any(isinstance(e, Zeroed) for e in led.events)
    assert sum(isinstance(e, Ended) for e in led.events) == 1
    recorded = read_recording(led.recording)
    assert all(len(recorded.straps[p]) > 100 for p in THIGHS)
    analyze(recorded)


def test_a_search_without_straps_ends_in_one_word(tmp_path: Path) -> None:
    async def nobody(air: SimulatedAir) -> None:
        for placement in THIGHS:
            await air.straps[placement].peripheral.switch(on=False)

    led = lead(tmp_path, "demo", nobody)
    assert isinstance(led.outcome.trouble, NoStrapFound)
    assert not led.outcome.samples_came


def test_a_full_disk_stops_the_recording_but_not_the_session(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written = 0
    write = recording_sink.os.write

    def full(fd: int, data: memoryview) -> int:
        nonlocal written
        written += len(data)
        if written > 100_000:
            raise OSError(28, "No space left on device")
        return write(fd, data)

    monkeypatch.setattr(recording_sink.os, "write", full)
    led = lead(tmp_path, "demo")
    assert isinstance(led.outcome.trouble, DiskFull)
    assert led.outcome.ending is Ending.FINISHED
    assert "disk is full" in led.buffer.board.message
    recorded = read_recording(led.recording)
    assert all(len(recorded.straps[p]) > 1000 for p in THIGHS)
