"""Sessions with everything going wrong at once, by seed: `python -m tests.radio.fault_matrix FIRST LAST`.

A few seeds are in the ordinary suite; `make soak` runs many.
"""

import asyncio
import random
import sys
from collections.abc import Awaitable, Callable
from dataclasses import replace

from firmware_sim.air.faults import FaultRates
from firmware_sim.air.radio import SimulatedAir, SimulatedStrap
from sensor.link_events import LinkQuality
from sensor.samples import Placement
from sensor.straps import Straps
from tests.radio.sessions import Heard, session

SPELLS = 6
RATES = ("loss", "burst", "corrupt", "short", "long", "repeated", "reordered", "future")


def rates(chance: random.Random) -> FaultRates:
    """Some shares of some faults."""
    shares = {name: chance.choice((0.0, 0.0, 0.003, 0.03)) for name in RATES}
    spread = FaultRates(burst_packets=chance.randint(2, 30), jitter_s=chance.choice((0.015, 0.1)))
    return replace(spread, **shares)


async def spell(strap: SimulatedStrap, chance: random.Random) -> None:
    """One trouble, and the calm after it in which everything can be fetched."""
    troubles: list[Callable[[], Awaitable[None]]] = [
        lambda: strap.out_of_range(chance.uniform(0.5, 18.0)),
        lambda: strap.fall_silent(chance.uniform(0.5, 12.0)),
        strap.disconnect,
        lambda: asyncio.sleep(0.0),
    ]
    strap.spoil(rates(chance))
    await asyncio.sleep(chance.uniform(1.0, 8.0))
    await chance.choice(troubles)()
    await asyncio.sleep(chance.uniform(1.0, 8.0))


async def calm(air: SimulatedAir) -> None:
    """Nothing goes wrong any more."""
    for strap in air.straps.values():
        strap.spoil(FaultRates())
    await asyncio.sleep(3.0)


def troubled(seed: int) -> tuple[Heard, SimulatedAir]:
    """A session in which both straps have one trouble after another."""
    chance = random.Random(seed)

    async def suffer(strap: SimulatedStrap) -> None:
        for _ in range(SPELLS):
            await spell(strap, chance)

    async def script(air: SimulatedAir, _: Straps) -> None:
        async with asyncio.TaskGroup() as tasks:
            for strap in air.straps.values():
                tasks.create_task(suffer(strap))
        await calm(air)

    return session(script, seed=seed)


def given_up(heard: Heard, placement: Placement) -> int:
    """Samples that the host says will never come."""
    told = [e.given_up for e in heard.events if isinstance(e, LinkQuality) and e.placement == placement]
    return told[-1] if told else 0


def complaints(heard: Heard, air: SimulatedAir) -> list[str]:
    """What is not as it should be."""
    found: list[str] = []
    for placement, strap in air.straps.items():
        block, counts = heard.block(placement), heard.decoders[placement].counts
        taken = strap.firmware.sampling.next_number
        # After a spell that was too long for the strap's memory some are gone for good, and said to be.
        forgotten = given_up(heard, placement)
        if len(block) + forgotten != taken or heard.lost_samples(placement) != forgotten:
            found.append(f"{placement}: {taken} taken, {len(block)} arrived, {forgotten} said to be gone")
        if counts.corrupt != strap.counts.corrupt + strap.counts.short + strap.counts.long:
            found.append(f"{placement}: {counts.corrupt} corrupt counted, {strap.counts}")
        if counts.restarts:
            found.append(f"{placement}: {counts.restarts} restarts that never were")
    return found


def main() -> int:
    """The exit status: how many sessions failed."""
    first, last = (int(argument) for argument in sys.argv[1:3])
    failed = 0
    for seed in range(first, last + 1):
        found = complaints(*troubled(seed))
        failed += bool(found)
        print(f"seed {seed}: {'; '.join(found) or 'ok'}", flush=True)
    return failed


if __name__ == "__main__":
    sys.exit(main())
