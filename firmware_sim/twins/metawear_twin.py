"""A MetaMotion with a BMI160: sends nothing before all of its commands came, and packs three samples a notification."""

from collections.abc import Sequence
from typing import ClassVar

import numpy as np

from firmware_sim.twins.measured import Reader
from firmware_sim.twins.twin import Model, Notification, Services

SERVICE, COMMAND, NOTIFY = (f"326a900{n}-85cb-9195-d9dd-464cfbbae75a" for n in (0, 1, 6))
NEEDED = {
    bytes.fromhex(w) for w in ("03032808", "13032800", "031c01", "130701", "03020100", "13020100", "030101", "130101")
}
COUNTS = np.array([[4096 / 9.80665], [16.4 * 180 / np.pi]])


class MetaWearTwin(Model):
    services: ClassVar[Services] = {SERVICE: {COMMAND: "write", NOTIFY: "notify"}}
    advertised = SERVICE

    def __init__(self, sensors: Reader, name: str = "MetaWear") -> None:
        self.name, self._sensors = name, sensors
        self.commands: list[bytes] = []
        self._waiting = np.empty((0, 2, 3))

    def written(self, uuid: str, data: bytes, now_s: float) -> None:
        del uuid, now_s
        self.commands.append(data)

    def tick(self, now_s: float) -> Sequence[Notification]:
        parts = [np.stack([p.acc_m_s2, p.gyr_rad_s], axis=1) for p in self._sensors.read(now_s)]
        rows = np.concatenate([self._waiting, *parts])
        packed, self._waiting = rows[: len(rows) // 3 * 3], rows[len(rows) // 3 * 3 :]
        counts = np.rint(np.clip(packed * COUNTS, -32768, 32767)).astype("<i2").reshape(-1, 3, 2, 3)
        heads = (b"\x03\x1c", b"\x13\x07")
        streams = set(self.commands) >= NEEDED
        return [(NOTIFY, heads[i] + three[:, i].tobytes()) for three in counts for i in (0, 1) if streams]
