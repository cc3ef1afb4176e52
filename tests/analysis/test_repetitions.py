"""Repetitions of every exercise: made-up movements, cuts, and the recorded persons."""

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from analysis.motion import Motion
from analysis.movement.body import BodyParams, BodyStage
from analysis.pipeline import analyze
from analysis.results import GapSeries, Hold, HoldVerdict, Repetition, RepVerdict, Side
from sensor.markers import Label, Marker
from sensor.samples import Floats, Placement
from sensor.tables.imported import read_folder
from sensor.wearer import Wearer
from tests.analysis.moved_body import bump, cut_gap, gap, motion, segment, thigh_turns, times

LEFT, RIGHT = Placement.LEFT_THIGH, Placement.RIGHT_THIGH
WEARER = Wearer(femur_m=0.42)
SEATED = np.pi / 2


def body(
    time_s: Floats, left: tuple[Floats, Floats], right: tuple[Floats, Floats], exercise: str, *others: Marker
) -> Motion:
    """Thighs with (flexion, inward tip) in an exercise that lasts all the time."""
    thighs = {LEFT: segment(thigh_turns(*left, LEFT)), RIGHT: segment(thigh_turns(*right, RIGHT))}
    return motion(time_s, thighs, (Marker(Label.EXERCISE, 0.5, float(time_s[-1]), exercise), *others))


def told(m: Motion, series: GapSeries, borders: list[int], holds: tuple[Hold, ...] = ()) -> list[Repetition]:
    """Repetitions of a motion cut at rows; holds come with the last piece."""
    stage = BodyStage(WEARER, None, BodyParams())
    found: list[Repetition] = []
    for a, b in pairwise([0, *borders, len(m)]):
        now = holds if b == len(m) else ()
        found += stage.push(m.take(slice(a, b)), cut_gap(series, slice(a, b)), now).repetitions
    return [*found, *stage.finish(()).repetitions]


def twisting(tips: list[tuple[float, float]]) -> tuple[Motion, GapSeries]:
    """Left and right in turn, 4 s each, tipped by (angle) while the thigh turns in by (angle)."""
    time_s = times(2.0 + 4.0 * len(tips) + 2.0)
    inward, turned = {LEFT: np.zeros_like(time_s), RIGHT: np.zeros_like(time_s)}, dict[Placement, Floats]()
    for p in (LEFT, RIGHT):
        turned[p] = np.zeros_like(time_s)
    for i, (tip, turn) in enumerate(tips):
        p = (LEFT, RIGHT)[i % 2]
        inward[p] += bump(time_s, 2 + 4 * i, 5 + 4 * i, tip)
        turned[p] += bump(time_s, 2 + 4 * i, 5 + 4 * i, turn)
    thighs = {
        p: segment(_yawed(turned[p], p) * thigh_turns(np.full_like(time_s, SEATED), inward[p], p)) for p in inward
    }
    markers = (Marker(Label.EXERCISE, 0.5, float(time_s[-1]), "seated_twist"),)
    return motion(time_s, thighs, markers), gap(time_s, 0.2)


def _yawed(inward_rad: Floats, side: Placement) -> Rotation:
    vectors = np.zeros((len(inward_rad), 3))
    vectors[:, 2] = -inward_rad if side is LEFT else inward_rad
    return Rotation.from_rotvec(vectors)


def test_twists_are_counted_per_side_and_short_ones_found() -> None:
    # Half the gap is 100 mm, half-way 50 mm: 0.2 rad of a 420 mm femur are 83 mm, 0.08 rad 34 mm.
    m, series = twisting([(0.45, 0.2), (0.45, 0.2), (0.2, 0.08), (0.4, 0.18)])
    found = told(m, series, [])
    assert [r.side for r in found] == [Side.LEFT, Side.RIGHT, Side.LEFT, Side.RIGHT]
    assert [r.verdict for r in found] == [RepVerdict.OK, RepVerdict.OK, RepVerdict.SHORT, RepVerdict.OK]
    for i, r in enumerate(found):
        assert abs(r.start_s - (2 + 4 * i)) < 0.5
        assert abs(r.end_s - (5 + 4 * i)) < 0.5
        assert r.movement.other_rad < 0.05


def test_a_twist_without_a_known_gap_is_judged_by_its_tilt() -> None:
    m, series = twisting([(0.45, 0.2), (0.15, 0.05)])
    found = told(m, gap(series.time_s, np.nan), [])
    assert [r.verdict for r in found] == [RepVerdict.OK, RepVerdict.SHORT]


def pressing() -> tuple[Motion, GapSeries]:
    """Right thigh lifted, pressed for 12 s and for 5 s; then the left for 12 s."""
    time_s = times(70.0)
    level = np.full_like(time_s, SEATED)
    right = level + bump(time_s, 2, 34, 0.95), bump(time_s, 6, 18, 0.5) + bump(time_s, 22, 27, 0.5)
    left = level + bump(time_s, 36, 66, 0.95), bump(time_s, 40, 52, 0.5)
    return body(time_s, left, right, "lying_press"), gap(time_s, 0.1)


def test_presses_count_from_half_way_in_to_half_way_out() -> None:
    found = told(*pressing(), [])
    assert [(r.side, r.verdict) for r in found] == [
        (Side.RIGHT, RepVerdict.OK), (Side.RIGHT, RepVerdict.SHORT), (Side.LEFT, RepVerdict.OK),
    ]  # fmt: skip
    times_s = [(r.start_s, r.end_s) for r in found]
    assert np.abs(np.array(times_s) - [(6.5, 17.5), (22.5, 26.5), (40.5, 51.5)]).max() < 0.15


def test_a_press_is_known_to_be_held_while_it_is() -> None:
    m, series = pressing()
    stage = BodyStage(Wearer(0.42), None, BodyParams())
    ended = [
        (time_s, u.working.held_s if u.working else 0.0, [r.end_s - r.start_s for r in u.repetitions])
        for time_s, u in (
            (float(m.time_s[b - 1]), stage.push(m.take(slice(a, b)), cut_gap(series, slice(a, b)), ()))
            for a, b in pairwise(range(0, len(m), 20))
        )
    ]
    # Pressed half-way in at 6.5 s; let go at 17 s.
    assert all(abs(held_s - (time_s - 6.5)) < 0.5 for time_s, held_s, _ in ended if 8.0 < time_s < 17.0)
    told = [(held, lengths[0]) for (_, held, _), (_, _, lengths) in pairwise(ended) if lengths]
    assert len(told) == 3
    assert all(held_s <= length_s + 0.2 for held_s, length_s in told)
    assert all(held_s == 0.0 for time_s, held_s, _ in ended if 28.5 < time_s < 36.0)


def squatting() -> tuple[Motion, GapSeries]:
    """Three squats of 4 s, a sway, and sitting down."""
    time_s = times(60.0)
    lean = sum(bump(time_s, 5 + 8 * i, 9 + 8 * i, 0.6, 1.5) for i in range(3)) + bump(time_s, 30, 33, 0.05)
    lean = np.asarray(lean) + bump(time_s, 35, 58, 1.4)
    return body(time_s, (lean, 0 * lean), (lean, 0 * lean), "wrap"), gap(time_s, 0.015)


def test_squats_are_counted_and_sitting_down_is_none() -> None:
    found = told(*squatting(), [])
    assert [r.exercise for r in found] == ["squat"] * 3
    assert np.abs(np.array([r.start_s for r in found]) - [5, 13, 21]).max() < 0.6


def hold(start_s: float, end_s: float, verdict: HoldVerdict = HoldVerdict.OK) -> Hold:
    return Hold(start_s, end_s, end_s - start_s, end_s - start_s, 0, 0.0, 0.0, verdict)


def test_knees_in_are_holds_of_ten_seconds_and_say_which_knee_lagged() -> None:
    time_s = times(60.0)
    left, right = bump(time_s, 9.5, 22, 0.2), bump(time_s, 9, 22, 0.2)
    m = body(time_s, (left, 0 * left), (right, 0 * right), "knees_in", Marker(Label.TOUCH, 1.0, 4.0))
    holds = (hold(10.2, 21.0), hold(30.0, 36.0), hold(40.0, 52.0, HoldVerdict.UNKNOWN))
    found = told(m, gap(time_s, 0.05), [], holds)
    assert [r.verdict for r in found] == [RepVerdict.OK, RepVerdict.SHORT, RepVerdict.UNKNOWN]
    assert abs(found[0].movement.left_lag_s - 0.5) < 0.2
    assert abs(found[0].movement.left_share - 0.5) < 0.1


@pytest.mark.parametrize("made", [pressing, squatting, lambda: twisting([(0.45, 0.2), (0.2, 0.08)])])
def test_cuts_change_nothing(made: Callable[[], tuple[Motion, GapSeries]]) -> None:
    m, series = made()
    whole = told(m, series, [])
    rng = np.random.default_rng(5)
    for _ in range(5):
        assert told(m, series, sorted(rng.integers(0, len(m), 60).tolist())) == whole


def test_lost_samples_make_a_repetition_unknown() -> None:
    m, series = pressing()
    right = m.segments[RIGHT]
    right.q_earth_from_segment[(m.time_s > 10) & (m.time_s < 12)] = np.nan
    assert told(m, series, [])[0].verdict is RepVerdict.UNKNOWN


@pytest.mark.parametrize("name", ["knees_in", "lying_press", "seated_twist", "wrap"])
def test_recorded_persons_get_every_repetition(shared_data: Path, name: str) -> None:
    folder = shared_data / "physics" / name
    analysis = analyze(read_folder(folder))
    lines = (folder / "reps.csv").read_text().split()[1:]
    true = [(e, s, float(a), float(b), v) for e, s, a, b, v in (line.split(",") for line in lines)]
    for tables in (analysis.live, analysis.final):
        found = tables.repetitions
        right = [any(matches(t, r) for r in found) for t in true]
        # Live, a hold whose heading was lost with its samples starts late or ends unknown; `final` looks back.
        assert 2 * sum(right) / (len(true) + len(found)) >= (0.85 if tables is analysis.live else 0.95)
        agreed = sum(any(matches(t, r) and r.verdict == t[4] for r in found) for t in true)
        assert agreed >= (0.75 if tables is analysis.live else 0.95) * len(true)


def matches(true: tuple[str, str, float, float, str], found: Repetition) -> bool:
    exercise, side, start_s, end_s, _ = true
    both = min(end_s, found.end_s) - max(start_s, found.start_s)
    either = max(end_s, found.end_s) - min(start_s, found.start_s)
    return found.exercise == exercise and found.side == side and both / either >= 0.5


@pytest.mark.parametrize("name", ["quiet", "clamp15_c", "check_a"])
def test_nothing_is_counted_where_no_such_exercise_is_done(shared_data: Path, name: str) -> None:
    analysis = analyze(read_folder(shared_data / "physics" / name))
    assert not analysis.live.repetitions
    assert not analysis.final.repetitions
    assert not analysis.final.steps
