"""What stops a session before it begins: each in a typed error that says what is wrong and what to do."""

import asyncio
from dataclasses import replace

import pytest
from bleak import BleakClient, BleakScanner
from bleak.exc import BleakBluetoothNotAvailableReason as Reason

from firmware_sim.air.radio import SimulatedAir
from firmware_sim.air.sampling import Sensors
from firmware_sim.air.virtual_time import run
from sensor.control import Cue, Identify, SetPlacement
from sensor.gatt import Ability, Haptic
from sensor.link.link_events import StreamArrived
from sensor.link.scan import scan
from sensor.link.straps import Straps
from sensor.radio_errors import (
    AdapterOff,
    NoAdapter,
    NoBluetoothService,
    NoPermission,
    NoStrapFound,
    OnlyOneStrap,
    OtherProtocol,
    RadioError,
    SamePlacementTwice,
    StrapRefused,
    StrapUnreachable,
)
from sensor.samples import Placement
from tests.radio.plain_sensors import PlainSensors, info
from tests.radio.sessions import LEFT, RIGHT, straps_on, thighs


async def listen(straps: Straps) -> None:
    """Take events until they end."""
    async with straps:
        async for _ in straps:
            pass


def search(sensors: dict[Placement, Sensors], reason: Reason | None = None, *more: Sensors) -> RadioError:
    """The error that ends the search."""

    async def main() -> RadioError:
        async with SimulatedAir(sensors) as air:
            for extra in more:
                air.add(extra)
            air.fail_adapter(reason)
            with pytest.raises(RadioError) as caught:
                await listen(straps_on(air))
            return caught.value

    error = run(main())
    assert "\n" not in str(error)
    assert ": " in str(error)
    return error


@pytest.mark.parametrize(
    ("reason", "expected"),
    [
        (Reason.NO_BLUETOOTH, NoAdapter),
        (Reason.POWERED_OFF, AdapterOff),
        (Reason.DENIED_BY_USER, NoPermission),
        (Reason.DENIED_BY_SYSTEM, NoPermission),
    ],
)
def test_an_adapter_that_cannot_be_used(reason: Reason, expected: type[RadioError]) -> None:
    assert isinstance(search(thighs(), reason), expected)


def test_no_strap_there() -> None:
    assert isinstance(search({}), NoStrapFound)


def test_only_one_strap_there() -> None:
    error = search({LEFT: PlainSensors(info(LEFT))})
    assert isinstance(error, OnlyOneStrap)
    assert error.found == LEFT


def test_straps_of_other_places_are_no_thigh_straps() -> None:
    assert isinstance(search({Placement.PELVIS: PlainSensors(info(Placement.PELVIS))}), NoStrapFound)


def test_a_strap_of_another_protocol_version() -> None:
    error = search({LEFT: PlainSensors(info(LEFT)), RIGHT: PlainSensors(info(RIGHT, version=2))})
    assert isinstance(error, OtherProtocol)
    assert error.version == 2


def test_the_same_placement_twice() -> None:
    error = search(thighs(), None, PlainSensors(info(LEFT, serial="KS-0007")))
    assert isinstance(error, SamePlacementTwice)
    assert error.placement == LEFT
    assert len(set(error.straps)) == 2


def test_a_strap_that_advertises_but_cannot_be_connected_to() -> None:
    async def main() -> None:
        async with SimulatedAir(thighs()) as air:
            for strap in air.straps.values():
                strap.deafen()
            with pytest.raises(StrapUnreachable):
                await listen(straps_on(air, search_s=30.0))

    run(main())


def test_scan_tells_what_advertises() -> None:
    async def main() -> None:
        async with SimulatedAir(thighs()) as air:
            found = await scan(2.0, air.scanner_backend)
        assert {s.advertised.placement for s in found} == {LEFT, RIGHT}
        assert all(s.name.startswith("Knee strap") and s.advertised.battery_pct == 93 for s in found)
        assert all(-80 < s.rssi_dbm < -40 for s in found)

    run(main())


def test_requests_reach_the_strap_they_are_meant_for() -> None:
    sensors = thighs() | {RIGHT: PlainSensors(replace(info(RIGHT), abilities=Ability(0)))}

    async def main() -> None:
        async with SimulatedAir(sensors) as air, straps_on(air) as straps:
            async for _ in straps:
                if len(straps.joined) == 2:
                    break
            await straps.send(LEFT, Identify(3))
            await straps.send(LEFT, Cue(Haptic.DOUBLE, 100))
            await straps.send(LEFT, SetPlacement(Placement.LEFT_SHANK))
            with pytest.raises(StrapRefused, match="cannot do this"):
                await straps.send(RIGHT, Cue(Haptic.SHORT))
            asked = [request for _, request in air.straps[LEFT].firmware.requests]
            assert asked[-3:] == [Identify(3), Cue(Haptic.DOUBLE, 100), SetPlacement(Placement.LEFT_SHANK)]
            assert air.straps[LEFT].firmware.info.placement == Placement.LEFT_SHANK

    run(main())


def test_a_scan_that_never_begins(monkeypatch: pytest.MonkeyPatch) -> None:
    async def for_ever(scanner: BleakScanner) -> None:
        del scanner
        await asyncio.Event().wait()

    monkeypatch.setattr(BleakScanner, "start", for_ever)
    assert isinstance(search(thighs()), NoBluetoothService)


@pytest.mark.parametrize("call", ["write_gatt_char", "start_notify", "read_gatt_char"])
def test_a_call_that_never_ends_holds_up_no_other_strap(call: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """As where the system loses the answer of its own service: each is tried again, and the others meanwhile."""
    real, hung = getattr(BleakClient, call), list[str]()

    async def once_for_ever(client: BleakClient, *args: object, **named: object) -> object:
        if not hung:
            hung.append(client.address)
            await asyncio.Event().wait()
        return await real(client, *args, **named)

    async def main() -> None:
        async with SimulatedAir(thighs()) as air, straps_on(air, search_s=30.0) as straps:
            monkeypatch.setattr(BleakClient, call, once_for_ever)
            async with asyncio.timeout(25.0):
                heard = set[Placement]()
                async for event in straps:
                    heard |= {event.placement} if isinstance(event, StreamArrived) else set()
                    if len(heard) == 2:
                        break

    run(main())
    assert len(hung) == 1
