"""Samples without a clock lie where they were taken, whatever the air did to their arrivals."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sensor.drivers.arrival_line import ArrivalLine
from sensor.samples import Floats, Ints

RATE_HZ = 100.0
EVERY_S = 0.05
DELAY_S = 0.012


def arrivals(taken_s: Floats, seed: int = 1, jitter_s: float = 0.015) -> Floats:
    """When samples arrive that are sent every 50 ms, each notification a little late."""
    sent_s = np.ceil(taken_s / EVERY_S) * EVERY_S
    late = np.random.default_rng(seed).uniform(0, jitter_s, int(sent_s[-1] / EVERY_S) + 2)
    return np.maximum.accumulate(sent_s + DELAY_S + late[np.rint(sent_s / EVERY_S).astype(int)])


def settled(arrival_s: Floats, rate_hz: float = RATE_HZ) -> tuple[Ints, Floats, Floats]:
    line = ArrivalLine(rate_hz).settle(arrival_s, last=True)
    return line.number, line.time_s, line.known_s


@pytest.mark.parametrize("fast", [0.0, 0.005, -0.008])
def test_jitter_becomes_regular_at_the_pace_of_the_device(fast: float) -> None:
    taken_s = np.arange(6000) / (RATE_HZ * (1 + fast))
    number, time_s, known_s = settled(arrivals(taken_s))
    assert np.all(np.diff(number) == 1)
    settled_in = taken_s > 10.0
    error_s = (time_s - taken_s)[settled_in]
    # The earliest samples of a notification wait for nothing but the way.
    assert np.ptp(error_s) < 0.012
    assert 0.0 < np.median(error_s) < 0.03
    assert np.std(np.diff(time_s)[settled_in[1:]]) < 0.001
    assert np.all(time_s <= known_s + 1e-12)


@pytest.mark.parametrize("lost_s", [0.2, 1.0, 30.0])
def test_lost_samples_leave_a_hole_of_their_length(lost_s: float) -> None:
    taken_s = np.arange(6000) / RATE_HZ
    taken_s = np.concatenate([taken_s[:3000], taken_s[3000:] + lost_s])
    number, time_s, known_s = settled(arrivals(taken_s))
    (at,) = np.flatnonzero(np.diff(number) != 1)
    assert at == 2999
    assert number[3000] - number[2999] == pytest.approx(1 + lost_s * RATE_HZ, abs=4)
    np.testing.assert_allclose((time_s - taken_s)[200:], np.median(time_s - taken_s), atol=0.04)
    assert (known_s - arrivals(taken_s)).max() < 0.4


def test_what_was_only_held_up_is_all_there() -> None:
    taken_s = np.arange(3000) / RATE_HZ
    arrival_s = arrivals(taken_s)
    arrival_s[1000:1250] = arrival_s[1250]  # a fade of 2.5 s, then everything at once
    number, time_s, _ = settled(arrival_s)
    np.testing.assert_array_equal(np.diff(number), 1)
    np.testing.assert_allclose((time_s - taken_s)[200:], np.median(time_s - taken_s), atol=0.012)


@settings(max_examples=40, deadline=None)
@given(cuts=st.lists(st.integers(0, 900), max_size=30), lost=st.integers(0, 200), seed=st.integers(0, 50))
def test_nothing_depends_on_how_arrivals_are_grouped(cuts: list[int], lost: int, seed: int) -> None:
    taken_s = np.arange(900) / RATE_HZ
    taken_s[400:] += lost / RATE_HZ
    arrival_s = arrivals(taken_s, seed, jitter_s=0.08)
    expected = settled(arrival_s)
    line = ArrivalLine(RATE_HZ)
    held = np.empty(0)
    parts = [line.settle(held)]
    for a, b in pairwise(sorted({0, 900, *cuts})):
        held = np.concatenate([held, arrival_s[a:b]])
        parts.append(line.settle(held))
        held = held[len(parts[-1].number) :]
    parts.append(line.settle(held, last=True))
    got = [np.concatenate([getattr(p, name) for p in parts]) for name in ("number", "time_s", "known_s")]
    for one, other in zip(got, expected, strict=True):
        np.testing.assert_array_equal(one, other)
