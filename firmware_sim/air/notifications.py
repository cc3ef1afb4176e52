"""Samples as stream notifications that fit the link: whole where they fit, split over several where the MTU is small.

Invariant: what `docs/protocol.md` says under "Fitting" and "Small MTU"; pure functions.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from firmware_sim.worn.strap_sensors import StrapCounts
from sensor import gatt
from sensor.gatt import Channel
from sensor.packet import COLUMNS, StreamPacket, encode_stream, packet_bytes, samples_that_fit

MOST_NOTIFICATIONS_HZ = 60.0
FITTING_ORDER = (
    Channel.ACC,
    Channel.GYR,
    Channel.FLEX,
    Channel.TENSION,
    Channel.RANGE,
    Channel.TEMPERATURE,
    Channel.ORIENTATION,
)


@dataclass(frozen=True, slots=True)
class Layout:
    """How samples go into notifications: each of `parts` for every `samples` samples, `slow` parts twice a second."""

    samples: int
    parts: tuple[Channel, ...]
    slow: tuple[Channel, ...]

    def notifications_hz(self, rate_hz: float) -> float:
        """Notifications a second at this sample rate."""
        return len(self.parts) * rate_hz / self.samples + len(self.slow) / gatt.ORIENTATION_EVERY_S


def layout(channels: Channel, mtu: int, rate_hz: float) -> Layout:
    """The fullest notifications that the link takes and the protocol allows."""
    longest = max(1, min(gatt.MOST_SAMPLES, int(rate_hz * gatt.LONGEST_PACKET_S)))
    whole = samples_that_fit(channels, mtu)
    if whole:
        return Layout(min(whole, longest), (channels,), ())
    per_sample = channels & gatt.PER_SAMPLE
    together = samples_that_fit(per_sample, mtu)
    if together:
        return Layout(min(together, longest), (per_sample,), _bins(channels & ~gatt.PER_SAMPLE, mtu))
    parts = _bins(channels, mtu)
    fast = tuple(p for p in parts if p & gatt.PER_SAMPLE)
    return Layout(1, fast, tuple(p for p in parts if not p & gatt.PER_SAMPLE))


def granted_rate_hz(asked_hz: float, rates_hz: Sequence[float], channels: Channel, mtu: int) -> float | None:
    """The nearest rate at or below the asked one that the link carries, else the lowest it does; None where none."""
    carried = [r for r in rates_hz if layout(channels, mtu, r).notifications_hz(r) <= MOST_NOTIFICATIONS_HZ]
    below = [r for r in carried if r <= asked_hz]
    return max(below) if below else min(carried, default=None)


def notifications(
    rows: StrapCounts, channels: Channel, plan: Layout, epoch: int, slow_every: int, resent: bool = False
) -> Iterator[bytes]:
    """The notifications that carry these samples, in order; a shorter last one carries the rest."""
    for at in range(0, len(rows), plan.samples):
        some = rows.take(slice(at, at + plan.samples))
        slow_due = any(number % slow_every < 1 for number in some.number)
        for part in plan.parts + (plan.slow if slow_due else ()):
            yield encode_stream(_packet(some, channels, part, epoch, resent))


def _packet(rows: StrapCounts, channels: Channel, part: Channel, epoch: int, resent: bool) -> StreamPacket:
    if not part & gatt.PER_SAMPLE:
        rows = rows.take(slice(-1, None))
    counts = np.round(rows.q_start_from_strap[-1] * gatt.QUATERNION_COUNTS).astype(int)
    w, x, y, z = (int(c) for c in counts)
    return StreamPacket(
        epoch=epoch,
        counter=int(rows.number[0]) % gatt.COUNTER_MODULUS,
        clock=int(rows.clock[0]) % gatt.CLOCK_MODULUS,
        channels=part,
        samples=rows.samples[:, _columns(channels, part)],
        temperature_centi_c=int(rows.temperature_centi_c[-1]) if Channel.TEMPERATURE in part else None,
        q_start_from_strap=(w, x, y, z) if Channel.ORIENTATION in part else None,
        resent=resent,
    )


def _columns(channels: Channel, part: Channel) -> list[int]:
    """Where the columns of `part` lie among those of `channels`."""
    found: list[int] = []
    at = 0
    for channel, width in COLUMNS:
        if channel in channels:
            found += range(at, at + width) if channel in part else ()
            at += width
    return found


def _bins(channels: Channel, mtu: int) -> tuple[Channel, ...]:
    """Channels filled into as few notifications of one sample as first fit finds."""
    bins: list[Channel] = []
    for channel in FITTING_ORDER:
        if channel not in channels:
            continue
        for i, part in enumerate(bins):
            if packet_bytes(part | channel, 1) <= mtu - gatt.ATT_HEADER:
                bins[i] = part | channel
                break
        else:
            bins.append(channel)
    return tuple(bins)
