"""Holes bridged: against tremor and movement whose truth is known."""

import numpy as np
import pytest

from analysis.straps.bridge import AFTER_S, BEFORE_S, bridged, span
from sensor.samples import Floats

RATE_HZ = 100.0
BEFORE, AFTER = span(BEFORE_S, RATE_HZ), span(AFTER_S, RATE_HZ)


def trembling(seed: int, n: int, still: float = 1.0) -> Floats:
    """Rates (n, 3) of a slow movement with a tremor of 8 to 11 Hz whose phase wanders."""
    random = np.random.default_rng(seed)
    time_s = np.arange(n) / RATE_HZ
    phase = 2 * np.pi * random.uniform(8, 11) * time_s + np.cumsum(random.normal(0, 0.2, n))
    movement = 0.05 * np.sin(2 * np.pi * 0.4 * time_s[:, None] + random.uniform(0, 6, 3))
    return movement + still * 0.4 * np.outer(np.sin(phase), random.normal(0, 1, 3)) + random.normal(0, 2e-3, (n, 3))


def turned_wrongly_rad(rates: Floats, missing: int, first: int) -> tuple[float, float]:
    """Error of the angle over a hole from `first` on: bridged, and by a straight line between its ends."""
    hole = rates[first : first + missing]
    got = bridged(rates[first - BEFORE : first], rates[first + missing : first + missing + AFTER], missing, RATE_HZ)
    share = ((1 + np.arange(missing)) / (missing + 1))[:, None]
    line = rates[first - 1] + share * (rates[first + missing] - rates[first - 1])
    bridge, straight = (float(np.abs((x - hole).sum(axis=0)).max() / RATE_HZ) for x in (got, line))
    return bridge, straight


@pytest.mark.parametrize("missing", [5, 8, 10, 16, 30])
def test_tremor_over_a_hole_turns_no_strap(missing: int) -> None:
    errors = np.array([turned_wrongly_rad(trembling(seed, 400), missing, 150) for seed in range(60)])
    bridge, line = np.sqrt(np.square(errors).mean(axis=0))
    assert bridge < 0.5 * line


@pytest.mark.parametrize("missing", [5, 10, 16])
def test_movement_without_tremor_is_followed_at_least_as_well_as_by_a_line(missing: int) -> None:
    errors = np.array([turned_wrongly_rad(trembling(seed, 400, still=0.0), missing, 150) for seed in range(60)])
    bridge, line = np.sqrt(np.square(errors).mean(axis=0))
    assert bridge < line


def test_a_strap_that_rests_goes_on_resting() -> None:
    at_rest = np.full((BEFORE + AFTER, 3), 0.25)
    np.testing.assert_allclose(bridged(at_rest[:BEFORE], at_rest[BEFORE:], 8, RATE_HZ), 0.25, atol=1e-6)


def test_too_little_around_a_hole_is_said() -> None:
    assert np.isnan(bridged(np.zeros((2, 3)), np.zeros((AFTER, 3)), 8, RATE_HZ)).all()
    known = np.zeros((BEFORE, 3))
    known[-1, 0] = np.nan
    assert np.isnan(bridged(known, np.zeros((AFTER, 3)), 8, RATE_HZ)).all()


def test_a_step_within_a_hole_is_not_overshot() -> None:
    """Smooth models alone would run on with the slope of what follows."""
    before = np.full((BEFORE, 3), 4.0)
    after = np.array([-9.4, -13.6, -14.8, -12.7, -8.0])[:, None] * np.ones(3)
    got = bridged(before, after, 20, RATE_HZ)
    assert got.max() < 4.0 + 0.26 * 18.8
    assert got.min() > -14.8 - 0.26 * 18.8
