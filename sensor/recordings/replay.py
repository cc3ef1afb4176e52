"""A recorded session through the decoder that live sessions use.

Invariant: what is decoded does not depend on whether the recording was sealed.
"""

import logging
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from sensor.decoding.stream_batch import Notification
from sensor.drivers.driver import Driver
from sensor.drivers.known import driver_named
from sensor.errors import ConfigError, EmptySession, ForeignRecording, PacketError, TableError
from sensor.markers import Marker
from sensor.packet import StrapInfo, decode_info
from sensor.recorded import Device, LinkCounts, Recorded
from sensor.recordings.raw_recording import RawRecording, StrapBytes, read_raw
from sensor.samples import Placement, SampleBlock, join
from sensor.slots import Part
from sensor.tables.imported import marked_exercise
from sensor.tables.wearer_file import wearer_from_text
from sensor.wearer import Wearer
from sensor.worn_strap import WornStrap

LOST = "lost"

_log = logging.getLogger(__name__)


def read_recording(path: Path) -> Recorded:
    """The session of an MCAP recording; `ForeignRecording` or `EmptySession` where there is none."""
    return decode(path, read_raw(path))


def decode(path: Path, raw: RawRecording) -> Recorded:
    """The session that raw bytes hold; `path` is for errors."""
    worn = {p: decode_worn(path, p, strap, raw.bands.get(p)) for p, strap in raw.straps.items()}
    decoded = {p: found for p, found in worn.items() if found is not None}
    firsts = [float(block.arrival_s[0]) for block, _ in decoded.values() if len(block)]
    if not firsts:
        raise EmptySession(path)
    zero_s = min(firsts) if raw.zero_s is None else raw.zero_s
    markers = tuple(_in_session(marker, zero_s) for marker in raw.markers)
    return Recorded(
        straps={p: replace(block, arrival_s=block.arrival_s - zero_s) for p, (block, _) in decoded.items()},
        markers=markers,
        wearer=_wearer(path, raw.metadata.get("wearer")),
        exercise=raw.metadata.get("exercise") or marked_exercise(markers),
        memory=raw.metadata.get("memory", ""),
        counts={p: replace(counts, disconnects=_losses(raw, p)) for p, (_, counts) in decoded.items()},
        devices={p: _device(path, raw, p) for p in decoded},
        swapped=raw.swapped,
    )


def decode_worn(
    path: Path, placement: Placement, strap: StrapBytes, band: StrapBytes | None = None
) -> tuple[SampleBlock, LinkCounts] | None:
    """All samples at one placement in host time; None where the strap sent none, or never said what it is."""
    worn = WornStrap(placement, remembered_s=float("inf"))
    blocks: list[SampleBlock | None] = []
    # The strap last, so that its rows find all of the band's.
    for part, device in ((Part.BAND, band), (Part.STRAP, strap)):
        if device is None:
            continue
        for info, notifications in _stretches(device):
            worn.join(part, _driver(path, device.driver), info)
            blocks.append(worn.push({part: notifications}))
    blocks.append(worn.finish())
    decoded = [block for block in blocks if block is not None]
    return (join(decoded), worn.counts) if decoded else None


def _device(path: Path, raw: RawRecording, placement: Placement) -> Device:
    """The strap at a placement; a band beside it is named, too."""
    strap, band = _driver(path, raw.straps[placement].driver), raw.bands.get(placement)
    name = strap.title if band is None else f"{strap.title} + {_driver(path, band.driver).title}"
    return Device(name, strap.clock)


def _driver(path: Path, name: str) -> Driver:
    driver = driver_named(name)
    if driver is None:
        raise ForeignRecording(path, f"a strap of type {name!r}, update this program")
    return driver


def _stretches(strap: StrapBytes) -> Iterator[tuple[StrapInfo, list[Notification]]]:
    """What held at each connection, and the notifications that came after it; the first has those before it, too."""
    known: list[tuple[int, StrapInfo]] = []
    for start, raw_info in strap.information:
        try:
            info = decode_info(raw_info)
        except PacketError:
            continue
        known.append((start if known else 0, info))
    stops = [start for start, _ in known[1:]] + [len(strap.stream)]
    for (start, info), stop in zip(known, stops, strict=False):
        yield info, strap.stream[start:stop]


def _wearer(path: Path, text: str | None) -> Wearer | None:
    """The wearer as recorded; damaged sizes are no sizes."""
    try:
        return None if text is None else wearer_from_text(path, text)
    except (TableError, ConfigError) as error:
        _log.warning("the recorded wearer cannot be used: %s", error)
        return None


def _in_session(marker: Marker, zero_s: float) -> Marker:
    return replace(marker, start_s=marker.start_s - zero_s, end_s=marker.end_s - zero_s)


def _losses(raw: RawRecording, placement: Placement) -> int:
    """How often the link to a strap was lost."""
    return sum(
        event.name == "link" and event.fields.get("placement") == placement and event.fields.get("state") == LOST
        for event in raw.events
        if event.fields.get("part", Part.STRAP) == Part.STRAP
    )
