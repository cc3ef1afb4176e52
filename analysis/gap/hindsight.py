"""The filter's way once more, when all of it is known: when the knees touched, and when the straps slipped.

Live, a touch is told seconds after the knees met; looking back, the tremor says when it began and ended, and shows
touches too short to be told while they last.
"""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from analysis.gap.following import Following, KnownSlips, Nearness
from analysis.gap.gap_filter import TICK_S
from analysis.gap.gap_ticks import Ticks
from analysis.gap.smoothing import FilterRecord
from sensor.samples import Floats

Bools = NDArray[np.bool_]


def looked_back(
    start: Following, ticks: Ticks, nearness: Nearness, slips: KnownSlips, change_odds: float
) -> FilterRecord:
    """What the filter holds at its steps from `start` on through all later `ticks`."""
    record = FilterRecord()
    following = replace(start.beginning(), record=record)
    touching = touching_ticks(ticks.touch_gain, possible_ticks(ticks, nearness, start.params.slow_rad_s), change_odds)
    columns = (column.tolist() for column in ticks.columns())
    for touches, (end_s, *values) in zip(touching.tolist(), zip(*columns, strict=True), strict=True):
        following.step(end_s, tuple(values), slips, can_touch=True, touching=touches)
    return record


def possible_ticks(ticks: Ticks, nearness: Nearness, slow_rad_s: float) -> Bools:
    """Where (T,) the knees were still, and near enough as far as the live filter knew."""
    if not nearness.time_s:
        return np.zeros(len(ticks), dtype=np.bool_)
    at = np.minimum(np.searchsorted(nearness.time_s, ticks.time_s), len(nearness.time_s) - 1)
    return np.array(nearness.possible)[at] & (ticks.turned_rad < slow_rad_s * TICK_S)


def touching_ticks(gained: Floats, possible: Bools, change_odds: float) -> Bools:
    """On which ticks (T,) the knees touched: of all courses the one that the log odds `gained` there favour most,
    a change between touching and apart being worth `change_odds` against it (Viterbi 1967)."""
    apart, touch = 0.0, -np.inf
    came: list[tuple[bool, bool]] = []  # whether the best course to apart, and to touching, changes there
    for gain, can in zip(gained.tolist(), possible.tolist(), strict=True):
        parts, meets = touch - change_odds > apart, apart - change_odds > touch
        came.append((parts, meets))
        before = apart
        apart = touch - change_odds if parts else apart
        touch = (before - change_odds if meets else touch) + gain if can else -np.inf
    out, touches = np.zeros(len(gained), dtype=np.bool_), touch > apart
    for k in range(len(gained) - 1, -1, -1):
        out[k] = touches
        parts, meets = came[k]
        touches = not meets if touches else parts
    return out
