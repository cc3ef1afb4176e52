"""Kalman filter of the slow errors between the channels, five times a second, in plain floats.

State: heading error (rad, relative heading less the true one), its rate (rad/s), flex offset
(counts), and what the mountings get wrong of the gap in the frontal plane (m). The gap itself
is no state: it is what the fast channels say once their slow errors are taken off.
"""

from dataclasses import dataclass
from math import cos, pi, sin

from analysis.flex import FlexCurve
from analysis.heading import Geometry

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
    offset_walk_m_s05: float = 1e-4
    rising_offset_m: float = 0.06
    rising_heading_rad: float = 0.1


@dataclass(frozen=True, slots=True)
class Tick:
    """Means of one tick, as in `gap_ticks.Ticks`; NaN where a channel is missing."""

    relative_rad: float
    left_ahead: float
    left_aside: float
    right_ahead: float
    right_aside: float
    turned_rad: float
    measured: float
    coherence: float
    static_counts: float


@dataclass(slots=True)
class Errors:
    """State, upper triangle of its covariance, and whether knees touch and thighs are steep."""

    heading_rad: float
    rate_rad_s: float = 0.0
    flex_counts: float = 0.0
    offset_m: float = 0.0
    p00: float = 0.0
    p01: float = 0.0
    p02: float = 0.0
    p03: float = 0.0
    p11: float = 0.0
    p12: float = 0.0
    p13: float = 0.0
    p22: float = 0.0
    p23: float = 0.0
    p33: float = 0.0
    touching: bool = False
    steep: bool = False

    def state(self) -> tuple[float, ...]:
        """The four errors and the upper triangle of their covariance."""
        return (
            self.heading_rad, self.rate_rad_s, self.flex_counts, self.offset_m,
            self.p00, self.p01, self.p02, self.p03, self.p11, self.p12, self.p13, self.p22, self.p23, self.p33,
        )  # fmt: skip


def predict(e: Errors, tick: Tick, p: GapFilterParams) -> None:
    """One tick forward: the heading error grows with its rate, everything gets less sure."""
    dt = TICK_S
    e.heading_rad += dt * e.rate_rad_s
    turned = p.heading_scale * tick.turned_rad if tick.turned_rad == tick.turned_rad else 0.0
    lost = p.loss_rad_s05 * (1.0 - tick.measured)
    e.p00 += dt * (2 * e.p01 + dt * e.p11) + dt * (p.heading_walk_rad_s05**2 + lost * lost) + turned * turned
    e.p01 += dt * e.p11
    e.p02 += dt * e.p12
    e.p03 += dt * e.p13
    e.p11 += dt * p.rate_walk_rad_s15**2
    e.p22 += dt * p.flex_walk_counts_s05**2
    e.p33 += dt * p.offset_walk_m_s05**2


def update(e: Errors, h0: float, h2: float, h3: float, innovation: float, variance: float) -> None:
    """Takes in one number that depends on heading error (slope `h0`), flex (`h2`) and gap offset (`h3`)."""
    k0 = h0 * e.p00 + h2 * e.p02 + h3 * e.p03
    k1 = h0 * e.p01 + h2 * e.p12 + h3 * e.p13
    k2 = h0 * e.p02 + h2 * e.p22 + h3 * e.p23
    k3 = h0 * e.p03 + h2 * e.p23 + h3 * e.p33
    s = 1.0 / (h0 * k0 + h2 * k2 + h3 * k3 + variance)
    step = innovation * s
    e.heading_rad += k0 * step
    e.rate_rad_s += k1 * step
    e.flex_counts += k2 * step
    e.offset_m += k3 * step
    k0s, k1s, k2s = k0 * s, k1 * s, k2 * s
    e.p00 -= k0 * k0s
    e.p01 -= k1 * k0s
    e.p02 -= k2 * k0s
    e.p03 -= k3 * k0s
    e.p11 -= k1 * k1s
    e.p12 -= k2 * k1s
    e.p13 -= k3 * k1s
    e.p22 -= k2 * k2s
    e.p23 -= k3 * k2s
    e.p33 -= k3 * k3 * s


def inertial_gap(e: Errors, tick: Tick, g: Geometry) -> tuple[float, float]:
    """Signed gap of the inertial channel and its change with the heading error (m/rad)."""
    half = ((tick.relative_rad - e.heading_rad + pi) % (2 * pi) - pi) / 2
    c, s = cos(half), sin(half)
    aside = (tick.left_aside - tick.right_aside) * c + (tick.left_ahead + tick.right_ahead) * s
    ahead = (tick.left_ahead + tick.right_ahead) * c - (tick.left_aside - tick.right_aside) * s
    return g.between_m + e.offset_m + g.femur_m * aside, -g.femur_m / 2 * ahead


def rise(e: Errors, tick: Tick, p: GapFilterParams) -> None:
    """Thighs that become steep or level show other parts of the mounting errors."""
    reach = tick.left_ahead + tick.right_ahead
    steep = reach < (1.3 if e.steep else 1.1)
    if steep != e.steep:
        e.steep = steep
        e.p33 += p.rising_offset_m**2
        e.p00 += p.rising_heading_rad**2


def meet(e: Errors, tick: Tick, g: Geometry, p: GapFilterParams) -> None:
    """Whether the knees touch; when that changes, the straps turn a little with the muscles."""
    gap, slope = inertial_gap(e, tick, g)
    sd = max(slope * slope * e.p00 + 2 * slope * e.p03 + e.p33, 0.0) ** 0.5
    near = slow(tick, p) and gap < p.near_m + 2 * sd
    touching = near and tick.coherence > (p.apart if e.touching else p.coherent)
    if touching != e.touching:
        e.touching = touching
        e.p00 += p.heading_shift_rad**2


def slow(tick: Tick, p: GapFilterParams) -> bool:
    """Whether the thighs hardly turn against each other."""
    return tick.turned_rad < p.slow_rad_s * TICK_S


def correct(e: Errors, tick: Tick, g: Geometry, curve: FlexCurve | None, p: GapFilterParams) -> None:
    """What one tick says of the errors: touch, that no gap is negative, flex."""
    alike = p.memory_s / TICK_S
    gap, slope = inertial_gap(e, tick, g)
    if e.touching:
        update(e, slope, 0.0, 1.0, p.touch_gap_m - gap, alike * p.touch_sd_m**2)
    elif gap < 0 and slow(tick, p):
        update(e, slope, 0.0, 1.0, -gap, alike * (2 * p.touch_sd_m) ** 2)
    if curve is not None and tick.static_counts == tick.static_counts:
        correct_by_flex(e, tick, g, curve, p)


def correct_by_flex(e: Errors, tick: Tick, g: Geometry, curve: FlexCurve, p: GapFilterParams) -> None:
    """Compares the cord with what the inertial gap lets expect."""
    gap, slope = inertial_gap(e, tick, g)
    gap = min(max(gap, -0.02), 0.4)
    expected, per_m, curve_variance = curve.at(gap)
    stretch = expected - curve.floor
    speed = per_m * abs(slope) * tick.turned_rad / TICK_S
    noise = p.flex_noise_counts**2 + (p.flex_share * stretch) ** 2 + (p.flex_lag_s * speed) ** 2
    variance = p.memory_s / TICK_S * (noise + curve_variance)
    update(e, per_m * slope, 1.0, per_m, tick.static_counts - e.flex_counts - expected, variance)
