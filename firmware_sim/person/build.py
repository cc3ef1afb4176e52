"""The sizes and the temperament of a virtual person.

Invariant: a person's knees can meet (the knee joints' free distance is less than the hips').
"""

from dataclasses import dataclass

import numpy as np

from firmware_sim.person.streams import stream
from sensor.wearer import Wearer

# Standard deviations of a tape measure on a clothed person: the femur's ends are hard to find.
FEMUR_TAPE_SD_M = 0.012
WIDTH_TAPE_SD_M = 0.005


@dataclass(frozen=True, slots=True)
class Build:
    """True sizes: joint to joint, `hip_width_m` between the hip joints, `knee_width_m` across one knee.

    `bow_m` is how far apart the knees' surfaces stay when the ankles touch.
    """

    femur_m: float = 0.42
    shank_m: float = 0.40
    hip_width_m: float = 0.18
    knee_width_m: float = 0.10
    height_m: float = 1.70
    bow_m: float = 0.04


@dataclass(frozen=True, slots=True)
class Temper:
    """How a person moves; 1 is the middle of people where no unit is given."""

    reaction_s: float = 0.45
    slowness: float = 1.0
    tremor: float = 1.0
    sway: float = 1.0
    seated_gap_m: float = 0.085
    squeeze_m: float = 0.02  # how far inside each other the knees would go if they could
    breath_hz: float = 0.25
    left_share: float = 0.5


def random_build(seed: int) -> Build:
    """Sizes of an adult."""
    rng = stream(seed, "build")
    height = float(np.clip(rng.normal(1.68, 0.08), 1.5, 1.95))
    hip = float(np.clip(rng.normal(0.178, 0.010), 0.155, 0.205))
    return Build(
        femur_m=height * float(rng.normal(0.248, 0.006)),
        shank_m=height * float(rng.normal(0.240, 0.006)),
        hip_width_m=hip,
        knee_width_m=min(float(np.clip(rng.normal(0.100, 0.008), 0.085, 0.12)), hip - 0.04),
        height_m=height,
        bow_m=float(rng.uniform(0.02, 0.07)),
    )


def random_temper(seed: int) -> Temper:
    """A temperament."""
    rng = stream(seed, "temper")
    return Temper(
        reaction_s=float(rng.uniform(0.3, 0.7)),
        slowness=float(rng.uniform(0.8, 1.3)),
        tremor=float(rng.lognormal(-0.2, 0.4)),
        sway=float(rng.lognormal(0.0, 0.25)),
        seated_gap_m=float(rng.uniform(0.06, 0.11)),
        squeeze_m=float(rng.uniform(0.012, 0.028)),
        breath_hz=float(rng.uniform(0.2, 0.32)),
        left_share=float(rng.uniform(0.4, 0.6)),
    )


def taped(build: Build, seed: int, name: str = "") -> Wearer:
    """What the person measured of himself with a tape."""
    rng = stream(seed, "tape")
    return Wearer(
        femur_m=round(build.femur_m + FEMUR_TAPE_SD_M * float(rng.standard_normal()), 3),
        hip_width_m=round(build.hip_width_m + WIDTH_TAPE_SD_M * float(rng.standard_normal()), 3),
        knee_width_m=round(build.knee_width_m + WIDTH_TAPE_SD_M * float(rng.standard_normal()), 3),
        height_m=round(build.height_m, 2),
        name=name,
    )
