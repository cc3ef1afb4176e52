"""Legs that follow placed feet: hip and knee angles of a walking leg from where hip and ankle are.

Invariant: a foot that stands still stays where it is while the pelvis moves over it.
"""

import numpy as np

from firmware_sim.person.build import Build
from firmware_sim.person.pose import Ch
from sensor.samples import Floats

# Hips ride a little below the height of straight legs.
RIDE = 0.955
# No leg is ever locked straight: towards its full length it gives way softly.
SOFTNESS = 0.015


def walking(build: Build, pose: Floats) -> Floats:
    """The pose with FLEX and KNEE of both legs taken from the feet, as far as WALK says."""
    length = build.femur_m + build.shank_m
    weight = pose[:, Ch.WALK]
    for side in (0, 1):
        forward = pose[:, Ch.STEP_L + side] - pose[:, Ch.AHEAD]
        below = RIDE * length - pose[:, Ch.LIFT_L + side] + (pose[:, Ch.Z] - 0.9)
        distance = _bent(np.sqrt(forward**2 + below**2) / length) * length
        square = distance**2
        at_hip = (build.femur_m**2 + square - build.shank_m**2) / (2 * build.femur_m * distance)
        at_knee = (build.femur_m**2 + build.shank_m**2 - square) / (2 * build.femur_m * build.shank_m)
        flex = np.arctan2(forward, below) + np.arccos(np.clip(at_hip, -1, 1))
        bend = np.pi - np.arccos(np.clip(at_knee, -1, 1))
        pose[:, Ch.FLEX_L + side] += weight * (flex - pose[:, Ch.FLEX_L + side])
        pose[:, Ch.KNEE_L + side] += weight * (bend - pose[:, Ch.KNEE_L + side])
    return pose


def _bent(reach: Floats) -> Floats:
    """A leg's length, of its full one, when its foot is `reach` away."""
    return 1.0 - SOFTNESS * np.logaddexp(0.0, (1.0 - reach) / SOFTNESS)
