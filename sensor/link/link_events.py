"""What the straps' radio tells while it runs: typed events in the order in which they happened.

Invariant: every time is the running loop's `loop.time()` when the host learned of it.
"""

from dataclasses import dataclass
from enum import StrEnum

from sensor.control import ControlEvent
from sensor.drivers.driver import Driver
from sensor.packet import StrapInfo
from sensor.samples import Placement
from sensor.slots import Part


class LinkState(StrEnum):
    """How far the connection to a strap is."""

    SEARCHING = "searching"
    CONNECTING = "connecting"
    STREAMING = "streaming"
    LOST = "lost"  # it was streaming; the radio looks for it
    CLOSED = "closed"  # this side ended it


@dataclass(frozen=True, slots=True)
class LinkChanged:
    """The connection to a strap went into another state; `reason` is a word for people, empty where it is normal."""

    placement: Placement
    time_s: float
    state: LinkState
    reason: str = ""
    part: Part = Part.STRAP


@dataclass(frozen=True, slots=True)
class StrapJoined:
    """A strap is connected and its information read: at the first time and after every reconnection.

    `raw_info` is the Information characteristic, or what the driver put in its place, for the recording; `driver`
    decodes what follows.
    """

    placement: Placement
    time_s: float
    address: str
    info: StrapInfo
    raw_info: bytes
    name: str
    driver: Driver
    part: Part = Part.STRAP


@dataclass(frozen=True, slots=True)
class StreamArrived:
    """A notification of the Stream characteristic, as it came off the air."""

    placement: Placement
    arrival_s: float
    data: bytes
    part: Part = Part.STRAP


@dataclass(frozen=True, slots=True)
class StrapTold:
    """A tap on a strap or a press of its button."""

    placement: Placement
    time_s: float
    event: ControlEvent


@dataclass(frozen=True, slots=True)
class BatteryLevel:
    """A strap's battery; `low` where it will not last a session."""

    placement: Placement
    time_s: float
    percent: int
    low: bool
    part: Part = Part.STRAP


@dataclass(frozen=True, slots=True)
class LinkQuality:
    """How well a strap's link works, told once a second while it streams.

    `arrived_ratio` is the share of the last 10 s of samples that came in time (1.0 is perfect), `missing` the samples
    that are still to be sent again, `given_up` those that never came; `rssi_dbm` is that of the last advertisement,
    `jitter_s` how far intervals between notifications stray from the usual one.
    """

    placement: Placement
    time_s: float
    rssi_dbm: int | None
    arrived_ratio: float
    missing: int
    given_up: int
    jitter_s: float | None = None
    part: Part = Part.STRAP


LinkEvent = LinkChanged | StrapJoined | StreamArrived | StrapTold | BatteryLevel | LinkQuality
