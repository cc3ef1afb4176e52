"""A guided clamp with each maker's devices gives the holds that our own straps on the same person give."""

from pathlib import Path

import numpy as np
import pytest

from analysis.pipeline import Analysis, analyze
from analysis.results import Hold
from monitor.coach.signals import Ending
from sensor.drivers.known import DRIVERS
from sensor.recorded import Recorded
from sensor.samples import THIGHS
from tests.devices.guided_devices import Worn, guided

LEFT, RIGHT = THIGHS
SHARE = 0.02
TITLES = {driver.name: driver.title for driver in DRIVERS}


def holds(recorded: Recorded, analysis: Analysis) -> tuple[Hold, ...]:
    """The final holds of the exercise itself."""
    start_s = next(m.start_s for m in recorded.markers if m.label == "exercise")
    return tuple(h for h in analysis.final.holds if h.start_s >= start_s)


@pytest.mark.parametrize(
    ("worn", "rates_hz"),
    [
        ({LEFT: ["movella_dot"], RIGHT: ["movella_dot"]}, (60.0, 60.0)),
        ({LEFT: ["witmotion"], RIGHT: ["witmotion"]}, (100.0, 100.0)),
        ({LEFT: ["metawear"], RIGHT: ["metawear"]}, (100.0, 100.0)),
        ({LEFT: ["movella_dot", "phyphox"], RIGHT: ["movella_dot"]}, (60.0, 60.0)),
        ({LEFT: ["witmotion", "phyphox"], RIGHT: ["movella_dot"]}, (100.0, 60.0)),
        ({LEFT: ["phyphox"], RIGHT: ["phyphox"]}, (50.0, 50.0)),
    ],
    ids=["dot", "witmotion", "metawear", "two_dots_and_a_band", "mixed_rates", "bands_alone"],
)
def test_holds_agree_with_our_own_straps(tmp_path: Path, worn: Worn, rates_hz: tuple[float, float]) -> None:
    session = guided(tmp_path, worn)
    assert (session.outcome.ending, session.outcome.trouble) == (Ending.FINISHED, None)
    straps = session.recorded.straps
    assert tuple(straps[p].rate_hz for p in THIGHS) == rates_hz
    assert all(np.all(np.diff(b.sample) == 1) for b in straps.values())
    assert session.own.straps[LEFT].rate_hz == 100.0
    for placement, devices in worn.items():
        assert session.recorded.devices[placement].clock == (devices[0] == "movella_dot")
        assert session.recorded.devices[placement].name == " + ".join(TITLES[device] for device in devices)
    analysis = analyze(session.recorded)
    for name in ("time_s", "gap_m", "sd_m", "contact"):
        live = np.concatenate([getattr(gap, name) for gap in session.live])
        np.testing.assert_array_equal(live, getattr(analysis.live.gap, name))
    told = {q.placement: np.isfinite(q.clock_ppm) for q in analysis.final.quality}
    assert told == {p: session.recorded.devices[p].clock for p in THIGHS}
    theirs, ours = holds(session.recorded, analysis), holds(session.own, analyze(session.own))
    assert len(theirs) == len(ours) == 2
    for one, other in zip(theirs, ours, strict=True):
        assert (one.verdict, one.lapses) == (other.verdict, other.lapses)
        assert one.net_s == pytest.approx(other.net_s, rel=SHARE)
        assert one.gross_s == pytest.approx(other.gross_s, rel=SHARE)
        assert one.start_s == pytest.approx(other.start_s, abs=0.1)
    if "phyphox" in worn[LEFT]:
        flex = straps[LEFT].flex[~np.isnan(straps[LEFT].flex)]
        assert len(flex) > 0.9 * len(straps[LEFT])
