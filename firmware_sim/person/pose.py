"""The channels of a person's plan: what the scripts move and the body carries out.

Invariant: angles in rad, lengths in m, activations from 0 to 1. Of a pair the left comes first.

Frames. Earth: z up. Base: the person's facing direction, x forward, y to the left, z up, turned by YAW about z and laid
on the back by RECLINE. Segments: x forward (the kneecap's side), y to the left, z from distal to proximal; standing
upright all axes agree with the base. A thigh is `Ry(-FLEX) Rx(spread) Rz(turn)` in the base, so that an outward
displacement of the knee is yaw when sitting and tilt when standing, as it is in a person.
"""

from enum import IntEnum, auto

import numpy as np

from sensor.samples import Floats


class Ch(IntEnum):
    """Channels of a person's course."""

    @staticmethod
    def _generate_next_value_(name: str, start: int, count: int, last_values: list[int]) -> int:  # noqa: ARG004
        return count

    YAW = auto()  # facing direction, to the left
    X = auto()  # pelvis in the earth
    Y = auto()
    Z = auto()
    RECLINE = auto()  # 0 upright, a quarter turn lying on the back
    LEAN = auto()  # pelvis forward
    ROLL = auto()  # pelvis to the right
    TURN = auto()  # pelvis against the base, to the left
    FLEX_L = auto()  # hip flexion
    FLEX_R = auto()
    OPEN_L = auto()  # knee outward of its hip, m
    OPEN_R = auto()
    TWIST_L = auto()  # thigh about its long axis, inward
    TWIST_R = auto()
    KNEE_L = auto()  # knee flexion
    KNEE_R = auto()
    ANKLE_L = auto()  # ankle outward of its hip, m
    ANKLE_R = auto()
    TOE_L = auto()  # foot about the vertical, outward
    TOE_R = auto()
    MUSCLE_L = auto()
    MUSCLE_R = auto()
    SWAY = auto()  # how much the body sways, 1 when seated
    SHAKE = auto()  # a moving vehicle under the seat
    WORN = auto()  # 0 straps on the table, 1 on the legs
    HANDLED = auto()  # straps in the hands
    WALK = auto()  # 1 where the legs follow the feet (gait), 0 where they follow FLEX and KNEE
    AHEAD = auto()  # pelvis along the facing direction, m
    STEP_L = auto()  # ankle along the facing direction, m, while walking
    STEP_R = auto()
    LIFT_L = auto()  # ankle above its height when the foot is flat, m
    LIFT_R = auto()
    PITCH_L = auto()  # foot, toes down
    PITCH_R = auto()


def start_pose(open_m: float) -> Floats:
    """Sitting with the straps on the table, each knee `open_m` outward of its hip."""
    pose = np.zeros(len(Ch))
    pose[[Ch.FLEX_L, Ch.FLEX_R]] = np.deg2rad(88.0)
    pose[[Ch.KNEE_L, Ch.KNEE_R]] = np.deg2rad(88.0)
    pose[[Ch.OPEN_L, Ch.OPEN_R, Ch.ANKLE_L, Ch.ANKLE_R]] = open_m
    pose[[Ch.TOE_L, Ch.TOE_R]] = np.deg2rad(7.0)
    pose[Ch.Z] = 0.5
    pose[Ch.SWAY] = 1.0
    return pose
