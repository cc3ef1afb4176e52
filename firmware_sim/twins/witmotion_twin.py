"""A WitMotion WT901BLE or WT9011DCL as the vendor's protocol text describes it.

Quirks: streams at 10 Hz as soon as somebody subscribes; takes settings only after an unlock; several frames a
notification, which need not begin with one; 28-byte frames in newer firmware; a reply lies between the frames.
"""

import struct
from collections.abc import Sequence
from typing import ClassVar

import numpy as np

from firmware_sim.twins.measured import Measured, Reader
from firmware_sim.twins.twin import Model, Notification, Services

SERVICE, NOTIFY, WRITE = (f"0000{n}-0000-1000-8000-00805f9a34fb" for n in ("ffe5", "ffe4", "ffe9"))
UNLOCK = bytes.fromhex("ffaa6988b5")
UNLOCKED_S = 10.0
RATE, BATTERY = 0x03, 0x64
EVERY = {0x06: 10, 0x07: 5, 0x08: 2, 0x09: 1}
ACC_COUNTS_PER_M_S2 = 32768 / (16 * 9.80665)
GYR_COUNTS_PER_RAD_S = 32768 / np.deg2rad(2000.0)
STARTUP = bytes.fromhex("0800000000b9fc")  # the end of a frame that began before anybody listened


class WitMotionTwin(Model):
    """One sensor; `long_frames` add a date, `locked` firmware takes no rate at all."""

    services: ClassVar[Services] = {SERVICE: {NOTIFY: "notify", WRITE: "write_without_response"}}
    advertised = SERVICE

    def __init__(
        self, sensors: Reader, name: str = "WT901BLE67", *, long_frames: bool = False, locked: bool = False
    ) -> None:
        self.name = name
        self.registers = {RATE: 0x06, BATTERY: 388}
        self.commands: list[bytes] = []
        self.saved = False
        self._sensors, self._long, self._locked = sensors, long_frames, locked
        self._unlocked_until_s = 0.0
        self._stream = b""
        self._listened = False
        self._number = 0

    def connected(self, on: bool) -> None:
        del on
        self._listened = False

    def subscribed(self, uuid: str, on: bool) -> None:
        del uuid
        self._listened, self._stream = on, STARTUP

    def written(self, uuid: str, data: bytes, now_s: float) -> None:
        del uuid
        self.commands.append(data)
        if len(data) != 5 or data[:2] != b"\xff\xaa":
            return
        register, value = data[2], data[3]
        if data == UNLOCK:
            self._unlocked_until_s = now_s + UNLOCKED_S
        elif register == 0x27:
            self._stream += struct.pack("<4B8h", 0x55, 0x71, value, 0, self.registers.get(value, 0), *[0] * 7)
        elif now_s <= self._unlocked_until_s and not self._locked:
            self.registers[register] = value
            self.saved |= register == 0

    def tick(self, now_s: float) -> Sequence[Notification]:
        for part in self._sensors.read(now_s):
            self._stream += self._frames(part)
        if not self._listened:
            return ()
        data, self._stream = self._stream, b""
        return [(NOTIFY, data[i : i + 160]) for i in range(0, len(data), 160)]

    def _frames(self, part: Measured) -> bytes:
        acc = np.rint(part.acc_m_s2 * ACC_COUNTS_PER_M_S2)
        gyr = np.rint(part.gyr_rad_s * GYR_COUNTS_PER_RAD_S)
        counts = np.clip(np.concatenate([acc, gyr, np.zeros((len(part), 3))], axis=1), -32768, 32767).astype("<i2")
        every = EVERY.get(self.registers[RATE], 1)
        frames = [b"\x55\x61" + row.tobytes() + self._date() for row in counts[-self._number % every :: every]]
        self._number += len(part)
        return b"".join(frames) if self._listened else b""

    def _date(self) -> bytes:
        return struct.pack("<6BH", 26, 11, 22, 12, 30, 15, 250) if self._long else b""
