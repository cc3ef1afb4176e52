"""Every other maker's driver as a reader for the fuzzer: its decoder over a whole session, and a good one to begin."""

import struct
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import partial

from sensor.decoding.stream_batch import Notification
from sensor.drivers.driver import Driver
from sensor.drivers.known import DRIVERS, OWN
from sensor.drivers.plain_talk import device_info
from sensor.errors import PacketError
from sensor.gatt import Channel
from sensor.packet import StrapInfo, decode_info, encode_info
from sensor.samples import Placement
from tests.fuzz.shapes import ALONE, INFORMATION, STEP_SHIFT, arrivals, as_input

IMU = Channel.ACC | Channel.GYR
FRAME = b"\x55\x61" + struct.pack("<9h", 100, -200, 2048, 5, 6, 7, 0, 0, 0)
REPLY = b"\x55\x71\x64\x00" + bytes(16)
# The shortest sample that any device sends.
LEAST_BYTES = 4

SENT: Mapping[str, tuple[StrapInfo, Sequence[bytes]]] = {
    "movella_dot": (
        device_info(IMU | Channel.ORIENTATION, 60.0, clock_hz=1_000_000),
        [struct.pack("<I10f", i * 16_667, 1, 0, 0, 0, 0, 0, 9.81, 1, 2, 3).ljust(63, b"\0") for i in range(12)],
    ),
    "witmotion": (device_info(IMU, 100.0), [FRAME * 2, FRAME + FRAME[:7], FRAME[7:] + REPLY, (FRAME + bytes(8)) * 3]),
    "metawear": (device_info(IMU, 100.0), [b"\x03\x1c" + bytes(18), b"\x13\x07" + bytes(range(18))] * 4),
    "phyphox": (device_info(Channel.FLEX | Channel.RANGE, 50.0), [struct.pack("<5f", 800, 40, 0, 0, 0)] * 6),
}


def driver_inputs() -> Mapping[str, tuple[Callable[[bytes], object], Sequence[bytes]]]:
    """A reader and its seeds for each driver."""
    return {
        f"driver {driver.name}": (partial(_decode, driver), [_session(*SENT[driver.name])])
        for driver in DRIVERS
        if driver is not OWN
    }


def _session(info: StrapInfo, sent: Sequence[bytes]) -> bytes:
    usual = 2 << STEP_SHIFT
    pieces = [(usual | (ALONE if i % 3 == 0 else 0), data) for i, data in enumerate(sent)]
    return as_input([(INFORMATION, encode_info(info)), *pieces, (INFORMATION, encode_info(info)), *pieces[:3]])


def _decode(driver: Driver, data: bytes) -> None:
    """The decoder over a session with reconnections; what it gives must be what was put in, at most."""
    decoder = driver.decoder(SENT[driver.name][0], Placement.LEFT_THIGH)
    waiting: list[Notification] = []
    rows = given = 0
    for arrived in arrivals(data):
        if arrived.is_information:
            rows += len(decoder.push(waiting))
            waiting = []
            with suppress(PacketError):
                decoder.inform(decode_info(arrived.notification.data))
            continue
        waiting.append(arrived.notification)
        given += len(arrived.notification.data)
        if arrived.alone:
            rows += len(decoder.push(waiting))
            waiting = []
    rows += len(decoder.push(waiting)) + len(decoder.finish())
    if rows * LEAST_BYTES > given:
        raise RuntimeError(f"{rows} samples of {given} bytes")
