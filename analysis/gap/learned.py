"""What a session teaches of wearer, cord and straps that the next one may start from.

Invariant: only what stays: the femur's scale, the cord's curve and creep, and what pressing does to straps and cord.
"""

from dataclasses import dataclass

from analysis.gap.gap_filter import CREEP, FLOOR_SHIFT, HEADING_SHIFT, LENGTH, SCALE, SLOPE, Errors
from sensor.samples import Floats

# Log of true over taped femur, counts/m, log m, relative amount, rad, counts.
LEARNED = (SCALE, SLOPE, LENGTH, CREEP, HEADING_SHIFT, FLOOR_SHIFT)


@dataclass(frozen=True, slots=True)
class Learned:
    """Mean (6,) and covariance (6, 6) of the states LEARNED, in their order."""

    mean: Floats
    covariance: Floats


def learned(errors: Errors) -> Learned:
    """What the filter knows of them."""
    index = list(LEARNED)
    return Learned(errors.x[index], errors.p[index][:, index])
