"""What repeated measurements of one quantity say about its change over days.

Invariant: a change is announced only where its interval excludes zero and it is larger than the 95 % uncertainty
of a single measurement; until then the answer is "not yet known".
"""

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from sensor.samples import Floats

MIN_MEASUREMENTS = 4
HUBER = 1.345  # 95 % efficiency on normal noise (Huber 1964)
ROUNDS = 30
Z95 = 1.96
LEVEL = 0.96  # of the interval: a little over 95 %, since few values estimate their own scatter badly


@dataclass(frozen=True, slots=True)
class Trend:
    """A line through measurements: `slope_per_day` with its interval at `LEVEL`, and the change over the days covered.

    Units are those of the measurements. `noise_sd` is the scatter of one measurement about the line.
    """

    slope_per_day: float
    low_per_day: float
    high_per_day: float
    change: float
    noise_sd: float
    announced: bool


def trend(day: Floats, value: Floats, sd: Floats) -> Trend | None:
    """Trend of `value` (N,) with standard deviations `sd` (N,) measured on `day` (N,); None where too few days differ.

    Weighted least squares with Huber weights, so that one bad day does not make a trend. The stated deviations are
    believed as a lower bound: where the values scatter more than they allow, the scatter counts (Birge ratio, of the
    Huber estimate's own variance).
    """
    keep = np.isfinite(day) & np.isfinite(value) & np.isfinite(sd) & (sd > 0)
    day, value, sd = day[keep], value[keep], sd[keep]
    if len(day) < MIN_MEASUREMENTS or np.ptp(day) == 0:
        return None
    line = _Line(np.zeros(1), 0.0, 0.0)
    robust = np.ones(len(day))
    for _ in range(ROUNDS):
        line = _line(day - day.mean(), value, robust / sd**2)
        scaled = line.residual / sd
        scale = max(1.0, 1.4826 * float(np.median(np.abs(scaled))))
        robust = np.minimum(1.0, HUBER * scale / np.maximum(np.abs(scaled), 1e-12))
    free = len(day) - 2
    scatter = _scatter(robust * line.residual / sd, robust == 1.0, free)
    # With no more scatter than stated the deviations are known; else they are estimated from few values.
    half = line.slope_sd * (_student(free) * scatter if scatter > 1.0 else NormalDist().inv_cdf((1 + LEVEL) / 2))
    change = line.slope * float(np.ptp(day))
    noise = max(1.0, scatter) * float(np.sqrt(np.mean(sd**2)))
    announced = abs(line.slope) > half and abs(change) > Z95 * noise
    return Trend(line.slope, line.slope - half, line.slope + half, change, noise, announced)


def _student(free: int) -> float:
    """Half width of `LEVEL` in Student's distribution."""
    # Loaded only where it is needed: it would be a third of what a history takes to open.
    from scipy.special import stdtrit

    return float(stdtrit(free, (1 + LEVEL) / 2))


def _scatter(influence: Floats, inner: NDArray[np.bool_], free: int) -> float:
    """How many times wider than stated the values scatter (Huber 1973, with his correction for few values)."""
    share = float(np.mean(inner))
    correction = 1 + 2 / len(inner) * (1 - share) / share
    return correction * float(np.sqrt(np.sum(influence**2) / free)) / share


@dataclass(frozen=True, slots=True)
class _Line:
    residual: Floats
    slope: float
    slope_sd: float


def _line(x: Floats, y: Floats, weight: Floats) -> _Line:
    total = float(weight.sum())
    mean_x, mean_y = float(weight @ x) / total, float(weight @ y) / total
    sxx = float(weight @ (x - mean_x) ** 2)
    slope = float(weight @ ((x - mean_x) * (y - mean_y))) / sxx
    return _Line(y - mean_y - slope * (x - mean_x), slope, float(1 / np.sqrt(sxx)))
