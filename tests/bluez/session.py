"""Through BlueZ: scan, pair, two straps, loss, drop, out of range, restart, adapter off and on, a client killed.

Runs inside the guest (`make test-bluez`); the exit status is 0 where no sample was lost that a strap still held.
"""

import asyncio
import json
import logging
import sys
import time
from asyncio.subprocess import PIPE, Process
from pathlib import Path

from sensor.decoding.decoder import StrapDecoder
from sensor.link.link_events import LinkChanged, LinkQuality, LinkState, StrapJoined
from sensor.link.patience import SearchParams
from sensor.link.scan import scan
from sensor.link.straps import Straps
from sensor.packet import decode_info
from sensor.recordings.raw_recording import read_raw
from sensor.samples import THIGHS, Placement, join
from tests.radio.sessions import Heard

ADAPTER_READY_S = 60.0
STREAM_S = 20.0
BACK_WITHIN_S = 240.0
RESTART_SAMPLES = 600
LEFT, RIGHT = THIGHS
RECORDINGS = Path("/tmp")


async def switch(power: str) -> None:
    """Switch the adapter, as a person would, once bluetoothd has it."""
    until_s = time.monotonic() + ADAPTER_READY_S
    while time.monotonic() < until_s:
        tried = await asyncio.create_subprocess_exec("bluetoothctl", "power", power, stdout=PIPE, stderr=PIPE)
        said, _ = await tried.communicate()
        if b"succeeded" in said:
            return
        await asyncio.sleep(0.3)
    raise SystemExit("the guest's adapter did not get ready")


async def ask(process: Process, line: str) -> None:
    """A line to the straps."""
    if process.stdin is None:
        raise SystemExit("the straps do not listen")
    process.stdin.write(line.encode() + b"\n")
    await process.stdin.drain()


async def answer(process: Process) -> str:
    """A line of theirs."""
    line = await process.stdout.readline() if process.stdout else b""
    if not line:
        raise SystemExit("the other process ended")
    return line.decode().strip()


async def streaming(heard: Heard, placement: Placement, connections: int) -> None:
    """Wait until a strap has been connected so many times and nothing is missing."""
    began_s = time.monotonic()
    async with asyncio.timeout(BACK_WITHIN_S):
        while heard.states(placement).count(LinkState.STREAMING) < connections:
            await asyncio.sleep(0.2)
        print(f"         {placement} streams ({connections}), waited {time.monotonic() - began_s:.1f} s", flush=True)
        while _missing(heard, placement):
            await asyncio.sleep(0.2)
    await asyncio.sleep(3.0)


def _missing(heard: Heard, placement: Placement) -> int:
    told = [e.missing for e in heard.events if isinstance(e, LinkQuality) and e.placement == placement]
    return told[-1] if told else 0


async def play(straps_process: Process, straps: Straps, heard: Heard) -> None:
    """The session."""
    for placement in THIGHS:
        await streaming(heard, placement, 1)
    await ask(straps_process, "loss 0.03")
    await asyncio.sleep(STREAM_S)
    await ask(straps_process, f"drop {LEFT}")
    await streaming(heard, LEFT, 2)
    await ask(straps_process, f"away {RIGHT} 10")
    await streaming(heard, RIGHT, 2)
    await ask(straps_process, "loss 0")
    await asyncio.sleep(3.0)
    await ask(straps_process, f"reboot {LEFT}")
    await streaming(heard, LEFT, 3)
    await switch("off")
    await asyncio.sleep(2.0)
    await switch("on")
    for placement in THIGHS:
        await streaming(heard, placement, 4 if placement is LEFT else 3)
    await straps.finish(within_s=30.0)


async def record(process: Process) -> Heard:
    """Everything heard in the session."""
    heard = Heard()
    async with Straps(params=SearchParams(search_s=90.0)) as straps, asyncio.TaskGroup() as tasks:
        tasks.create_task(play(process, straps, heard))
        async for event in straps:
            heard.take(event)
            if isinstance(event, LinkChanged | StrapJoined):
                state, why = getattr(event, "state", "joined"), getattr(event, "reason", "")
                print(f"{event.time_s:8.1f} s  {event.placement}  {state}  {why}", flush=True)
    return heard


def verdict(heard: Heard, told: dict[str, dict[str, int]]) -> bool:
    """Whether everything came, told in one line a strap."""
    good = True
    for placement in THIGHS:
        block, counts, strap = heard.block(placement), heard.decoders[placement].counts, told[placement]
        quality = [e for e in heard.events if isinstance(e, LinkQuality) and e.placement == placement]
        arrived = len(set(block.sample.tolist()))
        # What a strap no longer held is said to be gone; of a life that a restart ended nobody knows the last moments.
        gone = quality[-1].given_up
        unknown = strap["samples"] - arrived - gone
        complete = len(block) == arrived and unknown == 0 if strap["epochs"] == 1 else 0 <= unknown <= RESTART_SAMPLES
        complete = complete and counts.restarts == strap["epochs"] - 1
        good = good and complete
        print(
            f"{placement}: {strap}, arrived {arrived}, no longer held {gone}, unknown after a restart {unknown}, "
            f"{counts}, lost {dict(heard.reasons(placement))}"
        )
    return good


async def killed_and_restarted() -> bool:
    """A client that is killed leaves a readable recording; the next one gets what the straps hold of the time since."""
    first, second = RECORDINGS / "first.mcap", RECORDINGS / "second.mcap"
    client = await _client(first)
    await asyncio.sleep(10.0)
    client.kill()
    await client.wait()
    killed_s = time.monotonic()
    client = await _client(second, first)
    print(f"restarted client streams {time.monotonic() - killed_s:.1f} s after the kill", flush=True)
    await asyncio.sleep(10.0)
    if client.stdin is not None:
        client.stdin.close()
    gone: dict[str, int] = json.loads(await answer(client))
    await client.wait()
    whole = [_whole(placement, [first, second], gone[placement]) for placement in THIGHS]
    return all(whole)


async def _client(*recordings: Path) -> Process:
    client = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.bluez.client", *map(str, recordings), stdin=PIPE, stdout=PIPE
    )
    async with asyncio.timeout(2 * BACK_WITHIN_S):
        await answer(client)
    return client


def _whole(placement: Placement, recordings: list[Path], gone: int) -> bool:
    """Whether the recordings together lack nothing but what the strap said to be gone, and have nothing twice."""
    numbers: list[int] = []
    for path in recordings:
        strap = read_raw(path).straps[placement]
        decoder = StrapDecoder(decode_info(strap.information[0][1]), placement)
        numbers += join([decoder.push(strap.stream), decoder.finish()]).sample.tolist()
    lost = max(numbers) - min(numbers) + 1 - len(set(numbers))
    print(f"{placement}: {len(numbers)} samples over the kill, {lost} lost, {gone} no longer held", flush=True)
    return lost == gone and len(numbers) == len(set(numbers))


async def main() -> int:
    """The exit status."""
    logging.basicConfig(level=logging.INFO, format="%(relativeCreated)8d %(name)s %(message)s", stream=sys.stdout)
    process = await asyncio.create_subprocess_exec(sys.executable, "-m", "tests.bluez.straps", stdin=PIPE, stdout=PIPE)
    try:
        print(await answer(process), flush=True)
        await switch("on")
        for sighting in await scan(5.0):
            print(f"scan: {sighting.name} {sighting.advertised.placement} {sighting.rssi_dbm} dBm", flush=True)
        heard = await record(process)
        await ask(process, "tell")
        good = verdict(heard, json.loads(await answer(process)))
        print("killed client", flush=True)
        good = await killed_and_restarted() and good
    finally:
        process.terminate()
        await process.wait()
    print("BLUEZ PASS" if good else "BLUEZ FAIL", flush=True)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
