"""Information, advertisement and stream packets as bytes and back, one at a time (`docs/protocol.md`).

Invariant: `decode_x(encode_x(value)) == value`; bytes that break a rule of the document raise `PacketError`.
Values stay raw counts here; `sensor.decoding.decoder` turns them into SI units.
"""

import struct
from binascii import crc_hqx
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from sensor import gatt
from sensor.errors import PacketError
from sensor.gatt import Ability, Channel
from sensor.samples import Placement

Counts = NDArray[np.int32]

HEADER_BYTES = 10
CRC_BYTES = 2
TEMPERATURE_BYTES = 2
ORIENTATION_BYTES = 8
# Values per sample in the order in which a packet holds them; the first two kinds are signed.
COLUMNS = ((Channel.ACC, 3), (Channel.GYR, 3), (Channel.FLEX, 1), (Channel.TENSION, 1), (Channel.RANGE, 1))
SIGNED = Channel.ACC | Channel.GYR

_INFO = struct.Struct("<BBHBBHIffHHHBBH12s")
_HEADER = struct.Struct("<BBB3sI")
_ADVERTISEMENT = struct.Struct("<BBBB")
_STREAMING, _ENCRYPTED = 0x01, 0x02


@dataclass(frozen=True, slots=True)
class StrapInfo:
    """What a strap is and can do. Full scales are the SI value (mm for range) of 32768 or of the largest count."""

    version: int
    channels: Channel
    abilities: Ability
    placement: Placement | None
    rate_hz: float
    clock_hz: int
    acc_full_scale_m_s2: float
    gyr_full_scale_rad_s: float
    flex_full_scale: int
    tension_full_scale: int
    range_full_scale_mm: int
    firmware: tuple[int, int, int]
    serial: str


@dataclass(frozen=True, slots=True)
class Advertised:
    """What a strap tells while nobody is connected; `battery_pct` None where it does not know.

    One that is `encrypted` speaks only to hosts that have paired with it.
    """

    version: int
    placement: Placement | None
    battery_pct: int | None
    streaming: bool
    encrypted: bool = False


@dataclass(frozen=True, slots=True)
class StreamPacket:
    """Samples `counter` to `counter + len(samples) - 1` in raw counts.

    `samples` has a row per sample and the columns of `column_count(channels)`; `clock` is the strap's clock at the
    first sample, `q_start_from_strap` (w x y z in 1/32767) the orientation at the last.
    """

    epoch: int
    counter: int
    clock: int
    channels: Channel
    samples: Counts
    temperature_centi_c: int | None = None
    q_start_from_strap: tuple[int, int, int, int] | None = None
    resent: bool = False


def encode_info(info: StrapInfo) -> bytes:
    """The value of the Information characteristic."""
    return _INFO.pack(
        info.version,
        _INFO.size,
        int(info.channels),
        int(info.abilities),
        placement_code(info.placement),
        round(info.rate_hz * 10),
        info.clock_hz,
        info.acc_full_scale_m_s2,
        info.gyr_full_scale_rad_s,
        info.flex_full_scale,
        info.tension_full_scale,
        info.range_full_scale_mm,
        *info.firmware,
        info.serial.encode("ascii"),
    )


def decode_info(data: bytes) -> StrapInfo:
    """The strap's information; `version` alone can be trusted where it is not `gatt.PROTOCOL_VERSION`."""
    if len(data) < _INFO.size or data[1] < _INFO.size or len(data) < data[1]:
        raise PacketError(f"information of {len(data)} bytes")
    (version, _, channels, abilities, placement, rate, clock_hz, acc, gyr, flex, tension, span, *firmware, serial) = (
        _INFO.unpack_from(data)
    )
    if not (rate and clock_hz and 0 < acc < float("inf") and 0 < gyr < float("inf")):
        raise PacketError("information with a rate or scale of zero")
    return StrapInfo(
        version=version,
        # An unknown bit would be remembered as a member of its own for ever.
        channels=Channel(channels & gatt.MEASURED),
        abilities=Ability(abilities & 0x0F),
        placement=gatt.PLACEMENTS.get(placement),
        rate_hz=rate / 10,
        clock_hz=clock_hz,
        acc_full_scale_m_s2=acc,
        gyr_full_scale_rad_s=gyr,
        flex_full_scale=flex,
        tension_full_scale=tension,
        range_full_scale_mm=span,
        firmware=(firmware[0], firmware[1], firmware[2]),
        serial=serial.rstrip(b"\0").decode("ascii", "replace"),
    )


def encode_advertisement(advertised: Advertised) -> bytes:
    """The manufacturer data (company `gatt.COMPANY`) of an advertisement."""
    battery = 0xFF if advertised.battery_pct is None else advertised.battery_pct
    flags = _STREAMING * advertised.streaming | _ENCRYPTED * advertised.encrypted
    return _ADVERTISEMENT.pack(advertised.version, placement_code(advertised.placement), battery, flags)


def decode_advertisement(data: bytes) -> Advertised:
    """What the manufacturer data says."""
    if len(data) < _ADVERTISEMENT.size:
        raise PacketError(f"advertisement of {len(data)} bytes")
    version, placement, battery, flags = _ADVERTISEMENT.unpack_from(data)
    percent = battery if battery <= 100 else None
    streaming, encrypted = bool(flags & _STREAMING), bool(flags & _ENCRYPTED)
    return Advertised(version, gatt.PLACEMENTS.get(placement), percent, streaming, encrypted)


def placement_code(placement: Placement | None) -> int:
    """The number of a placement on the wire."""
    return gatt.NO_PLACEMENT if placement is None else gatt.PLACEMENT_CODES[placement]


@lru_cache
def column_count(channels: Channel) -> int:
    """Values in one sample of these channels."""
    return sum(width for channel, width in COLUMNS if channel in channels)


def packet_bytes(channels: Channel, samples: int) -> int:
    """Length of a packet of these channels."""
    fixed = HEADER_BYTES + CRC_BYTES
    fixed += TEMPERATURE_BYTES * (Channel.TEMPERATURE in channels) + ORIENTATION_BYTES * (
        Channel.ORIENTATION in channels
    )
    return fixed + 2 * samples * column_count(channels)


def samples_that_fit(channels: Channel, mtu: int) -> int:
    """How many samples of these channels one notification holds; 0 where they must be split."""
    room = mtu - gatt.ATT_HEADER - packet_bytes(channels, 0)
    if room < 0:
        return 0
    width = 2 * column_count(channels)
    return min(room // width, gatt.MOST_SAMPLES) if width else 1


def encode_stream(packet: StreamPacket) -> bytes:
    """The notification that carries this packet."""
    flags = packet.channels | (Channel.RESENT if packet.resent else Channel(0))
    head = _HEADER.pack(
        gatt.PROTOCOL_VERSION << 4 | len(packet.samples),
        int(flags),
        packet.epoch,
        packet.counter.to_bytes(3, "little"),
        packet.clock,
    )
    if packet.temperature_centi_c is not None:
        head += struct.pack("<h", packet.temperature_centi_c)
    if packet.q_start_from_strap is not None:
        head += struct.pack("<4h", *packet.q_start_from_strap)
    body = head + (packet.samples & 0xFFFF).astype("<u2").tobytes()
    return body + crc_hqx(body, 0xFFFF).to_bytes(CRC_BYTES, "big")


def decode_stream(data: bytes) -> StreamPacket:
    """The packet that a notification carries."""
    reason = stream_fault(data)
    if reason:
        raise PacketError(reason)
    first, flags, epoch, counter, clock = _HEADER.unpack_from(data)
    channels = Channel(flags) & gatt.MEASURED
    at = HEADER_BYTES
    temperature = orientation = None
    if Channel.TEMPERATURE in channels:
        (temperature,) = struct.unpack_from("<h", data, at)
        at += TEMPERATURE_BYTES
    if Channel.ORIENTATION in channels:
        w, x, y, z = struct.unpack_from("<4h", data, at)
        orientation = (w, x, y, z)
        if not gatt.QUATERNION_NORM[0] <= w * w + x * x + y * y + z * z <= gatt.QUATERNION_NORM[1]:
            raise PacketError("orientation is no rotation")
        at += ORIENTATION_BYTES
    return StreamPacket(
        epoch=epoch,
        counter=int.from_bytes(counter, "little"),
        clock=clock,
        channels=channels,
        samples=_sample_counts(data[at:-CRC_BYTES], channels, first & 0x0F),
        temperature_centi_c=temperature,
        q_start_from_strap=orientation,
        resent=Channel.RESENT in Channel(flags),
    )


def stream_fault(data: bytes) -> str:
    """Why these bytes are no stream packet; empty where they are one."""
    if len(data) < HEADER_BYTES + CRC_BYTES:
        return f"{len(data)} bytes are too short"
    version, count = data[0] >> 4, data[0] & 0x0F
    channels = Channel(data[1]) & gatt.MEASURED
    if version != gatt.PROTOCOL_VERSION:
        return f"version {version}"
    if count == 0 or not channels:
        return "no samples"
    if len(data) != packet_bytes(channels, count):
        return f"{len(data)} bytes, {packet_bytes(channels, count)} expected"
    if crc_hqx(data, 0xFFFF) != 0:
        return "checksum"
    return ""


def _sample_counts(data: bytes, channels: Channel, samples: int) -> Counts:
    raw = np.frombuffer(data, "<u2").reshape(samples, column_count(channels)).astype(np.int32)
    signed = column_count(channels & SIGNED)
    raw[:, :signed] = (raw[:, :signed] ^ 0x8000) - 0x8000
    return raw
