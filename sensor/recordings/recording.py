"""A session as it came off the air, to an MCAP file: raw notifications with host times, before anything is decoded.

Topics: `strap/PLACEMENT/driver` names the driver that decodes what follows, `.../information`, `.../stream` and
`.../control` hold the bytes of the characteristics, and `band/PLACEMENT/...` the same of a band beside the strap;
`session/marker`, `session/event` and `session/zero` hold JSON. `log_time` is the host's clock in ns. Metadata records
named `session` say what the session is.

Invariant: what was flushed can be read, whatever happens afterwards.
"""

import json
import logging
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Protocol, cast

from mcap.writer import CompressionType, IndexType, Writer

from sensor import gatt
from sensor.errors import RecordingError
from sensor.markers import Marker
from sensor.recordings.recording_sink import RecordingSink
from sensor.samples import Placement
from sensor.slots import Part

PROFILE = "kneegap"
FORMAT_VERSION = "1"
METADATA = "session"
FLUSH_EVERY_S = 0.4

Fields = Mapping[str, str | int | float | bool | None]

_log = logging.getLogger(__name__)


class Kind(StrEnum):
    """What a topic holds."""

    DRIVER = "driver"
    INFORMATION = "information"
    STREAM = "stream"
    CONTROL = "control"
    MARKER = "session/marker"
    EVENT = "session/event"
    ZERO = "session/zero"


def recorded_time(time_s: float) -> float:
    """The host time as a recording gives it back: live sessions that use it equal their own replay to the bit."""
    return to_ns(time_s) / 1e9


def to_ns(time_s: float) -> int:
    """Host seconds as the recording's nanoseconds."""
    return max(0, round(time_s * 1e9))


class _Output(Protocol):
    """What this module uses of the MCAP writer."""

    def register_channel(self, topic: str, message_encoding: str, schema_id: int) -> int: ...
    def add_message(self, channel_id: int, log_time: int, data: bytes, publish_time: int, sequence: int) -> None: ...
    def add_metadata(self, name: str, data: dict[str, str]) -> None: ...
    def flush(self) -> None: ...
    def finish(self) -> None: ...


class RecordingWriter:
    """Writes one session; `DiskFull` or `NotWritable` where it cannot, after which it takes nothing any more."""

    def __init__(self, path: Path, session: Mapping[str, str]) -> None:
        self.path = path
        self.stopped_by: RecordingError | None = None
        self._sink = RecordingSink(path)
        # Not compressed: the samples' lowest bits are noise, and a torn chunk stays readable.
        # Not indexed by message or chunk: readers go through the chunks in order.
        writer = Writer(
            self._sink,  # pyright: ignore[reportArgumentType] - it needs write, tell and flush alone
            compression=CompressionType.NONE,
            index_types=IndexType.ALL & ~IndexType.MESSAGE & ~IndexType.CHUNK,
        )
        writer.start(profile=PROFILE)
        self._writer = cast(_Output, writer)
        # The writer remembers each chunk for the index all the same: two a second, for as long as the session lasts.
        self._chunks = cast("list[object]", getattr(writer, "_Writer__chunk_indices", []))
        self._channels: dict[str, int] = {}
        self._sequence = 0
        self._flushed_s: float | None = None
        self.metadata(session)
        self.flush()

    def metadata(self, session: Mapping[str, str]) -> None:
        """What the session is, beside what was said before: id, wearer, exercise, ..."""
        if self.stopped_by is None:
            self._writer.add_metadata(METADATA, {"format": FORMAT_VERSION, **session})

    def information(
        self, placement: Placement, time_s: float, raw: bytes, driver: str = gatt.OWN_DRIVER, part: Part = Part.STRAP
    ) -> None:
        """The Information characteristic as read after a connection, and who decodes; both hold for what follows."""
        self._write(_strap_topic(placement, Kind.DRIVER, part), time_s, driver.encode())
        self._write(_strap_topic(placement, Kind.INFORMATION, part), time_s, raw)

    def notification(self, placement: Placement, arrival_s: float, data: bytes, part: Part = Part.STRAP) -> None:
        """A notification of the Stream characteristic."""
        self._write(_strap_topic(placement, Kind.STREAM, part), arrival_s, data)

    def control(self, placement: Placement, time_s: float, data: bytes) -> None:
        """A notification of the Control characteristic."""
        self._write(_strap_topic(placement, Kind.CONTROL), time_s, data)

    def marker(self, marker: Marker, now_s: float) -> None:
        """A marker in host time; written again under the same start and label once its end is known."""
        times = {"start_ns": to_ns(marker.start_s), "end_ns": to_ns(marker.end_s)}
        self._write_json(Kind.MARKER, now_s, {"label": marker.label, "value": marker.value, **times})

    def open_marker(self, label: str, value: str, start_s: float) -> None:
        """A marker whose end is not known yet."""
        fields = {"label": label, "value": value, "start_ns": to_ns(start_s), "end_ns": None}
        self._write_json(Kind.MARKER, start_s, fields)

    def event(self, name: str, time_s: float, fields: Fields | None = None) -> None:
        """Anything else worth keeping: link changes, battery, cues, answers."""
        self._write_json(Kind.EVENT, time_s, {"event": name, **(fields or {})})

    def zero(self, time_s: float) -> None:
        """Session zero: the straps are on."""
        self._write_json(Kind.ZERO, time_s, {})

    def flush(self) -> None:
        """Hands everything to the system; to be called twice a second at least, also when nothing is written."""
        if self.stopped_by is None:
            try:
                # The writer's own flush ends its chunk; flushing the file alone would leave the chunk in memory.
                self._writer.flush()
                self._chunks.clear()
            except RecordingError as error:
                self._stop(error)
                raise

    def close(self) -> None:
        """Seals the file."""
        if self.stopped_by is None:
            try:
                self.flush()
                self._writer.finish()
                self._sink.flush()
            except RecordingError as error:
                self._stop(error)
                raise
        self._sink.close()

    def _write(self, topic: str, time_s: float, data: bytes) -> None:
        if self.stopped_by is not None:
            return
        if topic not in self._channels:
            encoding = "json" if topic.startswith("session/") else "application/octet-stream"
            self._channels[topic] = self._writer.register_channel(topic, encoding, 0)
        self._sequence += 1
        time_ns = to_ns(time_s)
        self._writer.add_message(self._channels[topic], time_ns, data, time_ns, self._sequence & 0xFFFFFFFF)
        if self._flushed_s is None or not 0 <= time_s - self._flushed_s < FLUSH_EVERY_S:
            self._flushed_s = time_s
            self.flush()

    def _write_json(self, kind: Kind, time_s: float, fields: Fields) -> None:
        self._write(kind, time_s, json.dumps(fields, ensure_ascii=False).encode())

    def _stop(self, error: RecordingError) -> None:
        self.stopped_by = error
        _log.error("recording stopped: %s", error)


def _strap_topic(placement: Placement, kind: Kind, part: Part = Part.STRAP) -> str:
    return f"{part}/{placement}/{kind}"
