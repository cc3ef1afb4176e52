"""A link is judged by what comes fresh and in time."""

import pytest

from sensor.link.link_quality import OVER_S, RecentArrivals


def arrived(times_s: list[float], samples: int = 10) -> RecentArrivals:
    recent = RecentArrivals()
    for time_s in times_s:
        recent.add(time_s, samples)
    return recent


def test_a_perfect_link() -> None:
    recent = arrived([0.1 * i for i in range(51)])
    assert recent.ratio(5.0, 100.0) == 1.0
    assert recent.jitter_s() == pytest.approx(0.0, abs=1e-9)


def test_every_fourth_lost() -> None:
    recent = arrived([0.1 * i for i in range(101) if i % 4])
    assert recent.ratio(10.0, 100.0) == pytest.approx(0.75, abs=0.01)


def test_intervals_of_80_and_120_ms_stray_by_20() -> None:
    times = [0.0]
    for i in range(60):
        times.append(times[-1] + (0.08, 0.12, 0.1)[i % 3])
    assert arrived(times).jitter_s() == pytest.approx(0.04 / 3, rel=0.02)


def test_a_link_that_has_said_nothing() -> None:
    recent = RecentArrivals()
    assert (recent.ratio(3.0, 100.0), recent.jitter_s()) == (0.0, None)


def test_only_the_last_ten_seconds_count() -> None:
    recent = arrived([0.1 * i for i in range(51)])
    recent.forget_before(5.0 + OVER_S + 0.01)
    assert recent.ratio(5.0 + OVER_S, 100.0) == 0.0
