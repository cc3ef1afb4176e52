"""Guided sessions of a virtual person with other makers' devices, through the real bleak client.

Our own straps sit at the same places on the same person and are received beside the session, so that both can be
compared; the session itself must not take them.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from analysis.chain import LiveUpdate
from analysis.results import GapSeries
from firmware_sim.air.radio import SimulatedAir
from firmware_sim.air.virtual_time import run
from firmware_sim.person.virtual_person import VirtualPerson
from firmware_sim.twins.measured import Shared
from firmware_sim.twins.wearing import WornTwin, wear
from monitor.coach.plans import load_calibration, load_plan
from monitor.coach.signals import CoachEvent
from monitor.guided.key_presser import KeyPresser
from monitor.guided.simulated_straps import BAND, twin_of
from monitor.guided.simulated_wearer import SimulatedWearer
from monitor.live_buffer import LiveBuffer
from monitor.session.actions import ActionQueue
from monitor.session.heard import Heard
from monitor.session.live import LiveSession, LiveSetup, Outcome
from sensor.decoding.stream_batch import Notification
from sensor.gatt import Channel
from sensor.link.link_events import LinkEvent, StrapJoined, StreamArrived
from sensor.link.straps import Straps
from sensor.recorded import Recorded
from sensor.recordings.raw_recording import read_raw
from sensor.recordings.replay import read_recording
from sensor.samples import Placement, SampleBlock, join
from sensor.slots import Part, Remembered, Slot
from sensor.wearer import Wearer
from sensor.worn_strap import WornStrap

SPACER_MM = 67.0
PUT_ON_S = 8.0
# What straps measure that are nothing but bands.
BANDS = {Placement.LEFT_THIGH: Channel.FLEX | Channel.TENSION, Placement.RIGHT_THIGH: Channel.TENSION}
SEED = 7
LOOK_S = 0.5
Worn = Mapping[Placement, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Session:
    """A finished session, and the same as our own straps would have recorded it."""

    outcome: Outcome
    recording: Path
    recorded: Recorded
    own: Recorded
    live: Sequence[GapSeries]


def guided(folder: Path, worn: Worn, plan: str = "demo") -> Session:
    """Leads a plan with these devices (driver names, the strap's first) at each placement."""
    recording = folder / "recording.mcap"
    live: list[GapSeries] = []
    bands_alone = all(devices[0] == BAND for devices in worn.values())
    person = VirtualPerson(SEED, straps=BANDS if bands_alone else None)
    outcome, blocks = run(_lead(recording, worn, plan, person, live))
    recorded, zero_s = read_recording(recording), read_raw(recording).zero_s or 0.0
    own = {p: replace(block, arrival_s=block.arrival_s - zero_s) for p, block in blocks.items()}
    return Session(outcome, recording, recorded, replace(recorded, straps=own), live)


async def _lead(
    recording: Path, worn: Worn, name: str, person: VirtualPerson, live: list[GapSeries]
) -> tuple[Outcome, Mapping[Placement, SampleBlock]]:
    build = person.build
    wearer = Wearer(build.femur_m, build.hip_width_m, build.knee_width_m)
    setup = LiveSetup(recording, load_plan(name), load_calibration("calibration_demo"), wearer, SPACER_MM)
    sensors = {p: Shared(person.sensors[p]) for p in worn}
    async with SimulatedAir({p: shared.strap() for p, shared in sensors.items()}, SEED) as air:
        pair: list[Remembered] = []
        for placement, devices in worn.items():
            shared = sensors[placement]
            twins = wear(air, shared, [twin_of(device, shared) for device in devices])
            pair += remembered(placement, devices, twins)
        actions = ActionQueue()
        follower = SimulatedWearer(person, air.now_s, name, SPACER_MM, PUT_ON_S, actions.put)
        feels_motion = any(Channel.GYR in shared.info.channels for shared in sensors.values())
        followers = [follower] if feels_motion else [follower, KeyPresser(actions.put, PUT_ON_S)]

        def note(item: CoachEvent | LiveUpdate | Heard) -> None:
            if isinstance(item, LiveUpdate):
                live.append(item.gap)

        straps = Straps(pair=pair, backend=air.client_backend, scanner_backend=air.scanner_backend)
        beside = asyncio.create_task(_received(air, straps))
        outcome = await LiveSession(setup, LiveBuffer(), actions.drain, [*followers, note]).run(straps)
        beside.cancel()
        return outcome, await beside


async def _received(air: SimulatedAir, straps: Straps) -> Mapping[Placement, SampleBlock]:
    """What our own straps send from when the session's straps have joined until this is cancelled."""
    events: list[LinkEvent] = []
    try:
        while len(straps.joined) < len(air.straps):
            await asyncio.sleep(LOOK_S)
        await listen(Straps(backend=air.client_backend, scanner_backend=air.scanner_backend), events)
    except asyncio.CancelledError:
        pass
    return {p: decoded(p, [e for e in events if e.placement == p]) for p in air.straps}


async def listen(straps: Straps, events: list[LinkEvent]) -> None:
    """Gathers everything that straps tell, until this is cancelled."""
    async with straps:
        async for event in straps:
            events.append(event)


def decoded(placement: Placement, events: Sequence[LinkEvent]) -> SampleBlock:
    """The samples of these events."""
    worn = WornStrap(placement)
    blocks: list[SampleBlock | None] = []
    for event in events:
        if isinstance(event, StrapJoined):
            worn.join(event.part, event.driver, event.info)
        elif isinstance(event, StreamArrived):
            blocks.append(worn.push({event.part: [Notification(event.arrival_s, event.data)]}))
    return join([block for block in blocks if block is not None])


def remembered(placement: Placement, devices: Sequence[str], twins: Sequence[WornTwin]) -> list[Remembered]:
    """The devices at a placement as a wearer's pair."""
    parts = (Part.STRAP, Part.BAND)
    return [
        Remembered(Slot(placement, part), twin.address, device, twin.model.name)
        for part, device, twin in zip(parts, devices, twins, strict=False)
    ]
