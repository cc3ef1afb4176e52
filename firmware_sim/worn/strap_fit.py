"""How a strap sits: where its module points, how flesh lets it move, what slips.

Invariant: a module's orientation and the force on it come from one and the same motion.
Strap course: see `Fit`.
Soft tissue: a module on flesh swings at 10 to 18 Hz; muscle and knee angle turn it by about a degree.
"""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from scipy.signal import lfilter

from firmware_sim.person import quaternion
from firmware_sim.person.course import Course
from firmware_sim.person.pose import Ch
from firmware_sim.person.streams import BandNoise, StreamFilter, second_order, stream
from firmware_sim.person.wearer import TICK_HZ, BodyTicks
from sensor.samples import Floats, Placement

GRAVITY = np.array([0.0, 0.0, 9.81])
DAMPING = 0.25
# A strap that swings rolls about the limb, which it is wrapped round, more than it tilts.
TURN_PER_M = np.array([0.5, 0.5, 2.5])
TAP_S = 0.012
TAP_M_S2 = 45.0


class Fit(IntEnum):
    """Channels of a strap's course: slip about the segment's axes (rad), slide along the limb (m), tension."""

    SLIP_X = 0
    SLIP_Y = 1
    SLIP_Z = 2
    SLIDE = 3
    TENSION = 4  # change, 1 = tension when donned
    PULLED = 5  # 0 slack, 1 as tight as worn


@dataclass(frozen=True, slots=True)
class Mounting:
    """A strap as it was put on; vectors in the segment's axes."""

    q_segment_from_strap: Floats  # (4,)
    place_m: Floats  # (3,) module from the segment's distal joint
    swing_hz: float
    turn_per_m: Floats  # (3, 3) rad of turn per m of swing
    muscle_turn_rad: Floats  # (3,) at full activation
    knee_turn_rad: Floats  # (3,) per right angle of knee flexion
    q_table: Floats  # (4,) earth from strap before it is put on


@dataclass(frozen=True, slots=True)
class ModuleTicks:
    """What a module undergoes at each tick, in its own axes."""

    q_earth_from_strap: Floats  # (n, 4)
    turned_rad: Floats  # (n, 3) rotation since the tick before
    force_m_s2: Floats  # (n, 3) specific force
    shift_m: Floats  # (n, 3) of the strap along the segment's axes: swing and slide
    turn_rad: Floats  # (n, 3) of the strap on the flesh, in the segment's axes
    fit: Floats  # (n, channels of Fit)


def random_mounting(seed: int, placement: Placement) -> Mounting:
    """A strap put on by somebody who does not care which way the module points."""
    rng = stream(seed, f"mounting {placement}")
    side = -1.0 if placement.startswith("right") else 1.0
    angle = side * rng.uniform(0.1, 0.9)  # from the front towards the outside
    radius = rng.uniform(0.05, 0.07)
    up = rng.uniform(0.07, 0.13)
    if placement is Placement.PELVIS:
        angle, radius, up = np.pi, 0.12, 0.02
    if placement in (Placement.LEFT_FOOT, Placement.RIGHT_FOOT):
        angle, radius, up = 0.0, 0.09, -0.03  # on the instep
    return Mounting(
        q_segment_from_strap=quaternion.random_rotation(rng),
        place_m=np.array([radius * np.cos(angle), radius * np.sin(angle), up]),
        swing_hz=float(rng.uniform(10.0, 18.0)),
        turn_per_m=rng.normal(0.0, 1.0, (3, 3)) * TURN_PER_M,
        muscle_turn_rad=np.deg2rad(rng.normal(0.0, 0.6, 3)),
        knee_turn_rad=np.deg2rad(rng.normal(0.0, 0.7, 3)),
        q_table=quaternion.random_rotation(rng),
    )


class StrapFit:
    """One strap on one segment, carried from tick to tick."""

    def __init__(self, mounting: Mounting, seed: int, placement: Placement) -> None:
        self.mounting = mounting
        self.course = Course(np.zeros(len(Fit)))
        self.taps_s: list[float] = []
        self._placement = placement
        self._side = 1 if placement.startswith("right") else 0
        w = 2 * np.pi * mounting.swing_hz
        self._swing = StreamFilter(second_order(-1.0, 2 * DAMPING * w, w * w, TICK_HZ))
        # Flesh gives way at once and goes on for a minute: two thirds quickly, one third slowly.
        self._quick, self._slow = OnePole(0.25, TICK_HZ), OnePole(40.0, TICK_HZ)
        self._hands = BandNoise(stream(seed, f"hands {placement}"), 3, 0.2, 1.5, TICK_HZ)
        self._before: tuple[Floats, Floats, Floats] | None = None

    def next(self, body: BodyTicks) -> ModuleTicks:
        """What the module undergoes at the body's next ticks."""
        q_segment = body.q_earth_from_segment[self._placement]
        place = body.joint_m[self._placement] + quaternion.rotate(q_segment, self.mounting.place_m)
        force, place_two = self._segment_force(q_segment, place)
        swing = self._swing.next(force)
        fit = self.course.values(body.time_s)
        turn = self._turn(body, swing, fit)
        q_segment_from_strap = quaternion.multiply(
            quaternion.from_rotation_vector(turn), self.mounting.q_segment_from_strap
        )
        force = force + self._swinging(swing)
        q = quaternion.multiply(q_segment, q_segment_from_strap)
        felt = quaternion.rotate_back(q_segment_from_strap, force)
        q, felt = self._off_the_leg(body, q, felt)
        if self.taps_s:
            felt[:, 2] += self._taps(body.time_s)
        turned = self._turned(q)
        swing[:, 2] += fit[:, Fit.SLIDE]
        self._before = (place_two, q[-1:], self._last_swing)
        return ModuleTicks(q, turned, felt, swing, turn, fit)

    def _segment_force(self, q_segment: Floats, place: Floats) -> tuple[Floats, Floats]:
        """Specific force at the strap's place in segment axes, and the last two places."""
        before = place[[0, 0]] if self._before is None else self._before[0]
        path = np.concatenate([before, place])
        pull = (path[2:] - 2.0 * path[1:-1] + path[:-2]) * TICK_HZ**2 + GRAVITY
        return quaternion.rotate_back(q_segment, pull), path[-2:]

    def _swinging(self, swing: Floats) -> Floats:
        """The swing's own acceleration."""
        before = swing[[0, 0]] if self._before is None else self._before[2]
        path = np.concatenate([before, swing])
        self._last_swing = path[-2:].copy()
        return (path[2:] - 2.0 * path[1:-1] + path[:-2]) * TICK_HZ**2

    def _turn(self, body: BodyTicks, swing: Floats, fit: Floats) -> Floats:
        """Rotation of the strap on the flesh (n, 3) in segment axes."""
        mounting = self.mounting
        turn = fit[:, Fit.SLIP_X : Fit.SLIP_Z + 1].copy()
        for axis in range(3):
            turn += swing[:, axis : axis + 1] * mounting.turn_per_m[axis]
        muscle = body.pose[:, Ch.MUSCLE_L + self._side]
        knee = body.pose[:, Ch.KNEE_L + self._side] * (2 / np.pi) - 1.0
        bulge = 0.67 * self._quick.next(muscle) + 0.33 * self._slow.next(muscle)
        return turn + bulge[:, None] * mounting.muscle_turn_rad + knee[:, None] * mounting.knee_turn_rad

    def _off_the_leg(self, body: BodyTicks, q: Floats, felt: Floats) -> tuple[Floats, Floats]:
        """The strap on the table and in the hands, until it is worn."""
        hands = self._hands.next(len(q))
        worn, handled = body.pose[:, Ch.WORN], body.pose[:, Ch.HANDLED]
        off = np.flatnonzero((worn != 1.0) | (handled != 0.0))
        if not len(off):
            return q, felt
        worn = worn[off]
        shaken = quaternion.from_rotation_vector(0.5 * handled[off, None] * hands[off])
        elsewhere = quaternion.multiply(self.mounting.q_table, shaken)
        earth_force = worn[:, None] * quaternion.rotate(q[off], felt[off]) + (1.0 - worn)[:, None] * GRAVITY
        q[off] = quaternion.blend(elsewhere, quaternion.multiply(q[off], shaken), worn)
        felt[off] = quaternion.rotate_back(q[off], earth_force)
        return q, felt

    def _taps(self, time_s: Floats) -> Floats:
        push = np.zeros(len(time_s))
        for tap in self.taps_s:
            x = (time_s - tap) / TAP_S
            push += np.where((x > 0) & (x < 1), -TAP_M_S2 * np.sin(np.pi * np.clip(x, 0, 1)), 0.0)
        return push

    def _turned(self, q: Floats) -> Floats:
        before = q[:1] if self._before is None else self._before[1]
        path = np.concatenate([before, q])
        return quaternion.small_rotation_vector(quaternion.multiply(quaternion.conjugate(path[:-1]), path[1:]))


class OnePole:
    """A first-order lag of one column that starts settled."""

    def __init__(self, lag_s: float, rate_hz: float) -> None:
        self._keep = float(np.exp(-1.0 / (lag_s * rate_hz)))
        self._state: Floats | None = None

    def next(self, x: Floats) -> Floats:
        """The lagged values (n,)."""
        b, a = [1.0 - self._keep], [1.0, -self._keep]
        if self._state is None:
            self._state = np.array([self._keep * x[0]])
        out, self._state = lfilter(b, a, x, zi=self._state)
        return out
