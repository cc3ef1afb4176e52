"""What goes wrong with other makers' devices, and what they do beside streaming, through the real bleak client."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import ClassVar

import numpy as np
import pytest
from bleak import BleakClient
from bleak.backends.characteristic import BleakGATTCharacteristic

from firmware_sim.air.radio import SimulatedAir
from firmware_sim.air.virtual_time import run
from firmware_sim.twins import dot_twin, witmotion_twin
from firmware_sim.twins.dot_twin import DotTwin
from firmware_sim.twins.measured import Reader, Shared
from firmware_sim.twins.metawear_twin import MetaWearTwin
from firmware_sim.twins.twin import Model, Services
from firmware_sim.twins.wearing import WornTwin, switch_on
from firmware_sim.twins.witmotion_twin import WitMotionTwin
from sensor.control import Identify, SetPlacement
from sensor.decoding.stream_batch import Notification
from sensor.drivers.driver import Heard
from sensor.drivers.known import driver_named, recognised
from sensor.link.link_events import (
    BatteryLevel,
    LinkChanged,
    LinkEvent,
    LinkState,
    StrapJoined,
    StrapTold,
    StreamArrived,
)
from sensor.link.straps import SearchParams, Straps
from sensor.radio_errors import RadioError, StrapCannot, UnsuitableDevice
from sensor.samples import SampleBlock, join
from sensor.slots import Remembered, Slot
from sensor.worn_strap import WornStrap
from tests.radio.plain_sensors import PlainSensors, info
from tests.radio.sessions import LEFT

DRIVERS = {DotTwin: "movella_dot", WitMotionTwin: "witmotion", MetaWearTwin: "metawear"}


def device(air: SimulatedAir, make: Callable[[Reader], Model]) -> WornTwin:
    """Switch on a device that measures plain numbers."""
    return switch_on(air, make(Shared(PlainSensors(info(LEFT))).reader()))


def straps(air: SimulatedAir, twin: WornTwin, search_s: float = 10.0) -> Straps:
    """The product's radio, which looks for this device alone."""
    name = next(name for kind, name in DRIVERS.items() if isinstance(twin.model, kind))
    pair = [Remembered(Slot(LEFT), twin.address, name, twin.model.name)]
    params = SearchParams(search_s=search_s)
    return Straps([LEFT], pair=pair, params=params, backend=air.client_backend, scanner_backend=air.scanner_backend)


Script = Callable[[WornTwin, Straps], Awaitable[None]]


def heard(make: Callable[[Reader], Model], script: Script) -> tuple[list[LinkEvent], WornTwin]:
    """Everything that came from a device until `script`, which starts when it streams, was over."""
    events: list[LinkEvent] = []

    async def main() -> WornTwin:
        async with SimulatedAir({}) as air:
            twin = device(air, make)
            async with straps(air, twin) as searching, asyncio.TaskGroup() as tasks:
                async for event in searching:
                    if isinstance(event, StrapJoined) and not any(isinstance(e, StrapJoined) for e in events):
                        tasks.create_task(play(twin, searching))
                    events.append(event)
            return twin

    async def play(twin: WornTwin, searching: Straps) -> None:
        await asyncio.sleep(2.0)
        await script(twin, searching)
        await searching.finish(within_s=1.0)

    return events, run(main())


def decoded(events: Sequence[LinkEvent]) -> SampleBlock:
    """The samples of these events."""
    worn = WornStrap(LEFT)
    blocks: list[SampleBlock | None] = []
    for event in events:
        if isinstance(event, StrapJoined):
            worn.join(event.part, event.driver, event.info)
        elif isinstance(event, StreamArrived):
            blocks.append(worn.push({event.part: [Notification(event.arrival_s, event.data)]}))
    return join([block for block in (*blocks, worn.finish()) if block is not None])


async def listen(searching: Straps) -> None:
    """Until something ends it."""
    async with searching:
        async for _ in searching:
            pass


async def nothing(_twin: WornTwin, _straps: Straps) -> None:
    await asyncio.sleep(1.0)


def test_unlock_rate_and_save_are_really_sent() -> None:
    events, twin = heard(WitMotionTwin, nothing)
    model = twin.model
    assert isinstance(model, WitMotionTwin)
    # The vendor's C# example: unlock, the rate (9 is 100 Hz), save.
    assert [c.hex() for c in model.commands[:3]] == ["ffaa6988b5", "ffaa030900", "ffaa000000"]
    assert model.registers[0x03] == 0x09
    assert model.saved
    block = decoded(events)
    assert np.median(np.diff(block.device_s)) == pytest.approx(0.01, abs=1e-4)
    assert [e.percent for e in events if isinstance(e, BatteryLevel)] == [75]
    # Several frames come in a notification, and not every one begins with one.
    assert any(len(e.data) % 20 or e.data[:2] != b"\x55\x61" for e in events if isinstance(e, StreamArrived))


def test_longer_frames_give_the_same_samples() -> None:
    short, long = (decoded(heard(partial(WitMotionTwin, long_frames=on), nothing)[0]) for on in (False, True))
    n = min(len(short), len(long))
    np.testing.assert_array_equal(short.acc_m_s2[:n], long.acc_m_s2[:n])


@pytest.mark.parametrize(("first", "sends"), [("subscribe", True), ("start", False)])
def test_a_dot_that_is_started_before_anybody_subscribes_sends_nothing(first: str, sends: bool) -> None:
    got: list[bytes] = []

    def take(_: BleakGATTCharacteristic, data: bytearray) -> None:
        got.append(bytes(data))

    async def main() -> None:
        async with SimulatedAir({}) as air:
            twin = device(air, DotTwin)
            async with BleakClient(twin.address, backend=air.client_backend) as client:
                if first == "start":
                    await client.write_gatt_char(dot_twin.CONTROL, b"\x01\x01\x1a", response=True)
                await client.start_notify(dot_twin.LONG, take)
                if first == "subscribe":
                    await client.write_gatt_char(dot_twin.CONTROL, b"\x01\x01\x1a", response=True)
                await asyncio.sleep(1.0)

    run(main())
    assert (len(got) > 50) == sends


def test_a_dot_s_button_battery_and_light() -> None:
    async def script(twin: WornTwin, searching: Straps) -> None:
        model = twin.model
        assert isinstance(model, DotTwin)
        model.click(2)
        await searching.send(LEFT, Identify(3))
        assert model.identified == 1
        with pytest.raises(StrapCannot, match="remember where it is worn"):
            await searching.send(LEFT, SetPlacement(LEFT))

    events, _ = heard(DotTwin, script)
    assert [e.event.times for e in events if isinstance(e, StrapTold)] == [2]
    assert [e.percent for e in events if isinstance(e, BatteryLevel)] == [81]


def test_a_sensor_without_a_light_says_so() -> None:
    async def script(_twin: WornTwin, searching: Straps) -> None:
        with pytest.raises(StrapCannot, match="cannot show itself"):
            await searching.send(LEFT, Identify(3))

    heard(WitMotionTwin, script)


def test_a_dot_at_another_rate_is_set_to_sixty_although_it_runs() -> None:
    class Running(DotTwin):
        """Left running at 20 Hz by a program that crashed."""

        def connected(self, on: bool) -> None:
            super().connected(on)
            if on:
                self.rate_hz, self._control = 20, b"\x01\x01\x1a"

    block = decoded(heard(Running, nothing)[0])
    np.testing.assert_allclose(np.diff(block.device_s), 1 / 60, atol=2e-6)


@pytest.mark.parametrize("make", [DotTwin, WitMotionTwin, MetaWearTwin])
def test_a_device_that_drops_out_streams_again(make: type[Model]) -> None:
    async def script(twin: WornTwin, _straps: Straps) -> None:
        await twin.twin.disconnect()
        await asyncio.sleep(6.0)

    events, _ = heard(make, script)
    states = [e.state for e in events if isinstance(e, LinkChanged)]
    assert states[-2:] == [LinkState.STREAMING, LinkState.CLOSED]
    assert states.count(LinkState.LOST) == 1
    block = decoded(events)
    steps = np.diff(block.sample)
    assert np.all(steps >= 1)
    (hole,) = np.flatnonzero(steps > 1)
    # The hole in the numbers is as long as the silence.
    silence_s = float(np.diff(block.arrival_s).max())
    assert steps[hole] / block.rate_hz == pytest.approx(silence_s, abs=0.5)
    np.testing.assert_allclose(np.diff(block.device_s)[hole], steps[hole] / block.rate_hz, atol=0.05)


class OldSensor(WitMotionTwin):
    """A unit of the generation before, which advertises the same name and has no such characteristics."""

    services: ClassVar[Services] = {"49535343-fe7d-4ae5-8fa9-9fafd205e455": {}}


class HalfSetUp(DotTwin):
    """Its settings are shorter than documented."""

    def read(self, uuid: str) -> bytes:
        return b"" if uuid == dot_twin.SETTINGS else super().read(uuid)


@pytest.mark.parametrize(
    ("make", "why"),
    [
        (partial(WitMotionTwin, locked=True), "does not take a rate of 100 Hz"),
        (OldSensor, "lacks what its type has"),
        (partial(DotTwin, modes=(0x02, 0x03)), "custom mode 5"),
        (HalfSetUp, "settings are of another kind"),
    ],
    ids=["locked", "another generation", "wrong mode", "half set up"],
)
def test_a_device_that_cannot_be_used_says_why(make: Callable[[Reader], Model], why: str) -> None:
    async def main() -> RadioError:
        async with SimulatedAir({}) as air:
            twin = device(air, make)
            with pytest.raises(UnsuitableDevice, match=why) as caught:
                await listen(straps(air, twin, search_s=4.0))
            return caught.value

    assert "\n" not in str(run(main()))


@pytest.mark.parametrize("when", ["ffaa6988b5", "ffaa270300"], ids=["at the unlock", "asked for a register"])
def test_a_disconnection_in_set_up_is_only_a_delay(when: str) -> None:
    class Shy(WitMotionTwin):
        """Ends its first connection when this is written to it."""

        shy = True

        def written(self, uuid: str, data: bytes, now_s: float) -> None:
            if self.shy and data.hex() == when:
                self.shy = False
                tasks.append(asyncio.get_running_loop().create_task(twins[0].twin.disconnect()))
            super().written(uuid, data, now_s)

    tasks: list[asyncio.Task[None]] = []
    twins: list[WornTwin] = []

    async def main() -> list[LinkEvent]:
        events: list[LinkEvent] = []
        async with SimulatedAir({}) as air:
            twins.append(device(air, Shy))
            async with straps(air, twins[0]) as searching:
                async for event in searching:
                    events.append(event)
                    if isinstance(event, LinkChanged) and event.state is LinkState.STREAMING:
                        break
        return events

    events = run(main())
    assert len(tasks) == 1
    states = [e.state for e in events if isinstance(e, LinkChanged)]
    assert states.count(LinkState.CONNECTING) == 2
    assert states[-1] == LinkState.STREAMING


def test_a_vibration_sensor_with_the_same_frames_is_no_strap() -> None:
    driver = driver_named("witmotion")
    assert driver is not None
    for name, known in (("WT901BLE67", True), ("BWT901BLE5.0", True), ("WTVB01-BT50", False), ("LIWTA", False)):
        assert (driver.recognise(Heard(name, frozenset({witmotion_twin.SERVICE}), {})) is not None) == known
    assert driver.recognise(Heard("WT9011DCL-BT50", frozenset(), {})) is not None
    assert recognised(Heard("TV", frozenset(), {76: b"x"})) is None
