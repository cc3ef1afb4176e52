"""What must hold of every session, whatever the radio did to it.

Invariant: each check counts anew from what arrived, not from what the product says of itself.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import numpy as np

from firmware_sim.air.radio import SimulatedAir, SimulatedStrap
from monitor.session.log import SessionLog
from sensor.decoding.clock import Clock, ClockParams
from sensor.errors import EmptySession, ForeignRecording, PacketError
from sensor.link.link_events import LinkQuality, LinkState, StreamArrived
from sensor.packet import decode_stream
from sensor.recordings.recording import RecordingWriter
from sensor.recordings.replay import read_recording
from sensor.samples import Placement, SampleBlock
from tests.radio.sessions import Heard

# A packet from the future lies this far ahead, and more.
FUTURE = 500_000


def arrived_samples(heard: Heard, placement: Placement) -> dict[int, set[int]]:
    """Counters of all samples that came in good packets, by epoch; those sent as if from the future left out."""
    found: dict[int, set[int]] = defaultdict(set)
    for event in heard.events:
        if isinstance(event, StreamArrived) and event.placement == placement:
            try:
                packet = decode_stream(event.data)
            except PacketError:
                continue
            if packet.counter < FUTURE:
                found[packet.epoch].update(range(packet.counter, packet.counter + len(packet.samples)))
    return found


def given_up(heard: Heard, placement: Placement) -> int:
    """Samples that the host says will never come."""
    told = [e.given_up for e in heard.events if isinstance(e, LinkQuality) and e.placement == placement]
    return max(told, default=0)


def complaints(heard: Heard, air: SimulatedAir, *, finished: bool) -> list[str]:
    """What is not as it should be; `finished` where the session ended in calm air, with all fetched."""
    found: list[str] = []
    for placement, strap in air.straps.items():
        its = [
            *_kept(heard, placement),
            *_counted(heard, placement, strap, finished=finished),
            *_in_time(heard, placement),
        ]
        if finished:
            its += _complete(heard, placement, strap)
            if heard.states(placement)[-1] is not LinkState.CLOSED:
                its.append(f"ended {heard.states(placement)[-1]}")
        found += [f"{placement}: {what}" for what in its]
    return found


def _kept(heard: Heard, placement: Placement) -> Iterator[str]:
    """Nothing that arrived is lost."""
    arrived = sum(len(numbers) for numbers in arrived_samples(heard, placement).values())
    block = heard.block(placement)
    if len(block) != arrived:
        yield f"{arrived} samples arrived, {len(block)} decoded"
    if len(np.unique(block.sample)) != len(block):
        yield "a sample occurs twice"


def _counted(heard: Heard, placement: Placement, strap: SimulatedStrap, *, finished: bool) -> Iterator[str]:
    """What went wrong is counted as often as it was done."""
    counts, done = heard.decoders[placement].counts, strap.counts
    if counts.corrupt != done.corrupt + done.short + done.long:
        yield f"{counts.corrupt} corrupt counted, {done}"
    if counts.strays != done.future:
        yield f"{counts.strays} strays counted, {done.future} from the future"
    epochs = len(arrived_samples(heard, placement))
    if counts.restarts != max(0, epochs - 1):
        yield f"{counts.restarts} restarts counted, {epochs} epochs"
    if counts.clock_jumps > done.clock_jumps or (finished and epochs == 1 and counts.clock_jumps != done.clock_jumps):
        yield f"{counts.clock_jumps} clock jumps counted, {done.clock_jumps} made"
    lost = heard.reasons(placement)["connection lost"]
    if lost > done.disconnects:
        yield f"{lost} disconnections told, {done.disconnects} made"


def _in_time(heard: Heard, placement: Placement) -> Iterator[str]:
    """Times never go back."""
    block = heard.block(placement)
    if (np.diff(block.arrival_s) < 0).any():
        yield "arrivals go back"
    fresh = _in_order(block)
    session_s = Clock(ClockParams()).push(fresh.device_s, fresh.arrival_s)
    if (np.diff(session_s) < 0).any() or (session_s > fresh.arrival_s).any():
        yield "session times go back, or lie after the arrival"
    event_s = [e.arrival_s if isinstance(e, StreamArrived) else e.time_s for e in heard.events]
    # What came while a connection was being made is told right after it.
    if (np.diff(np.maximum.accumulate(event_s) - event_s) > 5.0).any():
        yield "events go back"


def _in_order(block: SampleBlock) -> SampleBlock:
    return block.take(block.sample >= np.maximum.accumulate(block.sample))


def _complete(heard: Heard, placement: Placement, strap: SimulatedStrap) -> Iterator[str]:
    """Every sample that was taken has come, or is said to be gone; of an epoch that ended, but for its tail."""
    arrived, taken = arrived_samples(heard, placement), strap.firmware.sampling.taken
    gone = given_up(heard, placement)
    come = sum(len(numbers) for numbers in arrived.values())
    last = strap.firmware.sampling.epoch
    known = sum(max(numbers) + 1 for epoch, numbers in arrived.items() if epoch != last) + taken[last]
    if not known <= come + gone <= sum(taken.values()):
        yield f"{sum(taken.values())} taken, {known} known, {come} arrived, {gone} said to be gone"


def uncovered(heard: Heard, air: SimulatedAir) -> Counter[Placement]:
    """How many samples of the last epoch each strap lacks."""
    lacking: Counter[Placement] = Counter()
    for placement, strap in air.straps.items():
        last = strap.firmware.sampling.epoch
        come = len(arrived_samples(heard, placement).get(last, ()))
        lacking[placement] = strap.firmware.sampling.taken[last] - come
    return lacking


def recorded_complaints(heard: Heard, folder: Path, cut_share: float) -> list[str]:
    """Whether the session's recording gives the same back, and what is left of it when cut anywhere can be read."""
    path = folder / "recording.mcap"
    log = SessionLog(RecordingWriter(path, {"exercise": "clamp"}))
    for event in heard.events:
        log.link(event)
    log.close()
    recorded = read_recording(path)
    found = [
        f"{placement}: recorded {len(recorded.straps[placement])} samples, heard {len(heard.block(placement))}"
        for placement in heard.blocks
        if not _same(recorded.straps[placement], heard.block(placement))
    ]
    whole = path.read_bytes()
    path.write_bytes(whole[: int(len(whole) * cut_share)])
    with suppress(EmptySession, ForeignRecording):
        read_recording(path)
    path.unlink()
    return found


def _same(recorded: SampleBlock, heard: SampleBlock) -> bool:
    return np.array_equal(recorded.sample, heard.sample) and np.array_equal(
        recorded.acc_m_s2, heard.acc_m_s2, equal_nan=True
    )
