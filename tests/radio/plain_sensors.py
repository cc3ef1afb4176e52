"""Sensors without a person: every value tells the number of its sample, so that a test sees which ones arrived."""

import numpy as np

from firmware_sim.worn.strap_sensors import StrapCounts
from sensor.gatt import Ability, Channel
from sensor.packet import StrapInfo, column_count
from sensor.samples import Placement

IMU = Channel.ACC | Channel.GYR | Channel.TEMPERATURE | Channel.ORIENTATION
FULL = IMU | Channel.FLEX | Channel.TENSION


def info(placement: Placement | None, channels: Channel = FULL, version: int = 1, serial: str = "") -> StrapInfo:
    """An ordinary strap at 100 Hz with a clock of 1 MHz."""
    return StrapInfo(
        version=version,
        channels=channels,
        abilities=Ability.BLINK | Ability.BUZZ,
        placement=placement,
        rate_hz=100.0,
        clock_hz=1_000_000,
        acc_full_scale_m_s2=78.4532,
        gyr_full_scale_rad_s=34.9066,
        flex_full_scale=4095 if Channel.FLEX in channels else 0,
        tension_full_scale=4095 if Channel.TENSION in channels else 0,
        range_full_scale_mm=0,
        firmware=(1, 2, 3),
        serial=serial or f"KS-{str(placement)[:8]}",
    )


class PlainSensors:
    """Samples at 100 Hz whose columns are `number % 1000 + column`, on a clock that is `ppm` too fast."""

    def __init__(self, info: StrapInfo, ppm: float = 0.0) -> None:
        self.info = info
        self._tick_s = 1.0 / info.rate_hz
        self._ticks = info.clock_hz / info.rate_hz * (1.0 + ppm * 1e-6)
        self._next = 0

    def read(self, until_s: float) -> StrapCounts:
        """The samples up to this time."""
        stop = max(self._next, int(until_s / self._tick_s + 1e-9))
        number = np.arange(self._next, stop, dtype=np.int64)
        self._next = stop
        columns = np.arange(column_count(self.info.channels), dtype=np.int32)
        return StrapCounts(
            time_s=np.asarray(number * self._tick_s, dtype=np.float64),
            number=number,
            clock=np.round(number * self._ticks).astype(np.int64),
            samples=(number[:, None] % 1000 + columns).astype(np.int32),
            temperature_centi_c=np.full(len(number), 3125, dtype=np.int64),
            q_start_from_strap=np.tile(np.array([1.0, 0.0, 0.0, 0.0]), (len(number), 1)),
        )
