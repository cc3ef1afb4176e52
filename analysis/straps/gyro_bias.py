"""The bias of one strap's gyroscope over temperature, as it is remembered from record to record.

Invariant: what is told has its covariance; a record that contradicts it by far is believed in its place.
"""

from dataclasses import dataclass, field, replace

import numpy as np

from sensor.samples import Floats

# Cheap gyroscopes: up to 1 deg/s off the shelf, 0.01 to 0.03 deg/s per K.
UNKNOWN_BIAS_SD_RAD_S = 0.02
UNKNOWN_PER_K_SD = 3e-4
# What a record of some seconds at rest knows, and what changes from one turning on to the next, and in a day. The worn
# strap feels gravity elsewhere than the one on the table, which shifts the bias by up to 0.03 deg/s.
RECORD_SD_RAD_S = 2e-4
TURN_ON_SD_RAD_S = 4e-4
DAY_SD_RAD_S = 1e-4
CONTRADICTS_SD = 5.0


def _unknown_covariance() -> Floats:
    return np.diag([UNKNOWN_BIAS_SD_RAD_S**2, UNKNOWN_PER_K_SD**2])


@dataclass(frozen=True, slots=True)
class GyroBias:
    """Bias at `reference_c` and its change per K; `covariance` (2, 2) of both is that of every axis."""

    reference_c: float
    bias_rad_s: Floats = field(default_factory=lambda: np.zeros(3))
    per_k: Floats = field(default_factory=lambda: np.zeros(3))
    covariance: Floats = field(default_factory=_unknown_covariance)
    records: int = 0

    def at(self, temperature_c: Floats) -> Floats:
        """Bias (N, 3) at temperatures (N,); where those are unknown, that at the reference."""
        warmer_k = np.nan_to_num(temperature_c - self.reference_c)
        return self.bias_rad_s + warmer_k[:, None] * self.per_k

    def sd_rad_s(self, temperature_c: float) -> float:
        """Standard deviation of each axis at a temperature."""
        h = self.row(temperature_c)
        return float(np.sqrt(h @ self.covariance @ h))

    def contradicted_by(self, rate_rad_s: Floats, temperature_c: float, sd_rad_s: float) -> bool:
        """Whether a resting strap's rate (3,) is far from what was expected."""
        expected = self.at(np.array([temperature_c]))[0]
        spread = np.hypot(self.sd_rad_s(temperature_c), sd_rad_s)
        return bool(np.abs(rate_rad_s - expected).max() > CONTRADICTS_SD * spread)

    def row(self, temperature_c: float) -> Floats:
        """What bias and change per K (2,) count for at a temperature."""
        warmer_k = temperature_c - self.reference_c
        return np.array([1.0, warmer_k if np.isfinite(warmer_k) else 0.0])


def aged(bias: GyroBias, days: float) -> GyroBias:
    """The bias for a session so many days later."""
    grown = bias.covariance + np.diag([TURN_ON_SD_RAD_S**2 + DAY_SD_RAD_S**2 * max(days, 0.0), 0.0])
    return replace(bias, covariance=np.minimum(grown, _unknown_covariance()))


def improved(
    bias: GyroBias | None, rate_rad_s: Floats, temperature_c: float, sd_rad_s: float = RECORD_SD_RAD_S
) -> GyroBias:
    """The bias with a resting strap's rate (3,) taken in; anew from it alone where it contradicts what was known."""
    if bias is None or bias.contradicted_by(rate_rad_s, temperature_c, sd_rad_s):
        bias = GyroBias(temperature_c if np.isfinite(temperature_c) else 25.0)
    h = bias.row(temperature_c)
    gain = bias.covariance @ h / (h @ bias.covariance @ h + sd_rad_s**2)
    missed = rate_rad_s - bias.at(np.array([temperature_c]))[0]
    return replace(
        bias,
        bias_rad_s=bias.bias_rad_s + gain[0] * missed,
        per_k=bias.per_k + gain[1] * missed,
        covariance=bias.covariance - np.outer(gain, h @ bias.covariance),
        records=bias.records + 1,
    )
