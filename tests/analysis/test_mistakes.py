"""Mistakes of the moment: each kind made on purpose, and none where it is done right."""

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from analysis.exercises.body_tick import BodyTick, ThighTick
from analysis.exercises.mistakes import Mistake, MistakeWatch
from analysis.motion import Motion
from analysis.movement.body import BodyParams, BodyStage
from analysis.pipeline import LiveAnalysis
from analysis.results import GapSeries, Side, Step
from sensor.arrivals import cut, marker_edges
from sensor.markers import Label, Marker
from sensor.samples import Floats, Placement
from sensor.tables.imported import read_folder
from sensor.wearer import Wearer
from tests.analysis.moved_body import bump, cut_gap, gap, motion, segment, thigh_turns, times

LEFT, RIGHT = Placement.LEFT_THIGH, Placement.RIGHT_THIGH
TIME_S = times(30.0)
REST = np.zeros_like(TIME_S)
MOUNTED = Rotation.from_rotvec([0.4, -0.3, 1.1])
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


def worked(m: Motion, series: GapSeries) -> dict[Side, float]:
    """Each side with the time at which it was first told to work."""
    stage, first = BodyStage(Wearer(0.42), None, BodyParams()), dict[Side, float]()
    for a, b in pairwise(range(0, len(m), 10)):
        working = stage.push(m.take(slice(a, b)), cut_gap(series, slice(a, b)), ()).working
        if working is not None:
            first.setdefault(working.side, float(TIME_S[b - 1]))
    return first


def test_the_side_that_works_is_told_while_it_does() -> None:
    left, right = bump(TIME_S, 5, 8, 0.4), bump(TIME_S, 12, 15, 0.4)
    twisting = worked(body("seated_twist", (SEAT, left), (SEAT, right)), gap(TIME_S, np.nan))
    assert 5.0 < twisting[Side.LEFT] < 6.0
    assert 12.0 < twisting[Side.RIGHT] < 13.0
    raised = SEAT + bump(TIME_S, 2, 28, 0.95), bump(TIME_S, 6, 18, 0.5)
    pressing = worked(body("lying_press", (SEAT, REST), raised), gap(TIME_S, 0.1))
    assert set(pressing) == {Side.RIGHT}
    assert 6.0 < pressing[Side.RIGHT] < 7.0


def test_a_knee_on_its_way_back_does_not_work_again() -> None:
    raised = SEAT + bump(TIME_S, 2, 28, 0.95), bump(TIME_S, 6, 18, 0.5)
    m, series = body("lying_press", (SEAT, REST), raised), gap(TIME_S, 0.1)
    stage, sides = BodyStage(Wearer(0.42), None, BodyParams()), list[Side | None]()
    for a, b in pairwise(range(0, len(m), 10)):
        working = stage.push(m.take(slice(a, b)), cut_gap(series, slice(a, b)), ()).working
        sides.append(working.side if working else None)
    assert sum(a is None and b is Side.RIGHT for a, b in pairwise(sides)) == 1


def test_a_knee_that_came_along_does_not_work_alone_on_its_way_back() -> None:
    both = body("seated_twist", (SEAT, bump(TIME_S, 10, 13.8, 0.3)), (SEAT, bump(TIME_S, 10, 13, 0.4)))
    assert not worked(both, gap(TIME_S, np.nan))


def test_toes_that_are_straight_again_are_right() -> None:
    watch, thigh = MistakeWatch(0.1), ThighTick(0.0, 0.0, 1.0, 0.0)
    out: list[bool] = []
    for i, angle in enumerate((0.1, 0.28, 0.3, 0.29, 0.15)):
        watch.tick("walk", BodyTick(1.5 * i, thigh, thigh, np.nan, np.nan, (0.0, 0.0, 1.0)))
        watch.stepped([Step(Side.LEFT, 1.5 * i - 1, 1.5 * i, angle)])
        out.append(Mistake.LEFT_TOES_OUT in watch.now)
    assert out == [False, False, False, True, False]


@pytest.mark.parametrize("turned_rad", [-0.15, 0.0, 0.15])
def test_feet_are_seen_to_turn_out_with_straps_on_them(turned_rad: float) -> None:
    """Both feet turn inward by the angle after the toes were straight, and the body turns meanwhile."""
    bent = REST, REST
    m = body("knees_in", bent, bent)
    inward = bump(TIME_S, 6, 40, turned_rad)
    feet = {
        Placement.LEFT_FOOT: segment(_about_up(0.3 + 0.2 * np.sin(TIME_S) - inward), MOUNTED),
        Placement.RIGHT_FOOT: segment(_about_up(-0.1 + 0.2 * np.sin(TIME_S) + inward), MOUNTED),
    }
    straight = Marker(Label.TOES_STRAIGHT, 1.0, 5.0)
    edges = marker_edges((straight, Marker(Label.EXERCISE, 8.0, 29.5, "knees_in")))
    first = seen(Motion(m.time_s, {**m.segments, **feet}, edges))
    assert set(first) == (set() if turned_rad > 0 else {Mistake.FEET_OUT})


def test_without_straight_toes_to_compare_with_feet_are_not_judged() -> None:
    m = body("knees_in", (REST, REST), (REST, REST))
    feet = {p: segment(_about_up(REST), MOUNTED) for p in (Placement.LEFT_FOOT, Placement.RIGHT_FOOT)}
    assert not seen(Motion(m.time_s, {**m.segments, **feet}, m.edges))


def _about_up(left_rad: Floats) -> Rotation:
    vectors = np.zeros((len(left_rad), 3))
    vectors[:, 2] = left_rad
    return Rotation.from_rotvec(vectors)


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
