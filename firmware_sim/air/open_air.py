"""Simulated straps for other programs to connect to, on any Bumble transport.

Invariant: a transport that leads to a controller (a dongle) carries one strap, whose host is here; one that waits for a
host (BlueZ over vhci, another program over TCP) gets a virtual adapter in an air full of straps.
"""

import asyncio
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager

from bumble.core import BaseBumbleError
from bumble.device import Device
from bumble.hci import Address
from bumble.transport import open_transport
from bumble.transport.common import Transport

from firmware_sim.air.firmware import StrapFirmware
from firmware_sim.air.peripheral import Peripheral
from firmware_sim.air.radio import SimulatedAir
from firmware_sim.air.sampling import Sensors
from sensor.radio_errors import TransportFailed
from sensor.samples import Placement

WAIT_FOR_A_HOST = ("vhci", "tcp-server", "ws-server", "unix-server", "pty")


@asynccontextmanager
async def straps_on_transports(
    sensors: Mapping[Placement, Sensors], transports: Sequence[str], seed: int = 0
) -> AsyncGenerator[Mapping[Placement, Peripheral]]:
    """Straps that run while the context lasts; one transport that waits for a host, or one for each strap."""
    first = transports[0]
    if first.split(":")[0] in WAIT_FOR_A_HOST:
        async with AsyncExitStack() as stack:
            air = await stack.enter_async_context(SimulatedAir(sensors, seed))
            # The host speaks as soon as the transport is open, and once only.
            transport = await opened(first, stack)
            air.admit(transport.source, transport.sink)
            yield {placement: strap.peripheral for placement, strap in air.straps.items()}
        return
    if len(transports) < len(sensors):
        raise TransportFailed(first, f"{len(sensors)} straps need as many transports, {len(transports)} given")
    async with AsyncExitStack() as stack:
        peripherals = {
            placement: _peripheral(its, await opened(transport, stack), number)
            for number, ((placement, its), transport) in enumerate(zip(sensors.items(), transports, strict=False))
        }
        tasks = await stack.enter_async_context(asyncio.TaskGroup())
        running = [tasks.create_task(peripheral.run()) for peripheral in peripherals.values()]
        yield peripherals
        for peripheral, task in zip(peripherals.values(), running, strict=True):
            peripheral.end()
            task.cancel()


async def opened(transport: str, stack: AsyncExitStack) -> Transport:
    """A transport that is closed with the stack; `TransportFailed` where it cannot be used."""
    try:
        found = await open_transport(transport)
    except (BaseBumbleError, OSError, ValueError) as error:
        raise TransportFailed(transport, str(error) or type(error).__name__) from error
    server = getattr(found, "server", None)
    if isinstance(server, asyncio.Server):
        # Bumble leaves the socket that it listens on open.
        stack.callback(server.close)
    return await stack.enter_async_context(found)


def _peripheral(sensors: Sensors, transport: Transport, number: int) -> Peripheral:
    loop = asyncio.get_running_loop()
    start_s = loop.time()
    address = Address(f"F0:0A:0A:0A:0B:{number + 1:02X}")
    device = Device.with_hci(sensors.info.serial, address, transport.source, transport.sink)
    return Peripheral(device, StrapFirmware(sensors), lambda: loop.time() - start_s)
