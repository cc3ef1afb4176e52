"""A band's values on the rows of the strap beside it, live and from a recording, which names both drivers."""

import struct
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pytest

from monitor.board import Link
from monitor.session.log import SessionLog
from monitor.session.reception import Reception
from monitor.wording.words import strap_text
from sensor.decoding.stream_batch import Notification
from sensor.drivers.known import driver_named
from sensor.drivers.plain_talk import device_info
from sensor.errors import ForeignRecording
from sensor.gatt import Channel
from sensor.link.link_events import BatteryLevel, LinkChanged, LinkQuality, LinkState, StrapJoined, StreamArrived
from sensor.packet import encode_info
from sensor.recordings.raw_recording import read_raw
from sensor.recordings.recording import RecordingWriter
from sensor.recordings.replay import read_recording
from sensor.samples import ARRAYS, Placement, SampleBlock, join
from sensor.slots import Part
from sensor.worn_strap import HOLD_S, WornStrap
from tests.devices.test_decoders import INFOS, dot_payload

LEFT = Placement.LEFT_THIGH
BAND = device_info(Channel.FLEX, 50.0)
DOT_S, BAND_S = 1 / 60, 1 / 50
Sent = Sequence[tuple[Part, Notification]]


def sent(seconds: float = 4.0, band_until_s: float = 99.0) -> Sent:
    """What a DOT and a flex band send, in order of arrival; the band's value is its time in ms."""
    dot = [
        (Part.STRAP, Notification(9 + i * DOT_S, dot_payload(round(i * 1e6 / 60)))) for i in range(round(60 * seconds))
    ]
    times = [i * BAND_S + 0.001 for i in range(round(50 * min(seconds, band_until_s)))]
    band = [(Part.BAND, Notification(9 + t, struct.pack("<f", 1000 * t))) for t in times]
    return sorted([*dot, *band], key=lambda one: one[1].arrival_s)


def worn() -> WornStrap:
    """A DOT with a band beside it."""
    it = WornStrap(LEFT)
    for part, name, info in ((Part.STRAP, "movella_dot", INFOS["movella_dot"]), (Part.BAND, "phyphox", BAND)):
        driver = driver_named(name)
        assert driver is not None
        it.join(part, driver, info)
    return it


def decoded(notifications: Sent, at_once: int) -> SampleBlock:
    it = worn()
    blocks: list[SampleBlock | None] = []
    for i in range(0, len(notifications), at_once):
        some: dict[Part, list[Notification]] = {}
        for part, notification in notifications[i : i + at_once]:
            some.setdefault(part, []).append(notification)
        blocks.append(it.push(some))
    return join([block for block in (*blocks, it.finish()) if block is not None])


def test_each_row_has_what_the_band_last_said() -> None:
    block = decoded(sent(), 1)
    assert block.rate_hz == 60.0
    said_s = 9 + block.flex / 1000
    assert np.isnan(block.flex[0])
    assert np.isnan(block.flex).mean() < 0.02
    age_s = (block.arrival_s - said_s)[~np.isnan(block.flex)]
    assert age_s.min() >= 0.0
    assert age_s.max() <= BAND_S + 0.003
    for at_once in (7, 1000):
        for name in ARRAYS:
            np.testing.assert_array_equal(getattr(decoded(sent(), at_once), name), getattr(block, name), name)


def test_a_band_that_falls_silent_says_nothing_any_more() -> None:
    block = decoded(sent(band_until_s=2.0), 3)
    last_s = 9 + 2.0 - BAND_S + 0.001
    silent = block.arrival_s > last_s + HOLD_S
    assert np.isnan(block.flex[silent]).all()
    assert not np.isnan(block.flex[~silent][5:]).any()


def test_a_row_that_comes_late_has_no_value_of_another_time() -> None:
    it = worn()
    it.push({Part.BAND: [Notification(9.0, struct.pack("<f", 5.0))]})
    rows = [dot_payload(0), dot_payload(33_333), dot_payload(16_667)]
    block = it.push({Part.STRAP: [Notification(9.01 + 0.01 * i, data) for i, data in enumerate(rows)]})
    assert block is not None
    assert (block.sample - block.sample[0]).tolist() == [0, 2, 1]
    np.testing.assert_array_equal(block.flex, [5.0, 5.0, np.nan])


def written(path: Path, drivers: Mapping[Part, str]) -> Path:
    recording = RecordingWriter(path, {"id": "x"})
    for part, info in ((Part.STRAP, INFOS["movella_dot"]), (Part.BAND, BAND)):
        recording.information(LEFT, 9.0, encode_info(info), drivers[part], part)
    for part, notification in sent():
        recording.notification(LEFT, notification.arrival_s, notification.data, part)
    recording.close()
    return path


def test_a_recording_is_decoded_by_the_drivers_it_names(tmp_path: Path) -> None:
    path = written(tmp_path / "r.mcap", {Part.STRAP: "movella_dot", Part.BAND: "phyphox"})
    block, live = read_recording(path).straps[LEFT], decoded(sent(), 1)
    np.testing.assert_array_equal(block.flex, live.flex)
    np.testing.assert_array_equal(block.gyr_rad_s, live.gyr_rad_s)
    np.testing.assert_array_equal(block.sample, live.sample)


def test_a_driver_of_a_newer_program_is_named(tmp_path: Path) -> None:
    path = written(tmp_path / "r.mcap", {Part.STRAP: "moonboot", Part.BAND: "phyphox"})
    with pytest.raises(ForeignRecording, match="'moonboot', update this program"):
        read_recording(path)


def test_the_screens_tell_how_the_bands_link_stands() -> None:
    reception = Reception([LEFT])
    band = driver_named("phyphox")
    assert band is not None
    assert reception.status(0.0)[0].band is None
    joined = StrapJoined(LEFT, 1.0, "A", BAND, encode_info(BAND), "knee band flex", band, Part.BAND)
    values = [StreamArrived(LEFT, 1.0 + BAND_S * i, struct.pack("<f", 5.0), Part.BAND) for i in range(10)]
    reception.decode([joined, *values, BatteryLevel(LEFT, 1.1, 9, low=True, part=Part.BAND)])
    (strap,) = reception.status(1.2)
    assert (strap.link, strap.battery_pct) == (Link.SEARCHING, None)
    assert strap_text(strap) == "searching · band: connected · battery 9 % LOW"
    assert "band: silent for 2 s" in strap_text(reception.status(3.2)[0])
    assert reception.lost(3.2) == frozenset()
    reception.decode([LinkChanged(LEFT, 3.3, LinkState.LOST, "silent", Part.BAND)])
    assert "band: lost, reconnecting" in strap_text(reception.status(3.3)[0])


def test_strap_and_band_have_their_own_quality_in_the_recording(tmp_path: Path) -> None:
    log = SessionLog(RecordingWriter(tmp_path / "r.mcap", {"id": "x"}))
    for second in range(25):
        for part in (Part.STRAP, Part.BAND):
            log.link(LinkQuality(LEFT, float(second), -60, 1.0, 0, 0, part=part))
    log.close()
    told = [e.fields["part"] for e in read_raw(tmp_path / "r.mcap").events if e.name == "quality"]
    assert told == ["strap", "band"] * 3
