"""Any device as a Bluetooth LE peripheral: its model says what it advertises, answers and notifies.

Invariant: everything on the air comes from the model; this module only carries it.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import ClassVar

from bumble.core import UUID, AdvertisingData
from bumble.device import Connection, Device
from bumble.gatt import Characteristic, CharacteristicValue, Service
from bumble.hci import HCI_REMOTE_USER_TERMINATED_CONNECTION_ERROR

TICK_S = 0.05
ADVERTISING_INTERVAL_MS = 100.0
FLAGS = (AdvertisingData.Type.FLAGS, b"\x06")

Properties = Characteristic.Properties
Notification = tuple[str, bytes]
Services = Mapping[str, Mapping[str, str]]


class Model:
    """A device that does nothing yet; devices override what they do.

    `services` maps each service to its characteristics and their properties (as in `"read notify"`), `advertised` are
    those services that it advertises, `manufacturer` company and data.
    """

    name = ""
    services: ClassVar[Services] = {}
    advertised: Sequence[str] = ()
    manufacturer: tuple[int, bytes] | None = None

    def connected(self, on: bool) -> None:
        """A host came or went."""

    def subscribed(self, uuid: str, on: bool) -> None:
        """The host wants this characteristic's notifications, or no longer."""

    def read(self, uuid: str) -> bytes:
        """A characteristic's value."""
        del uuid
        return b""

    def written(self, uuid: str, data: bytes, now_s: float) -> None:
        """The host wrote."""

    def tick(self, now_s: float) -> Sequence[Notification]:
        """Notifications that are due."""
        del now_s
        return ()


class Twin:
    """Runs a model on a Bumble device; `now_s` is the time since it was switched on."""

    def __init__(self, model: Model, device: Device, now_s: Callable[[], float]) -> None:
        self.model = model
        self._device, self._now_s = device, now_s
        self._connection: Connection | None = None
        self._advertising = self._ended = False
        self._switched_on = True
        self._characteristics: dict[str, Characteristic[bytes]] = {}
        for service, characteristics in model.services.items():
            made = [self._characteristic(uuid, properties) for uuid, properties in characteristics.items()]
            device.add_service(Service(service, made))
        device.on(Device.EVENT_CONNECTION, self._on_connection)

    @property
    def connected(self) -> bool:
        """Whether a host is connected."""
        return self._connection is not None

    async def run(self) -> None:
        """Advertise while nobody is connected, notify while somebody is; until `end`."""
        loop = asyncio.get_running_loop()
        await self._device.power_on()
        due_s = loop.time()
        while not self._ended:
            if self._switched_on:
                await self._advertise()
                await self._notify()
            due_s = max(due_s + TICK_S, loop.time())
            await asyncio.sleep(due_s - loop.time())

    def end(self) -> None:
        """Let `run` end by the next tick."""
        self._ended = True

    async def disconnect(self) -> None:
        """End the connection from the device's side."""
        if self._connection is not None:
            await self._connection.disconnect(HCI_REMOTE_USER_TERMINATED_CONNECTION_ERROR)

    async def switch(self, on: bool) -> None:
        """Switch the device off or on."""
        self._switched_on = on
        if not on:
            await self._device.stop_advertising()
            self._advertising = False
            await self.disconnect()

    async def _advertise(self) -> None:
        if self._connection is not None or self._advertising:
            return
        self._advertising = True
        model = self.model
        data: list[tuple[int, bytes]] = [FLAGS]
        if model.advertised:
            uuids = b"".join(bytes(UUID(uuid)) for uuid in model.advertised)
            data.append((AdvertisingData.Type.COMPLETE_LIST_OF_128_BIT_SERVICE_CLASS_UUIDS, uuids))
        if model.manufacturer is not None:
            company, more = model.manufacturer
            data.append((AdvertisingData.Type.MANUFACTURER_SPECIFIC_DATA, company.to_bytes(2, "little") + more))
        await self._device.start_advertising(
            advertising_data=bytes(AdvertisingData(data)),
            scan_response_data=bytes(
                AdvertisingData([(AdvertisingData.Type.COMPLETE_LOCAL_NAME, model.name.encode())])
            ),
            advertising_interval_min=ADVERTISING_INTERVAL_MS,
            advertising_interval_max=ADVERTISING_INTERVAL_MS,
        )

    async def _notify(self) -> None:
        for uuid, data in self.model.tick(self._now_s()):
            if self._connection is not None:
                await self._device.notify_subscriber(self._connection, self._characteristics[uuid], data)

    def _characteristic(self, uuid: str, properties: str) -> Characteristic[bytes]:
        value = CharacteristicValue[bytes](read=lambda _: self.model.read(uuid), write=partial(self._written, uuid))
        bits = Properties.from_string(properties.upper().replace(" ", "|"))
        made = Characteristic(uuid, bits, Characteristic.READABLE | Characteristic.WRITEABLE, value)
        made.on(Characteristic.EVENT_SUBSCRIPTION, partial(self._subscribed, uuid))
        self._characteristics[uuid] = made
        return made

    def _written(self, uuid: str, _connection: Connection, data: bytes) -> None:
        self.model.written(uuid, data, self._now_s())

    def _subscribed(self, uuid: str, _connection: Connection, notify: bool, _indicate: bool) -> None:
        self.model.subscribed(uuid, notify)

    def _on_connection(self, connection: Connection) -> None:
        self._connection, self._advertising = connection, False
        connection.on(Connection.EVENT_DISCONNECTION, self._on_disconnection)
        self.model.connected(True)

    def _on_disconnection(self, _reason: int) -> None:
        self._connection = None
        self.model.connected(False)
