"""What an MCAP recording holds, before decoding; sealed, cut off by a crash, or damaged in places.

Invariant: everything that is whole is read, in the order in which it was written.
"""

import io
import json
import struct
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from mcap.data_stream import ReadDataStream
from mcap.exceptions import McapError
from mcap.records import Channel, Chunk, Header, Metadata
from mcap.stream_reader import StreamReader

from sensor.errors import ForeignRecording, NotReadable
from sensor.markers import Marker
from sensor.recording import FORMAT_VERSION, METADATA, PROFILE, Kind
from sensor.samples import Placement
from sensor.stream_batch import Notification

_CHANNEL, _MESSAGE = 0x04, 0x05
_RECORD = struct.Struct("<BQ")
_MESSAGE_HEAD = struct.Struct("<HIQQ")
_LONGEST_RECORD = 1 << 28


@dataclass(frozen=True, slots=True)
class StrapBytes:
    """What one strap sent: stream notifications, and before which of them it told what of itself.

    `information` pairs a place in `stream` with the bytes that hold from there on; `control` holds host times too.
    """

    information: list[tuple[int, bytes]] = field(default_factory=list[tuple[int, bytes]])
    stream: list[Notification] = field(default_factory=list[Notification])
    control: list[Notification] = field(default_factory=list[Notification])


@dataclass(frozen=True, slots=True)
class LoggedEvent:
    """An event in host time, with its fields as they were written."""

    name: str
    time_s: float
    fields: Mapping[str, object]


@dataclass(slots=True)
class RawRecording:
    """A recording in host time; `zero_s` None where the straps were not on yet.

    `sealed` False where the recording was cut off, `damaged` counts pieces that were skipped.
    """

    metadata: dict[str, str] = field(default_factory=dict[str, str])
    straps: dict[Placement, StrapBytes] = field(default_factory=dict[Placement, StrapBytes])
    markers: list[Marker] = field(default_factory=list[Marker])
    events: list[LoggedEvent] = field(default_factory=list[LoggedEvent])
    zero_s: float | None = None
    last_s: float = 0.0
    sealed: bool = False
    damaged: int = 0


def read_raw(path: Path) -> RawRecording:
    """The recording's content; `ForeignRecording` where the file is none of ours."""
    raw = RawRecording()
    markers: _Known = {}
    topics: dict[int, str] = {}
    for topic, time_ns, data in _messages(path, raw, topics):
        raw.last_s = max(raw.last_s, time_ns / 1e9)
        if topic.startswith("strap/"):
            _take_strap_bytes(raw, topic, time_ns, data)
        elif topic == Kind.ZERO:
            raw.zero_s = time_ns / 1e9
        else:
            _take_json(raw, markers, topic, time_ns, data)
    raw.markers = _markers(markers, raw.last_s)
    return raw


def _messages(path: Path, raw: RawRecording, topics: dict[int, str]) -> Iterator[tuple[str, int, bytes]]:
    try:
        with path.open("rb") as file:
            reader = StreamReader(file, emit_chunks=True, record_size_limit=_LONGEST_RECORD)
            try:
                yield from _from_records(path, reader, raw, topics)
                raw.sealed = True
            except (McapError, ValueError, struct.error, EOFError) as error:
                # A recording without its end: all before is good. Without its beginning it is none.
                if not raw.metadata:
                    raise ForeignRecording(path, "it does not begin like one") from error
    except OSError as error:
        raise NotReadable(path, error.strerror or str(error)) from error
    if not raw.metadata:
        raise ForeignRecording(path, "it does not say what session it holds")


def _from_records(
    path: Path, reader: StreamReader, raw: RawRecording, topics: dict[int, str]
) -> Iterator[tuple[str, int, bytes]]:
    for record in reader.records:
        if isinstance(record, Header) and record.profile != PROFILE:
            raise ForeignRecording(path, f"its profile is {record.profile!r}")
        if isinstance(record, Metadata) and record.name == METADATA:
            if record.metadata.get("format") != FORMAT_VERSION:
                raise ForeignRecording(path, f"its format is {record.metadata.get('format')}, update this program")
            raw.metadata |= record.metadata
        elif isinstance(record, Chunk):
            torn = len(record.data) < record.uncompressed_size
            if record.compression or (not torn and zlib.crc32(record.data) != record.uncompressed_crc):
                raw.damaged += 1
            else:
                yield from _from_chunk(record.data, topics)


def _from_chunk(data: bytes, topics: dict[int, str]) -> Iterator[tuple[str, int, bytes]]:
    """The whole messages of a chunk; the library's own way takes ten times as long."""
    at, end = 0, len(data)
    while at + _RECORD.size <= end:
        opcode, length = _RECORD.unpack_from(data, at)
        at += _RECORD.size
        if at + length > end:
            return
        if opcode == _MESSAGE:
            channel, _, time_ns, _ = _MESSAGE_HEAD.unpack_from(data, at)
            if channel in topics:
                yield topics[channel], time_ns, data[at + _MESSAGE_HEAD.size : at + length]
        elif opcode == _CHANNEL:
            record = Channel.read(ReadDataStream(io.BytesIO(data[at : at + length])))
            topics[record.id] = record.topic
        at += length


def _take_strap_bytes(raw: RawRecording, topic: str, time_ns: int, data: bytes) -> None:
    _, name, kind = topic.split("/")
    if name not in _PLACEMENTS:
        return
    strap = raw.straps.setdefault(_PLACEMENTS[name], StrapBytes())
    if kind == Kind.STREAM:
        strap.stream.append(Notification(time_ns / 1e9, data))
    elif kind == Kind.CONTROL:
        strap.control.append(Notification(time_ns / 1e9, data))
    elif kind == Kind.INFORMATION:
        strap.information.append((len(strap.stream), data))


_Known = dict[tuple[str, int], tuple[str, int | None]]


def _take_json(raw: RawRecording, markers: _Known, topic: str, time_ns: int, data: bytes) -> None:
    try:
        fields = json.loads(data)
    except ValueError:
        fields = None
    if not isinstance(fields, dict):
        raw.damaged += 1
    elif topic == Kind.EVENT:
        name = str(fields.pop("event", ""))
        raw.events.append(LoggedEvent(name, time_ns / 1e9, {str(k): v for k, v in fields.items()}))
    elif topic == Kind.MARKER:
        start, end = fields.get("start_ns"), fields.get("end_ns")
        if isinstance(start, int) and (end is None or isinstance(end, int)):
            markers[str(fields.get("label", "")), start] = (str(fields.get("value", "")), end)


def _markers(known: _Known, last_s: float) -> list[Marker]:
    """Markers in order of start; one whose end was not written lasts to the end of the recording."""
    found = [
        Marker(label, start / 1e9, max(start / 1e9, last_s if end is None else end / 1e9), value)
        for (label, start), (value, end) in known.items()
    ]
    return sorted(found, key=lambda m: m.start_s)


_PLACEMENTS = {str(p): p for p in Placement}
