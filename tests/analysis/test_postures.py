"""Postures from made-up thighs, from straps nobody aligned, and of a real person."""

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from analysis.motion import Motion
from analysis.movement.body_ticks import BodyTickStage
from analysis.movement.postures import Axis, PostureStage
from analysis.pipeline import analyze
from analysis.results import PostureSpan
from sensor.markers import Marker
from sensor.samples import THIGHS, Floats, Placement
from sensor.tables.imported import read_folder
from tests.analysis.moved_body import gap, motion, segment, thigh_turns, times

TIME_S = times(70.0)
MOUNTINGS = (Rotation.from_rotvec([0.4, -1.1, 0.7]), Rotation.from_rotvec([-1.5, 0.3, 2.0]))


def day(side: Placement) -> Floats:
    """Flexion: 20 s sitting, rising, standing, 20 s walking from 40 s, standing."""
    sitting = 1.5 * np.clip((22.0 - TIME_S) / 2.0, 0, 1)
    phase = 0.0 if side is Placement.LEFT_THIGH else np.pi
    walking = (TIME_S >= 40) & (TIME_S < 60)
    return sitting + np.where(walking, 0.15 + 0.4 * np.sin(2 * np.pi * 0.9 * (TIME_S - 40) + phase), 0.0)


def moved(
    worn: tuple[Placement, ...] = THIGHS, mountings: tuple[Rotation | None, Rotation | None] = (None, None)
) -> Motion:
    """The day's motion."""
    thighs = {p: segment(thigh_turns(day(p), side=p), m) for p, m in zip(THIGHS, mountings, strict=True) if p in worn}
    return motion(TIME_S, thighs)


def told(
    m: Motion, borders: list[int], walked: dict[Placement, Axis] | None = None, exercise: str | None = None
) -> list[PostureSpan]:
    """Postures of a motion cut at rows."""
    ticks, postures = BodyTickStage(), PostureStage(exercise, None, walked)
    spans: list[PostureSpan] = []
    for a, b in pairwise([0, *borders, len(m)]):
        part = m.take(slice(a, b))
        spans += postures.push(part, ticks.push(part, gap(part.time_s, np.nan)))
    return [*spans, *postures.finish()]


def names(spans: list[PostureSpan]) -> list[str]:
    return [s.posture.value for s in spans]


@pytest.mark.parametrize("worn", [THIGHS, THIGHS[:1], THIGHS[1:]])
def test_sitting_standing_walking_are_told_from_one_strap_or_two(worn: tuple[Placement, ...]) -> None:
    spans = told(moved(worn), [])
    assert names(spans) == ["sitting", "standing", "walking", "standing"]
    edges = [s.start_s for s in spans] + [spans[-1].end_s]
    assert np.abs(np.array(edges) - [0, 21, 40, 60, 70]).max() < 1.1


def test_cuts_change_nothing() -> None:
    m = moved()
    rng = np.random.default_rng(3)
    for _ in range(5):
        borders = sorted(rng.integers(0, len(m), 40).tolist())
        assert told(m, borders) == told(m, [])


def test_level_thighs_lie_in_the_lying_press() -> None:
    assert names(told(moved(), [], exercise="lying_press"))[0] == "lying"


def test_straps_that_nobody_aligned_are_understood_once_their_wearer_walked() -> None:
    m = moved(mountings=MOUNTINGS)
    live = told(m, [])
    assert names(live) == ["walking", "standing"]
    learned = PostureStage(None)
    learned.push(m, BodyTickStage().push(m, gap(TIME_S, np.nan)))
    assert names(told(m, [], learned.walked)) == ["sitting", "standing", "walking", "standing"]


def test_a_hole_ends_a_posture() -> None:
    m = moved()
    holes = {p: replace(s, q_earth_from_segment=s.q_earth_from_segment.copy()) for p, s in m.segments.items()}
    for s in holes.values():
        s.q_earth_from_segment[(TIME_S > 5) & (TIME_S < 10)] = np.nan
    spans = told(replace(m, segments=holes), [])
    assert names(spans)[:2] == ["sitting", "sitting"]
    assert spans[0].end_s < 5.6 < 9.4 < spans[1].start_s


def test_a_real_person_is_told_at_least_nine_tenths_of_the_time(shared_data: Path) -> None:
    recorded = read_folder(shared_data / "real_person")
    postures = analyze(recorded).final.postures
    for marker in recorded.markers:
        wanted = marker.value.rstrip("2")
        if wanted in ("standing", "sitting", "walking"):
            assert agreed(postures, marker, wanted) > 0.9, marker


def agreed(postures: tuple[PostureSpan, ...], marker: Marker, wanted: str) -> float:
    """Share of a marker's time with a posture."""
    overlaps = [min(p.end_s, marker.end_s) - max(p.start_s, marker.start_s) for p in postures if p.posture == wanted]
    return sum(max(o, 0.0) for o in overlaps) / (marker.end_s - marker.start_s)
