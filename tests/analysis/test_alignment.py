"""Alignment of straps mounted anyhow, and what is said of a calibration that went wrong."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.transform import Rotation

from analysis.alignment.calibration_findings import Finding
from analysis.pipeline import LiveAnalysis, analyze
from analysis.quaternion import conjugate, multiply, rotvec
from sensor.arrivals import cut
from sensor.markers import Label, Marker
from sensor.recorded import Recorded
from sensor.samples import THIGHS, Floats, Placement, SampleBlock
from tests.analysis.analytic_person import MOUNTINGS, SEATED, STANDING, Strap, recorded
from tests.analysis.test_frames import moves, performed

LEFT, RIGHT = THIGHS
SHORT_S = 24.0


def mounting_error_rad(of: Recorded, mountings: Mapping[Placement, Rotation]) -> dict[Placement, float]:
    """Angle between the mounting found and the true one."""
    found = analyze(of).alignment.straps
    errors: dict[Placement, float] = {}
    for placement in THIGHS:
        true = np.roll(mountings[placement].as_quat(), 1)
        errors[placement] = float(
            np.linalg.norm(rotvec(multiply(conjugate(true), found[placement].q_strap_from_segment)))
        )
    return errors


def findings(of: Recorded) -> set[tuple[Finding, Placement | None]]:
    return {(f.finding, f.placement) for f in analyze(of).alignment.findings}


def with_block(of: Recorded, placement: Placement, block: SampleBlock) -> Recorded:
    return replace(of, straps={**of.straps, placement: block})


@settings(max_examples=8, deadline=None, derandomize=True)
@given(st.lists(st.floats(-3.0, 3.0), min_size=6, max_size=6))
def test_any_mounting_is_found(turns: list[float]) -> None:
    mountings = {LEFT: Rotation.from_rotvec(turns[:3]), RIGHT: Rotation.from_rotvec(turns[3:])}
    of = recorded(end_s=SHORT_S, straps={p: Strap(m) for p, m in mountings.items()})
    assert max(mounting_error_rad(of, mountings).values()) < np.deg2rad(3.0)


def test_the_strap_is_placed_on_the_thigh() -> None:
    place = (0.05, 0.04, -0.30)
    of = recorded(end_s=SHORT_S, straps={p: Strap(m, from_hip_m=place) for p, m in MOUNTINGS.items()})
    for strap in analyze(of).alignment.straps.values():
        np.testing.assert_allclose(strap.strap_from_hip_m, place, atol=0.012)


def test_a_good_calibration_gives_no_findings() -> None:
    assert findings(recorded(end_s=SHORT_S)) == set()


def test_without_a_leg_raise_the_pivot_tells_left_from_right() -> None:
    of = recorded(end_s=SHORT_S)
    of = replace(of, markers=tuple(m for m in of.markers if m.label != "leg_raise"))
    assert max(mounting_error_rad(of, MOUNTINGS).values()) < np.deg2rad(10.0)
    assert {f for f, _ in findings(of)} == {Finding.NO_KNEE_AXIS}


def test_a_strap_moved_on_the_table_is_told() -> None:
    of = recorded(end_s=SHORT_S)
    left = of.straps[LEFT]
    shaken = left.gyr_rad_s + 0.3 * np.sin(left.arrival_s * 9)[:, None] * (left.arrival_s < -9)[:, None]
    assert findings(with_block(of, LEFT, replace(left, gyr_rad_s=shaken))) == {(Finding.TABLE_MOVED, LEFT)}


def test_no_table_record_is_told() -> None:
    of = recorded(end_s=SHORT_S)
    of = replace(of, markers=of.markers[1:])
    assert findings(of) == {(Finding.NO_TABLE, p) for p in THIGHS}


def test_swapped_straps_are_told() -> None:
    of = recorded(end_s=SHORT_S)
    swapped = {p: replace(of.straps[q], placement=p) for p, q in ((LEFT, RIGHT), (RIGHT, LEFT))}
    assert (Finding.STRAPS_SWAPPED, None) in findings(replace(of, straps=swapped))


def test_a_restless_touch_is_told() -> None:
    of = recorded(end_s=SHORT_S)
    right = of.straps[RIGHT]
    rest = (right.arrival_s > 2) & (right.arrival_s < 5)
    gyr: Floats = right.gyr_rad_s + 0.5 * (np.sin(right.arrival_s * 40) * rest)[:, None]
    assert (Finding.TOUCH_NOT_STILL, RIGHT) in findings(with_block(of, RIGHT, replace(right, gyr_rad_s=gyr)))


def test_a_thigh_that_never_moves_cannot_be_aligned() -> None:
    of = recorded(end_s=SHORT_S)
    left = of.straps[LEFT]
    still = left.arrival_s > -1
    acc = np.where(still[:, None], left.acc_m_s2[-1], left.acc_m_s2)
    gyr = np.where(still[:, None], left.gyr_rad_s[5], left.gyr_rad_s)
    analysis = analyze(with_block(of, LEFT, replace(left, acc_m_s2=acc, gyr_rad_s=gyr)))
    assert LEFT not in analysis.alignment.straps
    assert Finding.PIVOT_UNCLEAR in {f.finding for f in analysis.alignment.findings}


@pytest.mark.parametrize(("start_s", "end_s"), [(10.0, 16.0), (11.1, 14.7), (9.0, 13.0), (10.9, 14.9)])
@pytest.mark.parametrize("posture", [SEATED, STANDING])
def test_the_knee_axis_points_left_wherever_the_marker_cuts_the_raises(
    posture: Rotation, start_s: float, end_s: float
) -> None:
    of = performed(posture, moves())
    raised = Marker(Label.LEG_RAISE, start_s, end_s)
    of = replace(of, markers=(*of.markers[:3], raised))
    assert max(mounting_error_rad(of, MOUNTINGS).values()) < np.deg2rad(4.0)


def test_the_live_analysis_tells_findings_once() -> None:
    of = recorded(end_s=SHORT_S)
    of = replace(of, markers=of.markers[1:])
    live = LiveAnalysis(of.wearer, of.exercise)
    told = [f for a in cut(of, np.arange(-20.0, 25.0, 0.5).tolist()) for f in live.push(a).findings]
    assert len(told) == 2
