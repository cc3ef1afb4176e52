"""The clock model against known offsets and drifts: arrivals are late by chance, never early."""

import numpy as np
import pytest

from sensor.decoding.clock import Clock, ClockParams
from sensor.samples import Floats


def arrivals(length_s: float, ppm: float, jitter_s: float, seed: int = 1) -> tuple[Floats, Floats, Floats]:
    """True times, strap times and arrivals of packets of five samples."""
    rng = np.random.default_rng(seed)
    true_s = np.arange(0.0, length_s, 0.01)
    packet = np.arange(len(true_s)) // 5
    ends_s = true_s[np.minimum(packet * 5 + 4, len(true_s) - 1)]
    late_s = 0.012 + rng.exponential(jitter_s, packet[-1] + 1)[packet]
    return true_s, 4321.0 + true_s * (1 + ppm * 1e-6), np.maximum.accumulate(ends_s + late_s)


@pytest.mark.parametrize("ppm", [-40.0, 0.0, 40.0, 150.0])
def test_session_times_follow_true_times_over_an_hour(ppm: float) -> None:
    true_s, device_s, arrival_s = arrivals(3600.0, ppm, 0.01)
    clock = Clock(ClockParams())
    late_s = clock.push(device_s, arrival_s) - true_s
    settled = true_s > 60
    assert late_s[settled].min() > 0.010
    assert late_s[settled].max() < 0.016
    assert -clock.drift * 1e6 == pytest.approx(ppm, abs=3.0)


def test_a_minute_of_bad_radio_moves_no_time() -> None:
    true_s, device_s, arrival_s = arrivals(300.0, 20.0, 0.01)
    bad = (true_s > 100) & (true_s < 160)
    arrival_s = np.maximum.accumulate(arrival_s + np.where(bad, 0.15, 0.0))
    late_s = Clock(ClockParams()).push(device_s, arrival_s) - true_s
    assert late_s[bad].max() < 0.030


def test_times_never_fall_and_never_lie_after_the_arrival() -> None:
    _, device_s, arrival_s = arrivals(60.0, 40.0, 0.05)
    time_s = Clock(ClockParams()).push(device_s, arrival_s)
    assert np.diff(time_s).min() >= 0
    assert (time_s <= arrival_s).all()


def test_blocks_may_be_cut_anywhere() -> None:
    _, device_s, arrival_s = arrivals(30.0, 40.0, 0.02)
    whole = Clock(ClockParams()).push(device_s, arrival_s)
    clock = Clock(ClockParams())
    parts = [clock.push(device_s[i : i + 7], arrival_s[i : i + 7]) for i in range(0, len(device_s), 7)]
    np.testing.assert_array_equal(np.concatenate(parts), whole)


def test_a_table_with_one_time_only_keeps_it() -> None:
    time_s = np.arange(0.0, 100.0, 0.01)
    np.testing.assert_allclose(Clock(ClockParams()).push(time_s, time_s), time_s, atol=1e-9)
