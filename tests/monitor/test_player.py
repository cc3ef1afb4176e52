"""A replay: at any time it shows what was known then, however that time was reached; its clock does as it is told."""

from collections.abc import Iterator
from threading import Thread

import numpy as np
import pytest

from monitor.board import Board, State
from monitor.coach.signals import Action
from monitor.live_buffer import LiveBuffer
from monitor.session.player import SPEEDS, Player
from monitor.session.replayed import Logged, Replay, Said
from sensor.recorded import Recorded
from sensor.recordings.replay import read_recording
from sensor.samples import THIGHS
from tests.bench_analysis import recording_file


@pytest.fixture(scope="module")
def recorded() -> Iterator[Recorded]:
    """A minute and a half of clamping."""
    with recording_file(60.0) as file:
        yield read_recording(file)


TOLD = Logged((Said(5.0, "Sit."), Said(30.0, "Press.")), (Said(40.0, "Knees together"),), ((20.0, THIGHS[0], 70),))


def shown_at(recorded: Recorded, times_s: list[float]) -> tuple[Board, LiveBuffer]:
    buffer = LiveBuffer()
    replay = Replay(recorded, TOLD, buffer)
    for time_s in times_s:
        replay.go_to(time_s)
    return buffer.board, buffer


def test_a_time_looks_alike_however_it_was_reached(recorded: Recorded) -> None:
    steps, by_steps = shown_at(recorded, [*np.arange(-5.0, 50.0, 0.7).tolist(), 50.0])
    leap, by_leap = shown_at(recorded, [50.0])
    back, by_return = shown_at(recorded, [10.0, 1e9, 50.0])
    assert steps == leap == back
    for other in (by_leap, by_return):
        np.testing.assert_array_equal(by_steps.stretch(0.0, 60.0).gap, other.stretch(0.0, 60.0).gap)
        np.testing.assert_array_equal(by_steps.history(), other.history())


def test_what_was_said_and_told_is_shown_at_its_time(recorded: Recorded) -> None:
    assert shown_at(recorded, [10.0])[0].coach.text == "Sit."
    at_40 = shown_at(recorded, [40.5])[0]
    assert (at_40.coach.text, at_40.coach.cue) == ("Press.", "Knees together")
    assert [s.battery_pct for s in at_40.straps] == [70, None]
    assert shown_at(recorded, [45.0])[0].coach.cue == ""
    assert shown_at(recorded, [1e9])[0].state is State.FINISHED


class Clocked:
    """A player on a clock that the test moves, run step by step in a thread of its own."""

    def __init__(self, recorded: Recorded, *, stay: bool = True) -> None:
        self.now_s = 0.0
        self.buffer = LiveBuffer()
        self.player = Player(Replay(recorded, TOLD, self.buffer), 1.0, lambda: self.now_s)
        self.thread = Thread(target=lambda: self.player.run(stay=stay))

    def until(self, at_s: float) -> None:
        """Waits until the screen shows the time; a test's time-out ends a player that never does."""
        while abs(self.buffer.board.now_s - at_s) > 2.1 or self.player.at_s != at_s:
            self.thread.join(0.005)


@pytest.fixture
def clocked(recorded: Recorded) -> Iterator[Clocked]:
    made = Clocked(recorded)
    made.thread.start()
    made.until(made.player.start_s)
    yield made
    made.player.stop()
    made.thread.join()


def test_time_passes_at_the_chosen_speed_and_not_in_a_break(clocked: Clocked) -> None:
    start_s = clocked.player.start_s
    clocked.now_s = 10.0
    clocked.until(start_s + 10.0)
    clocked.player.faster()
    assert clocked.player.speed == 2.0
    clocked.now_s = 20.0
    clocked.until(start_s + 30.0)
    clocked.player.toggle()
    clocked.now_s = 1000.0
    clocked.player.seek(40.0)
    clocked.until(40.0)
    assert clocked.buffer.board.state is State.PAUSED
    clocked.player.toggle()
    clocked.now_s = 1001.0
    clocked.until(42.0)


def test_at_the_end_it_stops_and_begins_anew_when_asked(clocked: Clocked) -> None:
    clocked.player.seek(1e9)
    clocked.until(clocked.player.end_s)
    assert not clocked.player.playing
    clocked.player.heed(Action.CONFIRM)
    clocked.until(clocked.player.start_s)
    assert clocked.player.playing


def test_speeds_have_an_end_on_both_sides(recorded: Recorded) -> None:
    player = Clocked(recorded).player
    for _i in range(20):
        player.faster()
    assert player.speed == SPEEDS[-1]
    for _i in range(20):
        player.slower()
    assert player.speed == SPEEDS[0]


def test_without_a_screen_that_stays_it_ends_at_the_end(recorded: Recorded) -> None:
    made = Clocked(recorded, stay=False)
    made.player.seek(1e9)
    made.player.run()
    assert made.buffer.board.over
