"""Sessions in trouble: every fault of the simulated air alone and every two together, at random times, by seed.

`python -m tests.radio.fault_matrix FIRST LAST` runs and prints; a few seeds are in the ordinary suite, `make soak` runs
two rounds of all. Invariants are in `invariants`, the troubles in `troubles`.
"""

import asyncio
import gc
import logging
import random
import sys
import tempfile
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import psutil

from firmware_sim.air.radio import SimulatedAir
from firmware_sim.air.virtual_time import run
from monitor.board import Link
from monitor.session.live import BEHIND_S
from monitor.session.reception import Reception
from monitor.wording.words import link_text
from sensor.link.link_events import LinkChanged, LinkEvent, LinkQuality, LinkState, StreamArrived
from sensor.link.straps import Straps
from sensor.samples import THIGHS, Placement
from tests.radio.invariants import complaints, given_up, recorded_complaints, uncovered
from tests.radio.sessions import Heard, straps_on, thighs
from tests.radio.troubles import SETS, TROUBLES, Absence, Scene

SPREAD_S = 12.0
CALM_S = 4.0
FETCHED_WITHIN_S = 60.0
# As often as the screens are drawn, or seldomer.
LOOK_S = 0.1
# What is shorter than this need not be told.
TOLD_FROM_S = 1.0
MB = 1 << 20


@dataclass
class Troubled:
    """A session that had its troubles, and everything known of it."""

    names: tuple[str, ...]
    ending: str
    heard: Heard
    air: SimulatedAir
    scene: Scene
    left_over: list[str]
    links: dict[Placement, LinkState] = field(default_factory=dict[Placement, LinkState])
    missing: dict[Placement, int] = field(default_factory=dict[Placement, int])
    told_s: dict[tuple[Placement, float], float] = field(default_factory=dict[tuple[Placement, float], float])


def troubled(seed: int) -> Troubled:
    """The session of this seed; its troubles are `SETS[seed % len(SETS)]`."""
    return run(_session(seed, SETS[seed % len(SETS)]))


async def _session(seed: int, names: tuple[str, ...]) -> Troubled:
    loop = asyncio.get_running_loop()
    chance = random.Random(seed)
    left_over: list[str] = []
    loop.set_exception_handler(lambda _, context: left_over.append(str(context.get("message"))))
    async with SimulatedAir(thighs(), seed) as air:
        session = Troubled(names, _ending(chance), Heard(), air, Scene(air, chance), left_over)
        screen = _Screen(session)
        hearing = asyncio.create_task(_hear(session, screen))
        watching = asyncio.create_task(screen.watch())
        await asyncio.wait([hearing])
        watching.cancel()
        await asyncio.wait([watching])
        if not hearing.cancelled() and (error := hearing.exception()) is not None:
            left_over.append(f"ended by {error!r}")
    left_over += [f"still running: {t.get_name()}" for t in asyncio.all_tasks() if t is not asyncio.current_task()]
    return session


def _ending(chance: random.Random) -> str:
    return chance.choice(("finished", "finished", "finished", "one away", "interrupted"))


async def _hear(session: Troubled, screen: "_Screen") -> None:
    """Ctrl-C is a cancellation of this task."""
    this = asyncio.current_task()
    async with straps_on(session.air) as straps, asyncio.TaskGroup() as tasks:
        started = False
        async for event in straps:
            session.heard.take(event)
            screen.take(event)
            if not started and len(straps.joined) == len(THIGHS) and this is not None:
                started = True
                tasks.create_task(_play(session, straps, this))


async def _play(session: Troubled, straps: Straps, hearing: "asyncio.Task[None]") -> None:
    scene = session.scene
    async with asyncio.TaskGroup() as tasks:
        for name in session.names:
            tasks.create_task(_one_trouble(scene, name))
    if session.ending == "interrupted":
        hearing.cancel()
        return
    await _all_back(session)
    if session.ending == "one away":
        placement, strap = scene.one()
        with scene.ledger.absent(placement):
            strap.peripheral.end()
            await strap.die()
            await straps.finish(within_s=3.0)
    else:
        await straps.finish(within_s=20.0)


async def _one_trouble(scene: Scene, name: str) -> None:
    await asyncio.sleep(scene.chance.uniform(0.2, SPREAD_S))
    await TROUBLES[name](scene)


async def _all_back(session: Troubled) -> None:
    """Until both stream again, what was missing has come, and a last silence would have been noticed."""
    await asyncio.sleep(CALM_S)
    async with asyncio.timeout(FETCHED_WITHIN_S):
        while set(session.links.values()) != {LinkState.STREAMING} or any(session.missing.values()):
            await asyncio.sleep(LOOK_S)


class _Screen:
    """What the screens say of the straps, looked at as often as they are drawn."""

    def __init__(self, session: Troubled) -> None:
        self._session = session
        self._reception = Reception(THIGHS)
        self._told: set[tuple[Placement, float]] = set()
        self._pending: list[LinkEvent] = []

    def take(self, event: LinkEvent) -> None:
        """One more event."""
        self._pending.append(event)
        match event:
            case LinkChanged():
                self._session.links[event.placement] = event.state
            case LinkQuality():
                self._session.missing[event.placement] = event.missing
            case _:
                pass

    async def watch(self) -> None:
        """Look until cancelled."""
        now_s = asyncio.get_running_loop().time
        while True:
            await asyncio.sleep(LOOK_S)
            self._look(now_s())

    def _look(self, now_s: float) -> None:
        events, self._pending = self._pending, []
        self._reception.decode(events)
        # As in a session, time lags behind the clock while nothing comes at all.
        for status in self._reception.status(now_s if events else now_s - BEHIND_S):
            since_s = self._session.scene.ledger.since_s.get(status.placement)
            troubled = link_text(status) != link_text(replace(status, link=Link.CONNECTED, silent_s=0.0))
            if since_s is not None and troubled and (status.placement, since_s) not in self._told:
                self._told.add((status.placement, since_s))
                self._session.told_s[status.placement, since_s] = now_s - since_s


def recoveries(session: Troubled) -> list[float]:
    """For each time that a strap could be heard again, how long until its data came."""
    out: list[float] = []
    for absence in session.scene.ledger.absences:
        came_s = [
            e.arrival_s
            for e in session.heard.events
            if isinstance(e, StreamArrived) and e.placement == absence.placement and e.arrival_s > absence.until_s
        ]
        again_s = min((a.since_s for a in _others(session, absence)), default=float("inf"))
        if came_s and came_s[0] <= again_s:
            out.append(came_s[0] - absence.until_s)
    return out


def _others(session: Troubled, absence: Absence) -> list[Absence]:
    return [
        a
        for a in session.scene.ledger.absences
        if a.placement == absence.placement and a.since_s >= absence.until_s and a is not absence
    ]


def untold(session: Troubled) -> list[str]:
    """Absences of which the screen said nothing."""
    return [
        f"{a.placement} away from {a.since_s:.1f} to {a.until_s:.1f} s, and the screen did not say so"
        for a in session.scene.ledger.absences
        if a.until_s - a.since_s > TOLD_FROM_S and (a.placement, a.since_s) not in session.told_s
    ]


def judged(session: Troubled, folder: Path) -> list[str]:
    """All that is not as it should be."""
    found = list(session.left_over)
    found += complaints(session.heard, session.air, finished=session.ending == "finished")
    if session.ending == "finished":
        lacking = uncovered(session.heard, session.air)
        found += [f"{p} lacks {n} unsaid" for p, n in lacking.items() if n > given_up(session.heard, p)]
    found += untold(session)
    return found + recorded_complaints(session.heard, folder, session.scene.chance.random())


@dataclass
class Tally:
    """Over many sessions."""

    sessions: int = 0
    failed: int = 0
    recovered_s: list[float] = field(default_factory=list[float])
    told_s: list[float] = field(default_factory=list[float])

    def add(self, session: Troubled, found: list[str]) -> None:
        """One more session."""
        self.sessions += 1
        self.failed += bool(found)
        self.recovered_s += recoveries(session)
        self.told_s += session.told_s.values()

    def lines(self) -> list[str]:
        """The figures."""
        return [
            f"{self.sessions} sessions, {self.failed} failed",
            _percentiles("data again after a strap could be heard again", self.recovered_s),
            _percentiles("a loss on the screen", self.told_s),
        ]


def _percentiles(what: str, seconds: list[float]) -> str:
    if not seconds:
        return f"{what}: never needed"
    p50, p95 = np.percentile(seconds, (50, 95))
    return f"{what}: median {p50:.2f} s, p95 {p95:.2f} s, longest {max(seconds):.2f} s ({len(seconds)} times)"


def main() -> int:
    """The exit status: how many sessions failed."""
    first, last = (int(argument) for argument in sys.argv[1:3])
    logging.disable()
    tally, process = Tally(), psutil.Process()
    grown: list[tuple[int, float]] = []
    with tempfile.TemporaryDirectory() as folder:
        for seed in range(first, last + 1):
            session = troubled(seed)
            found = judged(session, Path(folder))
            tally.add(session, found)
            del session
            gc.collect()
            grown.append((process.num_fds(), process.memory_info().rss / MB))
            print(f"seed {seed}: {'; '.join(found) or 'ok'}", flush=True)
    print("\n".join(tally.lines()))
    settled = grown[len(grown) // 4]
    print(f"open files {settled[0]} -> {grown[-1][0]}, memory {settled[1]:.0f} -> {grown[-1][1]:.0f} MB")
    return tally.failed


if __name__ == "__main__":
    sys.exit(min(main(), 1))
