"""Kalman filter of the slow errors between the channels, five times a second, in plain floats.

State: heading error (rad, relative heading less the true one), its rate (rad/s), flex offset (counts). The gap itself
is no state: it is what the fast channels say once their slow errors are taken off.
"""

from dataclasses import dataclass, field
from math import cos, pi, sin

from analysis.flex import FlexCurve
from analysis.heading import SeatedGeometry

TICK_S = 0.2


@dataclass(frozen=True, slots=True)
class GapFilterParams:
    """Standard deviations of what is known and of how fast it may change."""

    rate_start_rad_s: float = 5e-4  # bias left after the table record, before warming
    rate_walk_rad_s15: float = 5e-5  # warming up moves the rate by 0.5 mrad/s in 100 s
    heading_walk_rad_s05: float = 3e-4
    heading_scale: float = 0.01  # scale and axis errors, per turned angle
    heading_shift_rad: float = 8e-3  # a strap turns by about half a degree when muscles tense or relax
    loss_rad_s05: float = 4e-3
    flex_walk_counts_s05: float = 1.0
    flex_noise_counts: float = 12.0
    flex_share: float = 0.01  # of the stretch
    flex_lag_s: float = 0.03  # times the speed of the stretch
    touch_gap_m: float = 0.0005
    touch_sd_m: float = 0.001
    memory_s: float = 4.0  # errors of flex and touch stay alike this long
    coherent: float = 0.6
    apart: float = 0.4
    slow_rad_s: float = 0.05
    near_m: float = 0.03


@dataclass(frozen=True, slots=True)
class Tick:
    """Means of one tick; NaN where a channel is missing. `reach_m` is femur length times horizontal reach."""

    relative_rad: float
    reach: float
    turned_rad: float
    measured: float
    coherence: float
    static_counts: float


@dataclass(slots=True)
class Errors:
    """State and covariance (upper triangle)."""

    heading_rad: float
    rate_rad_s: float = 0.0
    flex_counts: float = 0.0
    p00: float = 0.0
    p01: float = 0.0
    p02: float = 0.0
    p11: float = 0.0
    p12: float = 0.0
    p22: float = 0.0
    touching: bool = False
    flat: list[float] = field(default_factory=list)

    def row(self) -> tuple[float, ...]:
        return (
            self.heading_rad, self.rate_rad_s, self.flex_counts,
            self.p00, self.p01, self.p02, self.p11, self.p12, self.p22,
        )  # fmt: skip


def predict(e: Errors, tick: Tick, p: GapFilterParams) -> None:
    """One tick forward: the heading error grows with its rate, everything gets less sure."""
    dt = TICK_S
    e.heading_rad += dt * e.rate_rad_s
    turned = p.heading_scale * tick.turned_rad
    lost = p.loss_rad_s05 * (1.0 - tick.measured)
    e.p00 += dt * (2 * e.p01 + dt * e.p11) + dt * (p.heading_walk_rad_s05**2 + lost * lost) + turned * turned
    e.p01 += dt * e.p11
    e.p02 += dt * e.p12
    e.p11 += dt * p.rate_walk_rad_s15**2
    e.p22 += dt * p.flex_walk_counts_s05**2


def update(e: Errors, h0: float, h2: float, innovation: float, variance: float) -> None:
    """Takes in one number that depends on heading error (slope `h0`) and flex offset (`h2`)."""
    k0 = h0 * e.p00 + h2 * e.p02
    k1 = h0 * e.p01 + h2 * e.p12
    k2 = h0 * e.p02 + h2 * e.p22
    s = h0 * k0 + h2 * k2 + variance
    e.heading_rad += k0 * innovation / s
    e.rate_rad_s += k1 * innovation / s
    e.flex_counts += k2 * innovation / s
    e.p00 -= k0 * k0 / s
    e.p01 -= k0 * k1 / s
    e.p02 -= k0 * k2 / s
    e.p11 -= k1 * k1 / s
    e.p12 -= k1 * k2 / s
    e.p22 -= k2 * k2 / s


def inertial_gap(e: Errors, tick: Tick, g: SeatedGeometry) -> tuple[float, float]:
    """Signed gap of the inertial channel and its change with the heading error (m/rad)."""
    half = ((tick.relative_rad - e.heading_rad + pi) % (2 * pi) - pi) / 2
    scale = g.femur_m * tick.reach
    return g.between_m + scale * sin(half), -scale / 2 * cos(half)


def correct(e: Errors, tick: Tick, g: SeatedGeometry, curve: FlexCurve | None, p: GapFilterParams) -> None:
    """Everything that one tick says of the errors: touch, flex, and that no gap is negative."""
    alike = p.memory_s / TICK_S
    slow = tick.turned_rad < p.slow_rad_s * TICK_S
    gap, slope = inertial_gap(e, tick, g)
    sd = (slope * slope * e.p00) ** 0.5
    limit = p.near_m + 2 * sd
    touching = slow and gap < limit and tick.coherence > (p.apart if e.touching else p.coherent)
    if touching != e.touching:
        e.touching = touching
        e.p00 += p.heading_shift_rad**2
    if touching:
        update(e, slope, 0.0, p.touch_gap_m - gap, alike * p.touch_sd_m**2)
    elif slow and gap < 0:
        update(e, slope, 0.0, -gap, alike * (2 * p.touch_sd_m) ** 2)
    if curve is not None and tick.static_counts == tick.static_counts:
        correct_by_flex(e, tick, g, curve, p)


def correct_by_flex(e: Errors, tick: Tick, g: SeatedGeometry, curve: FlexCurve, p: GapFilterParams) -> None:
    """Compares the cord with what the inertial gap lets expect."""
    gap, slope = inertial_gap(e, tick, g)
    gap = max(gap, -0.02)
    expected, per_m, curve_variance = curve.at(gap)
    stretch = expected - curve.floor
    speed = per_m * abs(slope) * tick.turned_rad / TICK_S
    noise = p.flex_noise_counts**2 + (p.flex_share * stretch) ** 2 + (p.flex_lag_s * speed) ** 2
    variance = p.memory_s / TICK_S * (noise + curve_variance)
    update(e, per_m * slope, 1.0, tick.static_counts - e.flex_counts - expected, variance)
