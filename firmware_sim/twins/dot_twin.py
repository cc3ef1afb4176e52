"""A Movella DOT as its service specification describes it.

Quirks: nothing is measured for a host that subscribes after it has started; the rate cannot be changed while measuring;
the clock counts microseconds in 32 bits and wraps; a measurement ends with the connection.
"""

import struct
from collections.abc import Mapping, Sequence
from typing import ClassVar

import numpy as np

from firmware_sim.twins.measured import Measured, Reader
from firmware_sim.twins.twin import Model, Notification, Services

COMPANY = 2182
CUSTOM_5 = 0x1A
LONGEST = 63
WRAP_US = 1 << 32
RECORDING_HZ = 120
RATES_HZ = (1, 4, 10, 12, 15, 20, 30, 60)


def _uuid(number: int) -> str:
    return f"1517{number:04x}-4947-11e9-8646-d663bd873d93"


SETTINGS, REPORT, CONTROL, LONG, BATTERY = (_uuid(n) for n in (0x1002, 0x1004, 0x2001, 0x2002, 0x3001))


class DotTwin(Model):
    """One DOT; `modes` are those that its firmware has, `first_us` its clock when it is switched on."""

    services: ClassVar[Services] = {
        _uuid(0x1000): {SETTINGS: "read write", REPORT: "read notify"},
        _uuid(0x2000): {CONTROL: "read write", LONG: "notify"},
        _uuid(0x3000): {BATTERY: "read notify"},
    }
    manufacturer: ClassVar[Mapping[int, bytes]] = {COMPANY: b""}

    def __init__(
        self, sensors: Reader, name: str = "Movella DOT", first_us: int = 0, modes: Sequence[int] = (CUSTOM_5,)
    ) -> None:
        self.name = name
        self.battery_pct = 81
        self.identified = 0
        self.rate_hz = 60
        self._sensors, self._first_us, self._modes = sensors, first_us, modes
        self._control = bytes([1, 0, modes[0]])
        self._subscribed: set[str] = set()
        self._heard = False
        self._due: list[Notification] = []

    def click(self, times: int) -> None:
        """The wearer presses the button."""
        self._due.append((REPORT, bytes([4 + times, 4, 0, 0, 0, 0])))

    def connected(self, on: bool) -> None:
        del on
        self._subscribed.clear()
        self._control = bytes([1, 0, self._control[2]])

    def subscribed(self, uuid: str, on: bool) -> None:
        (self._subscribed.add if on else self._subscribed.discard)(uuid)

    def read(self, uuid: str) -> bytes:
        if uuid == SETTINGS:
            return bytes(24) + struct.pack("<H", self.rate_hz) + bytes(6)
        return self._control if uuid == CONTROL else bytes([self.battery_pct, 0])

    def written(self, uuid: str, data: bytes, now_s: float) -> None:
        del now_s
        if uuid == CONTROL and len(data) == 3 and data[2] in self._modes:
            self._control = data
            self._heard = LONG in self._subscribed
        if uuid == SETTINGS and len(data) == 32:
            (rate_hz,) = struct.unpack_from("<H", data, 24)
            if data[0] & 0x10 and not self._control[1] and rate_hz in (*RATES_HZ, RECORDING_HZ):
                self.rate_hz = rate_hz
            self.identified += bool(data[0] & 0x01 and data[1])

    def tick(self, now_s: float) -> Sequence[Notification]:
        due, self._due = self._due, []
        parts = self._sensors.read_at(now_s, self.rate_hz)
        if self._control[1] and self._heard and self.rate_hz in RATES_HZ:
            due += [(LONG, data) for part in parts for data in self._payloads(part)]
        return due

    def _payloads(self, part: Measured) -> list[bytes]:
        us = (np.rint(part.clock_s * 1e6).astype(np.int64) + self._first_us) % WRAP_US
        floats = np.concatenate([part.q_start_from_strap, part.acc_m_s2, np.rad2deg(part.gyr_rad_s)], axis=1)
        return [
            struct.pack("<I10f", at, *row).ljust(LONGEST, b"\0")
            for at, row in zip(us.tolist(), floats.tolist(), strict=True)
        ]
