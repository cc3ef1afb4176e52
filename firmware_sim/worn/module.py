"""One strap on a virtual person with all its sensors: from the body's ticks to counts.

Invariant: what a strap gives depends on the body alone, not on which other straps are worn.
"""

from dataclasses import dataclass

import numpy as np

from firmware_sim.person import quaternion
from firmware_sim.person.pose import Ch
from firmware_sim.person.streams import stream
from firmware_sim.person.wearer import TICK_HZ, BodyTicks
from firmware_sim.worn import flex, imu
from firmware_sim.worn.strap_fit import ModuleTicks, OnePole, StrapFit, random_mounting
from firmware_sim.worn.strap_sensors import StrapCounts
from sensor.gatt import PROTOCOL_VERSION, Ability, Channel
from sensor.packet import StrapInfo
from sensor.samples import THIGHS, Floats, Ints, Placement

NOMINAL_HZ = 100.0
CLOCK_HZ = 1_000_000
PER_SAMPLE = int(TICK_HZ / NOMINAL_HZ)
WARMING_S = 260.0
CORD_TIED_M = 0.045  # inward of the thigh's axis
CORD_UP_M = 0.10  # above the knee joint; people tie it straight across
INERTIAL = Channel.ACC | Channel.GYR | Channel.TEMPERATURE | Channel.ORIENTATION


@dataclass(frozen=True, slots=True)
class SlowTicks:
    """What the slow sensors see at every 100 Hz tick."""

    stretch_m: Floats  # (m,) of the cord, beyond its length when the knees touch
    gap_m: Floats  # (m,)
    pulled: Floats  # (m,)
    tension: Floats  # (m,) relative to donning
    muscle: Floats
    knee_rad: Floats


def strap_info(seed: int, placement: Placement, channels: Channel) -> StrapInfo:
    """What this strap says of itself."""
    has_flex, has_range = Channel.FLEX in channels, Channel.RANGE in channels
    return StrapInfo(
        version=PROTOCOL_VERSION,
        channels=channels,
        abilities=Ability.BLINK | Ability.BUZZ | Ability.TAP,
        placement=placement,
        rate_hz=NOMINAL_HZ,
        clock_hz=CLOCK_HZ,
        acc_full_scale_m_s2=imu.ACC_FULL_SCALE_M_S2,
        gyr_full_scale_rad_s=imu.GYR_FULL_SCALE_RAD_S,
        flex_full_scale=flex.LARGEST_COUNT if has_flex else 0,
        tension_full_scale=flex.LARGEST_COUNT if Channel.TENSION in channels else 0,
        range_full_scale_mm=flex.LARGEST_RANGE_MM if has_range else 0,
        firmware=(1, 0, 0),
        serial=f"KS-{int(stream(seed, f'serial {placement}').integers(1_000_000)):06d}",
    )


class Module:
    """A strap's fit and sensors, carried from tick to tick."""

    def __init__(self, seed: int, placement: Placement, channels: Channel, strap: Placement | None = None) -> None:
        """`strap` is where the strap itself takes its place to be, should it be worn elsewhere."""
        rng = stream(seed, f"module {placement}")
        self.placement = placement
        self.strap = strap or placement
        self.info = strap_info(seed, self.strap, channels)
        self.fit = StrapFit(random_mounting(seed, placement), seed, placement)
        self.fabric = flex.random_fabric(seed, placement)
        errors = imu.random_errors(seed, self.strap)
        self._imu = imu.Imu(errors, seed, self.strap, NOMINAL_HZ)
        self._room_c = float(rng.uniform(23.5, 26.0))
        self._warms_k = float(rng.uniform(4.0, 9.0))
        self._warming = OnePole(WARMING_S, TICK_HZ)
        self._clock_start = int(rng.integers(0, 2**31))
        self.cord = flex.random_cord(seed)
        self._cord = flex.FlexCord(self.cord, seed)
        self._tension = flex.TensionSensor(self.fabric, seed, placement)
        self._range = flex.RangeFinder(seed)
        self._side = 1 if placement.startswith("right") else 0
        self._columns: Ints | None = None
        inward = 1.0 if self._side else -1.0
        self.tied_m = np.array([0.005, inward * CORD_TIED_M, CORD_UP_M])

    def undergo(self, body: BodyTicks) -> tuple[ModuleTicks, Floats]:
        """The module's motion, and its temperature above that at turn-on."""
        warmer = self._warms_k * self._warming.next(body.pose[:, Ch.WORN])
        return self.fit.next(body), warmer

    def measure(self, body: BodyTicks, motion: ModuleTicks, warmer_k: Floats, slow: SlowTicks) -> StrapCounts:
        """The samples that fall into these ticks."""
        inertial = self._imu.next(body.time_s, motion, warmer_k)
        row = np.floor(inertial.time_s * NOMINAL_HZ).astype(np.int64)
        first = round(float(body.time_s[0]) * NOMINAL_HZ)
        beside = self._slow_columns(slow, warmer_k[::PER_SAMPLE])[row - first + 1]
        samples = np.concatenate([inertial.acc, inertial.gyr, beside[:, :3]], axis=1)
        return StrapCounts(
            time_s=inertial.time_s,
            number=inertial.number,
            clock=self._clock_start + inertial.number * round(CLOCK_HZ / NOMINAL_HZ),
            samples=samples[:, self._kept()].astype(np.int32),
            temperature_centi_c=np.rint(beside[:, 3] * 6.25).astype(np.int64),
            q_start_from_strap=inertial.q_start_from_strap,
        )

    def _slow_columns(self, slow: SlowTicks, warmer_k: Floats) -> Ints:
        """Flex, tension, range, sixteenths of a degree C (1 + m, 4): the row before these ticks, then theirs."""
        columns = np.zeros((len(slow.gap_m), 4), dtype=np.int64)
        columns[:, 3] = np.rint((self._room_c + warmer_k) * 16)
        if Channel.FLEX in self.info.channels:
            columns[:, 0] = flex.whole_counts(self._cord.next(slow.stretch_m, warmer_k))
        if Channel.TENSION in self.info.channels:
            counts = self._tension.next(slow.tension, slow.pulled, slow.muscle, slow.knee_rad)
            columns[:, 1] = flex.whole_counts(counts)
        if Channel.RANGE in self.info.channels:
            columns[:, 2] = self._range.next(slow.gap_m)
        before = columns[:1] if self._columns is None else self._columns
        self._columns = columns[-1:]
        return np.concatenate([before, columns])

    def _kept(self) -> list[int]:
        """Columns of acc, gyr, flex, tension, range that this strap has."""
        return [i for channel, columns in _WIDTHS if channel in self.info.channels for i in columns]


_WIDTHS = (
    (Channel.ACC, (0, 1, 2)),
    (Channel.GYR, (3, 4, 5)),
    (Channel.FLEX, (6,)),
    (Channel.TENSION, (7,)),
    (Channel.RANGE, (8,)),
)


def thigh_channels(placement: Placement, flexes: bool = True, tenses: bool = True, ranges: bool = False) -> Channel:
    """Channels of the usual strap at this placement: flex and range hang on the left thigh."""
    channels = INERTIAL
    if placement in THIGHS and tenses:
        channels |= Channel.TENSION
    if placement is Placement.LEFT_THIGH:
        channels |= (Channel.FLEX if flexes else Channel(0)) | (Channel.RANGE if ranges else Channel(0))
    return channels


def anchor(body: BodyTicks, motion: ModuleTicks, module: Module) -> Floats:
    """Where the cord is tied to a thigh strap (n, 3), earth, at the ticks of the nominal rate."""
    at = slice(None, None, PER_SAMPLE)
    q = body.q_earth_from_segment[module.placement][at]
    tied = quaternion.rotate(quaternion.from_rotation_vector(motion.turn_rad[at]), module.tied_m)
    return body.joint_m[module.placement][at] + quaternion.rotate(q, tied + motion.shift_m[at])
