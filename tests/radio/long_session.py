"""Hours of a session in virtual time with a fault every minute on average: `python -m tests.radio.long_session HOURS`.

Every sample must be accounted for, and memory, open files and tasks must stay as they are.
"""

import asyncio
import logging
import random
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import psutil

from firmware_sim.air.radio import SimulatedAir, SimulatedStrap
from firmware_sim.air.virtual_time import run
from monitor.session.log import SessionLog
from sensor.decoding.decoder import Notification, StrapDecoder
from sensor.errors import PacketError
from sensor.link.link_events import LinkChanged, LinkEvent, LinkQuality, LinkState, StrapJoined, StreamArrived
from sensor.link.straps import Straps
from sensor.packet import decode_stream
from sensor.recordings.recording import RecordingWriter
from sensor.recordings.replay import read_recording
from sensor.samples import THIGHS, Placement
from tests.radio.invariants import FUTURE
from tests.radio.sessions import straps_on, thighs
from tests.radio.troubles import TROUBLES, Scene

SEED = 8
FAULT_EVERY_S = 60.0
HOUR_S = 3600.0
SETTLE_S = 60.0
MB = 1 << 20
MOST_GROWTH_MB = 32.0


@dataclass
class Account:
    """What came of one strap, without keeping it: which samples, and how the link stands."""

    decoder: StrapDecoder | None = None
    rows: int = 0
    given_up: int = 0
    missing: int = 0
    state: LinkState = LinkState.SEARCHING
    came: dict[int, bytearray] = field(default_factory=dict[int, bytearray])

    def take(self, event: LinkEvent) -> None:
        """One more event."""
        match event:
            case StrapJoined():
                self.decoder = self.decoder or StrapDecoder(event.info, event.placement)
                self.decoder.inform(event.info)
            case StreamArrived():
                self._arrived(event)
            case LinkQuality():
                self.given_up, self.missing = event.given_up, event.missing
            case LinkChanged():
                self.state = event.state
            case _:
                pass

    def settled(self) -> bool:
        """Whether it streams and nothing is to come again."""
        return self.state is LinkState.STREAMING and not self.missing

    def complaints(self, strap: SimulatedStrap) -> list[str]:
        """Samples that were taken and neither came nor are said to be gone; tails of ended epochs nobody knows of."""
        if self.decoder is None:
            return ["never joined"]
        rows = self.rows + len(self.decoder.finish())
        arrived = {epoch: sum(came) for epoch, came in self.came.items()}
        taken, last = strap.firmware.sampling.taken, strap.firmware.sampling.epoch
        known = taken[last] + sum(_length(came) for epoch, came in self.came.items() if epoch != last)
        found: list[str] = []
        if rows != sum(arrived.values()):
            found.append(f"{sum(arrived.values())} samples arrived, {rows} decoded")
        if not known <= rows + self.given_up <= sum(taken.values()):
            found.append(f"{sum(taken.values())} taken, {known} known, {rows} arrived, {self.given_up} given up")
        if self.decoder.counts.restarts != len(self.came) - 1:
            found.append(f"{self.decoder.counts.restarts} restarts counted, {len(self.came)} epochs")
        return found

    def _arrived(self, event: StreamArrived) -> None:
        if self.decoder is not None:
            self.rows += len(self.decoder.push([Notification(event.arrival_s, event.data)]))
        try:
            packet = decode_stream(event.data)
        except PacketError:
            return
        came = self.came.setdefault(packet.epoch, bytearray())
        if packet.counter > len(came) + FUTURE:
            return
        stop = packet.counter + len(packet.samples)
        if len(came) < stop:
            came.extend(bytes(stop - len(came)))
        came[packet.counter : stop] = b"\1" * len(packet.samples)


def _length(came: bytearray) -> int:
    return came.rindex(1) + 1


@dataclass(frozen=True, slots=True)
class Reading:
    """What the process holds."""

    memory_mb: float
    open_files: int
    tasks: int


def reading() -> Reading:
    """Now."""
    process = psutil.Process()
    return Reading(process.memory_info().rss / MB, process.num_fds(), len(asyncio.all_tasks()))


class LongSession:
    """One session of `hours`; `run` it once."""

    def __init__(self, hours: float, folder: Path) -> None:
        self.accounts = {placement: Account() for placement in THIGHS}
        self.troubles: Counter[str] = Counter()
        self.readings: list[Reading] = []
        self.path = folder / "recording.mcap"
        self._hours = hours

    async def run(self) -> SimulatedAir:
        """The air, after the end."""
        log = SessionLog(RecordingWriter(self.path, {"exercise": "clamp"}))
        async with SimulatedAir(thighs(), SEED) as air, straps_on(air) as straps, asyncio.TaskGroup() as tasks:
            started = False
            async for event in straps:
                log.link(event)
                self._take(event)
                if not started and len(straps.joined) == len(THIGHS):
                    started = True
                    tasks.create_task(self._play(air, straps))
        log.close()
        return air

    def _take(self, event: LinkEvent) -> None:
        self.accounts[event.placement].take(event)

    async def _play(self, air: SimulatedAir, straps: Straps) -> None:
        scene = Scene(air, random.Random(SEED))
        hours = [asyncio.create_task(self._tell_hours(air))]
        await self._trouble(scene, self._hours * HOUR_S)
        for task in hours:
            task.cancel()
        async with asyncio.timeout(SETTLE_S):
            while not all(account.settled() for account in self.accounts.values()):
                await asyncio.sleep(0.5)
        await asyncio.sleep(SETTLE_S / 10)
        await straps.finish(within_s=30.0)

    async def _trouble(self, scene: Scene, duration_s: float) -> None:
        until_s = asyncio.get_running_loop().time() + duration_s
        async with asyncio.TaskGroup() as tasks:
            while asyncio.get_running_loop().time() < until_s:
                await asyncio.sleep(scene.chance.expovariate(1.0 / FAULT_EVERY_S))
                name = scene.chance.choice(list(TROUBLES))
                self.troubles[name] += 1
                tasks.create_task(_one(scene, name))

    async def _tell_hours(self, air: SimulatedAir) -> None:
        began_s = asyncio.get_running_loop().time()
        for hour in range(1, 1000):
            await asyncio.sleep(max(0.0, began_s + hour * HOUR_S - asyncio.get_running_loop().time()))
            for strap in air.straps.values():
                # What only the simulator remembers.
                strap.counts.unheard.clear()
                strap.firmware.requests.clear()
            self.readings.append(reading())
            now = self.readings[-1]
            rows = ", ".join(f"{p} {a.rows} samples" for p, a in self.accounts.items())
            print(
                f"{hour} h: {rows}, {now.memory_mb:.1f} MB, {now.open_files} open files, {now.tasks} tasks", flush=True
            )


async def _one(scene: Scene, name: str) -> None:
    await TROUBLES[name](scene)


def complaints(session: LongSession, air: SimulatedAir) -> list[str]:
    """All that is not as it should be."""
    found = [f"{p}: {what}" for p, a in session.accounts.items() for what in a.complaints(air.straps[p])]
    first, last = session.readings[0], session.readings[-1]
    if last.memory_mb - first.memory_mb > MOST_GROWTH_MB:
        found.append(f"memory grew from {first.memory_mb:.0f} to {last.memory_mb:.0f} MB")
    if last.open_files > first.open_files:
        found.append(f"open files grew from {first.open_files} to {last.open_files}")
    if last.tasks > first.tasks + 4:
        found.append(f"tasks grew from {first.tasks} to {last.tasks}")
    return found + _unreadable(session)


def _unreadable(session: LongSession) -> list[str]:
    recorded = read_recording(session.path)
    return [
        f"{placement}: {len(block)} samples recorded, {session.accounts[placement].rows} heard"
        for placement, block in recorded.straps.items()
        if len(block) < session.accounts[placement].rows or (np.diff(block.arrival_s) < 0).any()
    ]


def main() -> int:
    """The exit status."""
    hours = float(sys.argv[1])
    logging.disable()
    with tempfile.TemporaryDirectory() as folder:
        session = LongSession(hours, Path(folder))
        air = run(session.run())
        found = complaints(session, air)
    print(f"{sum(session.troubles.values())} faults: {dict(session.troubles.most_common())}")
    for placement, account in session.accounts.items():
        print(_summary(placement, account, air.straps[placement]))
    print(f"{hours:g} h: {'; '.join(found) or 'ok'}")
    return 1 if found else 0


def _summary(placement: Placement, account: Account, strap: SimulatedStrap) -> str:
    taken = strap.firmware.sampling.taken
    tails = sum(taken.values()) - account.rows - account.given_up
    counts = None if account.decoder is None else account.decoder.counts
    return (
        f"{placement}: {sum(taken.values())} samples taken in {len(taken)} epochs, {account.rows} came, "
        f"{account.given_up} said to be gone, {tails} in the last moments of an epoch; {counts}"
    )


if __name__ == "__main__":
    sys.exit(main())
