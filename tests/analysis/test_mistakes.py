"""Mistakes of the moment: each kind made on purpose, and none where it is done right."""

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from analysis.exercises.mistakes import Mistake
from analysis.motion import Motion
from analysis.movement.body import BodyParams, BodyStage
from analysis.pipeline import LiveAnalysis
from analysis.results import GapSeries
from monitor.coach.plan import Signal
from sensor.arrivals import cut
from sensor.imported import read_folder
from sensor.markers import Label, Marker
from sensor.samples import Floats, Placement
from sensor.wearer import Wearer
from tests.analysis.moved_body import bump, cut_gap, gap, motion, segment, thigh_turns, times

LEFT, RIGHT = Placement.LEFT_THIGH, Placement.RIGHT_THIGH
TIME_S = times(30.0)
REST = np.zeros_like(TIME_S)
SEAT = np.full_like(TIME_S, np.pi / 2)


def body(
    exercise: str, left: tuple[Floats, Floats], right: tuple[Floats, Floats], pelvis: Floats | None = None
) -> Motion:
    """Thighs with (flexion, inward tip), and a pelvis that leans forward."""
    segments = {LEFT: segment(thigh_turns(*left, LEFT)), RIGHT: segment(thigh_turns(*right, RIGHT))}
    if pelvis is not None:
        segments[Placement.PELVIS] = segment(thigh_turns(pelvis), Rotation.from_rotvec([0.2, 1.0, -0.4]))
    return motion(TIME_S, segments, (Marker(Label.EXERCISE, 0.5, 29.5, exercise),))


def seen(m: Motion, series: GapSeries | None = None) -> dict[Mistake, float]:
    """Each mistake with the time at which it was first told, in beats of 0.2 s."""
    series = gap(TIME_S, 0.2) if series is None else series
    stage, first = BodyStage(Wearer(0.42), None, BodyParams()), dict[Mistake, float]()
    for a, b in pairwise(range(0, len(m), 10)):
        for mistake in stage.push(m.take(slice(a, b)), cut_gap(series, slice(a, b)), ()).mistakes:
            first.setdefault(mistake, float(TIME_S[b - 1]))
    return first


def test_each_mistake_is_a_signal_of_the_coach() -> None:
    assert {m.value for m in Mistake} <= {s.value for s in Signal}


def test_a_knee_that_stays_behind_lags() -> None:
    first = seen(body("knees_in", (bump(TIME_S, 12, 25, 0.25), REST), (bump(TIME_S, 10, 25, 0.25), REST)))
    assert set(first) == {Mistake.LEFT_LAGS}
    assert 10.5 < first[Mistake.LEFT_LAGS] < 12.0


def test_knees_that_close_together_and_part_one_by_one_are_right() -> None:
    assert not seen(body("knees_in", (bump(TIME_S, 10, 25, 0.25), REST), (bump(TIME_S, 10, 23, 0.25), REST)))


def test_a_leaning_pelvis_is_seen_with_its_strap_alone() -> None:
    bent = bump(TIME_S, 10, 25, 0.25), REST
    first = seen(body("knees_in", bent, bent, bump(TIME_S, 11, 24, 0.4)))
    assert set(first) == {Mistake.LEANING}
    assert first[Mistake.LEANING] < 13.0
    assert not seen(body("knees_in", bent, bent))


def test_both_knees_in_a_twist() -> None:
    first = seen(body("seated_twist", (SEAT, bump(TIME_S, 10, 13, 0.4)), (SEAT, bump(TIME_S, 10, 13, 0.4))))
    assert first[Mistake.BOTH_KNEES] < 12.0


def test_the_same_side_twice() -> None:
    tips = bump(TIME_S, 5, 8, 0.4) + bump(TIME_S, 12, 15, 0.4)
    first = seen(body("seated_twist", (SEAT, tips), (SEAT, REST)), gap(TIME_S, np.nan))
    assert set(first) == {Mistake.SAME_SIDE}
    assert 12.0 < first[Mistake.SAME_SIDE] < 13.5


def test_a_twist_that_is_short_or_fast() -> None:
    first = seen(
        body("seated_twist", (SEAT, bump(TIME_S, 5, 8, 0.15)), (SEAT, bump(TIME_S, 12, 13.1, 0.45, 0.5))),
        gap(TIME_S, np.nan),
    )
    assert set(first) == {Mistake.NOT_FAR, Mistake.TOO_FAST}
    assert first[Mistake.NOT_FAR] < 9.0
    assert first[Mistake.TOO_FAST] < 14.5


def test_a_press_released_early_and_hips_that_turn() -> None:
    right = SEAT + bump(TIME_S, 2, 28, 0.95), bump(TIME_S, 6, 12, 0.5)
    first = seen(body("lying_press", (SEAT, REST), right, bump(TIME_S, 7, 12, 0.3)))
    assert set(first) == {Mistake.RELEASED_EARLY, Mistake.HIPS_TURNED}
    assert first[Mistake.RELEASED_EARLY] < 13.0


@pytest.mark.parametrize("exercise", ["clamp", "check", "walk"])
def test_other_exercises_know_none_of_these(exercise: str) -> None:
    assert not seen(body(exercise, (SEAT, bump(TIME_S, 5, 8, 0.4)), (SEAT, bump(TIME_S, 5, 8, 0.4))))


def test_recorded_twists_are_told_from_short_ones_and_nothing_else(shared_data: Path) -> None:
    recorded = read_folder(shared_data / "physics" / "seated_twist")
    live = LiveAnalysis(recorded.wearer, recorded.exercise)
    now, told = frozenset[Mistake](), list[Mistake]()
    for arrivals in cut(recorded, np.arange(25.0, 70.0, 0.2).tolist())[:-1]:
        update = live.push(arrivals)
        told += update.mistakes - now
        now = update.mistakes
    assert told == [Mistake.NOT_FAR] * 3
