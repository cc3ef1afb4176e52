"""Touches told afterwards: the best course through a session's evidence."""

from itertools import product

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from numpy.random import default_rng
from numpy.typing import NDArray

from analysis.gap.hindsight import touching_ticks
from analysis.gap.touches import TouchParams
from sensor.samples import Floats

CHANGE = TouchParams().change_odds
TOUCH_GAIN, SPREAD = 0.97, 1.4  # a tick's mean evidence in a touch and its scatter; apart it is as much against


def evidence(touching: NDArray[np.bool_], seed: int) -> Floats:
    """What the tremor says on each tick."""
    mean = np.where(touching, TOUCH_GAIN, -TOUCH_GAIN)
    return mean + SPREAD * default_rng(seed).standard_normal(len(touching))


def favour(course: tuple[bool, ...], gained: Floats) -> float:
    """Log odds of a course that begins apart."""
    changes = np.count_nonzero(np.diff(np.array([False, *course])))
    return float(gained[np.array(course)].sum()) - CHANGE * changes


@given(st.lists(st.floats(-8, 8), min_size=1, max_size=8), st.integers(0, 255))
def test_no_course_is_favoured_more(gains: list[float], mask: int) -> None:
    gained = np.array(gains)
    possible = np.array([bool(mask >> k & 1) for k in range(len(gains))])
    found = touching_ticks(gained, possible, CHANGE)
    courses = [c for c in product((False, True), repeat=len(gains)) if not np.any(np.array(c) & ~possible)]
    assert not np.any(found & ~possible)
    assert favour(tuple(found.tolist()), gained) >= max(favour(c, gained) for c in courses) - 1e-9


def test_touches_begin_and_end_where_they_did() -> None:
    true = np.zeros(4500, dtype=np.bool_)
    for start in range(200, 4300, 400):
        true[start : start + 40 + start // 20] = True
    found = touching_ticks(evidence(true, 2), np.ones(len(true), dtype=np.bool_), CHANGE)
    edges, meant = np.flatnonzero(np.diff(found)), np.flatnonzero(np.diff(true))
    assert len(edges) == len(meant)
    assert np.abs(edges - meant).max() <= 5  # a second
    assert np.median(np.abs(edges - meant)) <= 1


def test_a_quarter_of_an_hour_apart_shows_no_touch() -> None:
    apart = np.zeros(4500, dtype=np.bool_)
    wrong = [touching_ticks(evidence(apart, seed), ~apart, CHANGE).any() for seed in range(20)]
    assert sum(wrong) <= 2


def test_nothing_gives_nothing() -> None:
    assert not len(touching_ticks(np.empty(0), np.empty(0, dtype=np.bool_), CHANGE))
