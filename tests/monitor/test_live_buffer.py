"""The display ring: the newest rows in order, fixed memory, one minute and one history."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.results import GapSeries
from monitor.live_buffer import LiveBuffer, Ring
from sensor.samples import THIGHS


@given(st.lists(st.integers(0, 9), max_size=12))
def test_a_ring_keeps_the_newest_rows_in_order(sizes: list[int]) -> None:
    ring = Ring(7, 1)
    everything = np.zeros((0, 1))
    for size in sizes:
        rows = np.arange(len(everything), len(everything) + size, dtype=np.float64)[:, None]
        everything = np.concatenate((everything, rows))
        ring.append(rows)
    np.testing.assert_array_equal(ring.newest(), everything[-7:])
    np.testing.assert_array_equal(ring.newest(3), everything[-7:][-3:])


def gap(start_s: float, seconds: float, gap_m: float) -> GapSeries:
    time_s = start_s + np.arange(round(seconds * 50)) / 50.0
    return GapSeries(time_s, np.full(len(time_s), gap_m), np.full(len(time_s), 0.001), np.zeros(len(time_s)))


def test_curves_are_in_mm_and_a_reader_s_copy() -> None:
    buffer = LiveBuffer()
    buffer.add_gap(gap(0.0, 1.0, 0.012))
    first = buffer.curves().gap
    assert first[-1].tolist() == [0.98, 12.0, 1.0]
    first[:] = -1.0
    assert buffer.curves().gap.min() >= 0.0


def test_history_has_smallest_and_largest_gap_of_each_full_second() -> None:
    buffer = LiveBuffer()
    for k in range(40):
        buffer.add_gap(gap(0.1 * k, 0.1, 0.001 * (k % 10)))
    np.testing.assert_allclose(buffer.history(), [[0.0, 0.0, 9.0], [1.0, 0.0, 9.0], [2.0, 0.0, 9.0]])


def test_tension_is_kept_per_thigh_strap_in_percent() -> None:
    buffer = LiveBuffer()
    buffer.add_tension(THIGHS[0], np.array([1.0, 2.0]), np.array([1.0, 0.95]))
    assert buffer.curves().tension[THIGHS[0]].tolist() == [[1.0, 100.0], [2.0, 95.0]]
    assert len(buffer.curves().tension[THIGHS[1]]) == 0


def test_any_stretch_of_the_session_is_kept_row_by_row() -> None:
    buffer = LiveBuffer()
    for k in range(30):
        buffer.add_gap(gap(10.0 * k, 10.0, 0.001 * k))
        buffer.add_tension(THIGHS[0], np.array([10.0 * k]), np.array([1.0 - 0.01 * k]))
    found = buffer.stretch(95.0, 105.0)
    np.testing.assert_allclose(found.gap[:, 0], 95.0 + np.arange(501) / 50.0)
    assert found.gap[0, 1] == pytest.approx(9.0)
    assert found.gap[-1, 1] == pytest.approx(10.0)
    assert found.tension[THIGHS[0]].tolist() == [[100.0, 90.0]]
    assert len(buffer.stretch(400.0, 500.0).gap) == 0


def test_a_cleared_buffer_starts_anew() -> None:
    buffer = LiveBuffer()
    buffer.add_gap(gap(100.0, 5.0, 0.01))
    buffer.clear()
    assert len(buffer.curves().gap) == len(buffer.history()) == len(buffer.stretch(0.0, 1e4).gap) == 0
    buffer.add_gap(gap(20.0, 2.5, 0.02))
    assert buffer.history()[:, 0].tolist() == [20.0, 21.0]
