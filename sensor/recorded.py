"""What a recorded session holds once its bytes are decoded.

Invariant: each strap has one block, its rows in order of arrival; session zero is the first arrival at or after 0.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from sensor.markers import Marker
from sensor.samples import Placement, SampleBlock
from sensor.wearer import Wearer


@dataclass(frozen=True, slots=True)
class LinkCounts:
    """What went wrong on a strap's link, counted: packets, `resent` and `incomplete` samples, else occurrences.

    `strays` lay off the strap's line of samples (from the future or long past), `incomplete` lacked a part.
    """

    corrupt: int = 0
    repeated: int = 0
    resent: int = 0
    disconnects: int = 0
    restarts: int = 0
    out_of_order: int = 0
    strays: int = 0
    clock_jumps: int = 0
    incomplete: int = 0


@dataclass(frozen=True, slots=True)
class Device:
    """What sent a strap's samples; without a clock their times are made regular from their arrivals."""

    name: str
    clock: bool = True


@dataclass(frozen=True, slots=True)
class Recorded:
    """A session's samples, markers and wearer, ready for the analysis, and the `memory` that it started from.

    `swapped` where the thigh straps were found on each other's legs and were put right.
    """

    straps: Mapping[Placement, SampleBlock]
    markers: tuple[Marker, ...]
    wearer: Wearer | None
    exercise: str | None
    counts: Mapping[Placement, LinkCounts] = field(default_factory=dict[Placement, LinkCounts])
    devices: Mapping[Placement, Device] = field(default_factory=dict[Placement, Device])
    memory: str = ""
    swapped: bool = False
