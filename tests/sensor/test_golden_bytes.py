"""The golden bytes of `docs/protocol.md`, typed in again by hand, pin both directions."""

import dataclasses
from pathlib import Path

import numpy as np
import pytest

from sensor import control
from sensor.control import Answer, ControlEvent, Resending, Started, StrapStatus
from sensor.errors import PacketError
from sensor.gatt import Ability, Channel, EventCode, Haptic, Opcode, Status
from sensor.packet import (
    Advertised,
    StrapInfo,
    StreamPacket,
    decode_advertisement,
    decode_info,
    decode_stream,
    encode_advertisement,
    encode_info,
    encode_stream,
    samples_that_fit,
)
from sensor.samples import Placement

INFO = "01 2a 5f00 03 01 e803 40420f00 0ae89c42 58a00b42 ff0f ff0f 0000 01 02 0300 4b532d303030303432 000000"
STRAP = StrapInfo(
    version=1,
    channels=Channel(0x5F),
    abilities=Ability.BLINK | Ability.BUZZ,
    placement=Placement.LEFT_THIGH,
    rate_hz=100.0,
    clock_hz=1_000_000,
    acc_full_scale_m_s2=8 * 9.80665,
    gyr_full_scale_rad_s=float(np.radians(2000.0)),
    flex_full_scale=4095,
    tension_full_scale=4095,
    range_full_scale_mm=0,
    firmware=(1, 2, 3),
    serial="KS-000042",
)


def stream(channels: int, rows: list[list[int]], **more: object) -> StreamPacket:
    packet = StreamPacket(255, 16777215, 4294967295, Channel(channels), np.array(rows, np.int32))
    return dataclasses.replace(packet, **more)  # pyright: ignore[reportArgumentType]


ONE = (32767, 0, 0, 0)
STREAMS = {
    "12 08 07 020100 40420f00 0008 0108 c0fc": StreamPacket(
        7, 258, 1_000_000, Channel.FLEX, np.array([[2048], [2049]], np.int32)
    ),
    "11 c7 ff ffffff ffffffff 350c ff7f 0000 0000 0000 0100 ffff 0010 0080 ff7f 0000 843c": stream(
        0x47, [[1, -1, 4096, -32768, 32767, 0]], temperature_centi_c=3125, q_start_from_strap=ONE, resent=True
    ),
    "11 09 ff ffffff ffffffff 0100 ffff 0010 2c01 2f3d": stream(0x09, [[1, -1, 4096, 300]]),
    "11 02 ff ffffff ffffffff 0080 ff7f 0000 cc23": stream(0x02, [[-32768, 32767, 0]]),
    "11 04 ff ffffff ffffffff 350c 80a0": stream(0x04, [[]], temperature_centi_c=3125),
    "11 40 ff ffffff ffffffff ff7f 0000 0000 0000 0306": stream(0x40, [[]], q_start_from_strap=ONE),
}
REQUESTS = {
    "01 01 0000": control.Start(),
    "02 02": control.Stop(),
    "03 03 fa00": control.SetRate(25.0),
    "04 04 02": control.SetPlacement(Placement.RIGHT_THIGH),
    "05 05 03": control.Identify(3),
    "06 06 02 80": control.Cue(Haptic.DOUBLE, 128),
    "07 07 07 020100 1400": control.Resend(7, 258, 20),
    "08 08": control.AskStatus(),
}
ANSWERS = {
    "81 01 00 e803 07 020100 40420f00": Answer(Opcode.START, 1, Status.OK, Started(100.0, 7, 258, 1_000_000)),
    "82 02 00": Answer(Opcode.STOP, 2, Status.OK),
    "83 03 00 fa00 08 000000 00000000": Answer(Opcode.RATE, 3, Status.OK, Started(25.0, 8, 0, 0)),
    "84 04 00": Answer(Opcode.PLACEMENT, 4, Status.OK),
    "85 05 00": Answer(Opcode.IDENTIFY, 5, Status.OK),
    "86 06 06": Answer(Opcode.HAPTIC, 6, Status.UNSUPPORTED),
    "87 07 00 040100 1200": Answer(Opcode.RESEND, 7, Status.OK, Resending(260, 18)),
    "88 08 00 01 e803 07 040100 0a0d00 40420f00": Answer(
        Opcode.STATUS, 8, Status.OK, StrapStatus(True, 100.0, 7, 260, 3338, 1_000_000)
    ),
    "d5 09 01": Answer(0x55, 9, Status.UNKNOWN_REQUEST),
}


def test_the_document_shows_these_bytes() -> None:
    text = (Path(__file__).parents[2] / "docs" / "protocol.md").read_text(encoding="utf-8")
    for shown in [INFO, "01 01 57 01", *STREAMS, *REQUESTS, *ANSWERS, "c1 02 07 020100 40420f00"]:
        assert shown in text


def test_information() -> None:
    decoded = decode_info(bytes.fromhex(INFO))
    assert decoded == dataclasses.replace(
        STRAP,
        acc_full_scale_m_s2=pytest.approx(STRAP.acc_full_scale_m_s2, rel=1e-6),
        gyr_full_scale_rad_s=pytest.approx(STRAP.gyr_full_scale_rad_s, rel=1e-6),
    )
    assert encode_info(STRAP) == bytes.fromhex(INFO)


def test_information_of_a_later_version_with_more_behind() -> None:
    later = bytearray.fromhex(INFO) + b"\x07"
    later[0:2] = 2, len(later)
    assert decode_info(bytes(later)).version == 2


@pytest.mark.parametrize("damaged", [INFO[:-2], "01 00" + INFO[5:], "", INFO.replace("e803", "0000")])
def test_information_that_is_none(damaged: str) -> None:
    with pytest.raises(PacketError):
        decode_info(bytes.fromhex(damaged))


def test_advertisement() -> None:
    advertised = Advertised(1, Placement.LEFT_THIGH, 87, streaming=True)
    assert encode_advertisement(advertised) == bytes.fromhex("01 01 57 01")
    assert decode_advertisement(bytes.fromhex("01 01 57 01")) == advertised
    private = Advertised(1, Placement.RIGHT_THIGH, 5, streaming=False, encrypted=True)
    assert encode_advertisement(private) == bytes.fromhex("01 02 05 02")
    assert decode_advertisement(bytes.fromhex("01 02 05 02")) == private
    assert decode_advertisement(bytes.fromhex("01 00 ff 00")) == Advertised(1, None, None, streaming=False)
    with pytest.raises(PacketError):
        decode_advertisement(b"\x01")


@pytest.mark.parametrize("text", STREAMS)
def test_stream(text: str) -> None:
    packet, decoded = STREAMS[text], decode_stream(bytes.fromhex(text))
    assert encode_stream(packet) == bytes.fromhex(text)
    np.testing.assert_array_equal(decoded.samples, packet.samples.reshape(decoded.samples.shape))
    empty = np.zeros((0, 0), np.int32)
    assert dataclasses.replace(decoded, samples=empty) == pytest.approx(dataclasses.replace(packet, samples=empty))


@pytest.mark.parametrize("text", STREAMS)
def test_every_flipped_bit_and_every_wrong_length_of_a_stream_packet_is_noticed(text: str) -> None:
    good = bytes.fromhex(text)
    flipped = [
        bytes(b ^ (1 << bit) * (i == at) for i, b in enumerate(good)) for at in range(len(good)) for bit in range(8)
    ]
    cut = [good[:n] for n in range(len(good))]
    for bad in [*flipped, *cut, good + b"\0", good * 2]:
        with pytest.raises(PacketError):
            decode_stream(bad)


def test_samples_fitted_to_the_mtu() -> None:
    inertial, full = Channel(0x47), Channel(0x5F)
    assert samples_that_fit(full, 247) == 13
    assert samples_that_fit(inertial, 247) == 15
    assert samples_that_fit(inertial, 23) == 0
    for part in (0x09, 0x12, 0x24, 0x40):
        assert samples_that_fit(Channel(part), 23) >= 1


@pytest.mark.parametrize("text", REQUESTS)
def test_request(text: str) -> None:
    data = bytes.fromhex(text)
    assert control.encode_request(REQUESTS[text], data[1]) == data
    assert control.decode_request(data) == (data[1], REQUESTS[text])


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("", Status.BAD_LENGTH),
        ("01", Status.BAD_LENGTH),
        ("01 01 00", Status.BAD_LENGTH),
        ("08 01 00", Status.BAD_LENGTH),
        ("55 09", Status.UNKNOWN_REQUEST),
        ("04 01 08", Status.BAD_VALUE),
        ("06 01 09 00", Status.BAD_VALUE),
    ],
)
def test_request_that_is_refused(text: str, status: Status) -> None:
    with pytest.raises(control.RequestError) as refused:
        control.decode_request(bytes.fromhex(text))
    assert refused.value.status == status


@pytest.mark.parametrize("text", ANSWERS)
def test_answer(text: str) -> None:
    assert control.encode_answer(ANSWERS[text]) == bytes.fromhex(text)
    assert control.decode_control(bytes.fromhex(text)) == ANSWERS[text]


def test_event() -> None:
    event = ControlEvent(EventCode.TAP, 2, 7, 258, 1_000_000)
    assert control.encode_event(event) == bytes.fromhex("c1 02 07 020100 40420f00")
    assert control.decode_control(bytes.fromhex("c1 02 07 020100 40420f00")) == event


@pytest.mark.parametrize("text", ["", "01", "01 01 00", "81 01", "81 01 00 e803", "88 08 00", "c1 02", "c2"])
def test_control_message_that_is_none(text: str) -> None:
    with pytest.raises(PacketError):
        control.decode_control(bytes.fromhex(text))
