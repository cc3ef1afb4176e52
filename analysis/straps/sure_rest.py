"""Stretches in which a strap surely lay at rest, worn by nobody: each tells its gyroscope's bias at a temperature.

Invariant: whoever wears a strap, however quietly, shows more than its noise.
"""

from dataclasses import dataclass

import numpy as np

from sensor.samples import Floats, SampleBlock

MOMENT_S = 2.0
LEAST_S = 6.0
# Noise is 0.1 deg/s; seated thighs show 0.5 deg/s and more in every second.
REST_RAD_S = 0.0035
REST_M_S2 = 0.06


@dataclass(frozen=True, slots=True)
class Rest:
    """A strap at rest from `start_s` to `end_s` (arrival): mean rate (3,) and temperature."""

    start_s: float
    end_s: float
    rate_rad_s: Floats
    temperature_c: float


def sure_rests(block: SampleBlock) -> tuple[Rest, ...]:
    """All rests of a strap, in order."""
    n = max(round(MOMENT_S * block.rate_hz), 2)
    moments = len(block) // n
    if not moments:
        return ()
    gyr, acc = (x[: moments * n].reshape(moments, n, 3) for x in (block.gyr_rad_s, block.acc_m_s2))
    still = (gyr.std(axis=1).max(axis=1) < REST_RAD_S) & (acc.std(axis=1).max(axis=1) < REST_M_S2)
    edges = np.flatnonzero(np.diff(np.concatenate([[False], still, [False]]).astype(np.int64))).reshape(-1, 2)
    rests = (_rest(block, first * n, end * n) for first, end in edges.tolist())
    return tuple(r for r in rests if r.end_s - r.start_s + MOMENT_S / 2 >= LEAST_S)


def _rest(block: SampleBlock, first: int, end: int) -> Rest:
    rows = block.take(slice(first, end))
    known = rows.temperature_c[np.isfinite(rows.temperature_c)]
    temperature_c = float(known.mean()) if len(known) else float("nan")
    return Rest(float(rows.arrival_s[0]), float(rows.arrival_s[-1]), rows.gyr_rad_s.mean(axis=0), temperature_c)
