"""MbientLab MetaMotion with a BMI160: packed accelerometer and gyroscope at 100 Hz, three samples a notification each.

Source: mbientlab/MetaWear-SDK-Cpp, test/test_accelerometer_bmi160.py, test/test_gyro_bmi160.py, test/test_led.py.
"""

import numpy as np

from sensor.drivers.clockless import ACC, GYR, VALUES
from sensor.drivers.plain_driver import PlainDriver
from sensor.drivers.plain_talk import Recipe, device_info
from sensor.errors import PacketError
from sensor.gatt import Ability, Channel
from sensor.samples import Floats

ACC_HEAD, GYR_HEAD = b"\x03\x1c", b"\x13\x07"
ACC_M_S2_PER_COUNT = 9.80665 / 4096
GYR_RAD_S_PER_COUNT = np.deg2rad(1.0) / 16.4


class PairedTriples:
    """Three accelerations and the three rates of turn that follow them make three samples."""

    def __init__(self) -> None:
        self._acc: Floats | None = None

    def __call__(self, data: bytes) -> Floats:
        if len(data) != 20 or data[:2] not in (ACC_HEAD, GYR_HEAD):
            raise PacketError(f"{data[:2].hex()} with {len(data)} bytes")
        counts = np.frombuffer(data, "<i2", offset=2).reshape(3, 3).astype(np.float64)
        acc, self._acc = self._acc, counts * ACC_M_S2_PER_COUNT if data[:2] == ACC_HEAD else None
        if self._acc is not None:
            return np.empty((0, VALUES))
        if acc is None:
            raise PacketError("rates of turn without accelerations")
        values = np.full((3, VALUES), np.nan)
        values[:, ACC], values[:, GYR] = acc, counts * GYR_RAD_S_PER_COUNT
        return values


METAWEAR = PlainDriver(
    "metawear",
    "MetaWear",
    "326a9000-85cb-9195-d9dd-464cfbbae75a",
    Recipe(
        "326a9006-85cb-9195-d9dd-464cfbbae75a",
        "326a9001-85cb-9195-d9dd-464cfbbae75a",
        # 100 Hz at 8 g and at 2000 deg/s, both packed.
        set_up=[bytes.fromhex(w) for w in ("03032808", "13032800", "031c01", "130701")],
        start=[bytes.fromhex(w) for w in ("03020100", "13020100", "030101", "130101")],
        stop=[bytes.fromhex(w) for w in ("030100", "130100", "03020001", "13020001", "031c00", "130700")],
        identify=[bytes.fromhex(w) for w in ("020300021f00000032000000f40100000a", "020101")],
    ),
    device_info(Channel.ACC | Channel.GYR, 100.0, Ability.BLINK),
    PairedTriples,
)
