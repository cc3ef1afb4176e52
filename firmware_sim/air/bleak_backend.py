"""Bleak's client and scanner on a Bumble host: what an unmodified `BleakClient` or `BleakScanner` takes as `backend=`.

Invariant: callers see bleak's behaviour and bleak's errors only; nothing of Bumble reaches them.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable, Generator
from contextlib import asynccontextmanager, contextmanager
from typing import ClassVar, Final, cast

from bleak.args import SizedBuffer
from bleak.backends.characteristic import BleakGATTCharacteristic
from bleak.backends.client import BaseBleakClient, NotifyCallback
from bleak.backends.descriptor import BleakGATTDescriptor
from bleak.backends.device import BLEDevice
from bleak.backends.scanner import AdvertisementDataCallback, BaseBleakScanner
from bleak.exc import (
    BleakBluetoothNotAvailableError,
    BleakBluetoothNotAvailableReason,
    BleakDeviceNotFoundError,
    BleakError,
    BleakGATTProtocolError,
)
from bumble import core, hci
from bumble.att import ATT_Error
from bumble.device import Advertisement, Connection, Device, Peer
from bumble.gatt_client import CharacteristicProxy

from firmware_sim.air.bleak_views import advertisement_data, service_collection
from firmware_sim.air.late_answers import PatientClient

LARGEST_MTU: Final = 247


@contextmanager
def _as_bleak_errors() -> Generator[None]:
    try:
        yield
    except (core.BaseBumbleError, hci.HCI_Error) as error:
        raise BleakError(str(error) or type(error).__name__) from error


class BumbleRadio:
    """The host's side of a Bluetooth adapter: a Bumble device, and what keeps it from being used."""

    def __init__(self, device: Device) -> None:
        self.device = device
        self.unavailable: BleakBluetoothNotAvailableReason | None = None
        self.scans = 0
        self._scanning = 0

    def check(self) -> None:
        """Raises what bleak raises when the adapter cannot be used."""
        if self.unavailable is not None:
            raise BleakBluetoothNotAvailableError(f"adapter: {self.unavailable.name}", self.unavailable)

    def end_scans(self) -> None:
        """Scans that run hear nothing any more, and are not told: so it is where an adapter is switched off."""
        self.scans += 1
        self._scanning = 0

    def replace(self, device: Device) -> None:
        """Another adapter takes the place of this one."""
        self.end_scans()
        self.device = device

    async def start_scanning(self) -> None:
        """Scan until as many stops as starts were asked for."""
        self._scanning += 1
        if self._scanning == 1:
            with _as_bleak_errors():
                await self.device.start_scanning(legacy=True)

    async def stop_scanning(self) -> None:
        """Undo one start."""
        self._scanning -= 1
        if self._scanning == 0:
            with _as_bleak_errors():
                await self.device.stop_scanning(legacy=True)


class BumbleScanner(BaseBleakScanner):
    """Scans with a Bumble host; subclasses say with which."""

    radio: ClassVar[BumbleRadio]

    def __init__(
        self,
        detection_callback: AdvertisementDataCallback | None,
        service_uuids: list[str] | None,
        scanning_mode: str,
        **_kwargs: object,
    ) -> None:
        super().__init__(detection_callback, service_uuids)
        self._active = scanning_mode != "passive"
        self._scan = -1

    async def start(self) -> None:
        self.radio.check()
        self.seen_devices = {}
        self._scan, self._heard_by = self.radio.scans, self.radio.device
        self._heard_by.on(Device.EVENT_ADVERTISEMENT, self._on_advertisement)
        await self.radio.start_scanning()

    async def stop(self) -> None:
        self._heard_by.remove_listener(Device.EVENT_ADVERTISEMENT, self._on_advertisement)
        if self._scan == self.radio.scans:
            await self.radio.stop_scanning()

    def _on_advertisement(self, advertisement: Advertisement) -> None:
        if self._scan != self.radio.scans:
            return
        data = advertisement_data(advertisement)
        address = advertisement.address.to_string(False)
        device = self.create_or_update_device(address, address, data.local_name, advertisement.address, data)
        if self.is_allowed_uuid(data.service_uuids):
            self.call_detection_callbacks(device, data)


class BumbleClient(BaseBleakClient):
    """A GATT client on a Bumble host; subclasses say on which."""

    radio: ClassVar[BumbleRadio]

    def __init__(
        self,
        address_or_ble_device: BLEDevice | str,
        *,
        disconnected_callback: Callable[[], None] | None,
        timeout: float,
        **_kwargs: object,
    ) -> None:
        super().__init__(address_or_ble_device, disconnected_callback=disconnected_callback, timeout=timeout)
        self._device = address_or_ble_device if isinstance(address_or_ble_device, BLEDevice) else None
        self._connection: Connection | None = None
        self._subscribers: dict[int, Callable[[bytes], None]] = {}

    @property
    def name(self) -> str:
        name = self._device.name if self._device else None
        return name or self.address.replace(":", "-")

    @property
    def mtu_size(self) -> int:
        return self._connected().att_mtu

    @property
    def is_connected(self) -> bool:
        return self._connection is not None

    async def connect(self, pair: bool, *, timeout: float | None = None, **_kwargs: object) -> None:
        self.radio.check()
        if self._connection is not None:
            raise BleakError("already connected")
        async with asyncio.timeout(timeout or self._timeout):
            self._connection = await self._open()
            self._connection.once(Connection.EVENT_DISCONNECTION, self._on_disconnection)
            async with self._translated():
                if pair:
                    await self._connection.pair()
                await self._discover(self._connection)

    async def disconnect(self) -> None:
        if self._connection is None:
            return
        async with self._translated():
            await self._connection.disconnect()

    async def pair(self, *_args: object, **_kwargs: object) -> None:
        async with self._translated():
            await self._connected().pair()

    async def unpair(self) -> None:
        raise BleakDeviceNotFoundError(self.address, "not paired")

    async def read_gatt_char(
        self,
        characteristic: BleakGATTCharacteristic,
        *,
        use_cached: bool = False,  # noqa: ARG002
        **_kwargs: object,
    ) -> bytearray:
        async with self._translated():
            return bytearray(await _proxy(characteristic).read_value())

    async def read_gatt_descriptor(
        self,
        descriptor: BleakGATTDescriptor,
        *,
        use_cached: bool = False,  # noqa: ARG002
        **_kwargs: object,
    ) -> bytearray:
        async with self._translated():
            return bytearray(await self._connected().gatt_client.read_value(descriptor.handle))

    async def write_gatt_char(self, characteristic: BleakGATTCharacteristic, data: SizedBuffer, response: bool) -> None:
        async with self._translated():
            await _proxy(characteristic).write_value(bytes(data), with_response=response)

    async def write_gatt_descriptor(self, descriptor: BleakGATTDescriptor, data: SizedBuffer) -> None:
        async with self._translated():
            await self._connected().gatt_client.write_value(descriptor.handle, bytes(data), with_response=True)

    async def start_notify(
        self, characteristic: BleakGATTCharacteristic, callback: NotifyCallback, **_kwargs: object
    ) -> None:
        def on_value(value: bytes) -> None:
            callback(bytearray(value))

        self._subscribers[characteristic.handle] = on_value
        async with self._translated():
            await _proxy(characteristic).subscribe(on_value)

    async def stop_notify(self, characteristic: BleakGATTCharacteristic) -> None:
        on_value = self._subscribers.pop(characteristic.handle, None)
        if on_value is None:
            return
        async with self._translated():
            await _proxy(characteristic).unsubscribe(on_value)

    async def _open(self) -> Connection:
        host = self.radio.device
        address = self._device.details if self._device else hci.Address(self.address)
        try:
            connection = await host.connect(cast(hci.Address, address), timeout=None)
        except core.BaseBumbleError as error:
            raise BleakError(str(error) or type(error).__name__) from error
        except asyncio.CancelledError:
            await self._cancel_connecting(host, cast(hci.Address, address))
            raise
        connection.gatt_client = PatientClient(connection)
        return connection

    async def _cancel_connecting(self, host: Device, address: hci.Address) -> None:
        """Take an attempt back, also where the connection is made in that moment."""
        # Bumble has forgotten it by now, and would stumble over the connection.
        host.connect_own_address_type = hci.OwnAddressType.RANDOM
        await host.send_sync_command(hci.HCI_LE_Create_Connection_Cancel_Command())
        late = host.find_connection_by_bd_addr(address)
        if late is not None:
            await late.disconnect()

    async def _discover(self, connection: Connection) -> None:
        peer = Peer(connection)
        await peer.request_mtu(LARGEST_MTU)
        await peer.discover_all()
        self.services = service_collection(peer.services, lambda: connection.att_mtu - 3)

    def _on_disconnection(self, _reason: int) -> None:
        self._connection = None
        self.services = None
        self._subscribers.clear()
        if self._disconnected_callback is not None:
            self._disconnected_callback()

    def _connected(self) -> Connection:
        if self._connection is None:
            raise BleakError("Not connected")
        return self._connection

    @asynccontextmanager
    async def _translated(self) -> AsyncGenerator[None]:
        """Bumble's errors as bleak's; a request that the end of the connection cut off as `BleakError`."""
        self._connected()
        try:
            yield
        except ATT_Error as error:
            raise BleakGATTProtocolError(error.error_code) from error
        except (core.BaseBumbleError, hci.HCI_Error) as error:
            raise BleakError(str(error) or type(error).__name__) from error
        except asyncio.CancelledError:
            task = asyncio.current_task()
            if self._connection is None and task is not None and not task.cancelling():
                raise BleakError("disconnected") from None
            raise


def client_backend(radio: BumbleRadio) -> type[BumbleClient]:
    """The class to pass as `BleakClient(backend=...)`."""
    return type("BumbleClientOnRadio", (BumbleClient,), {"radio": radio})


def scanner_backend(radio: BumbleRadio) -> type[BumbleScanner]:
    """The class to pass as `BleakScanner(backend=...)`."""
    return type("BumbleScannerOnRadio", (BumbleScanner,), {"radio": radio})


def _proxy(characteristic: BleakGATTCharacteristic) -> CharacteristicProxy[bytes]:
    return cast("CharacteristicProxy[bytes]", characteristic.obj)
