"""What is fuzzed: each reader with the good inputs that the bad ones are made from.

Invariant: a reader takes bytes, and raises `KneeGapError` where it cannot use them.
"""

import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from monitor.coach.plan import Calibration, Plan
from monitor.config import read_config
from sensor import gatt
from sensor.control import (
    Answer,
    AskStatus,
    ControlEvent,
    Resend,
    Resending,
    Start,
    Started,
    StrapStatus,
    decode_control,
    decode_request,
    encode_answer,
    encode_event,
    encode_request,
)
from sensor.decoding.decoder import StrapDecoder
from sensor.decoding.stream_batch import Notification
from sensor.errors import PacketError
from sensor.gatt import Channel, EventCode, Opcode, Status
from sensor.link.missing import MissingSamples
from sensor.link.unheard import unheard
from sensor.packet import (
    Advertised,
    StreamPacket,
    decode_advertisement,
    decode_info,
    decode_stream,
    encode_advertisement,
    encode_info,
    encode_stream,
)
from sensor.recordings.raw_recording import read_raw
from sensor.recordings.recording import RecordingWriter
from sensor.recordings.replay import read_recording
from sensor.samples import Placement
from sensor.tables.marker_table import read_markers
from sensor.tables.recording_table import read_table
from sensor.tables.wearer_file import read_wearer
from tests.fuzz.driver_inputs import driver_inputs
from tests.fuzz.shapes import ALONE, INFORMATION, RIGHT_CHECKSUM, STEP_SHIFT, arrivals, as_input, checked
from tests.recording_tables import columns, without, written
from tests.sensor.strap_bytes import INFO, Stream, parts

IN_MEMORY = Path("/dev/shm")


@dataclass(frozen=True, slots=True)
class Target:
    """A reader; `weight` is how much of the ordinary suite's inputs it gets."""

    read: Callable[[bytes], object]
    seeds: Sequence[bytes]
    weight: float = 1.0


def targets(folder: Path) -> Mapping[str, Target]:
    """All readers by name; files are written below `folder`."""
    drivers = {name: Target(read, seeds, 0.5) for name, (read, seeds) in driver_inputs().items()}
    return {**_wire(), **drivers, **_files(folder)}


def scratch() -> tempfile.TemporaryDirectory[str]:
    """A folder in memory where there is one."""
    return tempfile.TemporaryDirectory(dir=IN_MEMORY if IN_MEMORY.is_dir() else None)


def _wire() -> dict[str, Target]:
    packets = [n.data for n in Stream().notifications(0, 60)]
    small = [encode_stream(p) for i in range(4) for p in _split(i)]
    return {
        "stream packet": Target(lambda data: decode_stream(checked(data)), [*packets, *small]),
        "information": Target(decode_info, [encode_info(INFO)]),
        "advertisement": Target(
            decode_advertisement, [encode_advertisement(Advertised(1, Placement.LEFT_THIGH, 90, streaming=True))]
        ),
        "control answer": Target(decode_control, _answers()),
        "control request": Target(
            decode_request, [encode_request(r, 7) for r in (Start(100.0), Resend(1, 5, 10), AskStatus())]
        ),
        "strap decoder": Target(_decode, [_session(packets), _session(small)]),
        "missing samples": Target(_follow, [_session(packets), _session(small)]),
    }


def _files(folder: Path) -> dict[str, Target]:
    table = written(folder, columns(), ".csv").read_bytes()
    recording = [_short_recording(folder)]
    parquet = [written(folder, c).read_bytes() for c in (columns(), without("flex", "mood"))]
    return {
        "recording": _file(folder, "fuzz.mcap", read_recording, recording),
        "unheard": _file(folder, "unheard.mcap", _unheard, recording, 0.5),
        "table CSV": _file(folder, "fuzz.csv", read_table, [table, b"\n".join(table.splitlines()[:6])], 0.3),
        "table Parquet": _file(folder, "fuzz.parquet", read_table, parquet, 0.3),
        "markers": _file(folder, "markers.csv", read_markers, [_MARKERS]),
        "wearer": _file(folder, "wearer.toml", read_wearer, [b'femur_mm = 450\nhip_width_mm = 188.5\nname = "x"\n']),
        "exercise plan": _file(folder, "plan.toml", lambda path: read_config(path, Plan), _plans()),
        "calibration plan": _file(folder, "calibration.toml", lambda path: read_config(path, Calibration), _plans()),
    }


def _unheard(path: Path) -> None:
    """What the next program would ask for."""
    for missing in unheard(read_raw(path)).values():
        for request in missing.asks(1000.0):
            encode_request(request, 1)


_MARKERS = b"label,start_s,end_s,value\ntouch,1,2,\nspacer,3,4,97\nexercise,5,6,clamp\n"


def _file(
    folder: Path, name: str, read: Callable[[Path], object], seeds: Sequence[bytes], weight: float = 1.0
) -> Target:
    path = folder / name

    def written_and_read(data: bytes) -> object:
        path.write_bytes(data)
        return read(path)

    return Target(written_and_read, seeds, weight)


def _short_recording(folder: Path) -> bytes:
    """A recording of a few packets, in which a change hits something."""
    path = folder / "short.mcap"
    writer = RecordingWriter(path, {"id": "s", "wearer": "femur_mm = 420\n"})
    for placement in (Placement.LEFT_THIGH, Placement.RIGHT_THIGH):
        writer.information(placement, 50.0, encode_info(INFO))
        for n in Stream().notifications(0, 20):
            writer.notification(placement, n.arrival_s, n.data)
    writer.zero(50.1)
    writer.open_marker("touch", "", 50.15)
    writer.event("link", 50.16, {"placement": "left_thigh", "state": "lost"})
    writer.close()
    return path.read_bytes()


def _plans() -> list[bytes]:
    folder = Path(__file__).parents[2] / "monitor" / "coach" / "exercises"
    return [path.read_bytes() for path in sorted(folder.glob("*.toml"))]


def _answers() -> list[bytes]:
    data = (Started(100.0, 3, 7, 9), StrapStatus(True, 100.0, 3, 5, 700, 9), Resending(7, 100), None)
    codes = (Opcode.START, Opcode.STATUS, Opcode.RESEND, Opcode.STOP)
    answers = [encode_answer(Answer(code, 5, Status.OK, d)) for code, d in zip(codes, data, strict=True)]
    refusal = encode_answer(Answer(Opcode.RESEND, 5, Status.NOT_KEPT))
    return [*answers, refusal, encode_event(ControlEvent(EventCode.TAP, 2, 3, 77, 99))]


def _split(i: int) -> list[StreamPacket]:
    motion = Channel.ACC | Channel.FLEX
    return parts(Stream(samples_per_packet=1).packet(i, 1), (motion, INFO.channels & ~motion))


def _session(packets: Sequence[bytes]) -> bytes:
    """Information, then the packets at their pace."""
    usual = RIGHT_CHECKSUM | 2 << STEP_SHIFT
    pieces = [(usual | (ALONE if i % 3 == 0 else 0), packet) for i, packet in enumerate(packets[:12])]
    return as_input([(INFORMATION, encode_info(INFO)), *pieces])


def _decode(data: bytes) -> None:
    """The decoder over a whole session; what it gives must be what was put in, at most."""
    decoder, waiting, rows, given = StrapDecoder(INFO, Placement.LEFT_THIGH), list[Notification](), 0, 0
    for arrived in arrivals(data):
        if arrived.is_information:
            _inform(decoder, arrived.notification.data)
            continue
        waiting.append(arrived.notification)
        given += gatt.MOST_SAMPLES
        if arrived.alone:
            rows += len(decoder.push(waiting))
            waiting = []
    rows += len(decoder.push(waiting)) + len(decoder.finish())
    if rows > given:
        raise RuntimeError(f"{rows} samples of {given} at most")


def _inform(decoder: StrapDecoder, data: bytes) -> None:
    try:
        decoder.inform(decode_info(data))
    except PacketError:
        return


def _follow(data: bytes) -> None:
    """What is missing of a session's packets, asked for as they come."""
    missing = MissingSamples(INFO.channels, INFO.rate_hz)
    for arrived in arrivals(data):
        notification = arrived.notification
        try:
            missing.take(decode_stream(notification.data), notification.arrival_s)
        except PacketError:
            continue
        asks = missing.asks(notification.arrival_s)
        for request in asks:
            encode_request(request, 1)
        if arrived.alone and asks:
            missing.refused(asks[0])
