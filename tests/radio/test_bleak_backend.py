"""An unmodified bleak on the simulated radio behaves as bleak does on a real one."""

import asyncio

import pytest
from bleak import BleakClient, BleakScanner
from bleak.exc import (
    BleakBluetoothNotAvailableError,
    BleakCharacteristicNotFoundError,
    BleakError,
)
from bleak.exc import BleakBluetoothNotAvailableReason as Reason
from bumble.att import ATT_Read_Response

from firmware_sim.air.radio import SimulatedAir
from firmware_sim.air.virtual_time import run
from sensor import gatt
from sensor.control import AskStatus, Start, encode_request
from sensor.packet import decode_info
from tests.radio.sessions import LEFT, thighs

ADDRESS = "F0:0A:0A:0A:01:01"


def test_scan_connect_read_write_notify_disconnect() -> None:
    async def main() -> None:
        async with SimulatedAir(thighs()) as air:
            device = await BleakScanner.find_device_by_address(ADDRESS, backend=air.scanner_backend)
            assert device is not None
            ended: list[BleakClient] = []
            client = BleakClient(device, ended.append, backend=air.client_backend)
            await client.connect()
            assert (client.is_connected, client.mtu_size, client.name) == (True, 247, "Knee strap _thi")
            control = client.services.get_characteristic(gatt.CONTROL)
            assert control is not None
            assert control.properties == ["write", "notify"]
            assert decode_info(bytes(await client.read_gatt_char(gatt.INFORMATION))).placement == LEFT
            serial = await client.read_gatt_char(gatt.SERIAL_NUMBER)
            assert serial.decode() == "KS-left_thi"
            got: list[bytearray] = []
            await client.start_notify(gatt.STREAM, lambda _, data: got.append(data))
            await client.write_gatt_char(gatt.CONTROL, encode_request(Start(), 1), response=True)
            await asyncio.sleep(2.05)
            assert 19 <= len(got) <= 21
            await client.stop_notify(gatt.STREAM)
            got.clear()
            await asyncio.sleep(1.0)
            assert got == []
            await client.disconnect()
            assert (client.is_connected, ended) == (False, [client])
            await client.disconnect()

    run(main())


def test_errors_are_bleaks_own() -> None:
    async def main() -> None:
        async with SimulatedAir(thighs()) as air:
            client = BleakClient(ADDRESS, backend=air.client_backend)
            with pytest.raises(BleakError):
                await client.start_notify(gatt.STREAM, lambda _, __: None)
            async with client:
                with pytest.raises(BleakCharacteristicNotFoundError):
                    await client.read_gatt_char("0000dead-0000-1000-8000-00805f9b34fb")
                with pytest.raises(BleakError):
                    await client.connect()
            absent = BleakClient("F0:0A:0A:0A:09:09", timeout=5.0, backend=air.client_backend)
            with pytest.raises(TimeoutError):
                await absent.connect()
            async with BleakClient(ADDRESS, backend=air.client_backend) as again:
                assert again.is_connected
            air.fail_adapter(Reason.POWERED_OFF)
            with pytest.raises(BleakBluetoothNotAvailableError):
                await BleakScanner.discover(1.0, backend=air.scanner_backend)

    run(main())


def test_a_request_cut_off_by_the_end_of_the_connection_fails_at_once() -> None:
    async def main() -> None:
        async with SimulatedAir(thighs()) as air:
            client = BleakClient(ADDRESS, backend=air.client_backend)
            await client.connect()
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(air.straps[LEFT].out_of_range(10.0))
                await asyncio.sleep(0.1)
                with pytest.raises(BleakError):
                    await client.write_gatt_char(gatt.CONTROL, encode_request(AskStatus(), 1), response=True)
                assert not client.is_connected
                assert air.now_s() < 6.0

    run(main())


def test_an_answer_to_a_read_that_was_just_given_up_harms_nobody() -> None:
    """Seed 227 of the fault matrix: a connection gives up in the turn in which the strap answers."""

    async def main() -> None:
        async with SimulatedAir(thighs()) as air, BleakClient(ADDRESS, backend=air.client_backend) as client:
            (connection,) = air.host.connections.values()
            reading = asyncio.create_task(client.read_gatt_char(gatt.INFORMATION))
            while connection.gatt_client.pending_response is None:
                await asyncio.sleep(0.0)
            connection.gatt_client.pending_response.cancel()
            connection.gatt_client.on_gatt_pdu(ATT_Read_Response(attribute_value=b"late"))
            await asyncio.wait([reading])
            assert reading.cancelled()
            assert decode_info(bytes(await client.read_gatt_char(gatt.INFORMATION))).placement == LEFT

    run(main())
