"""Any device as a Bluetooth LE peripheral: its model says what it advertises, answers and notifies.

Invariant: everything on the air comes from the model; this module only carries it.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import ClassVar

from bumble.device import Connection, Device
from bumble.gatt import Characteristic, CharacteristicValue, Service

from firmware_sim.air.on_air import OnAir, advertisement

Properties = Characteristic.Properties
Notification = tuple[str, bytes]
Services = Mapping[str, Mapping[str, str]]


class Model:
    """A device that does nothing yet; devices override what they do.

    `services` maps each service to its characteristics and their properties (as in `"read notify"`), `advertised` is
    the service that it advertises, `manufacturer` holds data by company.
    """

    name = ""
    services: ClassVar[Services] = {}
    advertised: str | None = None
    manufacturer: ClassVar[Mapping[int, bytes]] = {}

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


class Twin(OnAir):
    """Runs a model on a Bumble device; `now_s` is the time since it was switched on."""

    def __init__(self, model: Model, device: Device, now_s: Callable[[], float]) -> None:
        super().__init__(device, now_s)
        self.model = model
        self._characteristics: dict[str, Characteristic[bytes]] = {}
        for service, characteristics in model.services.items():
            made = [self._characteristic(uuid, properties) for uuid, properties in characteristics.items()]
            device.add_service(Service(service, made))

    def _begin(self) -> None:
        pass

    def _advertisement(self) -> bytes:
        return advertisement(self.model.advertised, self.model.manufacturer)

    def _name(self) -> bytes:
        return self.model.name.encode()

    async def _notify(self) -> None:
        for uuid, data in self.model.tick(self._now_s()):
            if self._connection is not None:
                await self.device.notify_subscriber(self._connection, self._characteristics[uuid], data)

    def _host_came(self, connection: Connection) -> None:
        del connection
        self.model.connected(True)

    def _host_left(self) -> None:
        self.model.connected(False)

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
