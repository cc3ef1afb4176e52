"""What can go wrong with a strap's stream on the air, done on purpose and counted.

Invariant: seeded; only stream notifications are touched, since Bluetooth repeats everything else by itself. Every
sample that a fault kept from arriving is in `FaultCounts.unheard`.
"""

import random
from binascii import crc_hqx
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from enum import StrEnum

from sensor import gatt
from sensor.errors import PacketError
from sensor.packet import StreamPacket, decode_stream

OVERTAKEN_AFTER_S = 0.15


class Fault(StrEnum):
    """What can be done to a single notification, by the name of its count."""

    CORRUPT = "corrupt"
    SHORT = "short"
    LONG = "long"
    REPEATED = "repeated"
    REORDERED = "reordered"
    FUTURE = "future"


@dataclass(frozen=True, slots=True)
class FaultRates:
    """How often, as shares of the notifications, and how late.

    A burst loses `burst_packets` notifications in a row; `delay_s` and up to `jitter_s` more pass on the way; a
    reordered notification comes after the next ones; one from the future has a counter `future_samples` too high.
    """

    loss: float = 0.0
    burst: float = 0.0
    burst_packets: int = 10
    corrupt: float = 0.0
    short: float = 0.0
    long: float = 0.0
    repeated: float = 0.0
    reordered: float = 0.0
    future: float = 0.0
    future_samples: int = 1_000_000
    delay_s: float = 0.01
    jitter_s: float = 0.015


@dataclass(slots=True)
class FaultCounts:
    """What was done to one strap; `unheard` are (epoch, counter) of samples that did not come at the first time."""

    lost_packets: int = 0
    corrupt: int = 0
    short: int = 0
    long: int = 0
    repeated: int = 0
    reordered: int = 0
    future: int = 0
    disconnects: int = 0
    restarts: int = 0
    silences: int = 0
    clock_jumps: int = 0
    unheard: set[tuple[int, int]] = field(default_factory=set[tuple[int, int]], repr=False)

    def happened(self, fault: Fault) -> None:
        """A spoiled notification reached the host."""
        setattr(self, fault, getattr(self, fault) + 1)

    def miss(self, packet: StreamPacket) -> None:
        """None of the packet's samples arrives with it."""
        if not packet.resent:
            numbers = range(packet.counter, packet.counter + len(packet.samples))
            self.unheard.update((packet.epoch, n % gatt.COUNTER_MODULUS) for n in numbers)


@dataclass(frozen=True, slots=True)
class OnTheWay:
    """A notification's value on the air; `packet` what it carries, where it is a good one.

    `fault` is what was done to it, and `overtaken` tells that later ones come before it.
    """

    value: bytes
    delay_s: float
    packet: StreamPacket | None = None
    overtaken: bool = False
    fault: Fault | None = None


class FaultyStream:
    """Spoils one strap's notifications as its rates say."""

    def __init__(self, seed: str) -> None:
        self.rates = FaultRates()
        self.counts = FaultCounts()
        self._random = random.Random(seed)
        self._burst_left = 0

    def pass_on(self, value: bytes) -> Iterator[OnTheWay]:
        """What becomes of a notification: nothing, itself, or something like it."""
        try:
            packet = decode_stream(value)
        except PacketError:
            yield self._late(value)
            return
        if self._loses():
            self.counts.lost_packets += 1
            self.counts.miss(packet)
            return
        yield from self._spoiled(packet, value)

    def _loses(self) -> bool:
        if self._burst_left == 0 and self._happens(self.rates.burst):
            self._burst_left = self.rates.burst_packets
        if self._burst_left:
            self._burst_left -= 1
            return True
        return self._happens(self.rates.loss)

    def _spoiled(self, packet: StreamPacket, value: bytes) -> Iterator[OnTheWay]:
        rates = self.rates
        if self._happens(rates.corrupt):
            yield self._lose_to(packet, self._flipped(value), Fault.CORRUPT)
        elif self._happens(rates.short):
            yield self._lose_to(packet, value[: self._random.randrange(len(value))], Fault.SHORT)
        elif self._happens(rates.long):
            yield self._lose_to(packet, value + self._random.randbytes(self._random.randint(1, 8)), Fault.LONG)
        elif self._happens(rates.future):
            yield self._lose_to(packet, _renumbered(value, packet.counter + rates.future_samples), Fault.FUTURE)
        elif self._happens(rates.reordered):
            yield OnTheWay(value, OVERTAKEN_AFTER_S, packet, overtaken=True, fault=Fault.REORDERED)
        else:
            yield replace(self._late(value), packet=packet)
            if self._happens(rates.repeated):
                yield replace(self._late(value), fault=Fault.REPEATED)

    def _lose_to(self, packet: StreamPacket, value: bytes, fault: Fault) -> OnTheWay:
        self.counts.miss(packet)
        return replace(self._late(value), fault=fault)

    def _late(self, value: bytes) -> OnTheWay:
        return OnTheWay(value, self.rates.delay_s + self.rates.jitter_s * self._random.random())

    def _flipped(self, value: bytes) -> bytes:
        at = self._random.randrange(len(value))
        return value[:at] + bytes([value[at] ^ self._random.randint(1, 255)]) + value[at + 1 :]

    def _happens(self, share: float) -> bool:
        return share > 0.0 and self._random.random() < share


def _renumbered(value: bytes, counter: int) -> bytes:
    """The same packet with another counter and its checksum right again."""
    body = value[:3] + (counter % gatt.COUNTER_MODULUS).to_bytes(3, "little") + value[6:-2]
    return body + crc_hqx(body, 0xFFFF).to_bytes(2, "big")
