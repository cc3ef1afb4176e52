"""WitMotion WT901BLE and WT9011DCL (BLE 5.0): 20- or 28-byte frames as a stream of bytes, without clock and counter.

Sources: WITMOTION/WitBluetooth_BWT901BLE5_0 (Python SDK, C# example), the vendor's protocol text and the WT901BLECL
data sheet. The SDK never sends its unlock and save commands; this driver does.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sensor.control import Answer, Request
from sensor.decoding.stream_batch import Notification
from sensor.drivers.clockless import ACC, GYR, VALUES, ClocklessDecoder, Rows
from sensor.drivers.driver import Decoder, Heard, Link, Talk, Tells
from sensor.drivers.plain_talk import cannot, device_info, need
from sensor.drivers.witmotion_frames import DATA, HEAD, REPLY, SHORT, Frames, FrameStream
from sensor.gatt import PROTOCOL_VERSION, Channel
from sensor.packet import Advertised, StrapInfo, encode_info
from sensor.radio_errors import StrapUnreachable, UnsuitableDevice
from sensor.samples import Placement

# Of the many things with WT in their names these are meant: WT901BLE67, WT9011DCL-BT50, BWT901BLE5.0.
NAMES, VIBRATION = ("WT", "BWT"), "WTVB"

# The tail is the vendor's, not the Bluetooth SIG's.
NOTIFY = "0000ffe4-0000-1000-8000-00805f9a34fb"
WRITE = "0000ffe9-0000-1000-8000-00805f9a34fb"

UNLOCK = bytes.fromhex("ffaa6988b5")
SAVE = bytes.fromhex("ffaa000000")
RATE, BATTERY = 0x03, 0x64
RATES_HZ = {10.0: 0x06, 20.0: 0x07, 50.0: 0x08, 100.0: 0x09, 200.0: 0x0A}
USUAL_HZ = 100.0
PAUSE_S = 0.1
ANSWER_S = 1.0
# Volts/100 at which a percentage begins; the table of the vendor.
CHARGE = ((397, 100), (393, 90), (387, 75), (382, 60), (379, 50), (377, 40), (373, 30), (370, 20), (368, 15), (350, 10))
LOWEST_PCT = 5

ACC_M_S2_PER_COUNT = 16 * 9.80665 / 32768
GYR_RAD_S_PER_COUNT = np.deg2rad(2000.0) / 32768


class WitMotionReader:
    """Frames to values; what registers answer is passed over."""

    def __init__(self) -> None:
        self._stream = FrameStream()

    @property
    def corrupt(self) -> int:
        return self._stream.corrupt

    def read(self, notifications: Sequence[Notification]) -> Rows:
        return _rows(self._stream.read(notifications))

    def rest(self) -> Rows:
        return _rows(self._stream.rest())


def _rows(frames: Frames) -> Rows:
    measured = frames.data[:, 1] == DATA
    counts = np.ascontiguousarray(frames.data[measured, 2:14]).view("<i2").astype(np.float64)
    values = np.full((len(counts), VALUES), np.nan)
    values[:, ACC] = counts[:, :3] * ACC_M_S2_PER_COUNT
    values[:, GYR] = counts[:, 3:] * GYR_RAD_S_PER_COUNT
    return Rows(frames.came_s[measured], frames.known_s[measured], values)


class WitMotionTalk:
    """Streams by itself once subscribed to; only the rate is set, unlocked before and saved after, and read back."""

    def __init__(self, link: Link, tells: Tells) -> None:
        self._link, self._tells = link, tells
        self._tail = b""
        self._at_rate = False
        self._answers: dict[int, asyncio.Future[int]] = {}
        self._tell_of(USUAL_HZ)

    async def set_up(self) -> None:
        need(self._link, NOTIFY)
        need(self._link, WRITE)
        await self._link.subscribe(NOTIFY, self._on_data)

    async def start(self, rate_hz: float) -> None:
        rate_hz = _granted(rate_hz or USUAL_HZ)
        await self._set(RATE, RATES_HZ[rate_hz])
        there = await self._register(RATE)
        if there is not None and there != RATES_HZ[rate_hz]:
            why = f"it does not take a rate of {rate_hz:.0f} Hz: set it with the maker's program"
            raise UnsuitableDevice(self._link.name, why)
        self._tell_of(rate_hz)
        self._at_rate = True
        volts = await self._register(BATTERY)
        if volts is not None:
            self._tells.battery(charge_pct(volts))

    async def stop(self) -> None:
        """It has no command for that: it stops when the connection ends."""

    async def request(self, request: Request) -> Answer:
        raise cannot(self._link, request)

    def end(self) -> None:
        for answer in self._answers.values():
            if not answer.done():
                answer.set_exception(StrapUnreachable(self._link.name))

    def _tell_of(self, rate_hz: float) -> None:
        self.info = device_info(Channel.ACC | Channel.GYR, rate_hz)
        self.raw_info = encode_info(self.info)

    async def _set(self, register: int, value: int) -> None:
        for command in (UNLOCK, bytes([0xFF, 0xAA, register, value, 0]), SAVE):
            await self._link.write(WRITE, command)
            await asyncio.sleep(PAUSE_S)

    async def _register(self, register: int) -> int | None:
        """A register's first value; None where the device does not answer."""
        answer = self._answers[register] = asyncio.get_running_loop().create_future()
        await self._link.write(WRITE, bytes([0xFF, 0xAA, 0x27, register, 0]))
        try:
            async with asyncio.timeout(ANSWER_S):
                return await answer
        except TimeoutError:
            return None
        finally:
            answer.cancel()
            del self._answers[register]

    def _on_data(self, data: bytes) -> None:
        if self._at_rate:
            self._tells.stream(data)
        if not self._answers:
            return
        seen = self._tail + data
        for register, answer in self._answers.items():
            at = seen.find(bytes([HEAD, REPLY, register, 0]))
            if 0 <= at <= len(seen) - 6 and not answer.done():
                answer.set_result(int.from_bytes(seen[at + 4 : at + 6], "little"))
        self._tail = seen[-SHORT:]


@dataclass(frozen=True, slots=True)
class WitMotionDriver:
    """Sensors of these names, but for the vibration sensors that use the same frames for other things."""

    name: str = "witmotion"
    title: str = "WitMotion"
    clock: bool = False

    def recognise(self, heard: Heard) -> Advertised | None:
        if not heard.name.startswith(NAMES) or VIBRATION in heard.name:
            return None
        return Advertised(PROTOCOL_VERSION, None, None, streaming=False)

    def talk(self, link: Link, tells: Tells) -> Talk:
        return WitMotionTalk(link, tells)

    def decoder(self, info: StrapInfo, placement: Placement) -> Decoder:
        return ClocklessDecoder(info, placement, WitMotionReader())


def charge_pct(volts_100: int) -> int:
    """The battery's charge at this voltage in hundredths of a volt."""
    return next((percent for least, percent in CHARGE if volts_100 >= least), LOWEST_PCT)


def _granted(rate_hz: float) -> float:
    below = [r for r in RATES_HZ if r <= rate_hz]
    return max(below) if below else min(RATES_HZ)
