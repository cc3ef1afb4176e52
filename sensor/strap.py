"""One connection to one strap: its information read, its stream and control subscribed to, its requests answered.

Invariant: the notify callback timestamps, hands on and returns; every error that leaves is a `RadioError`.
"""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Self

from bleak import BleakClient
from bleak.backends.characteristic import BleakGATTCharacteristic
from bleak.backends.client import BaseBleakClient
from bleak_retry_connector import establish_connection

from sensor import gatt
from sensor.bleak_errors import translated
from sensor.control import Answer, ControlEvent, Request, SetPlacement, Start, Started
from sensor.control_exchange import ControlExchange
from sensor.errors import BluetoothFailed, NotPaired, OtherProtocol, PacketError, RadioError, StrapUnreachable
from sensor.packet import decode_info
from sensor.samples import Placement
from sensor.scan import Sighting

log = logging.getLogger(__name__)

CONNECT_S = 12.0
DISCONNECT_S = 5.0
ATTEMPTS = 2


@dataclass(frozen=True, slots=True)
class Callbacks:
    """What a connection calls, each at once: raw stream notifications with their time, taps, battery in %, the end."""

    on_stream: Callable[[float, bytes], None]
    on_told: Callable[[ControlEvent], None]
    on_battery: Callable[[int], None]
    on_end: Callable[[], None]


class StrapConnection:
    """An open connection; `open` makes one."""

    def __init__(self, sighting: Sighting, callbacks: Callbacks) -> None:
        self.name = sighting.name
        self.address = sighting.address
        self.ended = asyncio.Event()
        self._callbacks = callbacks
        self._now_s = asyncio.get_running_loop().time
        self._exchange = ControlExchange(self.name, self._write)
        self._client: BleakClient | None = None

    @classmethod
    async def open(cls, sighting: Sighting, callbacks: Callbacks, backend: type[BaseBleakClient] | None = None) -> Self:
        """Connect, check the protocol's version and subscribe; the stream is not started."""
        connection = cls(sighting, callbacks)
        try:
            with translated(connection.name):
                async with asyncio.timeout(CONNECT_S):
                    await connection._connect(sighting, backend)
        except BaseException:
            await connection.close()
            raise
        return connection

    async def request(self, request: Request) -> Answer:
        """The strap's answer; `StrapRefused`, `StrapTimeout` or `StrapUnreachable` where there is none."""
        if self.ended.is_set():
            raise StrapUnreachable(self.name)
        return await self._exchange.request(request)

    async def start(self, rate_hz: float) -> Started:
        """Start the stream, or find it running; `info` tells the granted rate afterwards."""
        answer = await self.request(Start(rate_hz))
        if not isinstance(answer.data, Started):
            raise StrapUnreachable(self.name)
        if answer.data.rate_hz != self.info.rate_hz and self._client is not None:
            with translated(self.name):
                await self._read_info(self._client)
        return answer.data

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

    async def _connect(self, sighting: Sighting, backend: type[BaseBleakClient] | None) -> None:
        self._client = client = await establish_connection(
            BleakClient,
            sighting.device,
            self.name,
            self._on_disconnected,
            max_attempts=ATTEMPTS,
            backend=backend,
        )
        try:
            with translated(self.name):
                await self._read_info(client)
        except NotPaired:
            await client.pair()
            await self._read_info(client)
        await client.start_notify(gatt.CONTROL, self._on_control)
        await client.start_notify(gatt.STREAM, self._on_stream)
        if client.services.get_characteristic(gatt.BATTERY_LEVEL) is not None:
            self._on_battery(None, await client.read_gatt_char(gatt.BATTERY_LEVEL))
            await client.start_notify(gatt.BATTERY_LEVEL, self._on_battery)

    async def _read_info(self, client: BleakClient) -> None:
        self.raw_info = raw = bytes(await client.read_gatt_char(gatt.INFORMATION))
        if raw and raw[0] != gatt.PROTOCOL_VERSION:
            raise OtherProtocol(self.name, raw[0], gatt.PROTOCOL_VERSION)
        try:
            self.info = decode_info(raw)
        except PacketError as error:
            raise BluetoothFailed(f"strap {self.name}: {error.reason}") from error

    async def _write(self, data: bytes) -> None:
        client = self._client
        if client is None:
            raise StrapUnreachable(self.name)
        with translated(self.name):
            await client.write_gatt_char(gatt.CONTROL, data, response=True)

    def _on_stream(self, _sender: BleakGATTCharacteristic, data: bytearray) -> None:
        self._callbacks.on_stream(self._now_s(), bytes(data))

    def _on_control(self, _sender: BleakGATTCharacteristic, data: bytearray) -> None:
        told = self._exchange.take(bytes(data))
        if told is not None:
            self._callbacks.on_told(told)

    def _on_battery(self, _sender: BleakGATTCharacteristic | None, data: bytearray) -> None:
        if len(data) == 1 and data[0] <= 100:
            self._callbacks.on_battery(data[0])

    def _on_disconnected(self, _client: BleakClient) -> None:
        if not self.ended.is_set():
            self.ended.set()
            self._exchange.end()
            self._callbacks.on_end()


async def place(sighting: Sighting, placement: Placement, backend: type[BaseBleakClient] | None = None) -> None:
    """Let a strap remember where it is worn."""
    callbacks = Callbacks(lambda _time_s, _data: None, lambda _: None, lambda _: None, lambda: None)
    connection = await StrapConnection.open(sighting, callbacks, backend)
    try:
        await connection.request(SetPlacement(placement))
    finally:
        await connection.close()
