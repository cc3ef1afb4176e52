"""Orientation against analytic turns: bias from the table, holes bridged, heading through long silence."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from analysis.quaternion import about, conjugate, multiply, rotvec
from analysis.straps.orientation import Orientation, OrientationParams, OrientedRows, heading_kept, join_rows
from analysis.straps.timebase import Timebase, TimebaseParams, TimedSamples
from sensor.arrivals import marker_edges
from sensor.recorded import Recorded
from sensor.samples import Floats, Placement, SampleBlock
from tests.analysis.analytic_person import Air, bursts, recorded

LEFT = Placement.LEFT_THIGH
UP = np.array([0.0, 0.0, 1.0])


def oriented(of: Recorded) -> OrientedRows:
    timed = Timebase(100.0, TimebaseParams()).push(of.straps[LEFT])
    return join_rows(Orientation(100.0, OrientationParams()).push(timed.take(~timed.late), marker_edges(of.markers)))


def with_own_orientation(of: Recorded, lost: frozenset[int]) -> Recorded:
    """The session as sent by a strap that integrates its (biased) gyroscope and tells the result in every packet."""
    whole = of.straps[LEFT]
    steps = Rotation.from_rotvec(whole.gyr_rad_s * 0.01)
    q = Rotation.identity()
    told = np.empty((len(whole), 4))
    for i in range(len(whole)):
        q = q * steps[i]
        told[i] = np.roll(q.as_quat(), 1)
    told[whole.sample % 5 != 4] = np.nan
    kept = ~np.isin(whole.sample, list(lost))
    return replace(of, straps={LEFT: replace(whole, q_start_from_strap=told).take(kept)})


def errors_rad(got: OrientedRows, expected: OrientedRows) -> Floats:
    """Angles between the orientations of two runs at the times of the first."""
    at = np.searchsorted(expected.time_s, got.time_s - 1e-6)
    at = np.minimum(at, len(expected) - 1)
    turn = multiply(conjugate(expected.values[at, :4]), got.values[:, :4])
    return np.sqrt(np.square(rotvec(turn)).sum(axis=1))


WHOLE = recorded(air=Air(jitter_s=0.0))
MANY = bursts(3, 6000, 0.15)


def test_table_record_takes_the_bias_off() -> None:
    rows = oriented(WHOLE)
    still = (rows.time_s > -9) & (rows.time_s < 0.5)
    np.testing.assert_allclose(rows.values[still, 4:7].mean(axis=0), 0.0, atol=1e-4)


def test_rows_without_a_hole_come_at_every_sample_number() -> None:
    lossy = with_own_orientation(WHOLE, MANY)
    rows = oriented(lossy)
    assert len(rows) == lossy.straps[LEFT].sample[-1] - lossy.straps[LEFT].sample[0] + 1
    assert rows.values[:, 14].sum() == len(lossy.straps[LEFT])


def test_the_straps_own_orientation_bridges_lost_packets() -> None:
    told = with_own_orientation(WHOLE, MANY)
    block = told.straps[LEFT]
    untold = replace(told, straps={LEFT: replace(block, q_start_from_strap=np.full((len(block), 4), np.nan))})
    whole = oriented(WHOLE)
    with_it, without = (errors_rad(oriented(r), whole)[-1] for r in (told, untold))
    assert with_it < np.deg2rad(0.05)
    assert without > 5 * with_it


@pytest.mark.parametrize("told", [True, False])
def test_inclination_is_right_and_heading_kept_after_a_long_silence(told: bool) -> None:
    silent = with_own_orientation(WHOLE, frozenset(range(4000, 4600)))
    if not told:
        block = silent.straps[LEFT]
        silent = replace(silent, straps={LEFT: replace(block, q_start_from_strap=np.full((len(block), 4), np.nan))})
    rows, whole = oriented(silent), oriented(WHOLE)
    after = rows.time_s > 27.0
    assert rows.opens.sum() == 1
    errors = errors_rad(rows, whole)[after]
    assert errors.max() < np.deg2rad(1.5 if told else 12.0)


def test_values_that_are_no_numbers_do_not_poison_what_follows() -> None:
    block: SampleBlock = WHOLE.straps[LEFT]
    gyr = block.gyr_rad_s.copy()
    gyr[3000:3050] = np.nan
    rows = oriented(replace(WHOLE, straps={LEFT: replace(block, gyr_rad_s=gyr)}))
    assert np.isfinite(rows.values[3050:, :4]).all()


def test_kept_heading_is_the_turn_about_the_vertical() -> None:
    before = about(UP, 0.7)
    tilted = multiply(before, about(np.array([1.0, 0.0, 0.0]), 0.2))
    np.testing.assert_allclose(heading_kept(tilted, about(np.array([1.0, 0.0, 0.0]), 0.2)), before, atol=1e-12)


def test_nothing_in_gives_nothing_out() -> None:
    timed = Timebase(100.0, TimebaseParams()).push(WHOLE.straps[LEFT].take(slice(0, 0)))
    assert isinstance(timed, TimedSamples)
    assert not any(map(len, Orientation(100.0, OrientationParams()).push(timed, ())))
