"""A strap that wants to be paired tells nothing and obeys nobody over a plain link, whichever way it is tried."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest
from bleak import BleakClient
from bleak.exc import BleakError, BleakGATTProtocolError, BleakGATTProtocolErrorCode
from bumble.device import Connection
from bumble.gatt import Characteristic
from bumble.hci import HCI_LE_Enable_Encryption_Command
from bumble.pairing import PairingConfig

from firmware_sim.air.radio import SimulatedAir, SimulatedStrap
from firmware_sim.air.virtual_time import run
from sensor import gatt
from sensor.control import SetPlacement, Start, encode_request
from sensor.packet import decode_info, decode_stream
from tests.radio.plain_sensors import PlainSensors, info
from tests.radio.sessions import LEFT

ADDRESS = "F0:0A:0A:0A:01:01"
READABLE = (gatt.INFORMATION, gatt.BATTERY_LEVEL, gatt.SERIAL_NUMBER, gatt.MODEL_NUMBER, gatt.FIRMWARE_REVISION)
NOTIFYING = (gatt.STREAM, gatt.CONTROL, gatt.BATTERY_LEVEL)


@asynccontextmanager
async def plain_link(air: SimulatedAir) -> AsyncGenerator[tuple[SimulatedStrap, BleakClient]]:
    strap = air.add(PlainSensors(info(LEFT)), encrypted=True)
    async with BleakClient(ADDRESS, backend=air.client_backend) as client:
        yield strap, client


async def refused(attempt: Awaitable[object]) -> None:
    with pytest.raises(BleakGATTProtocolError) as caught:
        await attempt
    assert caught.value.code == BleakGATTProtocolErrorCode.INSUFFICIENT_ENCRYPTION


@pytest.mark.parametrize("characteristic", READABLE)
def test_nothing_is_read(characteristic: str) -> None:
    async def main() -> None:
        async with SimulatedAir({}) as air, plain_link(air) as (_, client):
            await refused(client.read_gatt_char(characteristic))
            await client.pair()
            assert len(await client.read_gatt_char(characteristic)) > 0

    run(main())


def test_nothing_is_obeyed() -> None:
    async def main() -> None:
        async with SimulatedAir({}) as air, plain_link(air) as (strap, client):
            for request in (Start(), SetPlacement(None)):
                await refused(client.write_gatt_char(gatt.CONTROL, encode_request(request, 1), response=True))
                await client.write_gatt_char(gatt.CONTROL, encode_request(request, 1), response=False)
            await asyncio.sleep(1.0)
            assert strap.firmware.requests == []
            assert strap.firmware.info.placement == LEFT
            assert not strap.firmware.sampling.running

    run(main())


@pytest.mark.parametrize("characteristic", NOTIFYING)
def test_nothing_is_subscribed_to(characteristic: str) -> None:
    async def main() -> None:
        async with SimulatedAir({}) as air, plain_link(air) as (_, client):
            await refused(client.start_notify(characteristic, lambda _, __: None))
            found = client.services.get_characteristic(characteristic)
            assert found is not None
            (descriptor,) = found.descriptors
            await refused(client.read_gatt_descriptor(descriptor))

    run(main())


async def all_at_once(strap: SimulatedStrap, act: Callable[[], Awaitable[None]]) -> None:
    """Lets the strap want to notify everything that it can."""
    strap.firmware.sampling.begin(100.0)
    strap.firmware.subscribe(on=True)
    for percent in range(80, 60, -2):
        strap.set_battery(percent)
        await asyncio.sleep(0.2)
    await act()


def test_nothing_is_notified_even_to_one_who_is_subscribed(monkeypatch: pytest.MonkeyPatch) -> None:
    """As where the host was let in before, or the stack lets a plain link subscribe, as Bumble by itself does."""

    async def main() -> None:
        async with SimulatedAir({}) as air, plain_link(air) as (strap, client):
            device, heard = strap.peripheral.device, list[object]()
            (connection,) = device.connections.values()
            assert isinstance(connection, Connection)

            async def ask() -> None:
                await client.write_gatt_char(gatt.CONTROL, encode_request(Start(), 1), response=False)
                await asyncio.sleep(0.5)

            for attribute in device.gatt_server.attributes:
                if isinstance(attribute, Characteristic) and attribute.properties & Characteristic.Properties.NOTIFY:
                    device.gatt_server.write_cccd(connection, attribute, b"\x01\x00")
            (host,) = air.host.connections.values()
            monkeypatch.setattr(host.gatt_client, "on_att_handle_value_notification", heard.append)
            await all_at_once(strap, ask)
            assert heard == []

            # The same link once it is encrypted: what was kept back now comes.
            await client.pair()
            strap.firmware.subscribe(on=True)
            await all_at_once(strap, ask)
            assert len(heard) > 10

    run(main())


def test_a_bonded_host_hears_all() -> None:
    async def main() -> None:
        async with SimulatedAir({}) as air, plain_link(air) as (_, client):
            await client.pair()
            heard: list[bytearray] = []
            await client.start_notify(gatt.STREAM, lambda _, data: heard.append(data))
            await client.write_gatt_char(gatt.CONTROL, encode_request(Start(), 1), response=True)
            await asyncio.sleep(1.0)
            assert decode_info(bytes(await client.read_gatt_char(gatt.INFORMATION))).placement == LEFT
            assert [decode_stream(bytes(data)).counter for data in heard][:3] == [0, 10, 20]

    run(main())


def test_legacy_pairing_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    async def main() -> None:
        async with SimulatedAir({}) as air, plain_link(air) as (strap, client):

            def legacy(_: Connection) -> PairingConfig:
                return PairingConfig(sc=False, mitm=False)

            monkeypatch.setattr(air.host.smp_manager, "pairing_config_factory", legacy)
            with pytest.raises(BleakError):
                await client.pair()
            (connection,) = strap.peripheral.device.connections.values()
            assert not connection.is_encrypted
            await refused(client.read_gatt_char(gatt.INFORMATION))

    run(main())


def test_a_made_up_key_opens_nothing() -> None:
    async def main() -> None:
        async with SimulatedAir({}) as air, plain_link(air) as (strap, client):
            (connection,) = air.host.connections.values()
            await air.host.host.send_async_command(
                HCI_LE_Enable_Encryption_Command(
                    connection_handle=connection.handle,
                    random_number=bytes(8),
                    encrypted_diversifier=0,
                    long_term_key=bytes(16),
                )
            )
            await asyncio.sleep(1.0)
            assert not any(c.is_encrypted for c in strap.peripheral.device.connections.values())
            await refused(client.read_gatt_char(gatt.INFORMATION))

    run(main())
