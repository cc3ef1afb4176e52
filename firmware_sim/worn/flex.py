"""The sensors that do not measure motion: flex cord between the knees, tension of the strap, range finder.

Invariant: a value is a function of the body's past alone, one per sample of the nominal rate.
The cord is pre-stretched rubber from strap to strap: a bent curve with an end, hysteresis, creep with the logarithm of
time (lags of every decade), warming, and it moves with whatever moves the straps. Fabric relaxes by a tenth or so, most
of it in a quarter of an hour (generalised Maxwell model of bandages, doi 10.1177/1534734620912093).
"""

from dataclasses import dataclass

import numpy as np

from firmware_sim.person.streams import stream
from firmware_sim.worn.strap_fit import OnePole
from sensor.gatt import NO_COUNT
from sensor.samples import Floats, Ints, Placement

RATE_HZ = 100.0
LARGEST_COUNT = 4095
LARGEST_RANGE_MM = 400
CREEP_LAGS_S = (1.5, 15.0, 150.0, 1500.0)
CREEP_SHARES = (2.0, 1.5, 1.0, 0.7)  # most of it is over soon
RELAXATION_LAGS_S = (15.0, 120.0, 700.0)
RELAXATION_SHARES = (0.30, 0.35, 0.35)


@dataclass(frozen=True, slots=True)
class Cord:
    """A flex cord; lengths in m, `curve_m` where half of `span_counts` is reached."""

    zero_counts: float
    span_counts: float
    curve_m: float
    end_m: float
    play_m: float
    creep: float  # share of a change that creeps away in a late decade of time
    per_k: float
    bulge_m: float  # how much fully tensed thighs push it longer
    slack_m: float  # length added to the straps' distance by where the cord is fixed


def random_cord(seed: int) -> Cord:
    """A cord as cut and tied by hand."""
    rng = stream(seed, "cord")
    return Cord(
        zero_counts=float(rng.uniform(1650, 1950)),
        span_counts=float(rng.uniform(1850, 2150)),
        curve_m=float(rng.uniform(0.095, 0.125)),
        end_m=float(rng.uniform(0.165, 0.185)),
        play_m=float(rng.uniform(0.0005, 0.002)),
        creep=float(rng.uniform(0.015, 0.03)),
        per_k=float(rng.normal(0.0, 4e-4)),
        bulge_m=float(rng.uniform(0.0, 0.008)),
        slack_m=float(rng.uniform(-0.002, 0.002)),
    )


class FlexCord:
    """Counts of the cord, sample by sample."""

    def __init__(self, cord: Cord, seed: int) -> None:
        self._cord = cord
        self._rng = stream(seed, "flex noise")
        self._lags = [OnePole(lag, RATE_HZ) for lag in CREEP_LAGS_S]
        self._held_m: float | None = None

    def next(self, stretch_m: Floats, warmer_k: Floats) -> Floats:
        """Counts (n,), not yet whole, at the next stretches beyond the one at which the knees touch."""
        cord = self._cord
        pulled = np.minimum(np.maximum(self._followed(stretch_m) + cord.slack_m, -0.05), 1.0)
        # The end is soft: the last centimetre pulls fibres straight.
        pulled = pulled - 0.01 * np.logaddexp(0.0, (pulled - cord.end_m) / 0.01)
        value = cord.span_counts * pulled / (pulled + cord.curve_m)
        crept = np.zeros(len(value))
        for lag, share in zip(self._lags, CREEP_SHARES, strict=True):
            crept += cord.creep * share * lag.next(value)
        value = value - crept
        return cord.zero_counts + value * (1 + cord.per_k * warmer_k) + 1.1 * self._rng.standard_normal(len(value))

    def _followed(self, stretch_m: Floats) -> Floats:
        """The stretch less the cord's play."""
        play = self._cord.play_m
        held = float(stretch_m[0]) if self._held_m is None else self._held_m
        out: list[float] = []
        for x in stretch_m.tolist():
            held = min(max(held, x - play), x + play)
            out.append(held)
        self._held_m = held
        return np.array(out)


@dataclass(frozen=True, slots=True)
class Fabric:
    """A strap's stretch sensor and elastic."""

    slack_counts: float
    donned_counts: float
    relaxes: float  # share lost by 15 minutes
    muscle: float
    knee: float


def random_fabric(seed: int, placement: Placement) -> Fabric:
    """A strap pulled as tight as somebody likes it."""
    rng = stream(seed, f"fabric {placement}")
    return Fabric(
        slack_counts=float(rng.uniform(270, 570)),
        donned_counts=float(rng.uniform(900, 2200)),
        relaxes=float(rng.uniform(0.08, 0.18)),
        muscle=float(rng.uniform(0.01, 0.04)),
        knee=float(rng.uniform(-0.03, 0.03)),
    )


def relaxed_share(fabric: Fabric, since_s: Floats) -> Floats:
    """Tension that is left `since_s` after donning, 1 at first."""
    lost = np.zeros(len(since_s))
    at_end = 0.0
    for lag, share in zip(RELAXATION_LAGS_S, RELAXATION_SHARES, strict=True):
        lost += share * -np.expm1(-np.maximum(since_s, 0.0) / lag)
        at_end += share * -float(np.expm1(-900.0 / lag))
    return 1.0 - fabric.relaxes * lost / at_end


class TensionSensor:
    """Counts of a strap's stretch sensor."""

    def __init__(self, fabric: Fabric, seed: int, placement: Placement) -> None:
        self._fabric = fabric
        self._rng = stream(seed, f"tension noise {placement}")

    def next(self, tension: Floats, pulled: Floats, muscle: Floats, knee_rad: Floats) -> Floats:
        """Counts (n,) at a tension relative to donning, while the strap is `pulled` tight by 0 to 1."""
        f = self._fabric
        body = f.muscle * muscle + f.knee * (knee_rad * (2 / np.pi) - 1.0)
        counts = f.slack_counts + f.donned_counts * pulled * (tension + body)
        return counts + 3.5 * self._rng.standard_normal(len(counts))


class RangeFinder:
    """A time-of-flight sensor from knee to knee."""

    def __init__(self, seed: int) -> None:
        self._rng = stream(seed, "range noise")
        self._offset_mm = float(self._rng.normal(0.0, 2.0))

    def next(self, gap_m: Floats) -> Ints:
        """Distances in mm (n,); nothing beyond its reach, now and then an echo of something else."""
        chance = self._rng.standard_normal((len(gap_m), 3))
        mm = 1000 * gap_m + self._offset_mm + (1.5 + 0.01 * 1000 * gap_m) * chance[:, 0]
        mm = np.where(np.abs(chance[:, 1]) > 2.4, 220 * np.abs(chance[:, 2]), mm)
        whole = np.rint(np.clip(mm, 0, LARGEST_RANGE_MM)).astype(np.int64)
        return np.where(gap_m > 0.25, NO_COUNT, whole)


def whole_counts(counts: Floats) -> Ints:
    """Counts as a 12-bit converter gives them."""
    return np.rint(np.clip(counts, 0, LARGEST_COUNT)).astype(np.int64)
