"""Home-made bands that send float channels as phyphox's Arduino library does: flex, tension or range.

The device's name says which channels it has, in this order: `knee band flex tension`. Flex and tension are numbers of
any scale that rise with what is measured, range is in mm. Source: phyphox/phyphox-arduino, docs/protocol.md.
"""

from dataclasses import dataclass

import numpy as np

from sensor.drivers.clockless import FLEX, RANGE, TENSION, VALUES, ClocklessDecoder, EachNotification
from sensor.drivers.driver import Decoder, Heard, Link, Talk, Tells
from sensor.drivers.plain_talk import PlainTalk, Recipe, device_info
from sensor.errors import PacketError
from sensor.gatt import PROTOCOL_VERSION, Channel
from sensor.packet import Advertised, StrapInfo
from sensor.samples import Floats, Placement

EXPERIMENT_SERVICE = "cddf0001-30f7-4671-8b43-5e40ba53514a"
DATA_SERVICE = "cddf1001-30f7-4671-8b43-5e40ba53514a"
DATA = "cddf1002-30f7-4671-8b43-5e40ba53514a"
# What docs/add-a-device.md asks a home-made band to send at.
RATE_HZ = 50.0
# Newer libraries send five channels, whatever the sketch fills; older ones as many as it has.
ALL = 5

CHANNELS = {"flex": (Channel.FLEX, FLEX), "tension": (Channel.TENSION, TENSION), "range": (Channel.RANGE, RANGE)}
SCALES = {FLEX: 1.0, TENSION: 1.0, RANGE: 1e-3}


def named_channels(name: str) -> Channel:
    """The channels that a device's name promises."""
    words = name.lower().replace(",", " ").split()
    return Channel(sum(channel for word, (channel, _) in CHANNELS.items() if word in words))


def values_of(channels: Channel, data: bytes) -> Floats:
    """The samples (k, 9) in a notification."""
    columns = [column for channel, column in CHANNELS.values() if channel in channels]
    width = ALL if len(data) % (4 * ALL) == 0 else len(columns)
    if not data or not columns or len(data) % (4 * width):
        raise PacketError(f"{len(data)} bytes for {len(columns)} channels")
    floats = np.frombuffer(data, "<f4").reshape(-1, width)
    floats = np.where(np.isfinite(floats), floats, np.nan).astype(np.float64)
    values = np.full((len(floats), VALUES), np.nan)
    for i, column in enumerate(columns):
        values[:, column] = floats[:, i] * SCALES[column]
    return values


@dataclass(frozen=True, slots=True)
class PhyphoxDriver:
    """Boards with phyphox's library whose name says what they measure."""

    name: str = "phyphox"
    title: str = "home-made band (phyphox)"
    clock: bool = False

    def recognise(self, heard: Heard) -> Advertised | None:
        known = heard.services & {EXPERIMENT_SERVICE, DATA_SERVICE}
        return (
            Advertised(PROTOCOL_VERSION, None, None, streaming=False) if known and named_channels(heard.name) else None
        )

    def talk(self, link: Link, tells: Tells) -> Talk:
        return PlainTalk(link, tells, Recipe(DATA), device_info(named_channels(link.name), RATE_HZ))

    def decoder(self, info: StrapInfo, placement: Placement) -> Decoder:
        return ClocklessDecoder(info, placement, EachNotification(lambda data: values_of(info.channels, data)))
