"""A whole driver for a device without a clock that is told by fixed writes what to do: a few constants and a parser."""

from collections.abc import Callable
from dataclasses import dataclass

from sensor.drivers.clockless import ClocklessDecoder, EachNotification
from sensor.drivers.driver import Decoder, Heard, Link, Talk, Tells
from sensor.drivers.plain_talk import PlainTalk, Recipe
from sensor.gatt import PROTOCOL_VERSION
from sensor.packet import Advertised, StrapInfo
from sensor.samples import Floats, Placement

# A notification's values (k, 9) in the columns of `clockless`, or a `PacketError`.
Parse = Callable[[bytes], Floats]


@dataclass(frozen=True, slots=True)
class PlainDriver:
    """Devices that advertise `service`; `parser` makes what reads the notifications of one of them."""

    name: str
    title: str
    service: str
    recipe: Recipe
    info: StrapInfo
    parser: Callable[[], Parse]
    clock: bool = False

    def recognise(self, heard: Heard) -> Advertised | None:
        known = self.service in heard.services
        return Advertised(PROTOCOL_VERSION, None, None, streaming=False) if known else None

    def talk(self, link: Link, tells: Tells) -> Talk:
        return PlainTalk(link, tells, self.recipe, self.info)

    def decoder(self, info: StrapInfo, placement: Placement) -> Decoder:
        return ClocklessDecoder(info, placement, EachNotification(self.parser()))
