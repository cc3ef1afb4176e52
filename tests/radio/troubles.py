"""Everything that the simulated air can do to a session, by name: each alone, and any two together.

Invariant: a trouble ends by itself and leaves the air as good as it was; while a strap cannot be heard it is `absent`.
"""

import asyncio
import random
from collections.abc import Awaitable, Callable, Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import combinations
from types import MappingProxyType

from firmware_sim.air.faults import FaultRates
from firmware_sim.air.link import SUPERVISION_S
from firmware_sim.air.radio import SimulatedAir, SimulatedStrap
from sensor.samples import Placement

# So long a strap keeps what it could not send; what is older is gone, and said to be.
MEMORY_S = 30.0
USUAL_MTU, SMALL_MTU = 247, 64


@dataclass(frozen=True, slots=True)
class Absence:
    """From when to when a strap could not be heard."""

    placement: Placement
    since_s: float
    until_s: float


@dataclass(slots=True)
class Ledger:
    """When which strap could not be heard, overlapping troubles taken as one."""

    absences: list[Absence] = field(default_factory=list[Absence])
    since_s: dict[Placement, float] = field(default_factory=dict[Placement, float])
    _depth: dict[Placement, int] = field(default_factory=dict[Placement, int])

    def begin_anew(self) -> None:
        """What could not be heard until now has only just begun."""
        now_s = asyncio.get_running_loop().time()
        self.since_s = dict.fromkeys(self.since_s, now_s)

    @contextmanager
    def absent(self, *placements: Placement) -> Generator[None]:
        """These straps cannot be heard inside."""
        now_s = asyncio.get_running_loop().time
        for placement in placements:
            self._depth[placement] = self._depth.get(placement, 0) + 1
            self.since_s.setdefault(placement, now_s())
        try:
            yield
        finally:
            for placement in placements:
                self._depth[placement] -= 1
                if not self._depth[placement]:
                    self.absences.append(Absence(placement, self.since_s.pop(placement), now_s()))


@dataclass(slots=True)
class Scene:
    """A session's air, its chance, and the shares of bad notifications that troubles have added."""

    air: SimulatedAir
    chance: random.Random
    ledger: Ledger = field(default_factory=Ledger)
    _shares: dict[Placement, dict[str, float]] = field(default_factory=dict[Placement, dict[str, float]])

    def one(self) -> tuple[Placement, SimulatedStrap]:
        """Any strap."""
        return self.chance.choice(list(self.air.straps.items()))

    async def spoil(self, name: str, share: float, duration_s: float) -> None:
        """So much of both straps' notifications goes wrong so long."""
        self._spread({name: share})
        await asyncio.sleep(duration_s)
        self._spread({name: 0.0})

    def _spread(self, shares: Mapping[str, float]) -> None:
        for placement, strap in self.air.straps.items():
            mine = self._shares.setdefault(placement, {})
            mine |= shares
            late = mine.get("late", 0.0)
            usual = FaultRates(jitter_s=late or FaultRates().jitter_s, burst_packets=self.chance.randint(2, 30))
            strap.spoil(replace(usual, **{name: share for name, share in mine.items() if name != "late"}))


Trouble = Callable[[Scene], Awaitable[None]]


def _share(name: str) -> Trouble:
    async def trouble(scene: Scene) -> None:
        most = 0.3 if name in ("loss", "late") else 0.03
        await scene.spoil(name, scene.chance.uniform(0.1, 1.0) * most, scene.chance.uniform(3.0, 15.0))

    return trouble


def _out_of_range(shortest_s: float, longest_s: float) -> Trouble:
    async def trouble(scene: Scene) -> None:
        placement, strap = scene.one()
        with scene.ledger.absent(placement):
            await strap.out_of_range(scene.chance.uniform(shortest_s, longest_s))

    return trouble


async def _disconnect(scene: Scene) -> None:
    placement, strap = scene.one()
    with scene.ledger.absent(placement):
        await strap.disconnect()


async def _reboot(scene: Scene) -> None:
    placement, strap = scene.one()
    with scene.ledger.absent(placement):
        await strap.reboot()


async def _silence(scene: Scene) -> None:
    placement, strap = scene.one()
    with scene.ledger.absent(placement):
        await strap.fall_silent(scene.chance.uniform(0.5, 12.0))


async def _clock_jump(scene: Scene) -> None:
    _, strap = scene.one()
    strap.jump_clock(scene.chance.choice((-1, 1)) * scene.chance.uniform(2.0, 60.0))


async def _battery(scene: Scene) -> None:
    _, strap = scene.one()
    for percent in range(20, 2, -3):
        strap.set_battery(percent)
        await asyncio.sleep(0.5)


async def _deaf(scene: Scene) -> None:
    placement, strap = scene.one()
    with scene.ledger.absent(placement):
        await strap.disconnect()
        await strap.deaf_for(scene.chance.uniform(1.0, 20.0))


async def _adapter_off(scene: Scene) -> None:
    with scene.ledger.absent(*scene.air.straps):
        await scene.air.adapter_off(scene.chance.uniform(0.5, 15.0))


async def _adapter_swapped(scene: Scene) -> None:
    with scene.ledger.absent(*scene.air.straps):
        await scene.air.swap_adapter()


async def _suspend(scene: Scene) -> None:
    # Nobody looks at the screen of a machine that sleeps.
    scene.air.suspend(scene.chance.uniform(1.0, 25.0))
    scene.ledger.begin_anew()
    with scene.ledger.absent(*scene.air.straps):
        await asyncio.sleep(0.0)


async def _small_mtu(scene: Scene) -> None:
    placement, strap = scene.one()
    strap.limit_mtu(SMALL_MTU)
    with scene.ledger.absent(placement):
        await strap.disconnect()
    await asyncio.sleep(8.0)
    strap.limit_mtu(USUAL_MTU)


SHARES = ("loss", "burst", "corrupt", "short", "long", "repeated", "reordered", "future", "late")
TROUBLES: Mapping[str, Trouble] = MappingProxyType(
    {name: _share(name) for name in SHARES}
    | {
        "fading": _out_of_range(0.5, SUPERVISION_S - 0.5),
        "away": _out_of_range(SUPERVISION_S + 0.5, 0.6 * MEMORY_S),
        "away too long": _out_of_range(MEMORY_S + 2.0, MEMORY_S + 15.0),
        "disconnect": _disconnect,
        "reboot": _reboot,
        "silence": _silence,
        "clock jump": _clock_jump,
        "battery": _battery,
        "deaf": _deaf,
        "adapter off": _adapter_off,
        "adapter swapped": _adapter_swapped,
        "suspend": _suspend,
        "small MTU": _small_mtu,
    }
)
SETS: tuple[tuple[str, ...], ...] = (*((name,) for name in TROUBLES), *combinations(TROUBLES, 2))
