"""What a device driver is: how a device is recognised, set up, talked to and decoded (`docs/add-a-device.md`).

Invariant: a driver sees advertisements, characteristics and bytes alone, never bleak; its decoder does no I/O.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from sensor.control import Answer, ControlEvent, Request, Started, StrapStatus
from sensor.decoding.stream_batch import Notification
from sensor.packet import Advertised, StrapInfo
from sensor.recorded import LinkCounts
from sensor.samples import Placement, SampleBlock


@dataclass(frozen=True, slots=True)
class Heard:
    """An advertisement: local name, UUIDs of services, and data by company."""

    name: str
    services: frozenset[str]
    manufacturer: Mapping[int, bytes]


class Link(Protocol):
    """An open connection as a driver sees it; everything raises a `RadioError` where it fails."""

    name: str

    def has(self, uuid: str) -> bool:
        """Whether the device has this characteristic."""
        ...

    async def read(self, uuid: str) -> bytes:
        """A characteristic's value."""
        ...

    async def write(self, uuid: str, data: bytes, *, response: bool = True) -> None:
        """Write a characteristic."""
        ...

    async def subscribe(self, uuid: str, take: Callable[[bytes], None]) -> None:
        """Let `take` have every notification of a characteristic from now on."""
        ...


class Tells(Protocol):
    """What a device's conversation reports, each at once."""

    def stream(self, data: bytes) -> None:
        """A notification that is to be recorded and decoded."""
        ...

    def told(self, event: ControlEvent) -> None:
        """A tap on the strap or a press of its button."""
        ...

    def battery(self, percent: int) -> None:
        """The battery's level."""
        ...


class Talk(Protocol):
    """The conversation with one device over one connection; `raw_info` is `info` as recordings keep it."""

    info: StrapInfo
    raw_info: bytes

    async def set_up(self) -> None:
        """Subscribe, write what has to be written and learn what the device is; the stream need not run yet."""
        ...

    async def start(self, rate_hz: float) -> Started | None:
        """Let the stream run, 0 Hz at the usual rate; its position where the device can send samples again."""
        ...

    async def stop(self) -> StrapStatus | None:
        """End the stream; what the device still keeps, where it keeps any."""
        ...

    async def request(self, request: Request) -> Answer:
        """Do what is asked; `StrapCannot` where the device has nothing for it."""
        ...

    def end(self) -> None:
        """The connection is gone, no answer will come."""
        ...


class Decoder(Protocol):
    """One device's notifications to samples; what it gives in sum does not depend on how notifications are grouped."""

    @property
    def counts(self) -> LinkCounts:
        """What went wrong so far."""
        ...

    def inform(self, info: StrapInfo) -> None:
        """The device is connected again and says this of itself; what it sent half before is not completed."""
        ...

    def push(self, notifications: Sequence[Notification]) -> SampleBlock:
        """The samples that these notifications complete."""
        ...

    def finish(self) -> SampleBlock:
        """The samples that only waited for what could follow."""
        ...


class Driver(Protocol):
    """One type of device; `name` stands in recordings and never changes, `title` is for people."""

    @property
    def name(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def clock(self) -> bool:
        """Whether samples carry the device's own time; else it is regularised from arrivals."""
        ...

    def recognise(self, heard: Heard) -> Advertised | None:
        """What the advertisement tells, where it is one of this type."""
        ...

    def talk(self, link: Link, tells: Tells) -> Talk:
        """The conversation over a connection that was just opened."""
        ...

    def decoder(self, info: StrapInfo, placement: Placement) -> Decoder:
        """Decodes what a device that said `info` of itself streams."""
        ...
