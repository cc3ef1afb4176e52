"""The wearer's taped sizes, in metres."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Wearer:
    """Sizes of the person who wears the straps; None where not measured.

    `femur_m` runs from hip joint to knee joint, `hip_width_m` between the hip joints, `knee_width_m` across one knee.
    """

    femur_m: float
    hip_width_m: float | None = None
    knee_width_m: float | None = None
    height_m: float | None = None
    name: str = ""
