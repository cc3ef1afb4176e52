"""A device on the air: it advertises while nobody is connected, and ticks all the time, until it is told to end."""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping

from bumble.core import UUID, AdvertisingData
from bumble.device import Connection, Device
from bumble.hci import HCI_REMOTE_USER_TERMINATED_CONNECTION_ERROR

TICK_S = 0.05
ADVERTISING_INTERVAL_MS = 100.0
GENERAL_DISCOVERABLE_LE_ONLY = b"\x06"


class OnAir(ABC):
    """What every device does on its Bumble device; `now_s` is the time since it was switched on."""

    def __init__(self, device: Device, now_s: Callable[[], float]) -> None:
        self.device = device
        self._now_s = now_s
        self._connection: Connection | None = None
        self._advertised = b""
        self._switched_on = True
        self._ended = False
        device.on(Device.EVENT_CONNECTION, self._on_connection)

    @property
    def connected(self) -> bool:
        """Whether a host is connected."""
        return self._connection is not None

    async def run(self) -> None:
        """Advertise while nobody is connected, notify while somebody is; until `end`."""
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
        """End the connection from the device's side."""
        if self._connection is not None:
            await self._connection.disconnect(HCI_REMOTE_USER_TERMINATED_CONNECTION_ERROR)

    async def switch(self, on: bool) -> None:
        """Switch the device off or on."""
        self._switched_on = on
        if on:
            self._begin()
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
            scan_response_data=bytes(AdvertisingData([(AdvertisingData.Type.COMPLETE_LOCAL_NAME, self._name())])),
            advertising_interval_min=ADVERTISING_INTERVAL_MS,
            advertising_interval_max=ADVERTISING_INTERVAL_MS,
        )

    def _on_connection(self, connection: Connection) -> None:
        self._connection = connection
        self._advertised = b""
        connection.on(Connection.EVENT_DISCONNECTION, self._on_disconnection)
        self._host_came(connection)

    def _on_disconnection(self, _reason: int) -> None:
        self._connection = None
        self._host_left()

    @abstractmethod
    def _advertisement(self) -> bytes:
        """What it advertises now."""

    @abstractmethod
    def _name(self) -> bytes:
        """What it is called."""

    @abstractmethod
    def _begin(self) -> None:
        """It was switched off, and is on again."""

    @abstractmethod
    async def _notify(self) -> None:
        """One more tick; whatever is due is sent."""

    @abstractmethod
    def _host_came(self, connection: Connection) -> None:
        """A host is connected."""

    @abstractmethod
    def _host_left(self) -> None:
        """The host is gone."""


def advertisement(service: str | None, manufacturer: Mapping[int, bytes]) -> bytes:
    """Flags, a 128-bit service and data of companies as an advertisement."""
    data: list[tuple[int, bytes]] = [(AdvertisingData.Type.FLAGS, GENERAL_DISCOVERABLE_LE_ONLY)]
    if service is not None:
        data.append((AdvertisingData.Type.COMPLETE_LIST_OF_128_BIT_SERVICE_CLASS_UUIDS, bytes(UUID(service))))
    kind = AdvertisingData.Type.MANUFACTURER_SPECIFIC_DATA
    data += [(kind, company.to_bytes(2, "little") + more) for company, more in manufacturer.items()]
    return bytes(AdvertisingData(data))
