"""A client that is killed and started again gets what the straps still hold of what the killed one did not get."""

import asyncio
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from firmware_sim.air.faults import FaultRates
from firmware_sim.air.radio import SimulatedAir
from firmware_sim.air.virtual_time import run
from sensor import gatt
from sensor.drivers.known import driver_named
from sensor.link.link_events import LinkQuality, StrapJoined, StreamArrived
from sensor.link.missing import MissingSamples
from sensor.link.straps import Straps
from sensor.link.unheard import unheard
from sensor.packet import encode_info
from sensor.recordings.raw_recording import RawRecording, read_raw
from sensor.recordings.recording import RecordingWriter
from sensor.recordings.replay import decode_worn
from sensor.samples import THIGHS, Placement
from tests.radio.plain_sensors import PlainSensors, info
from tests.radio.sessions import LEFT, RIGHT, thighs

WRAPS_SOON = gatt.COUNTER_MODULUS - 1500
Unheard = Mapping[str, MissingSamples]


class Client:
    """One program's session on the straps."""

    def __init__(self, air: SimulatedAir, path: Path, before: Unheard | None = None) -> None:
        self._straps = Straps(backend=air.client_backend, scanner_backend=air.scanner_backend, unheard=before)
        self._recording = RecordingWriter(path, {"id": path.stem})
        self.given_up: dict[Placement, int] = dict.fromkeys(THIGHS, 0)
        self.joined = asyncio.Event()

    async def run(self) -> None:
        """Until it is killed, or finished."""
        async with self._straps:
            async for event in self._straps:
                match event:
                    case StrapJoined():
                        self._recording.information(event.placement, event.time_s, event.raw_info)
                    case StreamArrived():
                        self._recording.notification(event.placement, event.arrival_s, event.data)
                    case LinkQuality():
                        self.given_up[event.placement] = event.given_up
                    case _:
                        pass
                if len(self._straps.joined) == len(THIGHS):
                    self.joined.set()

    async def finish(self) -> None:
        """In good order."""
        await self._straps.finish(within_s=20.0)
        self._recording.close()


@asynccontextmanager
async def running(client: Client) -> AsyncGenerator[Client]:
    """Killed at the end, if it did not finish: its straps run on."""
    task = asyncio.create_task(client.run())
    await client.joined.wait()
    try:
        yield client
    finally:
        task.cancel()
        await asyncio.wait([task])


async def killed(air: SimulatedAir, folder: Path, after_s: float) -> RawRecording:
    """What is left of a client that was killed."""
    async with running(Client(air, folder / "first.mcap")):
        await asyncio.sleep(after_s)
        left = folder / "left.mcap"
        left.write_bytes((folder / "first.mcap").read_bytes())
    return read_raw(left)


async def restarted(
    air: SimulatedAir, folder: Path, left: RawRecording
) -> tuple[RawRecording, Mapping[Placement, int]]:
    """What the next client records, and how many samples it heard to be gone."""
    path = folder / "second.mcap"
    async with running(Client(air, path, unheard(left))) as client:
        await asyncio.sleep(6.0)
        for strap in air.straps.values():
            strap.spoil(FaultRates())
        await client.finish()
    return read_raw(path), client.given_up


def counters(raw: RawRecording, placement: Placement) -> list[int]:
    found = decode_worn(Path(), placement, raw.straps[placement])
    assert found is not None
    return [number % gatt.COUNTER_MODULUS for number in found[0].sample.tolist()]


def lost(one: RawRecording, other: RawRecording, placement: Placement) -> int:
    """Samples between the first and the last that are in neither recording."""
    first, *more = counters(one, placement)
    there = [first, *more, *counters(other, placement)]
    numbers = [(counter - first) % gatt.COUNTER_MODULUS for counter in there]
    assert len(numbers) == len(set(numbers)), "nothing is recorded twice"
    return max(numbers) + 1 - len(numbers)


@pytest.mark.parametrize(("away_s", "rates"), [(5.0, FaultRates()), (14.0, FaultRates(loss=0.2)), (0.5, FaultRates())])
def test_nothing_is_lost_that_the_straps_still_held(tmp_path: Path, away_s: float, rates: FaultRates) -> None:
    async def main() -> None:
        async with SimulatedAir({LEFT: PlainSensors(info(LEFT), ppm=40.0)}) as air:
            air.straps[RIGHT] = air.add(PlainSensors(info(RIGHT), ppm=-60.0), first_number=WRAPS_SOON)
            for strap in air.straps.values():
                strap.spoil(rates)
            left = await killed(air, tmp_path, 12.0)
            await asyncio.sleep(away_s)
            then, given_up = await restarted(air, tmp_path, left)
            for placement, strap in air.straps.items():
                assert strap.missed_samples > 100 * away_s
                assert lost(left, then, placement) == given_up[placement] == 0

    run(main())


def test_what_no_strap_holds_any_more_is_said_to_be_gone(tmp_path: Path) -> None:
    async def main() -> None:
        async with SimulatedAir(thighs()) as air:
            left = await killed(air, tmp_path, 8.0)
            await asyncio.sleep(40.0)
            then, given_up = await restarted(air, tmp_path, left)
            for placement in THIGHS:
                gone = lost(left, then, placement)
                assert gone == given_up[placement]
                assert 1000 < gone < 1600

    run(main())


def test_of_a_life_that_ended_meanwhile_nothing_is_asked_for(tmp_path: Path) -> None:
    async def main() -> None:
        async with SimulatedAir(thighs()) as air:
            for strap in air.straps.values():
                strap.spoil(FaultRates(loss=0.2))
            left = await killed(air, tmp_path, 8.0)
            still_missing = {serial: missing.count for serial, missing in unheard(left).items()}
            await air.straps[LEFT].reboot()
            then, given_up = await restarted(air, tmp_path, left)
            assert given_up == {LEFT: still_missing[info(LEFT).serial], RIGHT: 0}
            assert lost(left, then, RIGHT) == 0
            after = sorted(counters(then, LEFT))
            assert after == list(range(after[-1] + 1))

    run(main())


def test_only_straps_that_send_again_are_told_of(tmp_path: Path) -> None:
    recording = RecordingWriter(tmp_path / "r.mcap", {"id": "x"})
    dot = driver_named("movella_dot")
    assert dot is not None
    recording.information(LEFT, 1.0, encode_info(info(LEFT)), dot.name)
    recording.information(RIGHT, 1.0, encode_info(info(RIGHT)))
    recording.information(RIGHT, 1.0, b"nonsense")
    recording.notification(RIGHT, 1.1, b"nonsense")
    recording.close()
    found = unheard(read_raw(tmp_path / "r.mcap"))
    assert {serial: missing.count for serial, missing in found.items()} == {info(RIGHT).serial: 0}
