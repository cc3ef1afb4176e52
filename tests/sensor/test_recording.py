"""A recording gives back what was written, whatever ended it."""

import errno
import os
import signal
import stat
import subprocess
import sys
import textwrap
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from mcap.reader import make_reader

from sensor.decoding.decoder import StrapDecoder
from sensor.decoding.stream_batch import Notification
from sensor.errors import DiskFull, EmptySession, ForeignRecording, NotReadable, NotWritable
from sensor.markers import Label, Marker
from sensor.packet import encode_info
from sensor.recordings.raw_recording import read_raw
from sensor.recordings.recording import RecordingWriter, recorded_time
from sensor.recordings.replay import read_recording
from sensor.samples import Placement
from sensor.tables.wearer_file import wearer_text
from sensor.wearer import Wearer
from tests.sensor.strap_bytes import INFO, Stream

LEFT, RIGHT = Placement.LEFT_THIGH, Placement.RIGHT_THIGH
WEARER = Wearer(femur_m=0.42, hip_width_m=0.18, name='Ann "two" 安')
ZERO_S = 52.0


def streams() -> dict[Placement, list[Notification]]:
    return {
        LEFT: Stream().notifications(0, 500),
        RIGHT: Stream(seed=3, clock=9, start_s=50.1).notifications(0, 500),
    }


def write_session(path: Path) -> RecordingWriter:
    writer = RecordingWriter(path, {"id": "s1", "exercise": "clamp", "wearer": wearer_text(WEARER)})
    for placement in (LEFT, RIGHT):
        writer.information(placement, 50.0, encode_info(INFO))
    for left, right in zip(*streams().values(), strict=True):
        writer.notification(LEFT, left.arrival_s, left.data)
        writer.notification(RIGHT, right.arrival_s, right.data)
    writer.zero(ZERO_S)
    writer.open_marker(Label.TOUCH, "", 52.5)
    writer.marker(Marker(Label.TOUCH, 52.5, 53.5), 53.5)
    writer.open_marker(Label.EXERCISE, "clamp", 54.0)
    writer.event("link", 53.0, {"placement": RIGHT, "state": "lost"})
    writer.event("battery", 53.5, {"placement": LEFT, "percent": 80})
    return writer


@pytest.fixture
def sealed(tmp_path: Path) -> Path:
    path = tmp_path / "recording.mcap"
    write_session(path).close()
    return path


def test_a_sealed_recording_gives_the_session_back(sealed: Path) -> None:
    recorded = read_recording(sealed)
    assert recorded.wearer == WEARER
    assert recorded.exercise == "clamp"
    last_s = recorded.straps[RIGHT].arrival_s[-1]
    assert recorded.markers == (Marker("touch", 0.5, 1.5), Marker("exercise", 2.0, last_s, "clamp"))
    assert recorded.counts[RIGHT].disconnects == 1
    for placement, notifications in streams().items():
        decoder = StrapDecoder(INFO, placement)
        live = decoder.push([Notification(recorded_time(n.arrival_s), n.data) for n in notifications])
        np.testing.assert_array_equal(recorded.straps[placement].acc_m_s2, live.acc_m_s2)
        np.testing.assert_array_equal(recorded.straps[placement].arrival_s, live.arrival_s - ZERO_S)


def test_raw_bytes_and_events_come_back_unchanged(sealed: Path) -> None:
    raw = read_raw(sealed)
    assert raw.sealed
    assert raw.zero_s == ZERO_S
    assert [n.data for n in raw.straps[LEFT].stream] == [n.data for n in streams()[LEFT]]
    assert [(e.name, e.time_s) for e in raw.events] == [("link", 53.0), ("battery", 53.5)]
    assert raw.events[1].fields == {"placement": "left_thigh", "percent": 80}


def test_other_readers_of_mcap_read_it(sealed: Path) -> None:
    with sealed.open("rb") as file:
        messages = list(make_reader(file).iter_messages(topics=["strap/left_thigh/stream"]))
    assert [m.data for _, _, m in messages] == [n.data for n in streams()[LEFT]]
    assert [m.log_time for _, _, m in messages] == [round(n.arrival_s * 1e9) for n in streams()[LEFT]]


def test_only_the_owner_can_read_it(sealed: Path) -> None:
    assert stat.S_IMODE(sealed.stat().st_mode) == 0o600


def test_without_zero_the_session_begins_with_the_first_sample(tmp_path: Path) -> None:
    path = tmp_path / "recording.mcap"
    writer = RecordingWriter(path, {"id": "s"})
    writer.information(LEFT, 50.0, encode_info(INFO))
    for n in streams()[LEFT]:
        writer.notification(LEFT, n.arrival_s, n.data)
    writer.close()
    assert read_recording(path).straps[LEFT].arrival_s[0] == 0.0


@pytest.mark.parametrize("share", [0.999, 0.9, 0.5, 0.2])
def test_cut_off_anywhere_all_before_the_cut_is_read(sealed: Path, share: float) -> None:
    whole = read_recording(sealed).straps[LEFT]
    data = sealed.read_bytes()
    sealed.write_bytes(data[: int(len(data) * share)])
    cut = read_recording(sealed).straps[LEFT]
    assert not read_raw(sealed).sealed
    np.testing.assert_array_equal(cut.flex, whole.flex[: len(cut)])
    # The messages lie evenly in the file, but for 5 % at its beginning and at its end.
    assert len(cut) >= (min(share, 0.95) - 0.06) * len(whole)


def test_a_damaged_piece_costs_only_itself(sealed: Path) -> None:
    whole = read_recording(sealed).straps[LEFT]
    data = bytearray(sealed.read_bytes())
    data[len(data) // 2] ^= 0xFF
    sealed.write_bytes(data)
    assert read_raw(sealed).damaged == 1
    assert len(read_recording(sealed).straps[LEFT]) >= len(whole) - 5


@pytest.mark.parametrize("content", [b"", b"PAR1", b"label,start_s\n" * 100, bytes(5000), b"\x89MCAP0\r\n"])
def test_a_foreign_file_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "recording.mcap"
    path.write_bytes(content)
    with pytest.raises(ForeignRecording, match="not a recording of this program"):
        read_recording(path)


def test_a_recording_of_another_program_is_refused(tmp_path: Path) -> None:
    from mcap.writer import Writer

    path = tmp_path / "recording.mcap"
    with path.open("wb") as file:
        writer = Writer(file)
        writer.start(profile="ros2")
        writer.finish()
    with pytest.raises(ForeignRecording, match="ros2"):
        read_recording(path)


def test_a_missing_recording_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NotReadable, match="No such file"):
        read_recording(tmp_path / "recording.mcap")


def test_a_recording_without_samples_is_empty(tmp_path: Path) -> None:
    path = tmp_path / "recording.mcap"
    RecordingWriter(path, {"id": "s"}).close()
    with pytest.raises(EmptySession):
        read_recording(path)


def test_nothing_is_overwritten(sealed: Path) -> None:
    with pytest.raises(NotWritable):
        RecordingWriter(sealed, {"id": "s"})


def test_a_folder_that_is_not_there_cannot_be_written(tmp_path: Path) -> None:
    with pytest.raises(NotWritable):
        RecordingWriter(tmp_path / "none" / "recording.mcap", {"id": "s"})


def full_after(room: int) -> Callable[[int, bytes | memoryview], int]:
    """A system whose disk has this much room left."""
    write, left = os.write, [room]

    def limited(file: int, data: bytes | memoryview) -> int:
        if left[0] == 0:
            raise OSError(errno.ENOSPC, "No space left on device")
        written = write(file, data[: left[0]])
        left[0] -= written
        return written

    return limited


@pytest.mark.parametrize("room", [700, 5000, 20_011])
def test_when_the_disk_is_full_what_was_written_stays_readable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, room: int
) -> None:
    path = tmp_path / "recording.mcap"
    monkeypatch.setattr(os, "write", full_after(room))
    with pytest.raises(DiskFull, match="the disk is full, recording stopped"):
        write_session(path)
    monkeypatch.undo()
    raw = read_raw(path)
    assert raw.damaged == 0
    assert path.stat().st_size <= room
    sent = [n.data for n in streams()[LEFT]]
    got = [n.data for n in raw.straps[LEFT].stream] if LEFT in raw.straps else []
    assert got == sent[: len(got)]
    assert len(got) >= (room - 4000) // 260


def test_after_the_disk_was_full_the_writer_takes_nothing_and_closes_in_peace(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    writer = RecordingWriter(tmp_path / "recording.mcap", {"id": "s"})
    monkeypatch.setattr(os, "write", full_after(0))
    with pytest.raises(DiskFull):
        writer.notification(LEFT, 1.0, b"x")
    assert isinstance(writer.stopped_by, DiskFull)
    writer.notification(LEFT, 2.0, b"x")
    writer.flush()
    writer.close()


def test_killed_at_any_moment_at_most_half_a_second_is_missing(tmp_path: Path) -> None:
    path = tmp_path / "recording.mcap"
    program = textwrap.dedent(f"""
        import os, signal
        from pathlib import Path
        from sensor.packet import encode_info
        from sensor.recordings.recording import RecordingWriter
        from sensor.samples import Placement
        from tests.sensor.strap_bytes import INFO, Stream
        writer = RecordingWriter(Path({str(path)!r}), {{"id": "s"}})
        writer.information(Placement.LEFT_THIGH, 50.0, encode_info(INFO))
        for n in Stream().notifications(0, 733):
            writer.notification(Placement.LEFT_THIGH, n.arrival_s, n.data)
        os.kill(os.getpid(), signal.SIGKILL)
    """)
    ended = subprocess.run([sys.executable, "-c", program], cwd=Path(__file__).parents[2], check=False)
    assert ended.returncode == -signal.SIGKILL
    block = read_recording(path).straps[LEFT]
    assert len(block) >= 733 - 50
    np.testing.assert_array_equal(block.flex, Stream().counts(0, len(block))[:, 6])


def test_hours_of_recording_take_no_memory(tmp_path: Path) -> None:
    writer = RecordingWriter(tmp_path / "recording.mcap", {})
    data = Stream().notifications(0, 5)[0].data

    def write(first_s: int, last_s: int) -> None:
        for i in range(10 * first_s, 10 * last_s):
            writer.notification(LEFT, 0.1 * i, data)

    write(0, 60)
    tracemalloc.start()
    write(60, 1260)
    grown, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    writer.close()
    assert grown < 50_000
    assert len(read_raw(tmp_path / "recording.mcap").straps[LEFT].stream) == 12_600
