"""Times of reading and analysis as multiples of VQF alone, on the same samples in the same run."""

import statistics
import tempfile
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from vqf import VQF

from analysis.pipeline import LiveAnalysis, analyze
from firmware_sim.air.notifications import layout, notifications
from firmware_sim.person.build import taped
from firmware_sim.person.streams import stream
from firmware_sim.person.virtual_person import VirtualPerson
from firmware_sim.sessions.scenario import clamping
from sensor.arrivals import Arrivals, cut
from sensor.packet import encode_info
from sensor.recorded import Recorded
from sensor.recordings.recording import RecordingWriter
from sensor.recordings.replay import read_recording
from sensor.samples import Placement
from sensor.tables.wearer_file import wearer_text

EXERCISE_S = 850.0  # with table, donning and calibration 15 min
SEED = 5
LOST = 0.01
REPEATS = 7
MTU = 247
BLOCK_SAMPLES = 5
# The straps' packets come by turns, as far from each other as they can: the least favourable rhythm for a live session.
BEHIND_SAMPLES = {Placement.LEFT_THIGH: 0, Placement.RIGHT_THIGH: 5}


def analysis_figures() -> dict[str, float]:
    """`analysis_over_vqf`, `reading_over_vqf`, `analysis_scaling` and `block_ms`."""
    with recording_file(4 * EXERCISE_S) as file:
        hour = read_recording(file)
    with recording_file(EXERCISE_S) as file:
        recorded = read_recording(file)
        vqf_s, reading_s, analysis_s, hour_s = shortest_s(
            lambda: vqf_alone(recorded), lambda: read_recording(file), lambda: analyze(recorded), lambda: analyze(hour)
        )
    return {
        "analysis_over_vqf": analysis_s / vqf_s,
        "reading_over_vqf": reading_s / vqf_s,
        "analysis_scaling": hour_s / analysis_s,
        "block_ms": block_ms(recorded),
    }


def shortest_s(*works: Callable[[], object]) -> list[float]:
    """The shortest of several times of each of `works`, by turns: what each takes when nothing else runs."""
    times: list[list[float]] = [[] for _ in works]
    for _ in range(REPEATS):
        for work, spent in zip(works, times, strict=True):
            before = time.perf_counter()
            work()
            spent.append(time.perf_counter() - before)
    return [min(spent) for spent in times]


def vqf_alone(recorded: Recorded) -> None:
    """VQF as it comes, on the samples of both straps."""
    for block in recorded.straps.values():
        VQF(1 / block.rate_hz).updateBatch(np.ascontiguousarray(block.gyr_rad_s), np.ascontiguousarray(block.acc_m_s2))


def block_ms(recorded: Recorded) -> float:
    """Median time of a block of five samples of each strap through all stages, in the second minute of the exercise."""
    analysis = LiveAnalysis(recorded.wearer, recorded.exercise)
    first, rest = cut(recorded, [90.0])
    analysis.push(first)
    times: list[float] = []
    for at in range(0, 6000, BLOCK_SAMPLES):
        straps = {p: b.take(slice(at, at + BLOCK_SAMPLES)) for p, b in rest.straps.items()}
        block = Arrivals(max(float(b.arrival_s[-1]) for b in straps.values()), straps)
        before = time.perf_counter()
        analysis.push(block)
        times.append(time.perf_counter() - before)
    return statistics.median(times) * 1e3


@contextmanager
def recording_file(exercise_s: float) -> Generator[Path]:
    """A recording of a simulated clamp session as its straps' firmware would have sent it."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "recording.mcap"
        person = lived(exercise_s)
        sent = sorted(notified(person), key=lambda n: n[0])
        wearer = taped(person.build, SEED)
        writer = RecordingWriter(file, {"exercise": "clamp", "wearer": wearer_text(wearer)})
        for placement, module in person.modules.items():
            writer.information(placement, 0.0, encode_info(module.info))
        for arrival_s, placement, data in sent:
            writer.notification(placement, arrival_s, data)
        writer.zero(person.diary.donned_s or 0.0)
        for marker in person.diary.markers:
            writer.marker(marker, sent[-1][0])
        writer.close()
        yield file


def lived(exercise_s: float) -> VirtualPerson:
    """A person who has clamped this long, with mistakes and mishaps."""
    person = VirtualPerson(SEED)
    clamping(exercise_s)(person, stream(SEED, "bench"))
    person.live_until(person.planned_until_s + 1.0)
    return person


def notified(person: VirtualPerson) -> Iterator[tuple[float, Placement, bytes]]:
    """Arrival, strap and bytes of every notification that was not lost."""
    rng = np.random.default_rng(SEED)
    for placement, sensors in person.sensors.items():
        info = sensors.info
        counts = sensors.read(person.planned_until_s + 1.0).take(slice(BEHIND_SAMPLES[placement], None))
        plan = layout(info.channels, MTU, info.rate_hz)
        packets = notifications(counts, info.channels, plan, epoch=1, slow_every=50)
        ends_s = counts.time_s[plan.samples - 1 :: plan.samples]
        arrival_s = np.maximum.accumulate(ends_s + 0.012 + rng.exponential(0.006, len(ends_s)))
        for at_s, data in zip(arrival_s.tolist(), packets, strict=False):
            if rng.random() > LOST:
                yield at_s, placement, data
