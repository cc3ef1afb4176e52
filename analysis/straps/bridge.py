"""What a gyroscope and an accelerometer showed while samples were lost, from the samples around the hole.

Knees that press tremble: a straight line between two samples that lie on peaks of the tremor turns a strap by degrees
that it never turned. So a hole is bridged by kriging with an unknown mean: movement is smooth over 0.08 to 0.3 s, and
tremor of 9 Hz rides on it (Lippold 1970: 8 to 12 Hz) and keeps its phase for about 0.12 s. How much of each there is
tells the likelihood of the samples around the hole, which weighs the models (Rasmussen, Williams 2006, 5.4; Cressie
1993, 3.2).
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from analysis.straps.timebase import ACC, GYR, TimedSamples
from sensor.samples import Floats, Ints

BEFORE_S, AFTER_S = 0.25, 0.08
LENGTHS_S = (0.08, 0.15, 0.3)
TREMOR_SHARES = (0.05, 0.2, 0.7, 2.5)  # of the movement's standard deviation
TREMOR_HZ, TREMOR_STAYS_S = 9.0, 0.12
NOISE_SHARE = 0.02
LEAST_BEFORE = 3
KEPT = 64  # sorts of holes: packets are alike, so few are needed at a time
BEYOND = 0.25  # of the samples' range: so far a bridge may go beyond them
FLAT = 1e-9  # what samples that are all alike still vary by


INERTIAL = slice(0, 6)  # gyroscope and accelerometer, as in `timebase`


class Bridges:
    """Fills the holes of one strap.

    Invariant: of what follows a hole only what arrived with the first packet counts, so that nothing depends on where
    blocks are cut.
    """

    def __init__(self, rate_hz: float) -> None:
        self._rate_hz = rate_hz
        self._before = np.empty((0, 6))

    def forget(self) -> None:
        """Nothing before counts any more."""
        self._before = self._before[:0]

    def remember(self, values: Floats) -> None:
        """Keeps of the rows `values` (N, 14) what a hole after them is bridged from."""
        most = span(BEFORE_S, self._rate_hz)
        self._before = np.concatenate([self._before, values[-most:, INERTIAL]])[-most:]

    def fill(self, timed: TimedSamples, step: Ints, values: Floats) -> None:
        """Sets gyroscope and accelerometer of the missing rows among `values` (R, 14), R the sum of `step`.

        `step` (N,) is by how many numbers each row of `timed` (N) follows the one before.
        """
        ends = np.cumsum(step)
        known = np.concatenate([self._before, values[:, INERTIAL]])
        lead, most = len(self._before), span(AFTER_S, self._rate_hz)
        for at in np.flatnonzero(step > 1).tolist():
            end = at + 1
            while end < min(at + most, len(timed)) and step[end] == 1 and timed.arrival_s[end] == timed.arrival_s[at]:
                end += 1
            last, missing = lead + int(ends[at]) - 1, int(step[at]) - 1
            for channels in (GYR, ACC):
                before, after = known[: last - missing, channels], timed.values[at:end, channels]
                found = bridged(before, after, missing, self._rate_hz)
                if np.isfinite(found).all():
                    known[last - missing : last, channels] = found
        values[:, INERTIAL] = known[lead:]


@dataclass(frozen=True, slots=True)
class _Models:
    """For each of the R models of one sort of hole: what the K samples around it say of the M in it."""

    weights: Floats  # (R, M, K)
    precision: Floats  # (R, K, K), with the mean taken out
    log_determinant: Floats  # (R,)


def bridged(before: Floats, after: Floats, missing: int, rate_hz: float) -> Floats:
    """Values (`missing`, C) of C alike channels between `before` (N, C) and `after` (M, C).

    NaN where too few are known. Only the last `BEFORE_S` and the first `AFTER_S` count.
    """
    before, after = before[-span(BEFORE_S, rate_hz) :], after[: span(AFTER_S, rate_hz)]
    around = np.concatenate([before, after])
    if len(before) < LEAST_BEFORE or not np.isfinite(around).all():
        return np.full((missing, around.shape[1]), np.nan)
    models = _models(missing, len(before), len(after), rate_hz)
    apart = around - around.mean(axis=0)  # the models leave the mean out: taking it off first only saves digits
    varies = np.einsum("rkl,kl->r", models.precision, np.einsum("kc,lc->kl", apart, apart)) + FLAT
    channels, free = around.shape[1], len(around) - 1
    likelihood = -channels / 2 * (models.log_determinant + free * np.log(varies))
    share = np.exp(likelihood - likelihood.max())
    weights = np.einsum("r,rmk->mk", share / share.sum(), models.weights)
    found = np.einsum("mk,kc->mc", weights, around)
    least, most = around.min(axis=0), around.max(axis=0)
    margin = BEYOND * (most - least)
    return np.clip(found, least - margin, most + margin)


def span(time_s: float, rate_hz: float) -> int:
    """Samples in a time."""
    return max(round(time_s * rate_hz), 1)


@lru_cache(KEPT)
def _models(missing: int, before: int, after: int, rate_hz: float) -> _Models:
    known_s = np.concatenate([np.arange(1 - before, 1), missing + 1 + np.arange(after)]) / rate_hz
    hole_s = (1 + np.arange(missing)) / rate_hz
    one = np.ones(len(known_s))
    weights: list[Floats] = []
    precision: list[Floats] = []
    log_determinant: list[float] = []
    for length_s in LENGTHS_S:
        for tremor in TREMOR_SHARES:
            covariance = _alike(known_s[:, None] - known_s, length_s, tremor) + NOISE_SHARE**2 * np.eye(len(known_s))
            across = _alike(hole_s[:, None] - known_s, length_s, tremor)
            inverse = np.linalg.inv(covariance)
            of_mean = inverse @ one / (one @ inverse @ one)
            weights.append(across @ inverse + np.outer(1 - across @ inverse @ one, of_mean))
            precision.append(inverse - np.outer(inverse @ one, of_mean))
            log_determinant.append(float(np.linalg.slogdet(covariance)[1] + np.log(one @ inverse @ one)))
    return _Models(np.stack(weights), np.stack(precision), np.array(log_determinant))


def _alike(apart_s: Floats, length_s: float, tremor: float) -> Floats:
    """Covariance of two samples `apart_s`, in variances of the movement."""
    movement = np.exp(-np.square(apart_s / length_s) / 2)
    phase = np.cos(2 * np.pi * TREMOR_HZ * apart_s) * np.exp(-np.abs(apart_s) / TREMOR_STAYS_S)
    return movement + tremor**2 * phase
