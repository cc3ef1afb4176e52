"""What a session heard from its straps, for those who listen in."""

from collections.abc import Mapping
from dataclasses import dataclass

from sensor.samples import Placement, SampleBlock


@dataclass(frozen=True, slots=True)
class Heard:
    """Samples as they came, in host time."""

    blocks: Mapping[Placement, SampleBlock]
