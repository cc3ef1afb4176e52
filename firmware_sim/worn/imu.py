"""An inertial sensor of the cheap kind: from true motion to counts, and the strap's own integration of its gyroscope.

Invariant: samples lie on the strap's own clock; the cumulative orientation is integrated from the same wrong gyroscope
at every internal tick, so that it loses nothing between samples.
Figures lie between good and cheap parts: noise density 0.007 deg/s/rtHz, offset 0.005 to 0.08 deg/s/K (ICM-42688 to
BMI160), in-run wander of a few deg/h.
"""

from dataclasses import dataclass

import numpy as np

from firmware_sim.person import quaternion
from firmware_sim.person.streams import StreamFilter, low_pass, stream
from firmware_sim.person.wearer import TICK_HZ
from firmware_sim.worn.strap_fit import ModuleTicks
from sensor.gatt import FULL_SCALE_COUNTS
from sensor.samples import Floats, Ints, Placement

ACC_FULL_SCALE_M_S2 = 8 * 9.80665
GYR_FULL_SCALE_RAD_S = float(np.deg2rad(2000.0))
LOW_PASS_HZ = 40.0
GROUP = 8  # ticks between two renormalisations of the cumulative orientation


@dataclass(frozen=True, slots=True)
class ImuErrors:
    """What is wrong with one sensor; gyroscope in rad/s, accelerometer in m/s2."""

    gyr_bias: Floats  # (3,) at turn-on temperature
    gyr_per_k: Floats  # (3,)
    gyr_scale: Floats  # (3, 3) near the identity
    gyr_per_m_s2: Floats  # (3, 3) g-sensitivity
    gyr_noise: float  # standard deviation at each tick, before the low-pass
    gyr_wander: float  # random walk per root second
    acc_bias: Floats  # (3,)
    acc_scale: Floats  # (3, 3)
    acc_noise: float
    clock_ppm: float
    first_sample_s: float


def random_errors(seed: int, placement: Placement) -> ImuErrors:
    """A sensor off the shelf."""
    rng = stream(seed, f"imu {placement}")
    return ImuErrors(
        gyr_bias=np.deg2rad(rng.uniform(-1.0, 1.0, 3)),
        gyr_per_k=np.deg2rad(rng.normal(0.0, 0.010, 3)),
        gyr_scale=np.eye(3) + rng.normal(0.0, 0.003, (3, 3)),
        gyr_per_m_s2=np.deg2rad(rng.normal(0.0, 0.03, (3, 3))) / 9.81,
        gyr_noise=float(np.deg2rad(0.105)),
        gyr_wander=float(np.deg2rad(3.0 / 3600) / np.sqrt(600.0)),
        acc_bias=rng.uniform(-0.2, 0.2, 3),
        acc_scale=np.eye(3) + rng.normal(0.0, 0.003, (3, 3)),
        acc_noise=0.023,
        clock_ppm=float(rng.uniform(-40.0, 40.0)),
        first_sample_s=float(rng.uniform(0.001, 0.009)),
    )


@dataclass(frozen=True, slots=True)
class ImuSamples:
    """Counts at the nominal rate."""

    time_s: Floats  # (N,)
    number: Ints  # (N,)
    acc: Ints  # (N, 3)
    gyr: Ints  # (N, 3)
    q_start_from_strap: Floats  # (N, 4)


class Imu:
    """One strap's inertial sensor, carried from tick to tick in whole groups."""

    def __init__(self, errors: ImuErrors, seed: int, placement: Placement, rate_hz: float) -> None:
        self._errors = errors
        self._rng = stream(seed, f"imu noise {placement}")
        self._wander_rng = stream(seed, f"imu wander {placement}")
        self._low_pass = StreamFilter(low_pass(LOW_PASS_HZ, TICK_HZ))
        self._wander = np.zeros((1, 3))
        self._period_s = 1.0 / (rate_hz * (1 + errors.clock_ppm * 1e-6))
        self._number = 0
        self._q: tuple[float, float, float, float] = (1.0, 0.0, 0.0, 0.0)
        self._last: tuple[Floats, Floats, Floats] | None = None

    def next(self, time_s: Floats, module: ModuleTicks, warmer_k: Floats) -> ImuSamples:
        """The samples that fall into the next ticks; `warmer_k` is the temperature above that at turn-on."""
        felt = self._felt(module, warmer_k)
        q = self._integrated(felt[:, 3:])
        return self._sampled(time_s, felt, q)

    def _felt(self, module: ModuleTicks, warmer_k: Floats) -> Floats:
        """Accelerometer and gyroscope (n, 6) with their errors, low-passed, in SI units."""
        e = self._errors
        n = len(warmer_k)
        raw = self._rng.standard_normal((n, 6))
        raw[:, :3] *= e.acc_noise
        raw[:, 3:] *= e.gyr_noise
        raw[:, :3] += e.acc_bias + _mapped(e.acc_scale, module.force_m_s2)
        raw[:, 3:] += _mapped(e.gyr_scale, module.turned_rad * TICK_HZ) + self._bias(module, warmer_k)
        return self._low_pass.next(raw)

    def _bias(self, module: ModuleTicks, warmer_k: Floats) -> Floats:
        e = self._errors
        steps = self._wander_rng.standard_normal((len(warmer_k) // GROUP, 3)) * (
            e.gyr_wander * np.sqrt(GROUP / TICK_HZ)
        )
        walk = np.cumsum(np.concatenate([self._wander, steps]), axis=0)
        self._wander = walk[-1:]
        wander = np.repeat(walk[1:], GROUP, axis=0)
        return e.gyr_bias + wander + warmer_k[:, None] * e.gyr_per_k + _mapped(e.gyr_per_m_s2, module.force_m_s2)

    def _integrated(self, gyr_rad_s: Floats) -> Floats:
        """Cumulative orientation (n, 4) at each tick."""
        tick_s = (1 + self._errors.clock_ppm * 1e-6) / TICK_HZ
        steps = quaternion.from_rotation_vector(gyr_rad_s * tick_s).reshape(-1, GROUP, 4)
        for i in range(1, GROUP):
            steps[:, i] = quaternion.multiply(steps[:, i - 1], steps[:, i])
        starts = np.array(self._group_starts(steps[:, -1]))
        return quaternion.multiply(starts[:, None, :], steps).reshape(-1, 4)

    def _group_starts(self, turns: Floats) -> list[tuple[float, float, float, float]]:
        w, x, y, z = self._q
        starts: list[tuple[float, float, float, float]] = []
        for a, b, c, d in turns.tolist():
            starts.append((w, x, y, z))
            w, x, y, z = (
                w * a - x * b - y * c - z * d,
                w * b + x * a + y * d - z * c,
                w * c - x * d + y * a + z * b,
                w * d + x * c - y * b + z * a,
            )
            shrink = 1.5 - 0.5 * (w * w + x * x + y * y + z * z)
            w, x, y, z = w * shrink, x * shrink, y * shrink, z * shrink
        self._q = (w, x, y, z)
        return starts

    def _sampled(self, time_s: Floats, felt: Floats, q: Floats) -> ImuSamples:
        """Values between ticks where the strap's clock says so."""
        if self._last is not None:
            time_s = np.concatenate([self._last[0], time_s])
            felt = np.concatenate([self._last[1], felt])
            q = np.concatenate([self._last[2], q])
        self._last = (time_s[-1:], felt[-1:], q[-1:])
        number, at_s = self._due(float(time_s[-1]))
        place = (at_s - time_s[0]) * TICK_HZ if len(at_s) else at_s
        before = np.clip(np.floor(place).astype(np.int64), 0, len(time_s) - 2)
        part = (at_s - time_s[before])[:, None] * TICK_HZ
        value = (1 - part) * felt[before] + part * felt[before + 1]
        counts = np.rint(value * _COUNTS_PER_UNIT)
        counts = np.clip(counts, -FULL_SCALE_COUNTS, FULL_SCALE_COUNTS - 1).astype(np.int64)
        turn = quaternion.from_rotation_vector(felt[before + 1, 3:] * (part / TICK_HZ))
        return ImuSamples(at_s, number, counts[:, :3], counts[:, 3:], quaternion.multiply(q[before], turn))

    def _due(self, until_s: float) -> tuple[Ints, Floats]:
        """Numbers and times of the samples before `until_s`."""
        first = self._errors.first_sample_s
        beyond = int((until_s - first) / self._period_s) + 2
        number = np.arange(self._number, max(beyond, self._number), dtype=np.int64)
        at_s: Floats = first + number.astype(np.float64) * self._period_s
        number, at_s = number[at_s < until_s], at_s[at_s < until_s]
        self._number += len(number)
        return number, at_s


_COUNTS_PER_UNIT = FULL_SCALE_COUNTS / np.array([ACC_FULL_SCALE_M_S2] * 3 + [GYR_FULL_SCALE_RAD_S] * 3)


def _mapped(matrix: Floats, rows: Floats) -> Floats:
    """`matrix @ row` for each row, element by element so that the result does not depend on the number of rows."""
    return rows[:, 0:1] * matrix[:, 0] + rows[:, 1:2] * matrix[:, 1] + rows[:, 2:3] * matrix[:, 2]
