"""A whole session of a virtual person without a radio: what a host would have decoded, and the truth.

Invariant: the same scenario gives the same session; times are session seconds, zero at the first arrival after the
straps were put on.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from firmware_sim.person.build import taped
from firmware_sim.person.diary import Posture, TrueEvent, TrueRep, TrueStep
from firmware_sim.person.streams import stream
from firmware_sim.person.truth_ticks import TruthTicks, join_truth
from firmware_sim.person.virtual_person import VirtualPerson
from firmware_sim.worn.strap_sensors import StrapCounts
from sensor.gatt import FULL_SCALE_COUNTS, NO_COUNT, QUATERNION_COUNTS, Channel
from sensor.markers import Marker
from sensor.packet import COLUMNS, StrapInfo
from sensor.recorded import Recorded
from sensor.samples import THIGHS, Floats, Ints, Placement, SampleBlock

ON_THE_WAY_S = 0.012
PACKET_SAMPLES = 5
SILENCE_S = 1.5


@dataclass(frozen=True, slots=True)
class Air:
    """How the straps' packets reach the host: share lost in short bursts, and spells of silence."""

    lost: float = 0.01
    burst_packets: float = 2.0
    silences_per_min: float = 0.0


@dataclass(frozen=True, slots=True)
class Scenario:
    """A person's session as a script that plans it cue by cue; `straps` None: two thighs with flex and tension."""

    name: str
    seed: int
    exercise: str | None
    script: Callable[[VirtualPerson, Generator], None]
    straps: Mapping[Placement, Channel] | None = None
    air: Air = Air()


@dataclass(frozen=True, slots=True)
class Truth:
    """What really happened, in session seconds."""

    ticks: TruthTicks
    postures: tuple[tuple[float, Posture], ...]
    reps: tuple[TrueRep, ...]
    steps: tuple[TrueStep, ...]
    events: tuple[TrueEvent, ...]
    silences: Mapping[Placement, tuple[tuple[float, float], ...]]
    lost: Mapping[Placement, tuple[int, int]]  # samples that arrived, samples lost


@dataclass(frozen=True, slots=True)
class Simulated:
    """A session and its truth."""

    scenario: Scenario
    recorded: Recorded
    truth: Truth


def simulate(scenario: Scenario) -> Simulated:
    """Live the scenario through."""
    person = VirtualPerson(scenario.seed, straps=scenario.straps, keeps_truth=True)
    scenario.script(person, stream(scenario.seed, f"script {scenario.name}"))
    end_s = person.planned_until_s + 1.0
    person.live_until(end_s)
    counts = {p: sensors.read(end_s) for p, sensors in person.sensors.items()}
    return observed(person, counts, scenario)


def observed(person: VirtualPerson, counts: Mapping[Placement, StrapCounts], scenario: Scenario) -> Simulated:
    """The session of a person who has lived it."""
    sent = {p: _sent(c, stream(scenario.seed, f"air {p}"), scenario.air) for p, c in counts.items()}
    donned = person.diary.donned_s or 0.0
    zero_s = min(float(a[a >= donned][0]) for _, a in sent.values())
    straps = {
        p: si_block(person.modules[p].info, counts[p], kept, arrival - zero_s) for p, (kept, arrival) in sent.items()
    }
    wearer = taped(person.build, scenario.seed, scenario.name)
    markers = tuple(_moved(m, zero_s) for m in person.diary.markers)
    recorded = Recorded(straps, markers, wearer, scenario.exercise)
    lost = {p: (len(kept), len(counts[p]) - len(kept)) for p, (kept, _) in sent.items()}
    silences = {p: _silences(counts[p].time_s[kept] - zero_s) for p, (kept, _) in sent.items()}
    return Simulated(scenario, recorded, _truth(person, zero_s, silences, lost))


def si_block(info: StrapInfo, counts: StrapCounts, kept: Ints, arrival_s: Floats) -> SampleBlock:
    """Raw counts as a host's decoder gives them: SI units, the orientation at the end of each packet alone."""
    rows = counts.samples[kept].astype(np.float64)
    n = len(kept)
    at, columns = 0, dict[Channel, Floats]()
    for channel, width in COLUMNS:
        if channel in info.channels:
            columns[channel] = rows[:, at : at + width]
            at += width
    nothing, none = np.full((n, 1), np.nan), np.full((n, 3), np.nan)
    whole = np.rint(counts.q_start_from_strap[kept] * QUATERNION_COUNTS) / QUATERNION_COUNTS
    ends = np.append(arrival_s[1:] != arrival_s[:-1], True) & (Channel.ORIENTATION in info.channels)
    distance = columns.get(Channel.RANGE, nothing)[:, 0]
    return SampleBlock(
        placement=info.placement or THIGHS[0],
        rate_hz=info.rate_hz,
        sample=counts.number[kept],
        device_s=counts.clock[kept] / info.clock_hz,
        arrival_s=arrival_s,
        acc_m_s2=columns.get(Channel.ACC, none) * (info.acc_full_scale_m_s2 / FULL_SCALE_COUNTS),
        gyr_rad_s=columns.get(Channel.GYR, none) * (info.gyr_full_scale_rad_s / FULL_SCALE_COUNTS),
        temperature_c=counts.temperature_centi_c[kept] / 100.0,
        flex=columns.get(Channel.FLEX, nothing)[:, 0],
        tension=columns.get(Channel.TENSION, nothing)[:, 0],
        range_m=np.where(distance == NO_COUNT, np.nan, distance / 1000.0),
        q_start_from_strap=np.where(ends[:, None], whole, np.nan),
    )


def _sent(counts: StrapCounts, rng: Generator, air: Air) -> tuple[Ints, Floats]:
    """Rows that arrive and when (person's clock)."""
    packet = np.arange(len(counts)) // PACKET_SAMPLES
    packets = int(packet[-1]) + 1
    lost = np.zeros(packets, dtype=bool)
    bursts = rng.random(packets) < air.lost / air.burst_packets
    for at in np.flatnonzero(bursts):
        lost[at : at + int(rng.geometric(1.0 / air.burst_packets))] = True
    minutes = len(counts) / 6000.0
    for _ in range(int(rng.poisson(air.silences_per_min * minutes))):
        # Out of range only while worn: before that there is no session.
        at = int(rng.uniform(0.1, 0.98) * packets)
        lost[at : at + int(rng.uniform(1.6, 7.0) * 100 / PACKET_SAMPLES)] = True
    last = np.minimum((np.arange(packets) + 1) * PACKET_SAMPLES, len(counts)) - 1
    delay = ON_THE_WAY_S + rng.exponential(0.006, packets)
    # A notification never overtakes the one before.
    arrival = np.maximum.accumulate(counts.time_s[last] + delay)
    kept = np.flatnonzero(~lost[packet])
    return kept, arrival[packet[kept]]


def _silences(time_s: Floats) -> tuple[tuple[float, float], ...]:
    holes = np.flatnonzero(np.diff(time_s) > SILENCE_S)
    return tuple((float(time_s[i]), float(time_s[i + 1])) for i in holes)


def _moved(marker: Marker, zero_s: float) -> Marker:
    return Marker(marker.label, round(marker.start_s - zero_s, 3), round(marker.end_s - zero_s, 3), marker.value)


def _truth(
    person: VirtualPerson,
    zero_s: float,
    silences: Mapping[Placement, tuple[tuple[float, float], ...]],
    lost: Mapping[Placement, tuple[int, int]],
) -> Truth:
    ticks, diary = join_truth(person.truth), person.diary
    worn = ticks.time_s >= zero_s
    return Truth(
        ticks=TruthTicks(
            ticks.time_s[worn] - zero_s,
            ticks.gap_m[worn],
            ticks.contact_n[worn],
            {p: t[worn] for p, t in ticks.tension.items()},
        ),
        postures=tuple((at - zero_s, posture) for at, posture in diary.postures),
        reps=tuple(
            TrueRep(r.exercise, r.side, r.start_s - zero_s, r.end_s - zero_s, r.verdict, r.held) for r in diary.reps
        ),
        steps=tuple(
            TrueStep(s.side, s.start_s - zero_s, s.end_s - zero_s, s.foot_progression_rad) for s in diary.steps
        ),
        events=tuple(
            TrueEvent(e.cause, e.placement, e.start_s - zero_s, e.end_s - zero_s, e.size) for e in diary.events
        ),
        silences=silences,
        lost=lost,
    )
