"""Thigh straps that sat on each other's leg, put right: the two placements exchanged wherever a session names them.

Invariant: exchanging twice changes nothing.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import TypeVar

from sensor.recorded import Recorded
from sensor.samples import THIGHS, Placement, SampleBlock

T = TypeVar("T")

# The value of the metadata key `swapped`.
SWAPPED = " ".join(THIGHS)
_OTHER: Mapping[Placement, Placement] = dict(zip(THIGHS, reversed(THIGHS), strict=True))


def other_leg(placement: Placement) -> Placement:
    """The same place on the other thigh; elsewhere nothing is exchanged."""
    return _OTHER.get(placement, placement)


def exchanged(by_placement: Mapping[Placement, T]) -> dict[Placement, T]:
    """Everything at the placement at which it sat."""
    return {other_leg(p): thing for p, thing in by_placement.items()}


def exchanged_blocks(blocks: Mapping[Placement, SampleBlock]) -> dict[Placement, SampleBlock]:
    """Samples at the placement at which they were taken."""
    return {other_leg(p): replace(b, placement=other_leg(b.placement)) for p, b in blocks.items()}


def exchanged_recorded(recorded: Recorded) -> Recorded:
    """The session with its straps where they sat; what it remembered of them stays as it was written."""
    return replace(
        recorded,
        straps=exchanged_blocks(recorded.straps),
        counts=exchanged(recorded.counts),
        devices=exchanged(recorded.devices),
        swapped=not recorded.swapped,
    )
