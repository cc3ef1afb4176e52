"""Two simulated straps on a virtual adapter of the guest's kernel; obeys lines on stdin, tells lines on stdout.

`drop PLACEMENT` ends a connection from the strap's side, `away PLACEMENT SECONDS` takes it out of range, `reboot
PLACEMENT` restarts it, `loss SHARE` loses notifications of both; `tell` prints what each strap has done as one line of
JSON. The straps want to be paired.
"""

import asyncio
import json
import sys

from bumble.transport import open_transport

from firmware_sim.air.faults import FaultRates
from firmware_sim.air.radio import SimulatedAir, SimulatedStrap
from sensor.samples import Placement
from tests.radio.sessions import thighs


def told(strap: SimulatedStrap) -> dict[str, int]:
    """What a strap has done so far."""
    return {
        "samples": sum(strap.firmware.sampling.taken.values()),
        "epochs": len(strap.firmware.sampling.taken),
        "missed": strap.missed_samples,
        "lost_packets": strap.counts.lost_packets,
        "disconnects": strap.counts.disconnects,
    }


async def obey(air: SimulatedAir, words: list[str], tasks: asyncio.TaskGroup) -> None:
    """Do what a line asks for."""
    match words:
        case ["drop", placement]:
            await air.straps[Placement(placement)].disconnect()
        case ["away", placement, seconds]:
            tasks.create_task(air.straps[Placement(placement)].out_of_range(float(seconds)))
        case ["reboot", placement]:
            tasks.create_task(air.straps[Placement(placement)].reboot())
        case ["loss", share]:
            for strap in air.straps.values():
                strap.spoil(FaultRates(loss=float(share)))
        case _:
            print(json.dumps({p: told(s) for p, s in air.straps.items()}), flush=True)


async def main() -> None:
    """Run until stdin ends."""
    lines = asyncio.StreamReader()
    protocol = asyncio.StreamReaderProtocol(lines)
    await asyncio.get_running_loop().connect_read_pipe(lambda: protocol, sys.stdin)
    async with SimulatedAir({}) as air, asyncio.TaskGroup() as tasks:
        for placement, sensors in thighs().items():
            air.straps[placement] = air.add(sensors, encrypted=True)
        # The kernel speaks as soon as the transport is open, and once only.
        transport = await open_transport("vhci")
        air.admit(transport.source, transport.sink)
        print("ready", flush=True)
        while line := await lines.readline():
            await obey(air, line.decode().split(), tasks)


if __name__ == "__main__":
    asyncio.run(main())
