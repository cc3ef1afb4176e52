"""One connection to one strap: opened, handed to the device's driver, and closed.

Invariant: the notify callback timestamps, hands on and returns; every error that leaves is a `RadioError`.
"""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Self, TypeVar

from bleak import BleakClient
from bleak.backends.characteristic import BleakGATTCharacteristic
from bleak.backends.client import BaseBleakClient
from bleak_retry_connector import establish_connection

from sensor.control import Answer, ControlEvent, Identify, Request, SetPlacement, Started, StrapStatus
from sensor.drivers.driver import Talk
from sensor.link.bleak_errors import translated
from sensor.link.bluez import pairing_allowed
from sensor.link.scan import Sighting
from sensor.packet import StrapInfo
from sensor.radio_errors import NotPaired, RadioError, StrapUnreachable
from sensor.samples import Placement

log = logging.getLogger(__name__)
T = TypeVar("T")

CONNECT_S = 12.0
# Whatever is said to a device once it is connected; the slowest is set up by eight writes and two answers.
SPEAK_S = 8.0
DISCONNECT_S = 5.0
ATTEMPTS = 2


@dataclass(frozen=True, slots=True)
class Callbacks:
    """What a connection calls, each at once: raw stream notifications with their time, taps, battery in %, the end."""

    on_stream: Callable[[float, bytes], None]
    on_told: Callable[[ControlEvent], None]
    on_battery: Callable[[int], None]
    on_end: Callable[[], None]


class _ClientLink:
    """An open bleak client as a driver sees it."""

    def __init__(self, name: str, client: BleakClient) -> None:
        self.name = name
        self._client = client

    def has(self, uuid: str) -> bool:
        with translated(self.name):
            return self._client.services.get_characteristic(uuid) is not None

    async def read(self, uuid: str) -> bytes:
        with translated(self.name):
            return bytes(await self._client.read_gatt_char(uuid))

    async def write(self, uuid: str, data: bytes, *, response: bool = True) -> None:
        with translated(self.name):
            there = self._client.services.get_characteristic(uuid)
            # Some devices take commands without response alone.
            response = response and (there is None or "write" in there.properties)
            await self._client.write_gatt_char(uuid, data, response=response)

    async def subscribe(self, uuid: str, take: Callable[[bytes], None]) -> None:
        def on_value(_sender: BleakGATTCharacteristic, data: bytearray) -> None:
            take(bytes(data))

        with translated(self.name):
            await self._client.start_notify(uuid, on_value)


class _Timestamps:
    """What a driver reports, with the time at which it came."""

    def __init__(self, callbacks: Callbacks) -> None:
        self._now_s = asyncio.get_running_loop().time
        self._callbacks = callbacks

    def stream(self, data: bytes) -> None:
        self._callbacks.on_stream(self._now_s(), data)

    def told(self, event: ControlEvent) -> None:
        self._callbacks.on_told(event)

    def battery(self, percent: int) -> None:
        self._callbacks.on_battery(percent)


class StrapConnection:
    """An open connection; `open` makes one."""

    def __init__(self, sighting: Sighting, callbacks: Callbacks) -> None:
        self.name = sighting.name
        self.address = sighting.address
        self.driver = sighting.driver
        self.ended = asyncio.Event()
        self._callbacks = callbacks
        self._client: BleakClient | None = None
        self._talk: Talk | None = None

    @classmethod
    async def open(
        cls,
        sighting: Sighting,
        callbacks: Callbacks,
        backend: type[BaseBleakClient] | None = None,
        within_s: float = CONNECT_S,
    ) -> Self:
        """Connect and let the driver set the device up; the stream need not run yet."""
        connection = cls(sighting, callbacks)
        try:
            with translated(connection.name):
                async with asyncio.timeout(within_s):
                    await connection._connect(sighting, backend)
        except BaseException:
            await connection.close()
            raise
        return connection

    @property
    def info(self) -> StrapInfo:
        """What the strap said of itself."""
        return self._known_talk().info

    @property
    def raw_info(self) -> bytes:
        """The same as recordings keep it."""
        return self._known_talk().raw_info

    async def request(self, request: Request) -> Answer:
        """The strap's answer; `StrapRefused`, `StrapTimeout` or `StrapUnreachable` where there is none."""
        return await self._spoken(self._open_talk().request(request))

    async def start(self, rate_hz: float) -> Started | None:
        """Start the stream, or find it running; `info` tells the granted rate afterwards."""
        return await self._spoken(self._open_talk().start(rate_hz))

    async def stop(self) -> StrapStatus | None:
        """Stop the stream; what the strap still keeps, where it keeps any."""
        return await self._spoken(self._open_talk().stop())

    async def close(self) -> None:
        """End the connection, or free what is left of one that has ended; never fails.

        BlueZ tells everything twice after a reconnection where the client of the lost connection was not closed.
        """
        client, self._client = self._client, None
        if client is None:
            return
        try:
            with translated(self.name):
                async with asyncio.timeout(DISCONNECT_S):
                    await client.disconnect()
        except RadioError as error:
            log.info("%s did not disconnect cleanly: %s", self.name, error)
        self._on_disconnected(client)

    async def _spoken(self, words: Coroutine[None, None, T]) -> T:
        """What comes of it; a system that never says that a write is done must not hold up the other straps."""
        with translated(self.name):
            async with asyncio.timeout(SPEAK_S):
                return await words

    def _open_talk(self) -> Talk:
        if self.ended.is_set():
            raise StrapUnreachable(self.name)
        return self._known_talk()

    def _known_talk(self) -> Talk:
        if self._talk is None:
            raise StrapUnreachable(self.name)
        return self._talk

    async def _connect(self, sighting: Sighting, backend: type[BaseBleakClient] | None) -> None:
        if not sighting.advertised.encrypted:
            await self._set_up(sighting, backend)
            return
        async with pairing_allowed(sighting.address, backend):
            await self._set_up(sighting, backend)

    async def _set_up(self, sighting: Sighting, backend: type[BaseBleakClient] | None) -> None:
        self._client = client = await establish_connection(
            BleakClient,
            sighting.device,
            self.name,
            self._on_disconnected,
            max_attempts=ATTEMPTS,
            pair=sighting.advertised.encrypted,
            backend=backend,
        )
        self._talk = talk = self.driver.talk(_ClientLink(self.name, client), _Timestamps(self._callbacks))
        try:
            await talk.set_up()
        except NotPaired:
            async with pairing_allowed(sighting.address, backend):
                await client.pair()
                await talk.set_up()

    def _on_disconnected(self, _client: BleakClient) -> None:
        if not self.ended.is_set():
            self.ended.set()
            if self._talk is not None:
                self._talk.end()
            self._callbacks.on_end()


async def place(sighting: Sighting, placement: Placement, backend: type[BaseBleakClient] | None = None) -> None:
    """Let a strap remember where it is worn."""
    await _request(sighting, SetPlacement(placement), 0.0, backend)


async def identify(sighting: Sighting, seconds: int, backend: type[BaseBleakClient] | None = None) -> None:
    """Let a strap blink or buzz for so long; `StrapCannot` where it has neither."""
    await _request(sighting, Identify(seconds), seconds, backend)


async def _request(sighting: Sighting, request: Request, stay_s: float, backend: type[BaseBleakClient] | None) -> None:
    """Connect for a single request, and stay so long after it."""
    callbacks = Callbacks(lambda _time_s, _data: None, lambda _: None, lambda _: None, lambda: None)
    connection = await StrapConnection.open(sighting, callbacks, backend)
    try:
        await connection.request(request)
        await asyncio.sleep(stay_s)
    finally:
        await connection.close()
