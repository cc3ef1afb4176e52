"""The body: from the planned pose to where every segment is, with the true gap of the knees.

Invariant: the knees never pass through each other: what a plan would push them together further than they can go
becomes pressure, and the gap stays at 0. Frames: see `pose`.
"""

from dataclasses import dataclass

import numpy as np

from firmware_sim.person import quaternion
from firmware_sim.person.build import Build, Temper
from firmware_sim.person.gait import walking
from firmware_sim.person.pose import Ch
from firmware_sim.person.streams import BandNoise, StreamFilter, second_order, stream
from sensor.samples import Floats, Placement

TICK_HZ = 400.0
# Knee surfaces yield by a tenth of what the plan would push them together.
YIELDING = 0.1
STIFFNESS_N_M = 11_000.0
# The legs answer the plan like a critically damped mass: no step of speed at contact, no overshoot into the other knee.
ANSWER_RAD_S = 70.0
TREMOR_RELAXED_RAD = np.deg2rad(0.008)
TREMOR_PRESSING_RAD = np.deg2rad(0.07)
CARRIED_BY_PELVIS = 0.2
CARRIED_BY_KNEES = 0.9
SWAY_RAD = np.deg2rad(0.10)
SWAY_M = 0.0005
ORDER = (
    Placement.LEFT_THIGH,
    Placement.RIGHT_THIGH,
    Placement.LEFT_SHANK,
    Placement.RIGHT_SHANK,
    Placement.LEFT_FOOT,
    Placement.RIGHT_FOOT,
    Placement.PELVIS,
)


@dataclass(frozen=True, slots=True)
class BodyTicks:
    """The body at successive ticks; `joint_m` is the distal joint that a segment's frame sits at (knee for a thigh)."""

    time_s: Floats  # (n,)
    pose: Floats  # (n, channels) as carried out
    q_earth_from_segment: dict[Placement, Floats]  # (n, 4)
    joint_m: dict[Placement, Floats]  # (n, 3) earth
    sideways_m: Floats  # (n,) signed free distance of the knees along the pelvis' left-right axis
    shortest_m: Floats  # (n,) signed shortest free distance
    contact_n: Floats  # (n,)


class Body:
    """A person's body, carried from tick to tick."""

    def __init__(self, build: Build, temper: Temper, seed: int, segments: tuple[Placement, ...]) -> None:
        self._build = build
        self._temper = temper
        self._segments = segments
        self._sway = BandNoise(stream(seed, "sway"), 10, 0.08, 1.1, TICK_HZ, order=3)
        self._tremor = BandNoise(stream(seed, "tremor"), 6, 7.5, 12.5, TICK_HZ)
        self._road = BandNoise(stream(seed, "road"), 6, 1.5, 11.0, TICK_HZ)
        answer = second_order(ANSWER_RAD_S**2, 2 * ANSWER_RAD_S, ANSWER_RAD_S**2, TICK_HZ)
        self._answer = StreamFilter(answer)
        self._breath_rad = float(stream(seed, "breath").uniform(0, 2 * np.pi))

    def carry_out(self, time_s: Floats, plan: Floats) -> BodyTicks:
        """The body at the next ticks (n,) whose planned pose is (n, channels)."""
        pose = self._alive(time_s, plan)
        if pose[:, Ch.WALK].any():
            pose = walking(self._build, pose)
        pose = self._touching(pose)
        return self._placed(time_s, pose)

    def _alive(self, time_s: Floats, plan: Floats) -> Floats:
        """The plan with breathing, sway, tremor and the road under it."""
        n = len(time_s)
        sway, tremor, road = self._sway.next(n), self._tremor.next(n), self._road.next(n)
        gain = plan[:, Ch.SWAY, None] * self._temper.sway
        muscle = plan[:, [Ch.MUSCLE_L, Ch.MUSCLE_R]]
        shiver = self._temper.tremor * (TREMOR_RELAXED_RAD + TREMOR_PRESSING_RAD * muscle)
        tremor = self._coupled(plan, tremor)
        breath = np.sin(2 * np.pi * self._temper.breath_hz * time_s + self._breath_rad)[:, None]
        shake = plan[:, Ch.SHAKE, None]
        pose = plan.copy()
        femur = self._build.femur_m
        pose[:, Ch.X : Ch.Z + 1] += gain * SWAY_M * sway[:, 0:3] + shake * 0.0005 * road[:, 0:3]
        pose[:, Ch.LEAN : Ch.TURN + 1] += gain * 2 * SWAY_RAD * sway[:, 3:6]
        pose[:, Ch.LEAN] += np.deg2rad(0.15) * breath[:, 0]
        nod = gain * SWAY_RAD * (sway[:, 6:7] + 0.4 * sway[:, 3:5])
        pose[:, Ch.FLEX_L : Ch.FLEX_R + 1] += nod + 0.3 * shiver * tremor[:, 0:2]
        pose[:, Ch.FLEX_L : Ch.FLEX_R + 1] += np.deg2rad(0.04) * breath + shake * np.deg2rad(0.06) * road[:, 3:4]
        both = gain * SWAY_RAD * sway[:, 7:8] + shake * np.deg2rad(0.04) * road[:, 4:5]
        pose[:, Ch.OPEN_L : Ch.OPEN_R + 1] += femur * (both * np.array([1.0, -1.0]) + 0.8 * shiver * tremor[:, 2:4])
        pose[:, Ch.OPEN_L : Ch.OPEN_R + 1] += femur * 0.25 * gain * SWAY_RAD * sway[:, 8:10]
        pose[:, Ch.TWIST_L : Ch.TWIST_R + 1] += 2.0 * shiver * tremor[:, 4:6] + gain * 0.5 * SWAY_RAD * sway[:, 8:10]
        return pose

    def _coupled(self, plan: Floats, tremor: Floats) -> Floats:
        """Tremor (n, 6) of both legs with what pelvis and pressed knees carry over from one to the other."""
        together = self._build.knee_width_m - self._build.hip_width_m - plan[:, Ch.OPEN_L] - plan[:, Ch.OPEN_R]
        level = np.abs(plan[:, Ch.FLEX_L] - plan[:, Ch.FLEX_R]) < 0.15
        share = CARRIED_BY_PELVIS + (CARRIED_BY_KNEES - CARRIED_BY_PELVIS) * level * np.clip(together / 0.004, 0.0, 1.0)
        out = tremor.copy()
        # Knees that press rub: they go up and down together and roll on each other like wheels.
        for left, sign in ((0, 1.0), (4, -1.0)):
            common = np.sqrt(0.5) * (tremor[:, left] + sign * tremor[:, left + 1])
            out[:, left] = share * common + np.sqrt(1 - share**2) * tremor[:, left]
            out[:, left + 1] = share * sign * common + np.sqrt(1 - share**2) * tremor[:, left + 1]
        return out

    def _touching(self, pose: Floats) -> Floats:
        """The pose with knees that do not pass through each other; OPEN as the legs' inertia lets it follow."""
        build = self._build
        left, right = pose[:, Ch.OPEN_L], pose[:, Ch.OPEN_R]
        apart = build.hip_width_m + left + right
        reach = pose[:, Ch.FLEX_L : Ch.FLEX_R + 1]
        shift = build.femur_m * (np.sin(reach[:, 0]) - np.sin(reach[:, 1]))
        drop = build.femur_m * (np.cos(reach[:, 0]) - np.cos(reach[:, 1]))
        beside = build.knee_width_m**2 - shift**2 - drop**2
        # Knees of different height or reach pass each other.
        free = apart - np.where(beside > 0, np.sqrt(np.maximum(beside, 0.0)), -1.0)
        push = (1 - YIELDING) * np.maximum(-free, 0.0)
        follow = self._answer.next(np.stack([left + 0.5 * push, right + 0.5 * push], axis=-1))
        pose[:, Ch.OPEN_L : Ch.OPEN_R + 1] = follow
        return pose

    def _placed(self, time_s: Floats, pose: Floats) -> BodyTicks:
        q, joint = _skeleton(self._build, pose, self._segments)
        across = joint[Placement.LEFT_THIGH] - joint[Placement.RIGHT_THIGH]
        axis = quaternion.rotate(q[Placement.PELVIS], np.array([0.0, 1.0, 0.0]))
        sideways = across[:, 0] * axis[:, 0] + across[:, 1] * axis[:, 1] + across[:, 2] * axis[:, 2]
        distance = np.sqrt(across[:, 0] ** 2 + across[:, 1] ** 2 + across[:, 2] ** 2)
        shortest = distance - self._build.knee_width_m
        return BodyTicks(
            time_s=time_s,
            pose=pose,
            q_earth_from_segment={p: q[p] for p in self._segments},
            joint_m={p: joint[p] for p in self._segments},
            sideways_m=sideways - self._build.knee_width_m,
            shortest_m=shortest,
            contact_n=STIFFNESS_N_M * np.maximum(-shortest, 0.0),
        )


def _skeleton(
    build: Build, pose: Floats, segments: tuple[Placement, ...]
) -> tuple[dict[Placement, Floats], dict[Placement, Floats]]:
    """Orientations (earth from segment) and distal joints (earth) of the pelvis, the thighs and the asked segments."""
    base = quaternion.about(2, pose[:, Ch.YAW])
    q: dict[Placement, Floats] = {}
    joint: dict[Placement, Floats] = {}
    q[Placement.PELVIS] = _pelvis(base, pose)
    joint[Placement.PELVIS] = pose[:, Ch.X : Ch.Z + 1] + _ahead(pose[:, Ch.YAW], pose[:, Ch.AHEAD])
    for side, sign in ((0, 1.0), (1, -1.0)):
        thigh, shank, foot = ORDER[side], ORDER[2 + side], ORDER[4 + side]
        hip = joint[Placement.PELVIS] + quaternion.rotate(
            q[Placement.PELVIS], np.array([0.0, sign * build.hip_width_m / 2, 0.0])
        )
        flex = pose[:, Ch.FLEX_L + side] + pose[:, Ch.RECLINE]
        outward = sign * pose[:, Ch.OPEN_L + side] / build.femur_m
        turn = -sign * pose[:, Ch.TWIST_L + side]
        q[thigh] = _limb(base, -flex, np.arcsin(np.clip(outward, -0.95, 0.95)), turn)
        joint[thigh] = hip + quaternion.rotate(q[thigh], np.array([0.0, 0.0, -build.femur_m]))
        if shank not in segments and foot not in segments:
            continue
        lower = sign * (pose[:, Ch.ANKLE_L + side] - pose[:, Ch.OPEN_L + side]) / build.shank_m
        bend = pose[:, Ch.KNEE_L + side] - flex
        q[shank] = _limb(base, bend, np.arcsin(np.clip(lower, -0.95, 0.95)), 0.5 * turn)
        joint[shank] = joint[thigh] + quaternion.rotate(q[shank], np.array([0.0, 0.0, -build.shank_m]))
        q[foot] = quaternion.multiply(base, _foot(pose, side, sign))
        joint[foot] = _ankle(build, base, pose, side, sign, joint[shank])
    return q, joint


def _ahead(yaw_rad: Floats, ahead_m: Floats) -> Floats:
    return np.stack([np.cos(yaw_rad) * ahead_m, np.sin(yaw_rad) * ahead_m, np.zeros(len(yaw_rad))], axis=-1)


def _foot(pose: Floats, side: int, sign: float) -> Floats:
    """Base from foot: the sole on the ground, or facing away when lying."""
    pitch = pose[:, Ch.PITCH_L + side] - pose[:, Ch.RECLINE]
    toe = quaternion.about(2, sign * pose[:, Ch.TOE_L + side])
    return quaternion.multiply(toe, quaternion.about(1, pitch))


def _ankle(build: Build, base: Floats, pose: Floats, side: int, sign: float, hanging: Floats) -> Floats:
    """The ankle where the foot was placed while walking, else where the shank ends."""
    walk = pose[:, Ch.WALK, None]
    if not walk.any():
        return hanging
    placed = np.empty((len(pose), 3))
    placed[:, 0] = pose[:, Ch.STEP_L + side]
    placed[:, 1] = sign * (build.hip_width_m / 2 + pose[:, Ch.ANKLE_L + side])
    placed[:, 2] = 0.08 + pose[:, Ch.LIFT_L + side]
    return (1 - walk) * hanging + walk * quaternion.rotate(base, placed)


def _pelvis(base: Floats, pose: Floats) -> Floats:
    lean = quaternion.about(1, pose[:, Ch.LEAN] - pose[:, Ch.RECLINE])
    # Who stands rolls about his forward axis, who lies about his long one.
    upright, laid = np.cos(pose[:, Ch.RECLINE]), np.sin(pose[:, Ch.RECLINE])
    rolled = quaternion.multiply(
        quaternion.about(0, upright * pose[:, Ch.ROLL]), quaternion.about(2, laid * pose[:, Ch.ROLL])
    )
    roll = quaternion.multiply(lean, rolled)
    return quaternion.multiply(base, quaternion.multiply(quaternion.about(2, pose[:, Ch.TURN]), roll))


def _limb(base: Floats, pitch: Floats, spread: Floats, turn: Floats) -> Floats:
    q = quaternion.multiply(quaternion.about(1, pitch), quaternion.about(0, spread))
    return quaternion.multiply(base, quaternion.multiply(q, quaternion.about(2, turn)))
