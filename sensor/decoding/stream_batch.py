"""Many stream notifications of one strap to arrays at once: what `sensor.packet.decode_stream` does to one.

Invariant: packets stay in order of arrival; what breaks a rule of the document is left out and counted.
"""

from binascii import crc_hqx
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sensor import gatt
from sensor.gatt import Channel
from sensor.packet import CRC_BYTES, HEADER_BYTES, ORIENTATION_BYTES, TEMPERATURE_BYTES, column_count, packet_bytes
from sensor.samples import Floats, Ints

Bytes = NDArray[np.uint8]

_WEIGHTS = 1 << (8 * np.arange(4, dtype=np.int64))


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
    places, heads, in_batch = _merged(groups)
    head = heads.astype(np.int64)
    return PacketBatch(
        notifications=places,
        arrival_s=np.array([notifications[i].arrival_s for i in places.tolist()], dtype=np.float64),
        channels=head[:, 1],
        samples=head[:, 0] & 0x0F,
        epoch=head[:, 2],
        counter=_unsigned(head[:, 3:6]),
        clock=_unsigned(head[:, 6:10]),
        payloads=tuple(g.payload(at) for g, at in zip(groups, in_batch, strict=True)),
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


def _merged(groups: list[_Group]) -> tuple[Ints, Bytes, list[Ints]]:
    """Places and heads of all groups' packets in order of arrival, and where in it each group's packets are."""
    if not groups:
        return np.zeros(0, np.int64), np.zeros((0, HEADER_BYTES), np.uint8), []
    if len(groups) == 1:
        return groups[0].places, groups[0].head, [np.arange(len(groups[0].places))]
    places = np.concatenate([g.places for g in groups])
    order = np.argsort(places, kind="stable")
    place_in_batch = np.empty(len(places), np.int64)
    place_in_batch[order] = np.arange(len(places))
    ends = np.cumsum([len(g.places) for g in groups])
    return places[order], np.concatenate([g.head for g in groups])[order], np.split(place_in_batch, ends[:-1])


@dataclass(frozen=True, slots=True)
class _Layout:
    """Where things lie in packets of one kind."""

    channels: Channel
    samples: int
    columns: int
    length: int
    temperature: slice | None
    rotation: slice | None
    values: slice


@lru_cache(maxsize=64)
def _layout(head: bytes, known: Channel) -> _Layout | None:
    """The layout that a packet's first two bytes announce; None where a strap with the channels `known` has none."""
    version, samples = head[0] >> 4, head[0] & 0x0F
    channels = Channel(head[1]) & gatt.MEASURED
    if version != gatt.PROTOCOL_VERSION or samples == 0 or not channels or channels not in known:
        return None
    at = HEADER_BYTES
    temperature = rotation = None
    if Channel.TEMPERATURE in channels:
        temperature, at = slice(at, at + TEMPERATURE_BYTES), at + TEMPERATURE_BYTES
    if Channel.ORIENTATION in channels:
        rotation, at = slice(at, at + ORIENTATION_BYTES), at + ORIENTATION_BYTES
    length = packet_bytes(channels, samples)
    values = slice(at, length - CRC_BYTES)
    return _Layout(channels, samples, column_count(channels), length, temperature, rotation, values)


def _group(notifications: Sequence[Notification], head: bytes, members: list[int], known: Channel) -> _Group:
    layout = _layout(head, known)
    if layout is None:
        nothing = np.zeros((0, HEADER_BYTES), np.uint8)
        return _Group(Channel(0), np.zeros(0, np.int64), nothing, np.zeros((0, 0, 0), np.uint16), None, None)
    members = [i for i in members if len(notifications[i].data) == layout.length]
    joined = b"".join([notifications[i].data for i in members])
    raw = np.frombuffer(joined, np.uint8).reshape(len(members), layout.length)
    values = _words(raw[:, layout.values]).reshape(len(members), layout.samples, layout.columns)
    temperature = None if layout.temperature is None else _words(raw[:, layout.temperature]).view(np.int16)[:, 0]
    places, heads = np.array(members, np.int64), raw[:, :HEADER_BYTES]
    if layout.rotation is None:
        return _Group(layout.channels, places, heads, values, temperature, None)
    rotation = _words(raw[:, layout.rotation]).view(np.int16)
    return _only_rotations(_Group(layout.channels, places, heads, values, temperature, rotation), rotation)


def _only_rotations(group: _Group, rotation: NDArray[np.int16]) -> _Group:
    norm = (rotation.astype(np.float64) ** 2).sum(axis=1)
    good = (norm >= gatt.QUATERNION_NORM[0]) & (norm <= gatt.QUATERNION_NORM[1])
    if good.all():
        return group
    temperature = None if group.temperature is None else group.temperature[good]
    return _Group(group.channels, group.places[good], group.head[good], group.values[good], temperature, rotation[good])


def _words(raw: Bytes) -> NDArray[np.uint16]:
    return np.ascontiguousarray(raw).view("<u2").astype(np.uint16, copy=False)


def _unsigned(columns: Ints) -> Ints:
    """The little-endian number of each row's bytes."""
    return columns @ _WEIGHTS[: columns.shape[1]]
