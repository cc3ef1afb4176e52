"""Whatever a session holds, it is analyzed, summed up and exported: odd data are data, not failures."""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from analysis.params import AnalysisParams
from analysis.pipeline import analyze
from firmware_sim.sessions.scenario import catalogue
from firmware_sim.sessions.simulate import simulate
from monitor.exports.tables import export_tables
from monitor.results.analyzed import json_text
from monitor.results.summary import summary
from monitor.store import SessionMeta
from sensor.markers import Label, Marker
from sensor.recorded import Recorded
from sensor.samples import THIGHS, Floats, Placement, SampleBlock

LEFT, RIGHT = THIGHS


@pytest.fixture(scope="module")
def usual() -> Recorded:
    return simulate(next(s for s in catalogue() if s.exercise == "check")).recorded


def each(change: Callable[[SampleBlock], SampleBlock]) -> Callable[[Recorded], Recorded]:
    """Every strap changed."""
    return lambda r: replace(r, straps={p: change(block) for p, block in r.straps.items()})


def random(n: int) -> Floats:
    return np.random.default_rng(1).random(n)


def shifted(block: SampleBlock, seconds: float) -> SampleBlock:
    """The second half later by all clocks."""
    by = np.where(np.arange(len(block)) >= len(block) // 2, seconds, 0.0)
    return replace(
        block,
        arrival_s=block.arrival_s + by,
        device_s=block.device_s + by,
        sample=block.sample + np.rint(by * block.rate_hz).astype(np.int64),
    )


def restarted(block: SampleBlock) -> SampleBlock:
    """Counter and clock begin anew in the middle."""
    half, again = len(block) // 2, np.arange(len(block)) >= len(block) // 2
    return replace(
        block,
        device_s=np.where(again, block.device_s - block.device_s[half], block.device_s),
        sample=np.where(again, block.sample - block.sample[half], block.sample),
    )


def slower(block: SampleBlock) -> SampleBlock:
    return replace(block.take(slice(None, None, 4)), rate_hz=25.0, sample=block.sample[::4] // 4)


def without_inertial(block: SampleBlock) -> SampleBlock:
    nothing = np.full_like(block.acc_m_s2, np.nan)
    return replace(block, acc_m_s2=nothing, gyr_rad_s=nothing)


def with_holes(block: SampleBlock) -> SampleBlock:
    holes = random(len(block)) < 0.3
    return replace(block, acc_m_s2=np.where(holes[:, None], np.nan, block.acc_m_s2))


def everywhere(labels: tuple[Label, ...]) -> tuple[Marker, ...]:
    return tuple(Marker(label, t, t + 0.5, "90") for label in labels for t in range(0, 40, 2))


ODD: Mapping[str, Callable[[Recorded], Recorded]] = {
    "left strap alone": lambda r: replace(r, straps={LEFT: r.straps[LEFT]}),
    "right strap alone": lambda r: replace(r, straps={RIGHT: r.straps[RIGHT]}),
    "pelvis alone": lambda r: replace(
        r, straps={Placement.PELVIS: replace(r.straps[RIGHT], placement=Placement.PELVIS)}
    ),
    "no markers": lambda r: replace(r, markers=()),
    "no wearer": lambda r: replace(r, wearer=None),
    "samples alone": lambda r: replace(r, wearer=None, markers=(), exercise=None),
    "unknown exercise": lambda r: replace(r, exercise="yoga"),
    "one sample": each(lambda b: b.take(slice(0, 1))),
    "three samples": each(lambda b: b.take(slice(0, 3))),
    "half a second": each(lambda b: b.take(slice(0, 50))),
    "begins with the session": each(lambda b: b.take(b.arrival_s >= 0)),
    "one sample of one strap": lambda r: replace(
        r, straps={LEFT: r.straps[LEFT], RIGHT: r.straps[RIGHT].take(slice(5000, 5001))}
    ),
    "straps never together": lambda r: replace(
        r,
        straps={
            LEFT: r.straps[LEFT].take(r.straps[LEFT].arrival_s < 30),
            RIGHT: r.straps[RIGHT].take(r.straps[RIGHT].arrival_s > 31),
        },
    ),
    "no inertial sensor": each(without_inertial),
    "an inertial sensor on one side": lambda r: replace(
        r, straps={LEFT: without_inertial(r.straps[LEFT]), RIGHT: r.straps[RIGHT]}
    ),
    "dead sensors": each(lambda b: replace(b, acc_m_s2=0 * b.acc_m_s2, gyr_rad_s=0 * b.gyr_rad_s)),
    "mad sensors": each(lambda b: replace(b, acc_m_s2=1e6 * b.acc_m_s2, gyr_rad_s=1e3 * b.gyr_rad_s)),
    "values missing": each(with_holes),
    "flex missing at times": each(lambda b: replace(b, flex=np.where(random(len(b)) < 0.5, np.nan, b.flex))),
    "flex stuck": each(lambda b: replace(b, flex=0 * b.flex)),
    "tension stuck at 0": each(lambda b: replace(b, tension=0 * b.tension)),
    "half the samples lost": each(lambda b: b.take(random(len(b)) < 0.5)),
    "an hour away": each(lambda b: shifted(b, 3600.0)),
    "clock jumps back": each(lambda b: replace(b, device_s=np.where(b.arrival_s > 20, b.device_s - 1e3, b.device_s))),
    "clock without sense": each(lambda b: replace(b, device_s=random(len(b)) * 1e6)),
    "counter without sense": each(lambda b: replace(b, sample=(random(len(b)) * 1e9).astype(np.int64))),
    "counter stuck": each(lambda b: replace(b, sample=0 * b.sample)),
    "straps restart": each(restarted),
    "a quarter of the rate": each(slower),
    "everything arrives at once": each(lambda b: replace(b, arrival_s=np.maximum(b.arrival_s, 30.0))),
    "markers everywhere": lambda r: replace(
        r,
        markers=everywhere((Label.TABLE, Label.TOUCH, Label.SPACER, Label.LEG_RAISE, Label.EXERCISE, Label.RELAXED)),
    ),
    "markers of no length": lambda r: replace(r, markers=tuple(replace(m, end_s=m.start_s) for m in r.markers)),
}


@pytest.mark.parametrize("what", ODD)
def test_odd_session(what: str, usual: Recorded, tmp_path: Path) -> None:
    recorded = ODD[what](usual)
    analysis = analyze(recorded)
    for tables in (analysis.live, analysis.final):
        assert len(export_tables(tmp_path, tables)) == 8
        assert not (tables.gap.sd_m[np.isfinite(tables.gap.gap_m)] <= 0).any()
    found = summary(SessionMeta("odd"), recorded, analysis.final, AnalysisParams())
    assert json.loads(json_text(found))["session"]["id"] == "odd"
