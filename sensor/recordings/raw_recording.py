"""What an MCAP recording holds, before decoding; sealed, cut off by a crash, or damaged in places.

Invariant: everything that is whole is read, in the order in which it was written.
"""

import io
import json
import struct
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from mcap.data_stream import ReadDataStream
from mcap.exceptions import McapError
from mcap.records import Channel, Chunk, Header, McapRecord, Metadata
from mcap.stream_reader import StreamReader

from sensor import gatt
from sensor.decoding.stream_batch import Notification
from sensor.errors import ForeignRecording, NotReadable
from sensor.exchanged import SWAPPED, exchanged, other_leg
from sensor.markers import Marker
from sensor.recordings.recording import FORMAT_VERSION, METADATA, PROFILE, Kind
from sensor.samples import Placement
from sensor.slots import Part

_CHANNEL, _MESSAGE = 0x04, 0x05
_RECORD = struct.Struct("<BQ")
_MESSAGE_HEAD = struct.Struct("<HIQQ")
_LONGEST_RECORD = 1 << 28


@dataclass(slots=True)
class StrapBytes:
    """What one strap sent: stream notifications, and before which of them it told what of itself.

    `driver` names the driver that decodes it. `information` pairs a place in `stream` with the bytes that hold from
    there on; `control` holds host times too.
    """

    driver: str = gatt.OWN_DRIVER
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

    `sealed` False where the recording was cut off, `damaged` counts pieces that were skipped. Straps are where they
    sat, also where that was found out only later (`swapped`).
    """

    metadata: dict[str, str] = field(default_factory=dict[str, str])
    straps: dict[Placement, StrapBytes] = field(default_factory=dict[Placement, StrapBytes])
    bands: dict[Placement, StrapBytes] = field(default_factory=dict[Placement, StrapBytes])
    markers: list[Marker] = field(default_factory=list[Marker])
    events: list[LoggedEvent] = field(default_factory=list[LoggedEvent])
    zero_s: float | None = None
    last_s: float = 0.0
    sealed: bool = False
    damaged: int = 0

    @property
    def swapped(self) -> bool:
        """Whether the thigh straps sat on each other's legs."""
        return self.metadata.get("swapped") == SWAPPED


def read_raw(path: Path) -> RawRecording:
    """The recording's content; `ForeignRecording` where the file is none of ours."""
    reading = _Reading(path)
    try:
        with path.open("rb") as file:
            reading.take(StreamReader(file, emit_chunks=True, record_size_limit=_LONGEST_RECORD))
    except OSError as error:
        raise NotReadable(path, error.strerror or str(error)) from error
    return reading.whole()


_Known = dict[tuple[str, int], tuple[str, int | None]]
# Takes a message's time (ns) and bytes.
_Taker = Callable[[int, bytes], object]


class _Reading:
    """A recording being read: each topic's messages go where they belong."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._raw = RawRecording()
        self._takers: dict[int, _Taker] = {}
        self._markers: _Known = {}

    def take(self, reader: StreamReader) -> None:
        """Everything that is whole."""
        try:
            for record in reader.records:
                self._take_record(record)
            self._raw.sealed = True
        except (McapError, ValueError, struct.error, OverflowError, MemoryError) as error:
            # Without its end, all before is good; without its beginning it is no recording. (A damaged length asks for
            # more memory than there is.)
            if not self._raw.metadata:
                raise ForeignRecording(self._path, "it does not begin like one") from error

    def whole(self) -> RawRecording:
        """What was read."""
        if not self._raw.metadata:
            raise ForeignRecording(self._path, "it does not say what session it holds")
        raw = self._raw
        lasts = [s.stream[-1].arrival_s for s in (*raw.straps.values(), *raw.bands.values()) if s.stream]
        raw.last_s = max([*lasts, *(event.time_s for event in raw.events)], default=0.0)
        raw.markers = _markers(self._markers, raw.last_s)
        if raw.swapped:
            raw.straps, raw.bands = exchanged(raw.straps), exchanged(raw.bands)
            raw.events = [_exchanged_event(event) for event in raw.events]
        return raw

    def _take_record(self, record: McapRecord) -> None:
        if isinstance(record, Header) and record.profile != PROFILE:
            raise ForeignRecording(self._path, f"its profile is {record.profile!r}")
        if isinstance(record, Metadata) and record.name == METADATA:
            if record.metadata.get("format") != FORMAT_VERSION:
                wanted = f"its format is {record.metadata.get('format')}, update this program"
                raise ForeignRecording(self._path, wanted)
            self._raw.metadata |= record.metadata
        elif isinstance(record, Chunk):
            self._take_chunk(record)

    def _take_chunk(self, chunk: Chunk) -> None:
        """The whole messages of a chunk; the library's own way takes ten times as long.

        Of a damaged chunk too: packets have checksums of their own, and times must lie where the chunk says.
        """
        data = chunk.data
        if len(data) == chunk.uncompressed_size and zlib.crc32(data) != chunk.uncompressed_crc:
            self._raw.damaged += 1
        first_ns, last_ns = chunk.message_start_time, chunk.message_end_time
        at, end = 0, len(data)
        while at + _RECORD.size <= end:
            opcode, length = _RECORD.unpack_from(data, at)
            at += _RECORD.size
            if at + length > end:
                break
            if opcode == _MESSAGE and length >= _MESSAGE_HEAD.size:
                channel, _, time_ns, _ = _MESSAGE_HEAD.unpack_from(data, at)
                if first_ns <= time_ns <= last_ns:
                    self._takers.get(channel, _ignore)(time_ns, data[at + _MESSAGE_HEAD.size : at + length])
            elif opcode == _CHANNEL:
                record = Channel.read(ReadDataStream(io.BytesIO(data[at : at + length])))
                self._takers[record.id] = self._taker(record.topic)
            at += length

    def _taker(self, topic: str) -> _Taker:
        if topic == Kind.ZERO:
            return self._take_zero
        if topic == Kind.EVENT:
            return self._take_event
        if topic == Kind.MARKER:
            return self._take_marker
        part, name, kind = (*topic.split("/"), "", "")[:3]
        if name not in _PLACEMENTS:
            return _ignore
        devices = self._raw.bands if part == Part.BAND else self._raw.straps
        strap = devices.setdefault(_PLACEMENTS[name], StrapBytes())
        if kind == Kind.INFORMATION:
            return lambda _, data: strap.information.append((len(strap.stream), data))
        if kind == Kind.DRIVER:
            return lambda _, data: setattr(strap, "driver", data.decode("ascii", "replace"))
        keep = (strap.stream if kind == Kind.STREAM else strap.control).append
        return lambda time_ns, data: keep(Notification(time_ns / 1e9, data))

    def _take_zero(self, time_ns: int, data: bytes) -> None:
        del data
        self._raw.zero_s = time_ns / 1e9

    def _take_event(self, time_ns: int, data: bytes) -> None:
        fields = self._json(data)
        self._raw.events.append(LoggedEvent(str(fields.pop("event", "")), time_ns / 1e9, fields))

    def _take_marker(self, time_ns: int, data: bytes) -> None:
        del time_ns
        fields = self._json(data)
        start, end = fields.get("start_ns"), fields.get("end_ns")
        if isinstance(start, int) and (end is None or isinstance(end, int)):
            self._markers[str(fields.get("label", "")), start] = (str(fields.get("value", "")), end)

    def _json(self, data: bytes) -> dict[str, object]:
        try:
            fields = json.loads(data)
        except ValueError:
            fields = None
        if isinstance(fields, dict):
            return {str(key): value for key, value in fields.items()}
        self._raw.damaged += 1
        return {}


def _ignore(time_ns: int, data: bytes) -> None:
    """A topic of a newer program."""
    del time_ns, data


def _exchanged_event(event: LoggedEvent) -> LoggedEvent:
    name = str(event.fields.get("placement", ""))
    if name not in _PLACEMENTS:
        return event
    return replace(event, fields={**event.fields, "placement": str(other_leg(_PLACEMENTS[name]))})


def _markers(known: _Known, last_s: float) -> list[Marker]:
    """Markers in order of start; one whose end was not written lasts to the end of the recording."""
    found = [
        Marker(label, start / 1e9, max(start / 1e9, last_s if end is None else end / 1e9), value)
        for (label, start), (value, end) in known.items()
    ]
    return sorted(found, key=lambda m: m.start_s)


_PLACEMENTS = {str(p): p for p in Placement}
