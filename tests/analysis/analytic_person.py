"""A seated person whose thighs turn analytically, worn straps with any mounting, and a radio with known faults.

Frames as in `docs/frames.md`. Everything is given by formulas, so what the analysis must find is known exactly.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
from scipy.spatial.transform import Rotation

from sensor.markers import Label, Marker
from sensor.recorded import Recorded
from sensor.samples import THIGHS, Floats, Placement, SampleBlock
from sensor.wearer import Wearer

RATE_HZ = 100.0
WEARER = Wearer(femur_m=0.42, hip_width_m=0.18, knee_width_m=0.10, height_m=1.72)
SEATED = Rotation.from_matrix(np.array([[0.0, 0.0, -1.0], [0.0, 1.0, 0.0], [1.0, 0.0, 0.0]]))
STANDING = Rotation.identity()
MOUNTINGS: Mapping[Placement, Rotation] = {
    Placement.LEFT_THIGH: Rotation.from_rotvec([0.4, -1.1, 0.7]),
    Placement.RIGHT_THIGH: Rotation.from_rotvec([-1.5, 0.3, 2.0]),
}
MARKERS = (
    Marker(Label.TABLE, -18.0, -10.0),
    Marker(Label.TOUCH, 2.0, 5.0),
    Marker(Label.SPACER, 7.0, 9.0, "90"),
    Marker(Label.LEG_RAISE, 10.0, 16.0),
    Marker(Label.EXERCISE, 18.0, 38.0, "clamp"),
)


@dataclass(frozen=True, slots=True)
class Course:
    """Angles of one thigh over time, rad: abduction (knee outwards), flexion (knee to the front), inward turn."""

    abduction: Floats
    flexion: Floats
    inward: Floats


@dataclass(frozen=True, slots=True)
class Strap:
    """How one strap sits and errs; `mounting` turns segment axes into strap axes."""

    mounting: Rotation
    from_hip_m: tuple[float, float, float] = (0.07, 0.02, -0.33)
    bias_rad_s: tuple[float, float, float] = (0.01, -0.006, 0.008)
    clock_ppm: float = 30.0
    epoch_s: float = 1234.5


@dataclass(frozen=True, slots=True)
class Air:
    """What the radio does: packets of `packet` samples, the numbers of those lost, and of those resent later."""

    packet: int = 5
    lost: Mapping[Placement, frozenset[int]] = field(default_factory=dict[Placement, frozenset[int]])
    resent_after_s: Mapping[Placement, float] = field(default_factory=dict[Placement, float])
    jitter_s: float = 0.01
    seed: int = 1


def bump(time_s: Floats, start_s: float, length_s: float) -> Floats:
    """A smooth rise to 1 and back within `length_s`."""
    share = np.clip((time_s - start_s) / length_s, 0.0, 1.0)
    return np.sin(np.pi * share) ** 2


def turned(time_s: Floats, placement: Placement, course: Course, base: Rotation) -> Rotation:
    """`q_earth_from_thigh` of the course from the posture `base`."""
    side = 1.0 if placement is Placement.LEFT_THIGH else -1.0
    turns = np.stack([side * course.abduction, -course.flexion, -side * course.inward], axis=1)
    assert len(turns) == len(time_s)
    return base * Rotation.from_euler("XYZ", turns)


def clamping(time_s: Floats) -> Course:
    """Touch, spacer, three leg raises, then the knees open and close every 8 s."""
    apart = 0.12 - 0.12 * plateau(time_s, 1.2, 5.6)
    for start_s in np.arange(20.0, 38.0, 8.0):
        apart -= 0.115 * plateau(time_s, start_s, start_s + 5.0)
    lift = sum((0.15 * bump(time_s, s, 1.8) for s in (10.2, 12.0, 13.8)), np.zeros(len(time_s)))
    return Course(apart, lift, np.zeros(len(time_s)))


def plateau(time_s: Floats, start_s: float, end_s: float, edge_s: float = 0.7) -> Floats:
    """1 between `start_s` and `end_s` with smooth edges inside."""
    up = np.clip((time_s - start_s) / edge_s, 0, 1)
    down = np.clip((end_s - time_s) / edge_s, 0, 1)
    return (1 - np.cos(np.pi * np.minimum(up, down))) / 2


def worn_samples(
    placement: Placement, time_s: Floats, q_earth_from_thigh: Rotation, strap: Strap, moved_until_s: float = 0.0
) -> SampleBlock:
    """What the strap's sensors give at `time_s`; before `moved_until_s` it lies on a table, then is handled."""
    dt = 1e-4
    ahead = Rotation.from_quat(_shifted(time_s, q_earth_from_thigh, dt))
    gyr = (q_earth_from_thigh.inv() * ahead).as_rotvec() / dt
    accel = np.gradient(gyr, 1 / RATE_HZ, axis=0)
    r = np.array(strap.from_hip_m)
    lin = np.cross(accel, r) + np.cross(gyr, np.cross(gyr, r))
    acc = lin + q_earth_from_thigh.inv().apply([0, 0, 9.81])
    table = time_s < moved_until_s
    gyr[table], acc[table] = 0.0, [0.0, 0.0, 9.81]
    n = len(time_s)
    side = 1.0 if placement is Placement.LEFT_THIGH else np.nan
    return SampleBlock(
        placement=placement,
        rate_hz=RATE_HZ,
        sample=np.arange(n, dtype=np.int64),
        device_s=strap.epoch_s + (time_s - time_s[0]) * (1 + strap.clock_ppm * 1e-6),
        arrival_s=time_s.copy(),
        acc_m_s2=strap.mounting.apply(acc),
        gyr_rad_s=strap.mounting.apply(gyr) + np.array(strap.bias_rad_s),
        temperature_c=np.full(n, 30.0) + 0.01 * time_s,
        flex=side * (1000 + 300 * np.sin(time_s / 5)),
        tension=2000 + 10 * np.cos(time_s / 7),
        range_m=np.full(n, np.nan),
        q_start_from_strap=np.full((n, 4), np.nan),
    )


def _shifted(time_s: Floats, q: Rotation, dt: float) -> Floats:
    """Quaternions (N, 4) a little later, along the chord to the next sample."""
    quats = q.as_quat()
    quats *= np.where(np.sum(quats * np.roll(quats, 1, axis=0), axis=1) < 0, -1.0, 1.0).cumprod()[:, None]
    slope = np.gradient(quats, time_s, axis=0)
    return quats + dt * slope


def sent(block: SampleBlock, air: Air) -> SampleBlock:
    """The rows that arrive, in order of arrival: packets are late by 12 ms and more, some are lost, some resent."""
    rng = np.random.default_rng(air.seed + list(Placement).index(block.placement))
    packet = block.sample // air.packet
    ends_s = block.arrival_s[np.minimum((packet + 1) * air.packet - 1, len(block) - 1)]
    arrival_s = ends_s + 0.012 + rng.exponential(air.jitter_s, packet.max() + 1)[packet]
    arrival_s = np.maximum.accumulate(arrival_s)
    lost = np.isin(block.sample, list(air.lost.get(block.placement, ())))
    resend_s = air.resent_after_s.get(block.placement)
    if resend_s is not None:
        arrival_s[lost] += resend_s
        lost[:] = False
    order = np.argsort(arrival_s, kind="stable")
    order = order[~lost[order]]
    return replace(block.take(order), arrival_s=arrival_s[order])


def recorded(
    *, end_s: float = 40.0, air: Air | None = None, straps: Mapping[Placement, Strap] | None = None
) -> Recorded:
    """A calibrated clamp session, with the table record from -18 s on."""
    time_s = np.arange(-20.0, end_s, 1 / RATE_HZ)
    worn = straps or {p: Strap(m) for p, m in MOUNTINGS.items()}
    blocks = {
        p: sent(worn_samples(p, time_s, turned(time_s, p, clamping(time_s), SEATED), strap, -8.0), air or Air())
        for p, strap in worn.items()
    }
    return Recorded(blocks, MARKERS, WEARER, "clamp")


def bursts(seed: int, n: int, share: float, packet: int = 5) -> frozenset[int]:
    """Numbers of samples lost in bursts of one to eight packets, about `share` of `n`."""
    rng = np.random.default_rng(seed)
    lost: set[int] = set()
    while len(lost) < share * n:
        first = int(rng.integers(0, n // packet)) * packet
        lost.update(range(first, first + packet * int(rng.integers(1, 9))))
    return frozenset(lost)


LOSSY = Air(
    lost={
        Placement.LEFT_THIGH: bursts(5, 6000, 0.08) | frozenset(range(4500, 4805)),
        Placement.RIGHT_THIGH: bursts(6, 6000, 0.05) | frozenset(range(5000, 5400)),
    }
)
RESENT = replace(LOSSY, resent_after_s=dict.fromkeys(THIGHS, 4.0))
