"""Numbers and times of samples through loss, resending, restarts and jumps."""

from dataclasses import replace

import numpy as np
import pytest

from analysis.straps.quality import quality
from analysis.straps.timebase import Timebase, TimebaseParams, TimedSamples, in_sample_order
from sensor.samples import Placement, SampleBlock, empty_block, join

LEFT = Placement.LEFT_THIGH


def stream(n: int = 2000, first: int = 0, start_s: float = 0.0, epoch_s: float = 500.0) -> SampleBlock:
    """Samples on time, each late by 12 ms."""
    block = empty_block(LEFT, n)
    time_s = start_s + np.arange(n) / 100
    return replace(block, sample=block.sample + first, device_s=epoch_s + time_s, arrival_s=time_s + 0.012)


def timed(block: SampleBlock) -> tuple[TimedSamples, Timebase]:
    timebase = Timebase(block.rate_hz, TimebaseParams())
    return timebase.push(block), timebase


def lateness_s(rows: TimedSamples, block: SampleBlock) -> float:
    """The largest distance of session times from arrivals that are all equally late."""
    return float(np.abs(rows.time_s - block.arrival_s)[rows.number > 150].max())


def test_lost_samples_leave_a_hole_in_the_numbers() -> None:
    block = stream().take(np.r_[0:500, 700:2000])
    rows, _ = timed(block)
    q = quality(LEFT, rows, 100.0, 0.0)
    assert (q.samples, q.lost, q.longest_gap_s) == (1800, 200, 2.0)


def test_resent_samples_are_late_and_fill_their_place() -> None:
    block = stream()
    resent = block.take(slice(500, 700))
    block = join(
        [
            block.take(np.r_[0:500, 700:1500]),
            replace(resent, arrival_s=np.full(200, 15.013)),
            block.take(slice(1500, 2000)),
        ]
    )
    rows, timebase = timed(block)
    assert rows.late.sum() == 200
    assert not timebase.restarts + timebase.jumps
    ordered = in_sample_order(rows)
    assert ordered.number.tolist() == list(range(2000))
    np.testing.assert_allclose(np.diff(ordered.time_s)[150:], 0.01, atol=2e-4)


def test_a_repeated_sample_counts_once() -> None:
    block = stream()
    rows, _ = timed(join([block.take(slice(0, 1000)), block.take(slice(995, 2000))]))
    assert len(in_sample_order(rows)) == 2000


@pytest.mark.parametrize("silent_s", [0.5, 60.0])
def test_a_strap_that_restarts_goes_on_where_it_was(silent_s: float) -> None:
    before = stream(6000)
    after = stream(2000, start_s=60.0 + silent_s, epoch_s=-60.0 - silent_s)
    block = join([before, after])
    rows, timebase = timed(block)
    assert timebase.restarts == 1
    assert np.diff(rows.number).min() == 1
    assert rows.number[6000] - rows.number[5999] == pytest.approx(1 + silent_s * 100, abs=2)
    assert lateness_s(rows, block) < 0.02


def test_a_clock_that_jumps_moves_no_time() -> None:
    block = stream()
    device_s = block.device_s.copy()
    device_s[800:] += 37.0
    device_s[1400:] -= 90.0
    jumping = replace(block, device_s=device_s)
    rows, timebase = timed(jumping)
    assert timebase.jumps == 2
    assert lateness_s(rows, block) < 0.001
    assert rows.number.tolist() == list(range(2000))


def test_a_counter_from_the_future_loses_nothing() -> None:
    block = stream()
    sample = block.sample.copy()
    sample[700:705] += 1_000_000
    rows, _ = timed(replace(block, sample=sample))
    assert not rows.late.any()
    assert quality(LEFT, rows, 100.0, 0.0).lost == 0


@pytest.mark.parametrize("rate_hz", [50.0, 60.0, 200.0])
def test_other_rates_are_numbered_by_their_own(rate_hz: float) -> None:
    n = int(20 * rate_hz)
    block = empty_block(LEFT, n, rate_hz)
    block = replace(block, arrival_s=block.arrival_s + 0.012)
    rows, timebase = timed(block.take(np.r_[0:300, 360:n]))
    assert not timebase.jumps
    assert quality(LEFT, rows, rate_hz, 0.0).longest_gap_s == pytest.approx(60 / rate_hz)
