"""A wrong trend is not announced, a true one is, and its interval holds the truth."""

import numpy as np
import pytest

from monitor.history.text import trend_words
from monitor.history.trends import Trend, trend
from sensor.samples import Floats

WEEKS: Floats = np.linspace(0.0, 84.0, 13)
PEOPLE = 1000


def histories(change_mm: float, stated_sd_mm: float, true_sd_mm: float, outliers: bool = False) -> list[Trend]:
    rng = np.random.default_rng(7)
    out: list[Trend] = []
    for _ in range(PEOPLE):
        value = 50 + change_mm * WEEKS / WEEKS[-1] + rng.normal(0, true_sd_mm, len(WEEKS))
        if outliers:
            value[rng.integers(len(WEEKS))] += rng.choice([-1, 1]) * 8 * true_sd_mm
        found = trend(WEEKS, value, np.full(len(WEEKS), stated_sd_mm))
        assert found is not None
        out.append(found)
    return out


@pytest.mark.parametrize(("stated", "true"), [(3.0, 3.0), (2.0, 4.0), (5.0, 3.0)])
def test_no_change_is_not_announced(stated: float, true: float) -> None:
    assert np.mean([t.announced for t in histories(0, stated, true)]) <= 0.05


def test_a_bad_day_makes_no_trend() -> None:
    assert np.mean([t.announced for t in histories(0, 3, 3, outliers=True)]) <= 0.05


def test_ten_millimetres_in_twelve_weeks_are_announced_with_the_right_sign() -> None:
    found = histories(-10, 2.5, 2.5)
    assert np.mean([t.announced and t.change < 0 for t in found]) >= 0.9


@pytest.mark.parametrize(("stated", "true"), [(3.0, 3.0), (2.0, 4.0)])
def test_the_interval_holds_the_truth(stated: float, true: float) -> None:
    inside = [t.low_per_day <= -10 / WEEKS[-1] <= t.high_per_day for t in histories(-10, stated, true)]
    assert 0.9 <= np.mean(inside) <= 0.99


def test_too_few_days_say_nothing() -> None:
    assert trend(np.arange(3.0), np.arange(3.0), np.ones(3)) is None
    assert trend(np.zeros(5), np.arange(5.0), np.ones(5)) is None
    assert trend(np.arange(5.0), np.full(5, np.nan), np.ones(5)) is None


@pytest.mark.parametrize(("each_week", "said"), [(-1.0, "-1.0 mm a week"), (-0.1, "-0.4 mm a month")])
def test_a_slow_change_is_told_by_the_month(each_week: float, said: str) -> None:
    days = np.arange(0.0, 700.0, 7.0)
    assert said in trend_words(trend(days, 60.0 + each_week * days / 7.0, np.ones(len(days))))
