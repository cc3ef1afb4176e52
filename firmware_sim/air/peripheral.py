"""A strap's firmware as a Bluetooth LE peripheral: the GATT services of `docs/protocol.md` on a Bumble device.

Invariant: everything on the air comes from the firmware; this module only carries it.
"""

from collections.abc import Callable, Sequence

from bumble.device import Connection, Device
from bumble.gatt import (
    GATT_CHARACTERISTIC_ATTRIBUTE_TYPE,
    GATT_PRIMARY_SERVICE_ATTRIBUTE_TYPE,
    Characteristic,
    CharacteristicValue,
    Service,
)
from bumble.profiles.device_information_service import DeviceInformationService

from firmware_sim.air.firmware import StrapFirmware
from firmware_sim.air.on_air import OnAir, advertisement
from firmware_sim.air.pairing import SecureSession
from sensor import gatt

Properties = Characteristic.Properties
Permissions = Characteristic.Permissions


class Peripheral(OnAir):
    """One strap on one Bumble device; `now_s` is the time since the strap was switched on.

    With `encrypted` it tells nothing to and obeys nobody but a host that has paired; Bumble by itself lets a plain link
    subscribe.
    """

    def __init__(
        self, device: Device, firmware: StrapFirmware, now_s: Callable[[], float], *, encrypted: bool = False
    ) -> None:
        super().__init__(device, now_s)
        self.firmware = firmware
        firmware.encrypted = encrypted
        self._battery_told = firmware.battery_pct
        self._stream = Characteristic[bytes](gatt.STREAM, Properties.NOTIFY, Characteristic.READABLE, b"")
        self._control = self._written(gatt.CONTROL)
        self._battery = self._readable(
            gatt.BATTERY_LEVEL, lambda _: bytes([firmware.battery_pct]), Properties.READ | Properties.NOTIFY
        )
        services = self._services()
        device.add_services(services)
        if encrypted:
            device.smp_session_proxy = SecureSession
            _require_encryption(device, services)
        self._stream.on(Characteristic.EVENT_SUBSCRIPTION, self._on_subscription)

    def _begin(self) -> None:
        """A new life of clock and counter."""
        self.firmware.power_cycle(self._now_s())

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

    def _host_came(self, connection: Connection) -> None:
        self.firmware.link_up(connection.att_mtu)
        connection.on(Connection.EVENT_CONNECTION_ATT_MTU_UPDATE, lambda: self.firmware.link_up(connection.att_mtu))

    def _host_left(self) -> None:
        self.firmware.link_down(self._now_s())

    def _on_subscription(self, connection: Connection, notify: bool, _indicate: bool) -> None:
        self.firmware.subscribe(notify and self._may_hear(connection))

    def _advertisement(self) -> bytes:
        return advertisement(gatt.STRAP_SERVICE, {gatt.COMPANY: self.firmware.advertisement()})

    def _name(self) -> bytes:
        return f"Knee strap {self.firmware.info.serial[-4:]}".encode("ascii")

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
