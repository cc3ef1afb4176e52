"""A strap's notifications made from known counts, for tests of what reads them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from sensor import gatt
from sensor.decoding.stream_batch import Notification
from sensor.gatt import Ability, Channel
from sensor.packet import Counts, StrapInfo, StreamPacket, column_count, encode_stream
from sensor.samples import Placement

INFO = StrapInfo(
    version=1,
    channels=Channel(0x5F),
    abilities=Ability.BUZZ,
    placement=Placement.LEFT_THIGH,
    rate_hz=100.0,
    clock_hz=1_000_000,
    acc_full_scale_m_s2=80.0,
    gyr_full_scale_rad_s=40.0,
    flex_full_scale=4095,
    tension_full_scale=4095,
    range_full_scale_mm=0,
    firmware=(1, 0, 0),
    serial="KS-000001",
)
DELAY_S = 0.02


@dataclass(frozen=True, slots=True)
class Stream:
    """A strap that begins at host time `start_s` with sample `counter` and its clock at `clock`."""

    info: StrapInfo = INFO
    epoch: int = 7
    counter: int = 1000
    clock: int = 5_000_000
    start_s: float = 50.0
    samples_per_packet: int = 5
    seed: int = 1

    def counts(self, first: int, stop: int) -> Counts:
        """What samples `first` to `stop` measure (0 is the first of the stream), in the packet's columns."""
        width = column_count(self.info.channels)
        signed = column_count(self.info.channels & (Channel.ACC | Channel.GYR))
        rng = np.random.default_rng(self.seed)
        all_counts = rng.integers(-32000, 32000, (stop, width), dtype=np.int32)
        all_counts[:, signed:] = np.abs(all_counts[:, signed:]) % 4096
        return all_counts[first:]

    def packet(self, first: int, samples: int | None = None, *, resent: bool = False) -> StreamPacket:
        """The packet that begins with sample `first`."""
        n = self.samples_per_packet if samples is None else samples
        ticks = round(first * self.info.clock_hz / self.info.rate_hz)
        return StreamPacket(
            epoch=self.epoch,
            counter=(self.counter + first) % gatt.COUNTER_MODULUS,
            clock=(self.clock + ticks) % gatt.CLOCK_MODULUS,
            channels=self.info.channels,
            samples=self.counts(first, first + n),
            temperature_centi_c=2500 + first % 100 if Channel.TEMPERATURE in self.info.channels else None,
            q_start_from_strap=rotation(first + n - 1) if Channel.ORIENTATION in self.info.channels else None,
            resent=resent,
        )

    def notification(self, first: int, samples: int | None = None, *, resent_at_s: float | None = None) -> Notification:
        """The packet as it arrives: right after its last sample, or later where it is sent again."""
        packet = self.packet(first, samples, resent=resent_at_s is not None)
        on_time_s = self.start_s + (first + len(packet.samples)) / self.info.rate_hz + DELAY_S
        return Notification(on_time_s if resent_at_s is None else resent_at_s, encode_stream(packet))

    def notifications(self, first: int, stop: int) -> list[Notification]:
        """All packets of samples `first` to `stop` in order."""
        return [self.notification(i) for i in range(first, stop, self.samples_per_packet)]


def rotation(sample: int) -> tuple[int, int, int, int]:
    """The orientation of a sample: turning about z, 1 mrad a sample."""
    half = 0.0005 * sample
    return round(32767 * np.cos(half)), 0, 0, round(32767 * np.sin(half))


def parts(packet: StreamPacket, splits: Sequence[Channel]) -> list[StreamPacket]:
    """A packet of one sample split as at a small MTU: each part holds the channels of one of `splits`."""
    out: list[StreamPacket] = []
    for channels in splits:
        columns = [i for i, c in enumerate(columns_of(packet.channels)) if c in channels]
        out.append(
            replace(
                packet,
                channels=channels,
                samples=packet.samples[:, columns],
                temperature_centi_c=packet.temperature_centi_c if Channel.TEMPERATURE in channels else None,
                q_start_from_strap=packet.q_start_from_strap if Channel.ORIENTATION in channels else None,
            )
        )
    return out


def columns_of(channels: Channel) -> list[Channel]:
    """The channel of each column."""
    widths = {Channel.ACC: 3, Channel.GYR: 3, Channel.FLEX: 1, Channel.TENSION: 1, Channel.RANGE: 1}
    return [channel for channel, width in widths.items() if channel in channels for _ in range(width)]
