"""A radio that misbehaves ends nothing: every fault on purpose, through the real bleak client; nothing may be lost."""

import asyncio

import numpy as np
import pytest
from bleak.exc import BleakBluetoothNotAvailableReason

from firmware_sim.air.faults import FaultRates
from firmware_sim.air.radio import SimulatedAir
from sensor import gatt
from sensor.gatt import Channel
from sensor.link.link_events import BatteryLevel, LinkChanged, LinkState
from sensor.link.straps import Straps
from sensor.samples import Placement
from tests.radio.plain_sensors import FULL, IMU, PlainSensors, info
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


def test_a_silent_stream_is_found_again() -> None:
    async def script(air: SimulatedAir, _: Straps) -> None:
        await asyncio.sleep(5.0)
        await air.straps[LEFT].fall_silent(7.0)
        await asyncio.sleep(10.0)

    heard, air = session(script)
    assert_complete(heard, air)
    assert heard.reasons(LEFT)["silent"] >= 1
    assert heard.states(LEFT)[-2:] == [LinkState.STREAMING, LinkState.CLOSED]
    assert heard.reasons(RIGHT).total() == 0


def test_a_short_fade_only_delays() -> None:
    async def script(air: SimulatedAir, _: Straps) -> None:
        await asyncio.sleep(5.0)
        await air.straps[LEFT].out_of_range(2.5)
        await asyncio.sleep(5.0)

    heard, air = session(script)
    assert_complete(heard, air)
    assert heard.reasons(LEFT).total() == 0
    assert air.straps[LEFT].counts.lost_packets > 0


def test_a_strap_that_restarts_goes_on_in_another_epoch() -> None:
    async def script(air: SimulatedAir, _: Straps) -> None:
        await asyncio.sleep(10.0)
        await air.straps[RIGHT].reboot()
        await asyncio.sleep(10.0)

    heard, air = session(script)
    counts = heard.decoders[RIGHT].counts
    assert counts.restarts == air.straps[RIGHT].counts.restarts == 1
    assert heard.reasons(RIGHT).total() == air.straps[RIGHT].counts.disconnects == 1
    assert heard.states(RIGHT)[-2:] == [LinkState.STREAMING, LinkState.CLOSED]
    after = heard.block(RIGHT)
    assert np.all(np.diff(np.sort(after.sample)) >= 1)
    gap_s = np.diff(np.sort(after.sample)).max() / after.rate_hz
    assert 1.5 < gap_s < 6.0  # it was off for 1.5 s, then had to be found
    assert heard.lost_samples(LEFT) == 0


def test_an_absent_strap_blocks_nobody() -> None:
    async def script(air: SimulatedAir, _: Straps) -> None:
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(air.straps[LEFT].out_of_range(25.0))
            await asyncio.sleep(15.0)
            await air.straps[RIGHT].disconnect()

    heard, air = session(script)
    assert_complete(heard, air)
    changes = [e for e in heard.events if isinstance(e, LinkChanged) and e.placement == RIGHT]
    lost_s = next(e.time_s for e in changes if e.state == LinkState.LOST)
    back_s = next(e.time_s for e in changes if e.state == LinkState.STREAMING and e.time_s > lost_s)
    assert back_s - lost_s < 1.5


def test_a_clock_that_jumps_is_counted() -> None:
    async def script(air: SimulatedAir, _: Straps) -> None:
        await asyncio.sleep(10.0)
        air.straps[LEFT].jump_clock(5.0)
        await asyncio.sleep(10.0)
        air.straps[LEFT].jump_clock(-3.0)
        await asyncio.sleep(10.0)

    heard, air = session(script)
    assert_complete(heard, air)
    assert heard.decoders[LEFT].counts.clock_jumps == air.straps[LEFT].counts.clock_jumps == 2
    assert heard.decoders[RIGHT].counts.clock_jumps == 0


@pytest.mark.parametrize("mtu", [23, 40, 64])
def test_a_small_mtu_splits_or_slows_but_loses_nothing(mtu: int) -> None:
    async def script(air: SimulatedAir, _: Straps) -> None:
        for strap in air.straps.values():
            strap.spoil(FaultRates(loss=0.05))
        await asyncio.sleep(20.0)
        for strap in air.straps.values():
            strap.spoil(FaultRates())
        await asyncio.sleep(2.0)

    def prepare(air: SimulatedAir) -> None:
        for strap in air.straps.values():
            strap.limit_mtu(mtu)

    heard, air = session(script, prepare=prepare)
    for placement, strap in air.straps.items():
        block = heard.block(placement)
        assert heard.lost_samples(placement) == 0
        assert len(block) == strap.firmware.sampling.next_number
        assert not np.isnan(block.acc_m_s2).any()
        assert not np.isnan(block.gyr_rad_s).any()
        with_q = np.flatnonzero(~np.isnan(block.q_start_from_strap[np.argsort(block.sample), 0]))
        # Orientations are not sent again; those that were not lost came every half second.
        assert np.median(np.diff(with_q)) / block.rate_hz <= 0.5


def test_counters_clocks_and_epochs_wrap() -> None:
    def prepare(air: SimulatedAir) -> None:
        for placement in (LEFT, RIGHT):
            sensors = PlainSensors(info(placement))
            air.straps[placement] = air.add(sensors, 255, gatt.COUNTER_MODULUS - 700, gatt.CLOCK_MODULUS - 9_000_000)

    async def script(air: SimulatedAir, _: Straps) -> None:
        for strap in air.straps.values():
            strap.spoil(FaultRates(loss=0.1))
        await asyncio.sleep(20.0)

    heard, air = session(script, {}, prepare=prepare)
    for placement, strap in air.straps.items():
        block = heard.block(placement)
        assert heard.lost_samples(placement) == 0
        assert len(block) == strap.firmware.sampling.next_number - (gatt.COUNTER_MODULUS - 700)
        assert np.ptp(block.device_s) == pytest.approx(np.ptp(block.sample) / 100.0, rel=1e-3)
        assert heard.decoders[placement].counts.restarts == 0
        assert strap.firmware.sampling.epoch == 0


def test_a_battery_that_runs_low_is_told() -> None:
    async def script(air: SimulatedAir, _: Straps) -> None:
        await asyncio.sleep(3.0)
        air.straps[LEFT].set_battery(9)
        await asyncio.sleep(3.0)

    heard, _ = session(script)
    levels = [(e.placement, e.percent, e.low) for e in heard.events if isinstance(e, BatteryLevel)]
    assert levels == [(LEFT, 93, False), (RIGHT, 93, False), (LEFT, 9, True)]


def test_the_adapter_may_fail_and_come_back() -> None:
    async def script(air: SimulatedAir, _: Straps) -> None:
        await asyncio.sleep(3.0)
        air.fail_adapter(BleakBluetoothNotAvailableReason.POWERED_OFF)
        await air.straps[LEFT].disconnect()
        await asyncio.sleep(5.0)
        air.fail_adapter(None)
        await asyncio.sleep(15.0)

    heard, air = session(script)
    assert_complete(heard, air)


def test_optional_straps_of_any_kind_stream_beside_the_thighs() -> None:
    kinds = {LEFT: FULL, RIGHT: IMU, Placement.PELVIS: IMU, Placement.LEFT_FOOT: Channel.FLEX}

    async def script(air: SimulatedAir, _: Straps) -> None:
        for strap in air.straps.values():
            strap.spoil(FaultRates(loss=0.1))
        await asyncio.sleep(10.0)

    heard, air = session(script, {p: PlainSensors(info(p, c)) for p, c in kinds.items()}, wanted=tuple(kinds))
    for placement, channels in kinds.items():
        block = heard.block(placement)
        assert heard.lost_samples(placement) == 0
        assert np.isnan(block.flex).all() == (Channel.FLEX not in channels)
        assert np.isnan(block.acc_m_s2).all() == (Channel.ACC not in channels)
    assert len(air.straps) == 4


def test_straps_that_want_to_be_paired_are_paired() -> None:
    def prepare(air: SimulatedAir) -> None:
        for placement in (LEFT, RIGHT):
            air.straps[placement] = air.add(PlainSensors(info(placement)), encrypted=True)

    async def script(air: SimulatedAir, _: Straps) -> None:
        await asyncio.sleep(5.0)
        await air.straps[LEFT].disconnect()
        await asyncio.sleep(5.0)

    heard, air = session(script, {}, prepare=prepare)
    assert_complete(heard, air)
    assert heard.states(LEFT).count(LinkState.STREAMING) == 2
