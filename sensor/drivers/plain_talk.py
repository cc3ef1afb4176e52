"""The conversation with a device that is told by fixed writes what to do and answers nothing."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sensor import gatt
from sensor.control import Answer, Identify, Request, SetPlacement
from sensor.drivers.driver import Link, Tells
from sensor.packet import StrapInfo, encode_info
from sensor.radio_errors import StrapCannot, UnsuitableDevice

_NAMES: Mapping[type[Request], str] = {Identify: "show itself", SetPlacement: "remember where it is worn"}


@dataclass(frozen=True, slots=True)
class Recipe:
    """Characteristics, and what is written to `command`: at set-up, to start, to stop and to show itself."""

    stream: str
    command: str = ""
    set_up: Sequence[bytes] = ()
    start: Sequence[bytes] = ()
    stop: Sequence[bytes] = ()
    identify: Sequence[bytes] = ()
    pause_s: float = 0.0


class PlainTalk:
    """Follows a recipe: set up, subscribe, start; `info` is what its driver knows of such a device."""

    def __init__(self, link: Link, tells: Tells, recipe: Recipe, info: StrapInfo) -> None:
        self.info = info
        self.raw_info = encode_info(info)
        self._link, self._tells, self._recipe = link, tells, recipe

    async def set_up(self) -> None:
        for uuid in (self._recipe.stream, self._recipe.command):
            need(self._link, uuid)
        await self._write(self._recipe.set_up)
        await self._link.subscribe(self._recipe.stream, self._tells.stream)
        if self._link.has(gatt.BATTERY_LEVEL):
            self._on_battery(await self._link.read(gatt.BATTERY_LEVEL))

    async def start(self, rate_hz: float) -> None:
        del rate_hz  # the recipe sets the rate
        await self._write(self._recipe.start)

    async def stop(self) -> None:
        await self._write(self._recipe.stop)

    async def request(self, request: Request) -> Answer:
        if not isinstance(request, Identify) or not self._recipe.identify:
            raise cannot(self._link, request)
        await self._write(self._recipe.identify)
        return Answer(0, 0, 0)

    def end(self) -> None:
        pass

    def _on_battery(self, data: bytes) -> None:
        if len(data) == 1 and data[0] <= 100:
            self._tells.battery(data[0])

    async def _write(self, writes: Sequence[bytes]) -> None:
        for data in writes:
            await self._link.write(self._recipe.command, data)
            if self._recipe.pause_s:
                await asyncio.sleep(self._recipe.pause_s)


def need(link: Link, uuid: str) -> None:
    """Refuses a device that lacks a characteristic; an empty one is never needed."""
    if uuid and not link.has(uuid):
        raise UnsuitableDevice(link.name, "it lacks what its type has, so its firmware is another: update it")


def cannot(link: Link, request: Request) -> StrapCannot:
    """What to raise for a request that a device has nothing for."""
    return StrapCannot(link.name, _NAMES.get(type(request), type(request).__name__.lower()))


def device_info(
    channels: gatt.Channel, rate_hz: float, abilities: gatt.Ability | None = None, clock_hz: int = 1000
) -> StrapInfo:
    """What recordings keep of a device whose full scales are its driver's, not its own."""
    return StrapInfo(
        version=gatt.PROTOCOL_VERSION,
        channels=channels,
        abilities=abilities or gatt.Ability(0),
        placement=None,
        rate_hz=rate_hz,
        clock_hz=clock_hz,
        acc_full_scale_m_s2=1.0,
        gyr_full_scale_rad_s=1.0,
        flex_full_scale=0,
        tension_full_scale=0,
        range_full_scale_mm=0,
        firmware=(0, 0, 0),
        serial="",
    )
