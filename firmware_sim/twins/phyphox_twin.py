"""A home-made band with phyphox's Arduino library: float channels at 50 Hz, five of them whatever the sketch fills."""

import struct
from collections.abc import Sequence
from typing import ClassVar

import numpy as np

from firmware_sim.twins.measured import Reader
from firmware_sim.twins.twin import Model, Notification, Services

EXPERIMENT, CONTROL = (f"{n}-30f7-4671-8b43-5e40ba53514a" for n in ("cddf0001", "cddf0003"))
SERVICE, DATA = (f"{n}-30f7-4671-8b43-5e40ba53514a" for n in ("cddf1001", "cddf1002"))
EVERY = 2
ALL = 5


class PhyphoxTwin(Model):
    """One band; its name tells its channels, `old` libraries send only those."""

    services: ClassVar[Services] = {EXPERIMENT: {CONTROL: "write"}, SERVICE: {DATA: "read notify"}}
    advertised = EXPERIMENT

    def __init__(self, sensors: Reader, name: str = "knee band flex", *, old: bool = False) -> None:
        self.name = name
        self._sensors, self._old = sensors, old
        self._number = 0

    def tick(self, now_s: float) -> Sequence[Notification]:
        due: list[Notification] = []
        for part in self._sensors.read(now_s):
            known = {"flex": part.flex, "tension": part.tension, "range": part.range_m * 1e3}
            floats = np.column_stack([values for channel, values in known.items() if channel in self.name.split()])
            first = -self._number % EVERY
            due += [(DATA, self._packed(row)) for row in floats[first::EVERY].tolist()]
            self._number += len(part)
        return due

    def _packed(self, row: list[float]) -> bytes:
        channels = row if self._old else [*row, *[0.0] * (ALL - len(row))]
        return struct.pack(f"<{len(channels)}f", *channels)
