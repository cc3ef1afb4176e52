"""Holds from gap rows: the contract's rule in single cases, on true gaps, and however the rows are cut."""

from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.holds.counted_holds import Hold, HoldStage
from analysis.holds.gap_spans import GapRows
from analysis.results import GapSeries, HoldVerdict
from sensor.samples import Floats

RATE_HZ = 50.0


def rows(gap_mm: Floats, sd_mm: float = 0.1, missing: Floats | None = None, rate_hz: float = RATE_HZ) -> GapRows:
    """Gap rows from session zero on."""
    n = len(gap_mm)
    gap = GapSeries(np.arange(n) / rate_hz, gap_mm / 1e3, np.full(n, sd_mm / 1e3), np.zeros(n))
    return GapRows(gap, np.zeros(n) if missing is None else missing, np.zeros(n))


def steps(*pieces: tuple[float, float]) -> Floats:
    """Gap in mm made of (seconds, mm) pieces."""
    return np.concatenate([np.full(round(s * RATE_HZ), mm) for s, mm in pieces])


def part(block: GapRows, a: int, b: int) -> GapRows:
    """Rows from `a` to `b`."""
    gap = GapSeries(*(getattr(block.gap, name)[a:b] for name in ("time_s", "gap_m", "sd_m", "contact")))
    return GapRows(gap, block.missing[a:b], block.barred[a:b])


def holds_of(block: GapRows, rate_hz: float = RATE_HZ) -> tuple[Hold, ...]:
    """All holds of one push."""
    stage = HoldStage(rate_hz=rate_hz)
    return stage.push(block) + stage.finish()


def test_hold_starts_with_first_closed_and_ends_with_first_open_sample() -> None:
    (hold,) = holds_of(rows(steps((2, 50), (5, 5), (1, 15), (3, 50))))
    assert (hold.start_s, hold.end_s) == pytest.approx((2.0, 8.0))
    assert hold.gross_s == hold.net_s == pytest.approx(6.0)
    assert hold.mean_gap_m == pytest.approx((5 * 5 + 15) / 6 / 1e3)
    assert hold.max_gap_m == pytest.approx(0.015)


@pytest.mark.parametrize(("closed_s", "count"), [(0.28, 0), (0.3, 1)])
def test_closed_knees_count_from_a_third_of_a_second_on(closed_s: float, count: int) -> None:
    assert len(holds_of(rows(steps((1, 50), (closed_s, 5), (3, 50))))) == count


@pytest.mark.parametrize(("open_s", "lapses", "net_s"), [(0.48, 0, 6.48), (0.5, 1, 6.0), (1.0, 1, 6.0)])
def test_short_opening_is_a_lapse_taken_off_net(open_s: float, lapses: int, net_s: float) -> None:
    (hold,) = holds_of(rows(steps((1, 50), (3, 5), (open_s, 50), (3, 5), (3, 50))))
    assert hold.lapses == lapses
    assert hold.gross_s == pytest.approx(6.0 + open_s)
    assert hold.net_s == pytest.approx(net_s)


def test_opening_beyond_the_grace_makes_two_holds() -> None:
    first, second = holds_of(rows(steps((1, 50), (3, 5), (1.04, 50), (3, 5), (3, 50))))
    assert (first.end_s, second.start_s) == pytest.approx((4.0, 5.04))
    assert first.max_gap_m == pytest.approx(0.005)


@pytest.mark.parametrize("unknown_mm", [np.nan, 5.0])
def test_short_loss_of_data_changes_nothing(unknown_mm: float) -> None:
    gap_mm = steps((1, 50), (3, 5), (1.5, unknown_mm), (3, 5), (3, 50))
    missing = np.zeros(len(gap_mm))
    missing[200:275] = 1.0
    (hold,) = holds_of(rows(gap_mm, missing=missing))
    assert (hold.gross_s, hold.net_s, hold.verdict) == (pytest.approx(7.5), pytest.approx(7.5), HoldVerdict.OK)


def test_long_loss_of_data_ends_the_hold_unknown() -> None:
    cut, after = holds_of(rows(steps((1, 50), (3, 5), (1.52, np.nan), (3, 5), (3, 50))))
    assert (cut.end_s, cut.verdict, cut.cut) == (pytest.approx(4.0), HoldVerdict.UNKNOWN, True)
    assert (after.start_s, after.verdict, after.cut) == (pytest.approx(5.52), HoldVerdict.OK, False)


def test_what_was_never_sure_is_not_said_to_be_cut_off() -> None:
    cut, *_ = holds_of(rows(steps((1, 50), (3, 5), (1.52, np.nan), (3, 50)), sd_mm=30.0))
    assert (cut.verdict, cut.cut) == (HoldVerdict.UNKNOWN, False)


def test_gap_that_may_as_well_be_open_is_not_credited() -> None:
    (hold,) = holds_of(rows(steps((1, 50), (3, 5), (3, 50)), sd_mm=30.0))
    assert hold.verdict == HoldVerdict.UNKNOWN


def test_barred_rows_hold_nothing() -> None:
    block = rows(steps((1, 50), (6, 5), (1, 50)))
    barred = np.zeros(len(block.barred))
    barred[200:] = 1.0
    (hold,) = holds_of(GapRows(block.gap, block.missing, barred))
    assert (hold.end_s, hold.verdict) == (pytest.approx(4.0), HoldVerdict.OK)


def test_running_hold_is_known_while_it_lasts() -> None:
    stage = HoldStage()
    assert stage.push(rows(steps((1, 50), (3, 5), (0.8, 50), (2, 5)))) == ()
    running = stage.running
    assert running is not None
    assert (running.start_s, running.lapses) == (pytest.approx(1.0), 1)
    assert running.gross_s - running.net_s == pytest.approx(0.8)


def test_a_hold_that_may_yet_go_on_stands_still_until_it_is_told() -> None:
    stage, net_s = HoldStage(), list[float]()
    block, closed_s = rows(steps((1, 50), (3, 5), (3, 50))), 0.0
    for k in range(0, len(block.missing), 5):
        closed_s += sum(h.net_s for h in stage.push(part(block, k, k + 5)))
        net_s.append(closed_s + (stage.running.net_s if stage.running else 0.0))
    # It may have to be taken back what was open for less than the half second that ends it.
    assert max(net_s) - net_s[-1] < 0.6
    assert all(after >= before - 0.6 for before, after in pairwise(net_s))
    assert net_s[-1] == pytest.approx(3.0)


@given(st.data())
def test_cuts_change_nothing(data: st.DataObject) -> None:
    seed = data.draw(st.integers(0, 2**31))
    rng = np.random.default_rng(seed)
    lengths = rng.integers(1, 90, 40)
    gap_mm = np.repeat(rng.choice([5.0, 15.0, 40.0, np.nan], 40, p=[0.4, 0.1, 0.3, 0.2]), lengths)
    block = rows(gap_mm, sd_mm=rng.choice([0.1, 4.5]))
    block.gap.sd_m[:] *= np.repeat(rng.choice([0.1, 1.0], 40), lengths)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(gap_mm)), max_size=8)))
    stage, found = HoldStage(), []
    for a, b in zip([0, *cuts], [*cuts, len(gap_mm)], strict=True):
        found += stage.push(part(block, a, b))
    found += stage.finish()
    whole = holds_of(block)
    assert [(h.start_s, h.end_s, h.net_s, h.lapses, h.verdict) for h in found] == [
        (h.start_s, h.end_s, h.net_s, h.lapses, h.verdict) for h in whole
    ]
    assert [h.mean_gap_m for h in found] == pytest.approx([h.mean_gap_m for h in whole], abs=1e-12)


SESSIONS = (
    "clamp15_a", "clamp15_b_lossy", "clamp15_c", "clamp_reps_noflex", "knees_in", "quiet", "seated_twist", "wrap",
)  # fmt: skip


@pytest.mark.parametrize("name", SESSIONS)
def test_true_gap_gives_the_true_table(shared_data: Path, name: str) -> None:
    folder = shared_data / "physics" / name
    truth, true = pd.read_parquet(folder / "truth.parquet"), pd.read_csv(folder / "holds.csv")
    events = pd.read_csv(folder / "events.csv")
    time_s = truth["t"].to_numpy(float)
    missing = np.zeros(len(time_s))
    for start_s, end_s in events.loc[events.cause == "data_gap", ["start_s", "end_s"]].to_numpy(float):
        missing[(time_s >= start_s) & (time_s < end_s)] = 1.0
    gap_m = truth["gap_mm"].to_numpy(float) / 1e3
    series = GapSeries(time_s, gap_m, np.full(len(time_s), 1e-5), np.zeros(len(time_s)))
    found = holds_of(GapRows(series, missing, np.zeros(len(time_s))), rate_hz=100.0)
    got = pd.DataFrame(
        [(h.start_s, h.end_s, h.gross_s, h.net_s, h.mean_gap_m * 1e3, h.max_gap_m * 1e3) for h in found]
    ).to_numpy()
    columns = ["start_s", "end_s", "gross_s", "net_s", "mean_gap_mm", "max_gap_mm"]
    # The stored true gap is rounded to 10 um, which can move an edge by a sample.
    np.testing.assert_allclose(got, true[columns].to_numpy(float), rtol=0, atol=0.0101)
    assert [h.verdict.value for h in found] == list(true.verdict)
    assert [h.lapses for h in found] == list(true.lapses)


def test_knees_that_only_seem_closed_are_not_credited() -> None:
    (hold,) = holds_of(rows(steps((1, 50), (1, 8), (20, 14), (3, 50)), sd_mm=4.0))
    assert hold.verdict == HoldVerdict.UNKNOWN


def test_sure_contact_starts_a_hold_of_its_own() -> None:
    doubtful, sure = holds_of(rows(steps((1, 50), (1, 8), (20, 14), (5, 1), (3, 50)), sd_mm=4.0))
    assert (doubtful.end_s, doubtful.verdict) == (pytest.approx(22.0), HoldVerdict.UNKNOWN)
    assert (sure.start_s, sure.end_s, sure.verdict) == (pytest.approx(22.0), pytest.approx(27.0), HoldVerdict.OK)


def test_contact_that_becomes_sure_keeps_its_start() -> None:
    (hold,) = holds_of(rows(steps((1, 50), (1, 8), (5, 1), (3, 50)), sd_mm=4.0))
    assert (hold.start_s, hold.verdict) == (pytest.approx(1.0), HoldVerdict.OK)
