"""Steps and the foot progression angle: a made-up foot with any strap, cuts, and the recorded walkers."""

import math
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from analysis.exercises.span import ExerciseSpans
from analysis.exercises.walk import WalkStage
from analysis.motion import GRID_HZ, Motion
from analysis.pipeline import analyze
from analysis.results import Side, Step
from sensor.markers import Label, Marker
from sensor.samples import THIGHS, Floats, Placement
from sensor.tables.imported import read_folder
from tests.analysis.moved_body import motion, segment, thigh_turns, times

LEFT, RIGHT = Placement.LEFT_FOOT, Placement.RIGHT_FOOT
STRIDE_S, STANCE_S, WAY_M = 1.1, 0.55, 1.2
TIME_S = times(40.0)
MOUNTINGS = {LEFT: Rotation.from_rotvec([0.3, -0.8, 1.9]), RIGHT: Rotation.from_rotvec([-1.0, 0.5, -2.2])}


def swung(time_s: Floats, late_s: float) -> tuple[Floats, Floats]:
    """Way ahead in strides, and the share of the swing (0 to 1, 0 in stance) that has passed."""
    since = np.maximum(time_s - 3.0 - late_s, 0.0)
    walked = np.minimum(since, 33.0)
    number = np.floor(walked / STRIDE_S)
    share = np.clip((walked - number * STRIDE_S) / (STRIDE_S - STANCE_S), 0, 1)
    return number + (share - np.sin(2 * np.pi * share) / (2 * np.pi)), share


def walking(toe_out_rad: float, heading_rad: float = 0.7, turn_rad_s: float = 0.0) -> Motion:
    """Straight walking (or on a wide circle) with both feet turned out, straps mounted anyhow."""
    heading = heading_rad + turn_rad_s * TIME_S
    feet = {}
    for p, late_s, sign in ((LEFT, 0.0, 1.0), (RIGHT, STRIDE_S / 2, -1.0)):
        way, share = swung(TIME_S, late_s)
        way_time_s = 3.0 + late_s + way * STRIDE_S
        direction = np.interp(way_time_s, TIME_S, heading)
        path = np.cumsum(
            np.stack([np.cos(direction), np.sin(direction)], 1) * np.gradient(way * WAY_M)[:, None], axis=0
        )
        height = 0.08 * np.sin(np.pi * share) ** 2
        acc = np.gradient(np.gradient(np.column_stack([path, height]), axis=0), axis=0) * GRID_HZ**2
        pitch = 0.7 * np.sin(2 * np.pi * share) * np.sin(np.pi * share)
        facing = direction + sign * toe_out_rad
        turns = Rotation.from_euler("ZY", np.column_stack([facing, pitch]))
        feet[p] = segment(turns, MOUNTINGS[p], acc)
    marker = Marker(Label.EXERCISE, 2.0, 40.0, "walk")
    return motion(TIME_S, feet, (marker,))


def told(m: Motion, borders: list[int], *, looking_back: bool = False) -> list[Step]:
    """Steps of a motion cut at rows."""
    spans = ExerciseSpans(None)
    stage = WalkStage(spans)
    steps: list[Step] = []
    for a, b in pairwise([0, *borders, len(m)]):
        part = m.take(slice(a, b))
        spans.take(part.edges)
        steps += stage.push(part)
    steps += stage.finish()
    return list(stage.again() or ()) if looking_back else sorted(steps, key=lambda s: (s.start_s, s.side))


@pytest.mark.parametrize("toe_out_deg", [-8.0, 0.0, 12.0])
def test_the_angle_is_found_whatever_the_mounting(toe_out_deg: float) -> None:
    steps = told(walking(math.radians(toe_out_deg)), [], looking_back=True)
    for side in (Side.LEFT, Side.RIGHT):
        angles = np.degrees([s.foot_progression_rad for s in steps if s.side is side])
        assert len(angles) >= 28
        assert np.nanmax(np.abs(angles[1:-1] - toe_out_deg)) < 1.0


def test_stances_are_where_the_foot_stands() -> None:
    steps = [s for s in told(walking(0.1), []) if s.side is Side.LEFT]
    landings = 3.0 + STRIDE_S * np.arange(1, 31) - STANCE_S
    assert len(steps) in (29, 30)
    assert np.abs(np.array([s.start_s for s in steps]) - landings[: len(steps)]).max() < 0.1
    assert np.abs(np.array([s.end_s - s.start_s for s in steps[:-1]]) - STANCE_S).max() < 0.15


def test_a_wide_turn_keeps_the_angle() -> None:
    steps = told(walking(0.1, turn_rad_s=0.1), [], looking_back=True)
    angles = np.degrees([s.foot_progression_rad for s in steps])
    assert abs(np.nanmean(angles) - math.degrees(0.1)) < 1.5


def test_the_first_strides_are_too_few_to_know() -> None:
    steps = [s for s in told(walking(0.1), []) if s.side is Side.LEFT]
    assert math.isnan(steps[0].foot_progression_rad)
    assert all(math.isfinite(s.foot_progression_rad) for s in steps[3:-1])


@pytest.mark.parametrize(
    ("rows", "every_s", "known"), [(3, 0.5, True), (3, 0.2, False), (4, 1.0, False)], ids=["few", "many", "long"]
)
def test_a_stride_is_known_as_far_as_its_holes_can_be_bridged(rows: int, every_s: float, *, known: bool) -> None:
    m = walking(0.1)
    foot = m.segments[LEFT]
    measured = foot.measured.copy()
    for start_s in np.arange(14.0, 20.0, every_s):
        at = round(float(start_s) * GRID_HZ)
        measured[at : at + rows] = np.nan
    holey = replace(m, segments={**m.segments, LEFT: replace(foot, measured=measured)})
    steps = [s for s in told(holey, []) if s.side is Side.LEFT and 15.0 < s.start_s < 18.0]
    assert len(steps) >= 2
    assert all(math.isfinite(s.foot_progression_rad) is known for s in steps)


def test_cuts_change_nothing() -> None:
    m = walking(0.1)
    whole = told(m, [])
    rng = np.random.default_rng(9)
    for _ in range(4):
        cut = told(m, sorted(rng.integers(0, len(m), 80).tolist()))
        assert [(s.side, s.start_s, s.end_s) for s in cut] == [(s.side, s.start_s, s.end_s) for s in whole]
        np.testing.assert_allclose(
            [s.foot_progression_rad for s in cut], [s.foot_progression_rad for s in whole], atol=1e-9
        )


def test_knees_alone_tell_steps_without_an_angle() -> None:
    phase = 2 * np.pi * (TIME_S - 3.0) / STRIDE_S
    on = (TIME_S > 3) & (TIME_S < 36)
    thighs = {
        p: segment(thigh_turns(np.where(on, 0.1 + 0.4 * np.sin(phase + i * np.pi), 0.1), side=p))
        for i, p in enumerate(THIGHS)
    }
    steps = told(motion(TIME_S, thighs, (Marker(Label.EXERCISE, 2.0, 40.0, "walk"),)), [])
    assert 56 <= len(steps) <= 60
    assert all(math.isnan(s.foot_progression_rad) for s in steps)


@pytest.mark.parametrize("name", ["walk_a", "walk_b"])
def test_recorded_walkers(shared_data: Path, name: str) -> None:
    folder = shared_data / "physics" / name
    recorded = read_folder(folder)
    lines = [line.split(",") for line in (folder / "steps.csv").read_text().split()[1:]]
    true = [(s, float(a), float(b), float(angle)) for s, a, b, angle in lines]
    analysis = analyze(recorded)
    for tables in (analysis.live, analysis.final):
        found = pairs(true, tables.steps)
        assert 2 * len(found) / (len(true) + len(tables.steps)) > 0.97
        error = np.degrees([s.foot_progression_rad for _, s in found]) - [t[3] for t, _ in found]
        error = error[np.isfinite(error)]
        assert len(error) > 0.75 * len(true)
        assert abs(error.mean()) < 1.5
        assert np.sqrt(np.square(error).mean()) < 3.0


def test_recorded_walkers_without_foot_straps(shared_data: Path) -> None:
    folder = shared_data / "physics" / "walk_b"
    recorded = read_folder(folder)
    knees = replace(recorded, straps={p: recorded.straps[p] for p in THIGHS})
    lines = [line.split(",") for line in (folder / "steps.csv").read_text().split()[1:]]
    true = [(s, float(a), float(b), float(angle)) for s, a, b, angle in lines]
    steps = analyze(knees).final.steps
    assert 2 * len(pairs(true, steps)) / (len(true) + len(steps)) > 0.95


def pairs(
    true: list[tuple[str, float, float, float]], steps: tuple[Step, ...]
) -> list[tuple[tuple[str, float, float, float], Step]]:
    """Each true stance with the step of its side that it overlaps most, used once."""
    free, out = list(steps), list[tuple[tuple[str, float, float, float], Step]]()
    for t in true:
        laps = [(min(t[2], s.end_s) - max(t[1], s.start_s), i) for i, s in enumerate(free) if s.side == t[0]]
        lap, i = max(laps, default=(0.0, 0))
        if lap > 0:
            out.append((t, free.pop(i)))
    return out
