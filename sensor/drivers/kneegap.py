"""Straps that speak our own protocol (`docs/protocol.md`)."""

from dataclasses import dataclass

from sensor import gatt
from sensor.control import Answer, AskStatus, Request, Start, Started, Stop, StrapStatus
from sensor.control_exchange import ControlExchange
from sensor.decoding.decoder import StrapDecoder
from sensor.drivers.driver import Decoder, Heard, Link, Talk, Tells
from sensor.errors import PacketError
from sensor.packet import Advertised, StrapInfo, decode_advertisement, decode_info
from sensor.radio_errors import BluetoothFailed, OtherProtocol, StrapUnreachable
from sensor.samples import Placement


class KneegapTalk:
    """Information read, control and stream subscribed to, requests answered."""

    info: StrapInfo
    raw_info: bytes

    def __init__(self, link: Link, tells: Tells) -> None:
        self._link = link
        self._tells = tells
        self._exchange = ControlExchange(link.name, self._write)

    async def set_up(self) -> None:
        await self._read_info()
        await self._link.subscribe(gatt.CONTROL, self._on_control)
        await self._link.subscribe(gatt.STREAM, self._tells.stream)
        if self._link.has(gatt.BATTERY_LEVEL):
            self._on_battery(await self._link.read(gatt.BATTERY_LEVEL))
            await self._link.subscribe(gatt.BATTERY_LEVEL, self._on_battery)

    async def start(self, rate_hz: float) -> Started:
        answer = await self.request(Start(rate_hz))
        if not isinstance(answer.data, Started):
            raise StrapUnreachable(self._link.name)
        if answer.data.rate_hz != self.info.rate_hz:
            await self._read_info()
        return answer.data

    async def stop(self) -> StrapStatus | None:
        await self.request(Stop())
        status = (await self.request(AskStatus())).data
        return status if isinstance(status, StrapStatus) else None

    async def request(self, request: Request) -> Answer:
        return await self._exchange.request(request)

    def end(self) -> None:
        self._exchange.end()

    async def _read_info(self) -> None:
        name = self._link.name
        self.raw_info = raw = await self._link.read(gatt.INFORMATION)
        if raw and raw[0] != gatt.PROTOCOL_VERSION:
            raise OtherProtocol(name, raw[0], gatt.PROTOCOL_VERSION)
        try:
            self.info = decode_info(raw)
        except PacketError as error:
            raise BluetoothFailed(f"strap {name}: {error.reason}") from error

    async def _write(self, data: bytes) -> None:
        await self._link.write(gatt.CONTROL, data)

    def _on_control(self, data: bytes) -> None:
        told = self._exchange.take(data)
        if told is not None:
            self._tells.told(told)

    def _on_battery(self, data: bytes) -> None:
        if len(data) == 1 and data[0] <= 100:
            self._tells.battery(data[0])


@dataclass(frozen=True, slots=True)
class KneegapDriver:
    """Our own straps."""

    name: str = gatt.OWN_DRIVER
    title: str = "knee strap"
    clock: bool = True

    def recognise(self, heard: Heard) -> Advertised | None:
        if gatt.STRAP_SERVICE not in heard.services:
            return None
        try:
            return decode_advertisement(heard.manufacturer.get(gatt.COMPANY, b""))
        except PacketError:
            return None

    def talk(self, link: Link, tells: Tells) -> Talk:
        return KneegapTalk(link, tells)

    def decoder(self, info: StrapInfo, placement: Placement) -> Decoder:
        return StrapDecoder(info, placement)
