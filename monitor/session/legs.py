"""Straps that turned out to sit on each other's legs: on the screens, and in their own memory.

Invariant: a strap that cannot be told, or is out of reach, costs the session nothing.
"""

import logging
from collections.abc import Sequence
from dataclasses import replace

from monitor.board import StrapStatus
from sensor.control import SetPlacement
from sensor.exchanged import other_leg
from sensor.link.straps import Straps
from sensor.radio_errors import RadioError
from sensor.samples import THIGHS
from sensor.slots import Remembered

_log = logging.getLogger(__name__)


def statuses_as_worn(statuses: Sequence[StrapStatus]) -> tuple[StrapStatus, ...]:
    """Each strap where it sits, in the order of the places."""
    worn = [replace(s, placement=other_leg(s.placement)) for s in statuses]
    order = [s.placement for s in statuses]
    return tuple(sorted(worn, key=lambda s: order.index(s.placement) if s.placement in order else len(order)))


def devices_as_worn(devices: Sequence[Remembered]) -> tuple[Remembered, ...]:
    """Each device where it sits, bands along with their straps."""
    return tuple(replace(d, slot=d.slot._replace(placement=other_leg(d.slot.placement))) for d in devices)


async def tell_placements(straps: Straps) -> None:
    """Lets the thigh straps that keep their place themselves know where they sit: the next session finds them right.

    To be done at the end: a strap is found again by the place that it tells.
    """
    for placement in THIGHS:
        if placement not in straps.joined:
            continue
        try:
            await straps.send(placement, SetPlacement(other_leg(placement)))
        except RadioError as error:
            _log.info("%s does not learn where it sits: %s", placement, error)
