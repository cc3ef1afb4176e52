"""A strap's firmware as a Bluetooth LE peripheral: the GATT services of `docs/protocol.md` on a Bumble device.

Invariant: everything on the air comes from the firmware; this module only carries it.
"""

import asyncio
from collections.abc import Callable, Sequence

from bumble.core import UUID, AdvertisingData
from bumble.device import Connection, Device
from bumble.gatt import (
    GATT_CHARACTERISTIC_ATTRIBUTE_TYPE,
    GATT_PRIMARY_SERVICE_ATTRIBUTE_TYPE,
    Characteristic,
    CharacteristicValue,
    Service,
)
from bumble.hci import HCI_REMOTE_USER_TERMINATED_CONNECTION_ERROR
from bumble.profiles.device_information_service import DeviceInformationService

from firmware_sim.air.firmware import StrapFirmware
from sensor import gatt

TICK_S = 0.05
ADVERTISING_INTERVAL_MS = 100.0
GENERAL_DISCOVERABLE_LE_ONLY = b"\x06"

Properties = Characteristic.Properties
Permissions = Characteristic.Permissions


class Peripheral:
    """One strap on one Bumble device; `now_s` is the time since the strap was switched on.

    With `encrypted` it tells nothing to and obeys nobody but a host that has paired; Bumble by itself lets a plain link
    subscribe.
    """

    def __init__(
        self, device: Device, firmware: StrapFirmware, now_s: Callable[[], float], *, encrypted: bool = False
    ) -> None:
        self.device = device
        self.firmware = firmware
        self._now_s = now_s
        firmware.encrypted = encrypted
        self._connection: Connection | None = None
        self._advertised = b""
        self._switched_on = True
        self._ended = False
        self._battery_told = firmware.battery_pct
        self._stream = Characteristic[bytes](gatt.STREAM, Properties.NOTIFY, Characteristic.READABLE, b"")
        self._control = self._written(gatt.CONTROL)
        self._battery = self._readable(
            gatt.BATTERY_LEVEL, lambda _: bytes([firmware.battery_pct]), Properties.READ | Properties.NOTIFY
        )
        services = self._services()
        device.add_services(services)
        if encrypted:
            _require_encryption(device, services)
        device.on(Device.EVENT_CONNECTION, self._on_connection)
        self._stream.on(Characteristic.EVENT_SUBSCRIPTION, self._on_subscription)

    @property
    def connected(self) -> bool:
        """Whether a host is connected."""
        return self._connection is not None

    async def run(self) -> None:
        """Advertise while nobody is connected, stream while somebody is; until `end`."""
        loop = asyncio.get_running_loop()
        await self.device.power_on()
        due_s = loop.time()
        while not self._ended:
            if self._switched_on:
                await self._advertise()
                await self._notify()
            due_s = max(due_s + TICK_S, loop.time())
            await asyncio.sleep(due_s - loop.time())

    def end(self) -> None:
        """Let `run` end by the next tick, even where a cancellation of it gets lost."""
        self._ended = True

    async def disconnect(self) -> None:
        """End the connection from the strap's side."""
        if self._connection is not None:
            await self._connection.disconnect(HCI_REMOTE_USER_TERMINATED_CONNECTION_ERROR)

    async def switch(self, on: bool) -> None:
        """Switch the strap off or on; on begins a new life of its clock and counter."""
        self._switched_on = on
        if on:
            self.firmware.power_cycle(self._now_s())
        else:
            await self.device.stop_advertising()
            self._advertised = b""
            await self.disconnect()

    async def _advertise(self) -> None:
        data = self._advertisement()
        if self._connection is not None or data == self._advertised:
            return
        self._advertised = data
        await self.device.start_advertising(
            advertising_data=data,
            scan_response_data=self._scan_response(),
            advertising_interval_min=ADVERTISING_INTERVAL_MS,
            advertising_interval_max=ADVERTISING_INTERVAL_MS,
        )

    async def _notify(self) -> None:
        notifications = self.firmware.tick(self._now_s())
        connection = self._connection
        if connection is None:
            return
        for data in notifications:
            await self._tell(connection, self._stream, data)
        if self.firmware.battery_pct != self._battery_told:
            self._battery_told = self.firmware.battery_pct
            await self._tell(connection, self._battery, bytes([self._battery_told]))

    async def _tell(self, connection: Connection, characteristic: Characteristic[bytes], data: bytes) -> None:
        if self._may_hear(connection):
            await self.device.notify_subscriber(connection, characteristic, data)

    def _may_hear(self, connection: Connection) -> bool:
        return connection.is_encrypted or not self.firmware.encrypted

    async def _on_control(self, connection: Connection, data: bytes) -> None:
        answer = self.firmware.control(data, self._now_s())
        await self._tell(connection, self._control, answer)

    def _on_connection(self, connection: Connection) -> None:
        self._connection = connection
        self._advertised = b""
        self.firmware.link_up(connection.att_mtu)
        connection.on(Connection.EVENT_CONNECTION_ATT_MTU_UPDATE, lambda: self.firmware.link_up(connection.att_mtu))
        connection.on(Connection.EVENT_DISCONNECTION, self._on_disconnection)

    def _on_disconnection(self, _reason: int) -> None:
        self._connection = None
        self.firmware.link_down(self._now_s())

    def _on_subscription(self, connection: Connection, notify: bool, _indicate: bool) -> None:
        self.firmware.subscribe(notify and self._may_hear(connection))

    def _advertisement(self) -> bytes:
        data = self.firmware.advertisement()
        return bytes(
            AdvertisingData(
                [
                    (AdvertisingData.Type.FLAGS, GENERAL_DISCOVERABLE_LE_ONLY),
                    (
                        AdvertisingData.Type.COMPLETE_LIST_OF_128_BIT_SERVICE_CLASS_UUIDS,
                        bytes(UUID(gatt.STRAP_SERVICE)),
                    ),
                    (AdvertisingData.Type.MANUFACTURER_SPECIFIC_DATA, gatt.COMPANY.to_bytes(2, "little") + data),
                ]
            )
        )

    def _scan_response(self) -> bytes:
        name = f"Knee strap {self.firmware.info.serial[-4:]}"
        return bytes(AdvertisingData([(AdvertisingData.Type.COMPLETE_LOCAL_NAME, name.encode("ascii"))]))

    def _services(self) -> list[Service]:
        info = self.firmware.info
        information = self._readable(gatt.INFORMATION, lambda _: self.firmware.information(), Properties.READ)
        return [
            Service(gatt.STRAP_SERVICE, [information, self._stream, self._control]),
            Service(gatt.BATTERY_SERVICE, [self._battery]),
            DeviceInformationService(
                manufacturer_name="Knee gap",
                model_number="Simulated strap",
                serial_number=info.serial,
                firmware_revision=".".join(map(str, info.firmware)),
            ),
        ]

    def _readable(
        self, uuid: str, read: Callable[[Connection], bytes], properties: Characteristic.Properties
    ) -> Characteristic[bytes]:
        return Characteristic(uuid, properties, Permissions.READABLE, CharacteristicValue(read=read))

    def _written(self, uuid: str) -> Characteristic[bytes]:
        value = CharacteristicValue[bytes](write=self._on_control)
        return Characteristic(uuid, Properties.WRITE | Properties.NOTIFY, Permissions.WRITEABLE, value)


def _require_encryption(device: Device, services: Sequence[Service]) -> None:
    """Refuse every read and write of these services on a plain link: values, and the descriptors that subscribe."""
    declared = (GATT_PRIMARY_SERVICE_ATTRIBUTE_TYPE, GATT_CHARACTERISTIC_ATTRIBUTE_TYPE)
    for attribute in device.gatt_server.attributes:
        ours = any(service.handle <= attribute.handle <= service.end_group_handle for service in services)
        if ours and attribute.type not in declared:
            attribute.permissions |= Permissions.READ_REQUIRES_ENCRYPTION | Permissions.WRITE_REQUIRES_ENCRYPTION
