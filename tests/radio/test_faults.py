"""A radio that misbehaves ends nothing: every fault on purpose, through the real bleak client; nothing may be lost."""

import asyncio

import numpy as np
import pytest

from firmware_sim.faults import FaultRates
from firmware_sim.radio import SimulatedAir
from sensor.link_events import BatteryLevel, LinkState
from sensor.straps import Straps
from tests.radio.plain_sensors import PlainSensors, info
from tests.radio.sessions import LEFT, RIGHT, Heard, session


def assert_complete(heard: Heard, air: SimulatedAir) -> None:
    """Every sample that a strap took came exactly once, with the values it was taken with."""
    for placement, strap in air.straps.items():
        block = heard.block(placement)
        order = np.argsort(block.sample)
        numbers = block.sample[order] - block.sample.min()
        assert heard.lost_samples(placement) == 0
        assert len(set(block.sample.tolist())) == len(block)
        assert len(block) == strap.firmware.sampling.next_number
        assert np.all(np.diff(numbers) == 1)
        # The plain sensors write the sample's number into its values, counted from power-on.
        steps = np.diff(block.flex[order]) % 1000
        assert set(steps.tolist()) == {1.0}


def test_loss_out_of_range_and_a_disconnect_cost_no_sample() -> None:
    async def script(air: SimulatedAir, _: Straps) -> None:
        for strap in air.straps.values():
            strap.spoil(FaultRates(loss=0.05))
        await asyncio.sleep(15.0)
        await air.straps[LEFT].out_of_range(20.0)
        await asyncio.sleep(15.0)
        await air.straps[RIGHT].disconnect()
        await asyncio.sleep(15.0)

    heard, air = session(script)
    assert_complete(heard, air)
    left, right = heard.block(LEFT), heard.block(RIGHT)
    assert abs(len(left) - len(right)) <= 100 * 1.0  # the second was connected later by the time of one connection
    for placement, strap in air.straps.items():
        counts = heard.decoders[placement].counts
        assert counts.resent == strap.missed_samples
        assert (counts.corrupt, counts.repeated, counts.restarts, counts.strays) == (0, 0, 0, 0)
        assert sum(heard.reasons(placement).values()) == strap.counts.disconnects == 1


@pytest.mark.parametrize(
    "rates",
    [
        FaultRates(loss=0.2),
        FaultRates(burst=0.01, burst_packets=25),
        FaultRates(delay_s=0.05, jitter_s=0.2),
        FaultRates(corrupt=0.05),
        FaultRates(short=0.05),
        FaultRates(long=0.05),
        FaultRates(repeated=0.05),
        FaultRates(reordered=0.05),
        FaultRates(future=0.03),
        FaultRates(0.02, 0.002, 8, 0.02, 0.02, 0.02, 0.02, 0.02, 0.02),
    ],
    ids=["loss", "bursts", "late", "corrupt", "short", "long", "repeated", "reordered", "future", "everything"],
)
def test_bad_air_is_counted_and_costs_nothing(rates: FaultRates) -> None:
    async def script(air: SimulatedAir, _: Straps) -> None:
        for strap in air.straps.values():
            strap.spoil(rates)
        await asyncio.sleep(40.0)
        for strap in air.straps.values():
            strap.spoil(FaultRates())
        await asyncio.sleep(2.0)

    heard, air = session(script)
    assert_complete(heard, air)
    for placement, strap in air.straps.items():
        counts, done = heard.decoders[placement].counts, strap.counts
        assert counts.corrupt == done.corrupt + done.short + done.long
        assert counts.strays == done.future
        assert counts.repeated == done.repeated
        assert counts.resent == strap.missed_samples
        assert (counts.restarts, heard.reasons(placement).total()) == (0, 0)
