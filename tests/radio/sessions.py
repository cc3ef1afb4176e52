"""Sessions of simulated straps in virtual time, through the real bleak client, and what the host heard of them."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

from firmware_sim.air.radio import SimulatedAir
from firmware_sim.air.sampling import Sensors
from firmware_sim.air.virtual_time import run
from sensor.decoding.decoder import Notification, StrapDecoder
from sensor.link.link_events import LinkChanged, LinkEvent, LinkState, StrapJoined, StreamArrived
from sensor.link.patience import SearchParams
from sensor.link.straps import Straps
from sensor.samples import THIGHS, Placement, SampleBlock, join
from tests.radio.plain_sensors import PlainSensors, info

LEFT, RIGHT = THIGHS
Script = Callable[[SimulatedAir, Straps], Awaitable[None]]


@dataclass
class Heard:
    """Everything that came out of `Straps`, decoded as a session would."""

    events: list[LinkEvent] = field(default_factory=list[LinkEvent])
    decoders: dict[Placement, StrapDecoder] = field(default_factory=dict[Placement, StrapDecoder])
    blocks: dict[Placement, list[SampleBlock]] = field(default_factory=dict[Placement, list[SampleBlock]])

    def take(self, event: LinkEvent) -> None:
        """One more event."""
        self.events.append(event)
        match event:
            case StrapJoined():
                decoder = self.decoders.setdefault(event.placement, StrapDecoder(event.info, event.placement))
                decoder.inform(event.info)
            case StreamArrived():
                block = self.decoders[event.placement].push([Notification(event.arrival_s, event.data)])
                self.blocks.setdefault(event.placement, []).append(block)
            case _:
                pass

    def block(self, placement: Placement) -> SampleBlock:
        """All samples of a strap, those that waited for others included."""
        return join([*self.blocks[placement], self.decoders[placement].finish()])

    def lost_samples(self, placement: Placement) -> int:
        """Numbers below the highest that never came."""
        numbers = self.block(placement).sample
        return int(numbers.max() - numbers.min()) + 1 - len(set(numbers.tolist()))

    def states(self, placement: Placement) -> list[LinkState]:
        """The states of a strap's connection, in order."""
        return [e.state for e in self.events if isinstance(e, LinkChanged) and e.placement == placement]

    def reasons(self, placement: Placement) -> Counter[str]:
        """Why a strap's connection was lost, how often."""
        lost = (e for e in self.events if isinstance(e, LinkChanged) and e.state == LinkState.LOST)
        return Counter(e.reason for e in lost if e.placement == placement)


def thighs() -> dict[Placement, Sensors]:
    """Two ordinary straps whose clocks run apart."""
    return {LEFT: PlainSensors(info(LEFT), ppm=40.0), RIGHT: PlainSensors(info(RIGHT), ppm=-60.0)}


def session(
    script: Script,
    sensors: Mapping[Placement, Sensors] | None = None,
    *,
    wanted: tuple[Placement, ...] = THIGHS,
    seed: int = 1,
    prepare: Callable[[SimulatedAir], None] | None = None,
) -> tuple[Heard, SimulatedAir]:
    """Run `script` while all events are heard; it starts when the wanted straps stream and ends the session."""
    heard = Heard()

    async def main() -> SimulatedAir:
        async with SimulatedAir(thighs() if sensors is None else sensors, seed) as air:
            if prepare is not None:
                prepare(air)
            async with straps_on(air, wanted) as straps, asyncio.TaskGroup() as tasks:
                started = False
                async for event in straps:
                    heard.take(event)
                    if not started and len(straps.joined) == len(wanted):
                        started = True
                        tasks.create_task(_play(script, air, straps))
        return air

    return heard, run(main())


def straps_on(air: SimulatedAir, wanted: tuple[Placement, ...] = THIGHS, search_s: float = 8.0) -> Straps:
    """The product's radio on the simulated one."""
    return Straps(
        wanted,
        params=SearchParams(search_s=search_s),
        backend=air.client_backend,
        scanner_backend=air.scanner_backend,
    )


async def _play(script: Script, air: SimulatedAir, straps: Straps) -> None:
    await script(air, straps)
    await straps.finish(within_s=20.0)
