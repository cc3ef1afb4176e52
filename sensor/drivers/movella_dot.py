"""Movella (Xsens) DOT in custom mode 5: time, orientation, acceleration and rate of turn at 60 Hz.

Sources: Movella DOT BLE Service Specification XD0506P, XSens DOT User Manual XD0502P, xsens/xsens_dot_server,
protobioengineering/xsens-dot-python-examples, adamkewley/xdc.
"""

from dataclasses import dataclass

from sensor.control import Answer, ControlEvent, Identify, Request
from sensor.drivers.dot_samples import DotDecoder
from sensor.drivers.driver import Decoder, Heard, Link, Talk, Tells
from sensor.drivers.plain_talk import cannot, device_info, need
from sensor.gatt import PROTOCOL_VERSION, Ability, Channel, EventCode
from sensor.packet import Advertised, StrapInfo, encode_info
from sensor.radio_errors import UnsuitableDevice
from sensor.samples import Placement

COMPANY = 2182
NAMES = ("Movella DOT", "Xsens DOT")


def _uuid(number: int) -> str:
    return f"1517{number:04x}-4947-11e9-8646-d663bd873d93"


SETTINGS, REPORT = _uuid(0x1002), _uuid(0x1004)
MEASUREMENT, PAYLOAD = _uuid(0x2001), _uuid(0x2002)
BATTERY = _uuid(0x3001)

CUSTOM_5 = 0x1A
START, STOP = bytes([1, 1, CUSTOM_5]), bytes([1, 0, CUSTOM_5])
RATES_HZ = (1.0, 4.0, 10.0, 12.0, 15.0, 20.0, 30.0, 60.0)
CLOCK_HZ = 1_000_000
SETTINGS_BYTES = 32
# Bits of the first byte say which of the settings are to be taken.
TAKE_IDENTIFY, TAKE_RATE = 0x01, 0x10
IDENTIFY_AT, RATE_AT = 1, slice(24, 26)
CLICKS = {5: 1, 6: 2, 7: 3}


class DotTalk:
    """Subscribes before it starts, as a DOT that is started first sends nothing."""

    def __init__(self, link: Link, tells: Tells) -> None:
        self._link, self._tells = link, tells
        self._tell_of(max(RATES_HZ))

    async def set_up(self) -> None:
        for uuid in (SETTINGS, MEASUREMENT, PAYLOAD):
            need(self._link, uuid)
        await self._link.subscribe(PAYLOAD, self._tells.stream)
        if self._link.has(REPORT):
            await self._link.subscribe(REPORT, self._on_report)
        if self._link.has(BATTERY):
            self._on_battery(await self._link.read(BATTERY))
            await self._link.subscribe(BATTERY, self._on_battery)

    async def start(self, rate_hz: float) -> None:
        rate_hz = max((r for r in RATES_HZ if r <= (rate_hz or max(RATES_HZ))), default=min(RATES_HZ))
        if (await self._link.read(MEASUREMENT))[1:2] == b"\x01":
            # It still runs for a host that is gone; its rate cannot be changed then.
            await self.stop()
        settings = await self._settings()
        wanted = round(rate_hz).to_bytes(2, "little")
        if bytes(settings[RATE_AT]) != wanted:
            settings[0], settings[RATE_AT] = TAKE_RATE, wanted
            await self._link.write(SETTINGS, bytes(settings))
        await self._link.write(MEASUREMENT, START)
        if (await self._link.read(MEASUREMENT))[1:3] != START[1:]:
            why = "it does not measure in custom mode 5: end its recording and update its firmware with the maker's app"
            raise UnsuitableDevice(self._link.name, why)
        self._tell_of(rate_hz)

    async def stop(self) -> None:
        await self._link.write(MEASUREMENT, STOP)

    async def request(self, request: Request) -> Answer:
        if not isinstance(request, Identify):
            raise cannot(self._link, request)
        settings = await self._settings()
        settings[0], settings[IDENTIFY_AT] = TAKE_IDENTIFY, 1
        await self._link.write(SETTINGS, bytes(settings))
        return Answer(0, 0, 0)

    def end(self) -> None:
        pass

    async def _settings(self) -> bytearray:
        settings = bytearray(await self._link.read(SETTINGS))
        if len(settings) < SETTINGS_BYTES:
            raise UnsuitableDevice(self._link.name, "its settings are of another kind: update its firmware")
        return settings

    def _tell_of(self, rate_hz: float) -> None:
        channels = Channel.ACC | Channel.GYR | Channel.ORIENTATION
        self.info = device_info(channels, rate_hz, Ability.BLINK | Ability.BUTTON, CLOCK_HZ)
        self.raw_info = encode_info(self.info)

    def _on_report(self, data: bytes) -> None:
        if data and data[0] in CLICKS:
            self._tells.told(ControlEvent(EventCode.BUTTON, CLICKS[data[0]], 0, 0, 0))

    def _on_battery(self, data: bytes) -> None:
        if data and data[0] <= 100:
            self._tells.battery(data[0])


@dataclass(frozen=True, slots=True)
class DotDriver:
    """DOTs of either name."""

    name: str = "movella_dot"
    title: str = "Movella DOT"
    clock: bool = True

    def recognise(self, heard: Heard) -> Advertised | None:
        if COMPANY not in heard.manufacturer and not heard.name.startswith(NAMES):
            return None
        return Advertised(PROTOCOL_VERSION, None, None, streaming=False)

    def talk(self, link: Link, tells: Tells) -> Talk:
        return DotTalk(link, tells)

    def decoder(self, info: StrapInfo, placement: Placement) -> Decoder:
        return DotDecoder(info, placement)
