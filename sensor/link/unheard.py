"""What a recording lacks of its straps' last half minute, which they may hold still.

Invariant: only of straps that can send samples again; one that has begun another life since holds none of it.
"""

from collections.abc import Mapping, Sequence
from contextlib import suppress

from sensor import gatt
from sensor.decoding.stream_batch import Notification
from sensor.errors import PacketError
from sensor.link.missing import HALF_COUNTER, MissingSamples
from sensor.packet import StrapInfo, StreamPacket, decode_info, decode_stream
from sensor.recordings.raw_recording import RawRecording, StrapBytes

# Samples that are kept may have been asked for all the time that they are.
READ_S = 2 * gatt.KEPT_S


def unheard(raw: RawRecording) -> Mapping[str, MissingSamples]:
    """By serial, what was still missing of each strap when the recording ended."""
    found: dict[str, MissingSamples] = {}
    for strap in (*raw.straps.values(), *raw.bands.values()):
        info = _last_info(strap)
        if info is not None and strap.driver == gatt.OWN_DRIVER:
            found[info.serial] = _missing(info, strap.stream)
    return found


def _last_info(strap: StrapBytes) -> StrapInfo | None:
    for _, raw in reversed(strap.information):
        with suppress(PacketError):
            return decode_info(raw)
    return None


def _missing(info: StrapInfo, stream: Sequence[Notification]) -> MissingSamples:
    missing = MissingSamples(info.channels, info.rate_hz)
    heard = _last_heard(stream)
    newest = next((packet for _, packet in reversed(heard) if not packet.resent), None)
    if newest is None:
        return missing
    back = max(_back(newest, packet) for _, packet in heard if packet.epoch == newest.epoch)
    first = newest.counter - min(back, round(gatt.KEPT_S * info.rate_hz))
    missing.begin(newest.epoch, first % gatt.COUNTER_MODULUS, info.rate_hz, heard[0][0])
    for arrival_s, packet in heard:
        missing.take(packet, arrival_s)
    return missing


def _last_heard(stream: Sequence[Notification]) -> list[tuple[float, StreamPacket]]:
    """The good packets in which anything of the last half minute can be, with their arrivals."""
    from_s = stream[-1].arrival_s - READ_S if stream else 0.0
    heard: list[tuple[float, StreamPacket]] = []
    for notification in stream:
        if notification.arrival_s >= from_s:
            with suppress(PacketError):
                heard.append((notification.arrival_s, decode_stream(notification.data)))
    return heard


def _back(newest: StreamPacket, packet: StreamPacket) -> int:
    """By how many samples one packet is before another."""
    ahead = (packet.counter - newest.counter + HALF_COUNTER) % gatt.COUNTER_MODULUS - HALF_COUNTER
    return -ahead
