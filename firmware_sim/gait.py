"""Legs that follow placed feet: hip and knee angles of a walking leg from where hip and ankle are.

Invariant: a foot that stands still stays where it is while the pelvis moves over it.
"""

import numpy as np

from firmware_sim.build import Build
from firmware_sim.pose import Ch
from sensor.samples import Floats

# Hips ride a little below the height of straight legs.
RIDE = 0.965
LONGEST = 0.996


def walking(build: Build, pose: Floats) -> Floats:
    """The pose with FLEX and KNEE of both legs taken from the feet, as far as WALK says."""
    length = build.femur_m + build.shank_m
    weight = pose[:, Ch.WALK]
    for side in (0, 1):
        forward = pose[:, Ch.STEP_L + side] - pose[:, Ch.AHEAD]
        below = RIDE * length - pose[:, Ch.LIFT_L + side] + (pose[:, Ch.Z] - 0.9)
        distance = np.minimum(np.sqrt(forward**2 + below**2), LONGEST * length)
        square = distance**2
        at_hip = (build.femur_m**2 + square - build.shank_m**2) / (2 * build.femur_m * distance)
        at_knee = (build.femur_m**2 + build.shank_m**2 - square) / (2 * build.femur_m * build.shank_m)
        flex = np.arctan2(forward, below) + np.arccos(np.clip(at_hip, -1, 1))
        bend = np.pi - np.arccos(np.clip(at_knee, -1, 1))
        pose[:, Ch.FLEX_L + side] += weight * (flex - pose[:, Ch.FLEX_L + side])
        pose[:, Ch.KNEE_L + side] += weight * (bend - pose[:, Ch.KNEE_L + side])
    return pose
