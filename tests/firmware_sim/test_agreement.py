"""The virtual persons agree in kind with recordings of an independent physics engine: spreads, noise, counts.

Only what the straps gave is compared; each figure of ours must lie within the recordings' range, widened by a factor.
"""

from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from firmware_sim.sessions.scenario import catalogue
from firmware_sim.sessions.simulate import simulate
from sensor.markers import Marker
from sensor.samples import THIGHS, Floats, SampleBlock
from tests.firmware_sim.recorded_straps import marker_times, strap_rows

LEFT = THIGHS[0]
PAIRS = {
    "clamp": (("clamp15_a", "clamp15_c"), ("own_clamp_a", "own_clamp_b")),
    "quiet": (("quiet",), ("own_quiet",)),
    "lying": (("lying_press",), ("own_lying_press",)),
}
Figure = Callable[[SampleBlock, Marker, Marker], float]


@cache
def ours(name: str) -> tuple[SampleBlock, Marker, Marker]:
    session = simulate(next(s for s in catalogue() if s.name == name))
    marks = {m.label: m for m in session.recorded.markers}
    return session.recorded.straps[LEFT], marks["table"], marks["leg_raise"]


@cache
def theirs(folder: Path) -> tuple[SampleBlock, Marker, Marker]:
    return strap_rows(folder / "recording.parquet", LEFT), *marker_times(folder / "markers.csv", "table", "leg_raise")


def within(block: SampleBlock, start_s: float, end_s: float) -> SampleBlock:
    return block.take((block.arrival_s > start_s) & (block.arrival_s < end_s))


def gyro_noise(block: SampleBlock, table: Marker, _: Marker) -> float:
    return float(np.mean(within(block, table.start_s + 0.5, table.end_s - 0.5).gyr_rad_s.std(axis=0)))


def accelerometer_noise(block: SampleBlock, table: Marker, _: Marker) -> float:
    return float(np.mean(within(block, table.start_s + 0.5, table.end_s - 0.5).acc_m_s2.std(axis=0)))


def gyro_bias(block: SampleBlock, table: Marker, _: Marker) -> float:
    mean = within(block, table.start_s + 0.5, table.end_s - 0.5).gyr_rad_s.mean(axis=0)
    return float(np.sqrt(np.mean(mean**2)))


def worn_spread(block: SampleBlock, _: Marker, raised: Marker) -> float:
    """Median over seconds of the turn rate's spread."""
    gyr = within(block, raised.end_s + 3.0, np.inf).gyr_rad_s
    seconds = gyr[: len(gyr) // 100 * 100].reshape(-1, 100, 3)
    return float(np.median(np.sqrt(np.mean(np.var(seconds, axis=1), axis=1))))


def worn_shaking(block: SampleBlock, _: Marker, raised: Marker) -> float:
    """Median over seconds of the specific force's spread."""
    acc = within(block, raised.end_s + 3.0, np.inf).acc_m_s2
    seconds = acc[: len(acc) // 100 * 100].reshape(-1, 100, 3)
    return float(np.median(np.sqrt(np.mean(np.var(seconds, axis=1), axis=1))))


def leg_raise_turn(block: SampleBlock, table: Marker, raised: Marker) -> float:
    gyr = within(block, raised.start_s, raised.end_s).gyr_rad_s
    bias = within(block, table.start_s + 0.5, table.end_s - 0.5).gyr_rad_s.mean(axis=0)
    angle = np.cumsum(gyr - bias, axis=0) / 100.0
    return float(np.max(np.ptp(angle, axis=0)))


def slack_tension(block: SampleBlock, table: Marker, _: Marker) -> float:
    return float(np.median(within(block, table.start_s, table.end_s).tension))


def donned_tension(block: SampleBlock, table: Marker, _: Marker) -> float:
    return float(np.median(within(block, 0.0, 3.0).tension)) - slack_tension(block, table, table)


def tension_noise(block: SampleBlock, table: Marker, _: Marker) -> float:
    return float(np.std(np.diff(within(block, table.start_s, table.end_s).tension))) / np.sqrt(2)


def flex_span(block: SampleBlock, _: Marker, raised: Marker) -> float:
    low, high = np.nanquantile(within(block, raised.end_s, np.inf).flex, [0.05, 0.95])
    return float(high - low)


def warming(block: SampleBlock, _: Marker, __: Marker) -> float:
    return float(np.mean(block.temperature_c[-500:]) - np.mean(block.temperature_c[:500]))


FIGURES: tuple[tuple[Figure, float], ...] = (
    (gyro_noise, 1.15),
    (accelerometer_noise, 1.2),
    (gyro_bias, 3.0),
    (worn_spread, 2.5),
    (worn_shaking, 5.0),
    (leg_raise_turn, 2.5),
    (slack_tension, 1.6),
    (donned_tension, 2.2),
    (tension_noise, 2.0),
    (flex_span, 2.5),
    (warming, 2.0),
)


@pytest.mark.parametrize(("figure", "factor"), FIGURES, ids=lambda x: getattr(x, "__name__", ""))
@pytest.mark.parametrize("kind", list(PAIRS))
def test_persons_agree_in_kind_with_the_recordings(shared_data: Path, kind: str, figure: Figure, factor: float) -> None:
    recorded, own = PAIRS[kind]
    known = [figure(*theirs(shared_data / "physics" / name)) for name in recorded]
    for name in own:
        got = figure(*ours(name))
        assert min(known) / factor < got < max(known) * factor, f"{name}: {got:.4g}, recorded {known}"


def still(x: Floats) -> bool:
    return bool(np.all(np.isfinite(x)))


def test_no_value_is_missing_where_a_channel_is() -> None:
    block, _, _ = ours("own_clamp_a")
    for name in ("acc_m_s2", "gyr_rad_s", "temperature_c", "flex", "tension"):
        assert still(getattr(block, name))
