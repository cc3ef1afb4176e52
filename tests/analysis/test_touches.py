"""Evidence for touching knees from made-up tremor."""

import numpy as np
from numpy.random import default_rng

from analysis.gap.touches import TouchEvidence, TouchParams
from analysis.motion import GRID_HZ
from sensor.samples import Floats

ROWS = 10


def rates(common: float, own: float, seconds: int, seed: int = 1) -> Floats:
    """Turn rates (N, 2) of both thighs: a common tremor and each one's own (rad/s)."""
    n = round(seconds * GRID_HZ)
    random = default_rng(seed)
    return common * random.standard_normal((n, 1)) + own * random.standard_normal((n, 2))


def odds(rates_rad_s: Floats, measured: Floats | None = None) -> Floats:
    """Log odds after each tick."""
    everywhere = np.ones(len(rates_rad_s))
    return TouchEvidence(TouchParams()).push(rates_rad_s, everywhere if measured is None else measured, ROWS)[0]


def test_common_tremor_is_a_touch_and_separate_tremor_is_none() -> None:
    together, apart = odds(rates(0.01, 0.003, 60)), odds(rates(0.0, 0.01, 60))
    assert np.mean(together[20:] > 3.0) > 0.95
    assert np.mean(apart[20:] > 3.0) < 0.01


def test_a_touch_is_known_within_two_seconds_and_forgotten_within_two() -> None:
    moved = np.concatenate([rates(0.0, 0.01, 20), rates(0.01, 0.002, 20, seed=2), rates(0.0, 0.01, 20, seed=3)])
    found = odds(moved)
    assert found[20 * 5 + 10] > 3.0
    assert found[40 * 5 + 10] < -1.0


def test_slow_sway_of_both_legs_is_no_touch() -> None:
    sway = 0.3 * np.sin(2 * np.pi * 0.5 * np.arange(3000) / GRID_HZ)[:, None]
    assert np.mean(odds(rates(0.0, 0.01, 60) + sway)[20:] > 3.0) < 0.02


def test_straps_on_a_table_tell_nothing() -> None:
    assert np.all(odds(np.zeros((500, 2))) == 0.0)
    assert np.all(odds(np.full((500, 2), np.nan)) == 0.0)


def test_samples_that_were_lost_speak_for_no_parting() -> None:
    together = rates(0.01, 0.003, 60)
    lost = np.arange(len(together)) % 100 < 60  # on the left, where a line was drawn instead
    together[lost, 0] = 0.0
    assert np.mean(odds(together)[100:] > 3.0) < 0.5
    assert np.mean(odds(together, np.where(lost, 0.5, 1.0))[100:] > 3.0) > 0.9


def test_blocks_change_nothing() -> None:
    whole = rates(0.01, 0.004, 30)
    cut = TouchEvidence(TouchParams())
    parts = [cut.push(part, np.ones(len(part)), ROWS)[0] for part in np.split(whole, [10, 40, 900])]
    np.testing.assert_array_equal(np.concatenate(parts), odds(whole))
