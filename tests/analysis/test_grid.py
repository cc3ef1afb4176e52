"""How long live ticks wait for a strap, and when its silence is noticed."""

from dataclasses import replace

import numpy as np
import pytest

from analysis.pipeline import LiveAnalysis, analyze
from sensor.arrivals import cut
from sensor.recorded import Recorded
from sensor.samples import THIGHS, Placement
from tests.analysis.analytic_person import LOSSY, Air, recorded

LEFT, RIGHT = THIGHS
ON_TIME = recorded(end_s=32.0, air=Air(jitter_s=0.002))


def emitted(of: Recorded) -> tuple[np.ndarray, np.ndarray]:
    """Ticks in order and the host time after which each was there."""
    live = LiveAnalysis(of.wearer, of.exercise)
    ticks: list[np.ndarray] = []
    known: list[np.ndarray] = []
    for arrivals in cut(of, np.arange(20.0, 32.0, 0.02).tolist()):
        gap = live.push(arrivals).gap
        ticks.append(gap.time_s)
        known.append(np.full(len(gap.time_s), arrivals.until_s))
    return np.concatenate(ticks), np.concatenate(known)


def without(of: Recorded, placement: Placement, start_s: float, end_s: float) -> Recorded:
    block = of.straps[placement]
    kept = (block.arrival_s < start_s) | (block.arrival_s > end_s)
    return replace(of, straps={**of.straps, placement: block.take(kept)})


def test_ticks_are_there_within_100_ms_while_both_straps_send() -> None:
    ticks, known = emitted(ON_TIME)
    during = (ticks > 20.1) & (ticks < 31.0)
    assert (known - ticks)[during].max() < 0.1
    np.testing.assert_allclose(np.diff(ticks), 0.02, atol=1e-9)


def test_ticks_wait_no_longer_than_promised_for_a_silent_strap() -> None:
    ticks, known = emitted(without(ON_TIME, RIGHT, 22.0, 28.0))
    waited = (known - ticks)[(ticks > 20.1) & (ticks < 31.0)]
    assert waited.max() < 1.6
    # A strap that is gone is not waited for.
    assert (known - ticks)[(ticks > 24.0) & (ticks < 27.5)].max() < 0.1


@pytest.mark.parametrize("lost_s", [0.5, 1.3])
def test_a_short_hole_is_bridged_when_it_ends(lost_s: float) -> None:
    motion = analyze(without(ON_TIME, LEFT, 24.0, 24.0 + lost_s)).motion
    left = motion.segments[LEFT].measured[(motion.time_s > 20) & (motion.time_s < 30)]
    assert np.isfinite(left).all()
    assert (left < 1).sum() == pytest.approx(lost_s * 50, abs=6)


def test_silence_is_noticed_after_a_second_and_a_half() -> None:
    analysis = analyze(without(ON_TIME, LEFT, 24.0, 27.0))
    for tables in (analysis.live, analysis.final):
        (event,) = [e for e in tables.drift if e.cause == "data_gap"]
        assert (event.placement, event.start_s) == (LEFT, pytest.approx(24.0, abs=0.1))
        assert event.size == pytest.approx(3.0, abs=0.11)
        assert event.detected_s == pytest.approx(25.5, abs=0.1)


def test_losses_are_counted_as_they_were() -> None:
    of = recorded(air=LOSSY)
    for q in analyze(of).final.quality:
        lost = {n for n in LOSSY.lost[q.placement] if n < of.straps[q.placement].sample[-1]}
        assert (q.samples, q.lost) == (len(of.straps[q.placement]), len(lost))
        assert q.clock_ppm == pytest.approx(30.0, abs=15.0)
