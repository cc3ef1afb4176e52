"""What each exercise is about is what its screen says in large letters: word, figures and time."""

from dataclasses import replace
from math import nan, radians

import numpy as np
import pytest

from analysis.results import GapSeries, Hold, HoldVerdict, Repetition, RepVerdict, Side, Step
from analysis.update import LiveUpdate
from monitor.board import Walked
from monitor.coach.plan_files import exercises
from monitor.coach.signals import CoachView, MarkerOpened, Zeroed
from monitor.live_buffer import LiveBuffer
from monitor.session.scoreboard import Scoreboard
from monitor.session.walk_tally import WalkTally
from monitor.wording import words
from tests.monitor.boards import CONNECTED, EXERCISES, EXERCISING, exercise

EXERCISE = CoachView(word="Walk", round=1, rounds=1, exercising=True)


@pytest.mark.parametrize(
    ("name", "word", "figures", "time"),
    [
        ("check", "SQUEEZE", "gap 41 ± 8 mm", ("to go", "4 s")),
        ("knees_in", "TOGETHER", "gap 6 ± 8 mm", ("this hold", "0:42")),
        ("seated_twist", "RIGHT KNEE IN", "left 4 · right 3", ("round", "2 / 10")),
        ("lying_press", "HOLD", "left 2 · right 1", ("to go", "7 s")),
        ("walk", "WALK", "toes out: left 6°, right 9°", ("to go", "3:12")),
        ("wrap", "STAND TIED", "squats 5", ("to go", "8:27")),
    ],
)
def test_each_exercise_says_what_it_is_about(name: str, word: str, figures: str, time: tuple[str, str]) -> None:
    board = exercise(name)
    shown = words.time_shown(board)
    assert (words.state_word(board), words.state_line(board), (shown.named, shown.time)) == (word, figures, time)


def test_every_exercise_of_the_table_is_shown() -> None:
    assert {*EXERCISES, "clamp"} == set(exercises())


def step(side: Side, start_s: float, toe_out_deg: float) -> Step:
    return Step(side, start_s, start_s + 0.6, radians(toe_out_deg))


def test_walking_is_told_by_its_last_steps() -> None:
    tally = WalkTally()
    assert tally.walked(0.0) is None
    for k in range(20):
        side, toes = (Side.LEFT, 4.0 + (k < 10) * 20.0) if k % 2 else (Side.RIGHT, 9.0)
        tally.take([step(side, 0.6 * k, toes)])
    walked = tally.walked(12.0)
    assert walked is not None
    assert (walked.steps, walked.per_minute) == (20, pytest.approx(100.0))
    assert (walked.left_rad, walked.right_rad) == (pytest.approx(radians(4.0)), pytest.approx(radians(9.0)))
    standing = tally.walked(20.0)
    assert standing is not None
    assert standing.per_minute != standing.per_minute


def test_without_straps_on_the_feet_steps_alone_are_told() -> None:
    board = replace(exercise("walk"), walked=Walked(12, 96.2, nan, nan))
    assert words.state_line(board) == "12 steps · 96 a minute"
    assert words.time_shown(board).total == ""
    one_foot = replace(board, walked=Walked(1, nan, radians(-3.2), nan))
    assert words.state_line(one_foot) == "toes out: left -3°, right --"
    assert words.time_shown(one_foot).total == "1 step"


def hold(start_s: float, end_s: float, verdict: HoldVerdict, *, cut: bool = False) -> Hold:
    return Hold(start_s, end_s, end_s - start_s, end_s - start_s, 0, 0.0, 0.0, verdict, cut)


def test_what_a_lost_strap_cut_off_is_kept_and_said_not_to_be_sure() -> None:
    buffer = LiveBuffer()
    board = Scoreboard(buffer, "Clamp")
    known = GapSeries(np.array([400.0]), np.array([0.001]), np.array([0.001]), np.array([1.0]))
    holds = (
        hold(10, 70, HoldVerdict.OK),
        hold(100, 130, HoldVerdict.UNKNOWN, cut=True),
        hold(140, 160, HoldVerdict.UNKNOWN),
    )
    board.follow((), [LiveUpdate(known, holds=holds)])
    board.show(EXERCISE, CONNECTED, 400.0, 0.0)
    assert (buffer.board.net_s, buffer.board.unsure_s) == (90.0, 30.0)
    assert words.time_shown(buffer.board).total == "together 1:30, 0:30 of it not sure yet"
    assert words.time_shown(EXERCISING).total == "together 3:08 of 15:00"


def test_a_touch_of_the_calibration_does_not_count_though_it_is_told_late() -> None:
    buffer = LiveBuffer()
    board = Scoreboard(buffer, "Clamp")
    board.follow([Zeroed(1000.0), MarkerOpened(1034.0, "exercise", "clamp")], ())
    board.follow((), [LiveUpdate(holds=(hold(14, 15, HoldVerdict.OK), hold(32, 43, HoldVerdict.OK)))])
    board.show(EXERCISE, CONNECTED, 1050.0, 1000.0)
    assert buffer.board.net_s == 9.0


def test_squats_are_counted_as_such_and_sides_from_the_start() -> None:
    buffer = LiveBuffer()
    wrap, twist = Scoreboard(buffer, "Wrap", holding=False), Scoreboard(buffer, "x", holding=False, sides=("left",))
    wrap.follow((), [LiveUpdate(repetitions=(Repetition("squat", Side.BOTH, 1, 2, RepVerdict.OK),))])
    wrap.show(EXERCISE, CONNECTED, 3.0, 0.0)
    assert words.counts_text(buffer.board) == "squats 1"
    twist.show(EXERCISE, CONNECTED, 3.0, 0.0)
    assert words.counts_text(buffer.board) == "left 0"
