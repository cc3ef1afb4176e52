"""Which devices a wearer wears where: the slots of a session, and the devices remembered for them.

Invariant: a slot holds one device; a band gives its values to the strap at its placement.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from sensor.samples import Placement


class Part(StrEnum):
    """What a device is at its placement: the strap itself, or a band that measures flex, tension or range for it."""

    STRAP = "strap"
    BAND = "band"


class Slot(NamedTuple):
    """One device's place."""

    placement: Placement
    part: Part = Part.STRAP

    def __str__(self) -> str:
        return self.placement if self.part is Part.STRAP else f"{self.placement}_{self.part}"


SLOTS = {str(slot): slot for slot in (Slot(placement, part) for placement in Placement for part in Part)}


@dataclass(frozen=True, slots=True)
class Remembered:
    """A device that is worn in this slot; `driver` is its driver's name, `address` its address on this machine."""

    slot: Slot
    address: str
    driver: str
    name: str
