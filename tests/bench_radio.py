"""What a live session of two straps costs, less what the simulated straps and the Bluetooth stack cost anyway.

Both runs are in real time: waking up is part of the cost.
"""

import asyncio
import statistics
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from bleak import BleakClient
from bleak.backends.characteristic import BleakGATTCharacteristic

from firmware_sim.air.radio import SimulatedAir
from firmware_sim.person.actions import Action, Cue
from firmware_sim.person.virtual_person import VirtualPerson
from monitor.coach.plans import load_calibration, load_plan
from monitor.guided.simulated_wearer import SimulatedWearer
from monitor.live_buffer import LiveBuffer
from monitor.session.live import LiveSession, LiveSetup
from sensor import gatt
from sensor.control import Start, encode_request
from sensor.link.scan import scan
from sensor.link.straps import Straps
from sensor.wearer import Wearer

SEED = 7
SPACER_MM = 67.0
# The calibration is over by then and the exercise runs.
BEFORE_S = 40.0
WINDOW_S = 6.0
WINDOWS = 5


def live_figures() -> dict[str, float]:
    """`live_cpu_pct`: recording, decoding, clock, coach and all live stages, without a window."""
    discarded = asyncio.run(_discarding())
    with TemporaryDirectory() as folder:
        lived = asyncio.run(_living(Path(folder) / "recording.mcap"))
    return {"live_cpu_pct": 100.0 * (lived - discarded)}


async def _discarding() -> float:
    """CPU of the process in shares of a core while a callback drops what the straps send."""
    person = VirtualPerson(SEED, [Cue(Action.PUT_ON, seconds=1.0), Cue(Action.PRESS, seconds=600.0)])
    async with SimulatedAir(person.sensors, SEED) as air:
        clients: list[BleakClient] = []
        for sighting in await scan(1.0, air.scanner_backend):
            client = BleakClient(sighting.device, backend=air.client_backend)
            await client.connect()
            await client.start_notify(gatt.CONTROL, _drop)
            await client.start_notify(gatt.STREAM, _drop)
            await client.write_gatt_char(gatt.CONTROL, encode_request(Start(), 1), response=True)
            clients.append(client)
        used = await _cpu_share()
        for client in clients:
            await client.disconnect()
    return used


async def _living(recording: Path) -> float:
    """The same while a whole session takes what the straps send."""
    person = VirtualPerson(SEED)
    build = person.build
    wearer = Wearer(build.femur_m, build.hip_width_m, build.knee_width_m)
    plan = load_plan("clamp")
    setup = LiveSetup(recording, plan, load_calibration("calibration_demo"), wearer, SPACER_MM)
    async with SimulatedAir(person.sensors, SEED) as air:
        follower = SimulatedWearer(person, air.now_s, plan.name, SPACER_MM, put_on_s=8.0, act=[].append)
        session = LiveSession(setup, LiveBuffer(), list, [follower])
        straps = Straps(backend=air.client_backend, scanner_backend=air.scanner_backend)
        running = asyncio.create_task(session.run(straps))
        await asyncio.sleep(BEFORE_S)
        used = await _cpu_share()
        if running.done():
            raise RuntimeError(f"the session ended before it was measured: {running.result()}")
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
    return used


async def _cpu_share() -> float:
    """The median of several spans: what else the machine does comes in bursts."""
    shares: list[float] = []
    for _ in range(WINDOWS):
        began_s, cpu_s = time.perf_counter(), time.process_time()
        await asyncio.sleep(WINDOW_S)
        shares.append((time.process_time() - cpu_s) / (time.perf_counter() - began_s))
    return statistics.median(shares)


def _drop(_sender: BleakGATTCharacteristic, _data: bytearray) -> None:
    pass
