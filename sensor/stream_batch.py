"""Many stream notifications of one strap to arrays at once: what `sensor.packet.decode_stream` does to one.

Invariant: packets stay in order of arrival; what breaks a rule of the document is left out and counted.
"""

from binascii import crc_hqx
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sensor import gatt
from sensor.gatt import Channel
from sensor.packet import CRC_BYTES, HEADER_BYTES, ORIENTATION_BYTES, TEMPERATURE_BYTES, column_count, packet_bytes
from sensor.samples import Floats, Ints

Bytes = NDArray[np.uint8]


class Notification(NamedTuple):
    """A notification as it came off the air; `arrival_s` is the host's time."""

    arrival_s: float
    data: bytes


@dataclass(frozen=True, slots=True)
class Payload:
    """What the packets of one layout hold, in counts; `packets` are their places in the batch."""

    channels: Channel
    packets: Ints  # (M,)
    values: NDArray[np.uint16]  # (M, n, columns), the columns of `packet.COLUMNS`
    temperature: NDArray[np.int16] | None  # (M,)
    q_start_from_strap: NDArray[np.int16] | None  # (M, 4)


@dataclass(frozen=True, slots=True)
class PacketBatch:
    """Valid packets in order of arrival; `notifications` are their places among those given."""

    notifications: Ints  # (P,)
    arrival_s: Floats  # (P,)
    channels: Ints  # (P,) with RESENT
    samples: Ints  # (P,)
    epoch: Ints  # (P,)
    counter: Ints  # (P,)
    clock: Ints  # (P,)
    payloads: tuple[Payload, ...]
    corrupt: int


def parse_batch(notifications: Sequence[Notification], channels: Channel) -> PacketBatch:
    """The packets of a strap that has these channels."""
    groups = [_group(notifications, *group, channels) for group in _by_layout(notifications)]
    groups = [group for group in groups if len(group.places)]
    places = np.concatenate([g.places for g in groups]) if groups else np.zeros(0, np.int64)
    order = np.argsort(places, kind="stable")
    place_in_batch = np.empty(len(places), np.int64)
    place_in_batch[order] = np.arange(len(places))
    ends = np.cumsum([len(g.places) for g in groups])
    heads = np.concatenate([g.head for g in groups])[order] if groups else np.zeros((0, HEADER_BYTES), np.uint8)
    return PacketBatch(
        notifications=places[order],
        arrival_s=np.array([notifications[i].arrival_s for i in places[order].tolist()], dtype=np.float64),
        channels=heads[:, 1].astype(np.int64),
        samples=(heads[:, 0] & 0x0F).astype(np.int64),
        epoch=heads[:, 2].astype(np.int64),
        counter=_unsigned(heads[:, 3:6]),
        clock=_unsigned(heads[:, 6:10]),
        payloads=tuple(
            g.payload(place_in_batch[end - len(g.places) : end]) for g, end in zip(groups, ends.tolist(), strict=True)
        ),
        corrupt=len(notifications) - len(places),
    )


@dataclass(frozen=True, slots=True)
class _Group:
    channels: Channel
    places: Ints
    head: Bytes
    values: NDArray[np.uint16]
    temperature: NDArray[np.int16] | None
    rotation: NDArray[np.int16] | None

    def payload(self, packets: Ints) -> Payload:
        return Payload(self.channels, packets, self.values, self.temperature, self.rotation)


def _by_layout(notifications: Sequence[Notification]) -> list[tuple[bytes, list[int]]]:
    found: dict[bytes, list[int]] = {}
    for i, (_, data) in enumerate(notifications):
        if len(data) >= HEADER_BYTES + CRC_BYTES and crc_hqx(data, 0xFFFF) == 0:
            found.setdefault(data[:2], []).append(i)
    return list(found.items())


def _group(notifications: Sequence[Notification], layout: bytes, members: list[int], known: Channel) -> _Group:
    version, samples = layout[0] >> 4, layout[0] & 0x0F
    channels = Channel(layout[1]) & gatt.MEASURED
    length = packet_bytes(channels, samples)
    valid = version == gatt.PROTOCOL_VERSION and samples > 0 and channels and channels in known
    members = [i for i in members if len(notifications[i].data) == length] if valid else []
    raw = np.frombuffer(b"".join([notifications[i].data for i in members]), np.uint8).reshape(len(members), length)
    at = HEADER_BYTES
    temperature = rotation = None
    if Channel.TEMPERATURE in channels:
        temperature = _words(raw[:, at : at + TEMPERATURE_BYTES]).view(np.int16)[:, 0]
        at += TEMPERATURE_BYTES
    if Channel.ORIENTATION in channels:
        rotation = _words(raw[:, at : at + ORIENTATION_BYTES]).view(np.int16)
        at += ORIENTATION_BYTES
    values = _words(raw[:, at:-CRC_BYTES]).reshape(len(members), samples, column_count(channels))
    group = _Group(channels, np.array(members, np.int64), raw[:, :HEADER_BYTES], values, temperature, rotation)
    return group if rotation is None else _only_rotations(group, rotation)


def _only_rotations(group: _Group, rotation: NDArray[np.int16]) -> _Group:
    norm = (rotation.astype(np.float64) ** 2).sum(axis=1)
    good = (norm >= gatt.QUATERNION_NORM[0]) & (norm <= gatt.QUATERNION_NORM[1])
    if good.all():
        return group
    temperature = None if group.temperature is None else group.temperature[good]
    return _Group(group.channels, group.places[good], group.head[good], group.values[good], temperature, rotation[good])


def _words(raw: Bytes) -> NDArray[np.uint16]:
    return np.ascontiguousarray(raw).view("<u2").astype(np.uint16, copy=False)


def _unsigned(raw: Bytes) -> Ints:
    return raw.astype(np.int64) @ (1 << (8 * np.arange(raw.shape[1], dtype=np.int64)))
