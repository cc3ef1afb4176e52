"""The contract of all stages: blocks may be cut anywhere, nothing is foreseen, inputs stay as they are.

A new stage is one line in `MOTION_STAGES`.
"""

import zlib
from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import fields, is_dataclass, replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.alignment.calibration import Calibration
from analysis.chain import Chain, Wearing
from analysis.motion import Motion, SegmentMotion
from analysis.params import AnalysisParams
from analysis.pipeline import LiveAnalysis, analyze
from analysis.stage import Stage
from analysis.straps.strap_grid import ArrivedGrid
from analysis.update import LiveUpdate
from sensor.arrivals import cut
from sensor.recorded import Recorded
from sensor.samples import ARRAYS, Placement, empty_block
from sensor.tables.imported import read_folder
from tests.analysis.analytic_person import LOSSY, RESENT, WEARER, recorded

LOSS = recorded(air=LOSSY)
LATE = recorded(air=RESENT)
SESSIONS = {"loss": LOSS, "late": LATE}
ANALYSIS = analyze(LOSS)
LOSS_MOTION = ANALYSIS.motion
SEGMENTS = LOSS_MOTION.segments
FLOATS = tuple(f.name for f in fields(SegmentMotion) if f.name != "aligned")
RECORDED_SESSIONS = [
    "check_a",
    "check_b",
    "check_c",
    "clamp15_a",
    "clamp15_b_lossy",
    "clamp15_c",
    "clamp_reps_noflex",
    "knees_in",
    "lying_press",
    "quiet",
    "seated_twist",
    "walk_a",
    "walk_b",
    "wrap",
]
PARAMS = AnalysisParams()
WEARING = Wearing(WEARER, "clamp", ANALYSIS.alignment)

# Each makes a stage that takes `Motion`.
MOTION_STAGES: dict[str, Callable[[], Stage[Motion, object]]] = {
    "chain": lambda: Chain(WEARING, PARAMS),
}

Said = tuple[dict[str, list[np.ndarray]], dict[str, list[object]]]
NOT_SUMMED = {"running", "posture", "mistakes"}  # of the last row, not new


def said(outputs: list[object]) -> Said:
    """Arrays and events of successive outputs, each kind in a row."""
    arrays: dict[str, list[np.ndarray]] = {}
    events: dict[str, list[object]] = {}
    for output in outputs:
        _collect("", output, arrays, events)
    return arrays, events


def _collect(name: str, value: object, arrays: dict[str, list[np.ndarray]], events: dict[str, list[object]]) -> None:
    if isinstance(value, np.ndarray):
        arrays.setdefault(name, []).append(value)
    elif isinstance(value, tuple):
        for item in value:
            if _has_arrays(item):
                _collect(f"{name}[{getattr(item, 'placement', '')}]", item, arrays, events)
            else:
                events.setdefault(name, []).append(item)
    elif isinstance(value, Mapping):
        for key, item in value.items():
            _collect(f"{name}[{key}]", item, arrays, events)
    elif is_dataclass(value):
        for f in fields(value):
            if f.name not in NOT_SUMMED:
                _collect(f"{name}.{f.name}", getattr(value, f.name), arrays, events)


def _has_arrays(item: object) -> bool:
    return is_dataclass(item) and any(isinstance(getattr(item, f.name), np.ndarray) for f in fields(item))


def assert_same(got: Said, expected: Said) -> None:
    """Floats to 1e-9, events and counts identical."""
    for name in got[0].keys() | expected[0].keys():
        a, b = (np.concatenate(s[0].get(name, [np.empty(0)])) for s in (got, expected))
        assert len(a) == len(b), f"{name}: {len(a)} rows, expected {len(b)}"
        np.testing.assert_allclose(a, b, rtol=0, atol=1e-9, err_msg=name)
    for name in got[1].keys() | expected[1].keys():
        a, b = (sorted(map(_flat, s[1].get(name, [])), key=repr) for s in (got, expected))
        assert len(a) == len(b), f"{name}: {a}, expected {b}"
        for x, y in zip(a, b, strict=True):
            assert x == pytest.approx(y, abs=1e-9, nan_ok=True), name


def _flat(event: object, name: str = "") -> dict[str, float | int | str | None]:
    """An event's fields, those of events inside it too."""
    if is_dataclass(event):
        parts = (_flat(getattr(event, f.name), f"{name}.{f.name}") for f in fields(event))
        return {key: value for part in parts for key, value in part.items()}
    return {name: event if isinstance(event, float | int | str | None) else repr(event)}


def run(stage: Stage[Motion, object], blocks: list[Motion]) -> Said:
    """What a stage says of the blocks, and at the end."""
    return said([*(stage.push(b) for b in blocks), stage.finish()])


def live(recorded: Recorded, borders_s: list[float], *, finish: bool = True) -> Said:
    """What the live analysis says of a recording that is cut at `borders_s`."""
    analysis = LiveAnalysis(recorded.wearer, recorded.exercise)
    outputs: list[object] = [analysis.push(a) for a in cut(recorded, borders_s)]
    return said([*outputs, analysis.finish()] if finish else outputs)


def grid_and_motion(recorded: Recorded, borders_s: list[float]) -> Said:
    """The straps' grid, and the motion that the stages behind it are fed, of a recording that is cut."""
    grid, calibration = ArrivedGrid(PARAMS.straps, keep=False), Calibration(recorded.wearer, PARAMS.calibration)
    outputs: list[object] = []
    for arrivals in cut(recorded, borders_s):
        rows, gaps = grid.push(arrivals)
        outputs.append(LiveUpdate(drift=gaps))
        outputs += [piece.motion for piece in calibration.push(rows, arrivals.edges)]
    return said(outputs)


def cuts(n: int) -> st.SearchStrategy[list[int]]:
    """Rising places at which `n` rows are cut, close together in spots."""
    places = st.lists(st.integers(0, n), max_size=12)
    spots = st.lists(st.integers(0, n), max_size=2)
    return st.tuples(places, spots).map(lambda c: sorted({*c[0], *(min(s + k, n) for s in c[1] for k in range(8))}))


def pieces(motion: Motion, at: list[int]) -> list[Motion]:
    """The motion cut at these rows."""
    borders = [0, *at, len(motion)]
    return [motion.take(slice(a, b)) for a, b in pairwise(borders)]


@pytest.fixture(params=MOTION_STAGES)
def make(request: pytest.FixtureRequest) -> Callable[[], Stage[Motion, object]]:
    return MOTION_STAGES[request.param]


def test_an_empty_block_says_nothing(make: Callable[[], Stage[Motion, object]]) -> None:
    stage = make()
    before = said([stage.push(LOSS_MOTION.take(slice(0, 0)))])
    assert all(not sum(map(len, a)) for a in before[0].values())
    assert not any(before[1].values())


def test_a_single_row_at_a_time_is_enough(make: Callable[[], Stage[Motion, object]]) -> None:
    motion = LOSS_MOTION.take(slice(900, 2000))
    assert_same(run(make(), pieces(motion, list(range(1, len(motion))))), run(make(), [motion]))


@settings(max_examples=12, deadline=None, derandomize=True)
@given(data=st.data())
def test_a_stage_does_not_see_where_blocks_are_cut(data: st.DataObject) -> None:
    for make in MOTION_STAGES.values():
        at = data.draw(cuts(len(LOSS_MOTION)))
        assert_same(run(make(), pieces(LOSS_MOTION, at)), run(make(), [LOSS_MOTION]))


def test_rows_without_any_value_are_survived(make: Callable[[], Stage[Motion, object]]) -> None:
    blank = {p: replace(s, **{n: np.full_like(getattr(s, n), np.nan) for n in FLOATS}) for p, s in SEGMENTS.items()}
    motion = replace(LOSS_MOTION, segments=blank)
    at = [10, 1500]
    assert_same(run(make(), pieces(motion, at)), run(make(), [motion]))


def test_a_stage_leaves_its_input_alone(make: Callable[[], Stage[Motion, object]]) -> None:
    before = deepcopy(LOSS_MOTION)
    run(make(), pieces(LOSS_MOTION, [700, 1400]))
    for p, segment in SEGMENTS.items():
        for name in FLOATS:
            np.testing.assert_array_equal(getattr(segment, name), getattr(before.segments[p], name))


@settings(max_examples=15, deadline=None, derandomize=True)
@given(data=st.data())
@pytest.mark.parametrize("session", ["loss", "late"])
def test_live_output_does_not_depend_on_where_arrivals_are_cut(session: str, data: st.DataObject) -> None:
    of = SESSIONS[session]
    borders = sorted(data.draw(st.lists(st.floats(-21.0, 46.0), max_size=12)))
    assert_same(grid_and_motion(of, borders), grid_and_motion(of, []))
    assert_same(live(of, borders), live(of, []))


@pytest.mark.parametrize("session", ["loss", "late"])
def test_live_output_in_blocks_of_50_ms_is_the_replay(session: str) -> None:
    of = SESSIONS[session]
    borders = np.arange(-20.0, 45.0, 0.05).tolist()
    assert_same(grid_and_motion(of, borders), grid_and_motion(of, []))
    assert_same(live(of, borders), live(of, []))


@pytest.mark.parametrize("away_s", [2.2, 7.0])
def test_the_end_of_a_long_hole_does_not_depend_on_what_the_other_strap_sent_meanwhile(away_s: float) -> None:
    straps = dict(recorded().straps)
    block = straps[Placement.RIGHT_THIGH]
    gone = (block.arrival_s > 20.0) & (block.arrival_s < 20.0 + away_s)
    # Its packets come between those of the other one.
    straps[Placement.RIGHT_THIGH] = replace(block, arrival_s=block.arrival_s + 0.02).take(~gone)
    of = replace(recorded(), straps=straps)
    assert_same(grid_and_motion(of, np.arange(-20.0, 45.0, 0.01).tolist()), grid_and_motion(of, []))


@settings(max_examples=15, deadline=None, derandomize=True)
@given(end_s=st.floats(-15.0, 44.0))
@pytest.mark.parametrize("session", ["loss", "late"])
def test_a_stump_says_what_the_whole_said_up_to_the_cut(session: str, end_s: float) -> None:
    of = SESSIONS[session]
    analysis = LiveAnalysis(of.wearer, of.exercise)
    whole = said([analysis.push(cut(of, [end_s])[0])])
    assert_same(live(stump(of, end_s), [], finish=False), whole)


def stump(of: Recorded, end_s: float) -> Recorded:
    """The recording as it was at `end_s`; a marker that was open then is kept whole, as people's files do."""
    straps = {p: b.take(b.arrival_s <= end_s) for p, b in of.straps.items()}
    return replace(of, straps=straps, markers=tuple(m for m in of.markers if m.start_s <= end_s))


def test_resent_samples_change_the_final_result_alone() -> None:
    analysis = analyze(LATE)
    assert [q.lost for q in analysis.final.quality] == [0, 0]
    assert not [e for e in analysis.final.drift if e.cause == "data_gap"]
    assert np.isnan(analysis.live.gap.gap_m[analysis.live.gap.time_s > 20]).any()
    measured = [s.measured[analysis.motion.time_s > 0] for s in analysis.motion.segments.values()]
    assert np.isfinite(measured).all()


def test_the_whole_analysis_leaves_its_input_alone() -> None:
    before = deepcopy(LOSS)
    analyze(LOSS)
    for p, block in LOSS.straps.items():
        for name in ARRAYS:
            np.testing.assert_array_equal(getattr(block, name), getattr(before.straps[p], name))


def test_nothing_recorded_gives_nothing() -> None:
    analysis = analyze(Recorded({p: empty_block(p) for p in Placement}, (), None, None))
    assert len(analysis.live.gap.time_s) == len(analysis.final.gap.time_s) == 0


@pytest.mark.parametrize("placements", [[], ["left_thigh"], ["right_thigh"], ["pelvis", "left_foot"]])
def test_missing_thighs_leave_the_gap_unknown(placements: list[str]) -> None:
    left = LOSS.straps[Placement.LEFT_THIGH]
    straps = {Placement(p): replace(left, placement=Placement(p), flex=left.flex * np.nan) for p in placements}
    analysis = analyze(replace(LOSS, straps=straps))
    assert np.isnan(analysis.final.gap.gap_m).all()
    assert not analysis.final.holds


@pytest.mark.parametrize("without", ["markers", "wearer", "table", "leg_raise", "touch", "inertial", "flex", "values"])
def test_what_is_missing_is_survived(without: str) -> None:
    of = REDUCED[without](LOSS)
    analysis = analyze(of)
    assert len(analysis.final.gap.time_s) == len(analysis.live.gap.time_s) > 0
    assert_same(live(of, [0.0, 11.0, 30.1]), live(of, []))


def _without_columns(of: Recorded, *names: str) -> Recorded:
    blank = {p: {n: np.full_like(getattr(b, n), np.nan) for n in names} for p, b in of.straps.items()}
    return replace(of, straps={p: replace(b, **blank[p]) for p, b in of.straps.items()})


def _without_marker(of: Recorded, label: str) -> Recorded:
    return replace(of, markers=tuple(m for m in of.markers if m.label != label))


REDUCED: dict[str, Callable[[Recorded], Recorded]] = {
    "markers": lambda r: replace(r, markers=()),
    "wearer": lambda r: replace(r, wearer=None),
    "table": lambda r: _without_marker(r, "table"),
    "leg_raise": lambda r: _without_marker(r, "leg_raise"),
    "touch": lambda r: _without_marker(r, "touch"),
    "inertial": lambda r: _without_columns(r, "acc_m_s2", "gyr_rad_s"),
    "flex": lambda r: _without_columns(r, "flex"),
    "values": lambda r: _without_columns(r, "acc_m_s2", "gyr_rad_s", "flex", "tension", "temperature_c"),
}


@pytest.mark.parametrize("session", RECORDED_SESSIONS)
def test_recorded_sessions_may_be_cut_anywhere_and_ended_at_any_time(session: str, shared_data: Path) -> None:
    of = read_folder(shared_data / "physics" / session)
    rng = np.random.default_rng(zlib.crc32(session.encode()))
    ends_s = max(b.arrival_s[-1] for b in of.straps.values())
    whole = live(of, [])
    assert_same(live(of, np.sort(rng.uniform(-35.0, ends_s, 40)).tolist()), whole)
    end_s = float(rng.uniform(20.0, ends_s))
    analysis = LiveAnalysis(of.wearer, of.exercise)
    assert_same(live(stump(of, end_s), [], finish=False), said([analysis.push(cut(of, [end_s])[0])]))


def test_live_output_of_a_recorded_session_in_small_blocks_is_its_replay(shared_data: Path) -> None:
    of = read_folder(shared_data / "physics" / "check_a")
    assert_same(live(of, np.arange(-34.0, 84.0, 0.237).tolist()), live(of, []))
