"""The cord's creep, put on by its definition and taken off again."""

import numpy as np
import pytest
from scipy.signal import lfilter

from analysis.gap.flex import CreepParams, FlexRelaxation
from sensor.samples import Floats

RATE_HZ = 5.0
PARAMS = CreepParams()


def crept(static: Floats, params: CreepParams) -> Floats:
    """Counts of a cord with this static response: every share of a step decays with its time constant."""
    counts = static.copy()
    for share, tau_s in zip(params.shares, params.taus_s, strict=True):
        keep = np.exp(-1 / (tau_s * RATE_HZ))
        low, _ = lfilter([1 - keep], [1.0, -keep], static, zi=[keep * static[0]])
        counts += share * (static - low)
    return counts


def stretched() -> Floats:
    """Static counts: a rest, a pull, a release, over two minutes."""
    static = np.full(600, 1800.0)
    static[100:250] = 2700.0
    static[250:] = 1900.0
    return static


def test_creep_is_taken_off() -> None:
    static = stretched()
    found = FlexRelaxation(PARAMS, RATE_HZ).push(crept(static, PARAMS)).counts
    bare = np.abs(crept(static, PARAMS) - static).max()
    assert bare > 50  # there was something to take off
    assert np.abs(found - static).max() < 0.1 * bare  # what is left is the discretization of the fastest mode


def test_what_a_wrong_amount_of_creep_does_is_told() -> None:
    static = stretched()
    more = CreepParams(shares=tuple(1.2 * s for s in PARAMS.shares))
    counts = crept(static, more)
    usual = FlexRelaxation(PARAMS, RATE_HZ).push(counts)
    right = FlexRelaxation(more, RATE_HZ).push(counts).counts
    np.testing.assert_allclose(usual.counts + 0.2 * usual.per_amount, right, atol=1.5)


def test_memory_and_direct_answer_make_the_static_response() -> None:
    counts = crept(stretched(), PARAMS)
    cord = FlexRelaxation(PARAMS, RATE_HZ)
    found = cord.push(counts)
    np.testing.assert_allclose(cord.direct * counts + found.memory, found.counts, rtol=0, atol=1e-9)


def test_blocks_and_holes_change_nothing() -> None:
    counts = crept(stretched(), PARAMS)
    counts[[0, 1, 130, 131]] = np.nan
    whole = FlexRelaxation(PARAMS, RATE_HZ).push(counts).counts
    cut = FlexRelaxation(PARAMS, RATE_HZ)
    parts = [cut.push(part).counts for part in np.split(counts, [1, 2, 131, 400])]
    np.testing.assert_array_equal(np.concatenate(parts), whole)
    assert np.isnan(whole[[0, 1, 130, 131]]).all()
    assert np.isfinite(whole[132:]).all()


def test_a_steady_cord_stays_as_it_is() -> None:
    assert FlexRelaxation(PARAMS, RATE_HZ).push(np.full(50, 2000.0)).counts == pytest.approx(np.full(50, 2000.0))
