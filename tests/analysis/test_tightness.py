"""Tightness: tension relative to session zero without the muscles' part."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis.drift.tightness import TightnessStage
from analysis.pipeline import analyze
from sensor.tables.imported import read_folder


def test_muscles_part_is_learned_and_taken_off() -> None:
    closed = np.tile([1.0] * 20 + [0.0] * 3, 6)
    tightness = TightnessStage().push(0.9 + 0.04 * closed, closed)
    assert tightness[-20:] == pytest.approx(0.9, abs=0.01)


def test_knees_that_stay_apart_leave_the_tension_as_it_is() -> None:
    tension = np.linspace(1.0, 0.9, 50)
    tightness = TightnessStage().push(tension, np.zeros(50))
    assert tightness == pytest.approx(tension, abs=0.006)


def test_missing_tension_stays_missing() -> None:
    tightness = TightnessStage().push(np.array([1.0, np.nan, 0.98]), np.zeros(3))
    assert np.isnan(tightness).tolist() == [False, True, False]


@pytest.mark.parametrize("name", ["clamp15_a", "clamp15_b_lossy", "clamp15_c", "quiet", "wrap"])
def test_tightness_follows_the_true_one(shared_data: Path, name: str) -> None:
    folder = shared_data / "physics" / name
    true = pd.read_csv(folder / "tightness.csv")
    for series in analyze(read_folder(folder)).final.tightness:
        rows = true[true.strap == series.placement]
        assert (series.time_s[0], series.tension[0]) == (0.0, 1.0)
        error = 100 * series.tension - np.interp(series.time_s, rows.time_s, rows.tension_pct)
        assert np.sqrt(np.mean(error**2)) < 2.5
        assert np.quantile(np.abs(error), 0.95) < 5.0
