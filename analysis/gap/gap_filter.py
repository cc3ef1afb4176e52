"""Kalman filter of the slow errors between the channels: the state that a calibration starts and every tick improves.

The gap itself is no state: it is what the fast channels say once their slow errors are taken off. Errors that stay
alike for `memory_s` are not white: a measurement that comes every dt counts memory_s / dt times its variance.
"""

from dataclasses import dataclass
from math import cos, exp, inf, isnan, log, nan, pi, sin

import numpy as np

from analysis.gap.heading import Geometry
from sensor.samples import Floats

TICK_S = 0.2
STATES = 12
# rad, rad/s, log of true over taped femur, counts, counts/m, log m, m, relative, rad, rad, rad, counts
HEADING, RATE, SCALE, FLOOR, SLOPE, LENGTH, OFFSET, CREEP, LEFT_TILT, RIGHT_TILT, HEADING_SHIFT, FLOOR_SHIFT = range(
    STATES
)


SHIFTS = ((HEADING, HEADING_SHIFT), (FLOOR, FLOOR_SHIFT))


@dataclass(frozen=True, slots=True)
class GapFilterParams:
    """Standard deviations of the channels, and how fast the errors may change."""

    rate_walk_rad_s15: float = 5e-5  # warming up moves the rate by 0.5 mrad/s in 100 s
    heading_walk_rad_s05: float = 3e-4
    heading_scale: float = 0.01  # scale and axis errors, per turned angle
    heading_press_rad: float = 2e-3  # how much the turn of the straps differs from press to press
    floor_shift_counts: float = 5.0
    loss_rad_s05: float = 2e-3
    lost_share: float = 0.3  # of the angle turned while samples were lost
    floor_walk_counts_s05: float = 1.0
    floor_counts_k: float = 8.0  # a warmer cord shows more
    offset_walk_m_s05: float = 1e-4
    steep_walk_m_s05: float = 4e-4  # standing, tilts of the straps show in full: 1.5 degrees in 15 min
    flex_noise_counts: float = 12.0
    flex_share: float = 0.01  # of the stretch
    flex_askew: float = 0.5  # of the distance by which one knee is ahead of the other: the cord does not run across
    steep_sd_m: float = 0.003  # what steep thighs that bend and twist show anew of the mountings
    askew_max: float = 0.3  # knees further ahead of or above each other may pass, and the cord tells nothing
    touch_gap_m: float = 0.0  # skins meet 2 mm early and give way by F / (11 N/mm), 12 to 45 N as muscles tire
    touch_sd_m: float = 0.001
    range_sd_m: float = 0.002
    range_gate_sd: float = 2.0  # echoes from elsewhere
    memory_s: float = 4.0
    gate_sd: float = 4.0
    touch_odds: float = 3.0
    apart_odds: float = -1.0
    still_rad: float = 0.004  # turned in a tick; less tells no more than one tick in `still_every_s`
    still_every_s: float = 1.0
    slow_rad_s: float = 0.05
    slip_counts: float = 60.0
    slow_slip_s: float = 20.0
    slip_margin_s: float = 0.4  # two ticks: how well start and end of a slip are known in the end
    stay_sd_m: float = 0.003
    stay_s: float = 6.0  # a sudden slip is told within this time
    slip_share: float = 0.2  # of the turn about the long axis that also tilts the strap
    near_m: float = 0.03
    near_cord_m: float = 0.015  # a cord, slipped or not, knows better
    near_sd: float = 3.0
    unsure_m: float = 0.05
    near_steep_m: float = 0.03  # standing, touching feet may make the legs tremble alike
    rising_offset_m: float = 0.06
    rising_heading_rad: float = 0.1
    rising_counts: float = 30.0  # the cord lies differently over other muscles
    steep_reach: tuple[float, float] = (1.1, 1.3)
    standing_up: float = -0.3  # a knee above this is raised


@dataclass(frozen=True, slots=True)
class Tick:
    """Means of one tick, as in `gap_ticks.Ticks`, `since_s` after the tick before; NaN where a channel is missing."""

    since_s: float
    relative_rad: float
    left_ahead: float
    left_aside: float
    right_ahead: float
    right_aside: float
    turned_rad: float
    measured: float
    touch_odds: float
    touch_gain: float
    askew: float
    up: float
    left_rolled: float
    right_rolled: float
    temperature_c: float
    range_m: float
    static_counts: float
    static_per_amount: float
    memory: float
    memory_per_amount: float
    trembled_rad: float

    def cord_counts(self, x: Floats) -> float:
        """Static counts of the cord if its creep is what the state says."""
        return self.static_counts + float(x[CREEP]) * self.static_per_amount


@dataclass(slots=True)
class Errors:
    """State (STATES,) and covariance (STATES, STATES), and whether knees touch and thighs are steep."""

    x: Floats
    p: Floats
    touching: bool = False
    steep: bool = False
    shifted: float = 0.0  # 1 where the last step began to press, -1 where it ended
    temperature_c: float = nan


def predict(e: Errors, tick: Tick, p: GapFilterParams) -> None:
    """One tick forward: the heading error grows with its rate, everything gets less sure."""
    dt = tick.since_s
    e.x[HEADING] += dt * e.x[RATE]
    e.p[HEADING] += dt * e.p[RATE]
    e.p[:, HEADING] += dt * e.p[:, RATE]
    warmed_k = tick.temperature_c - e.temperature_c
    if warmed_k == warmed_k:
        e.x[FLOOR] += p.floor_counts_k * warmed_k
    e.temperature_c = tick.temperature_c if tick.temperature_c == tick.temperature_c else e.temperature_c
    turned_rad = tick.turned_rad if tick.turned_rad == tick.turned_rad else 0.0
    lost = 1.0 - tick.measured
    e.p[HEADING, HEADING] += dt * (p.heading_walk_rad_s05**2 + p.loss_rad_s05**2 * lost)
    # A thigh that is raised keeps its direction, but trembles on.
    e.p[HEADING, HEADING] += (p.heading_scale * turned_rad) ** 2 + lost * (p.lost_share * tick.trembled_rad) ** 2
    e.p[RATE, RATE] += dt * p.rate_walk_rad_s15**2
    e.p[FLOOR, FLOOR] += dt * p.floor_walk_counts_s05**2
    e.p[OFFSET, OFFSET] += dt * (p.steep_walk_m_s05 if e.steep else p.offset_walk_m_s05) ** 2


def update(e: Errors, h: Floats, innovation: float, variance: float, gate_sd: float) -> None:
    """Takes in one number that changes by `h` (STATES,) with the state; beyond the gate it counts for less."""
    ph = e.p @ h
    spread = float(h @ ph)
    total = max(spread + variance, (innovation / gate_sd) ** 2)
    e.x += ph * (innovation / total)
    e.p -= np.outer(ph, ph / total)


@dataclass(frozen=True, slots=True)
class Predicted:
    """Signed gap of the inertial channel and its change (STATES,) with the state."""

    gap_m: float
    h: Floats


def inertial_gap(x: Floats, tick: Tick, taped: Geometry) -> Predicted:
    """What the directions of the thighs say with the errors `x`."""
    half = ((tick.relative_rad - float(x[HEADING]) + pi) % (2 * pi) - pi) / 2
    c, s = cos(half), sin(half)
    femur_m = taped.femur_m * exp(float(x[SCALE]))
    across = femur_m * ((tick.left_aside - tick.right_aside) * c + (tick.left_ahead + tick.right_ahead) * s)
    along = femur_m / 2 * ((tick.left_ahead + tick.right_ahead) * c - (tick.left_aside - tick.right_aside) * s)
    h = np.zeros(STATES)
    left, right = femur_m * tick.left_rolled, -femur_m * tick.right_rolled
    across += left * float(x[LEFT_TILT]) + right * float(x[RIGHT_TILT])
    h[HEADING], h[SCALE], h[OFFSET], h[LEFT_TILT], h[RIGHT_TILT] = -along, across, 1.0, left, right
    return Predicted(taped.between_m + float(x[OFFSET]) + across, h)


def rise(e: Errors, tick: Tick, p: GapFilterParams) -> None:
    """Thighs that become steep or level show other parts of the mounting errors."""
    low, high = p.steep_reach
    steep = tick.left_ahead + tick.right_ahead < (high if e.steep else low) and tick.up < p.standing_up
    if steep != e.steep:
        e.steep = steep
        e.p[OFFSET, OFFSET] += p.rising_offset_m**2
        e.p[HEADING, HEADING] += p.rising_heading_rad**2
        e.p[FLOOR, FLOOR] += p.rising_counts**2


def can_meet(e: Errors, tick: Tick, taped: Geometry, p: GapFilterParams) -> bool:
    """Whether the knees may touch: they hardly move, and as far as is known the gap allows it."""
    predicted = inertial_gap(e.x, tick, taped)
    sd = float(predicted.h @ e.p @ predicted.h) ** 0.5
    near_m = p.near_m if isnan(tick.static_counts) else p.near_cord_m
    limit = p.near_steep_m if e.steep else near_m + min(p.near_sd * sd, p.unsure_m)
    return slow(tick, p) and (predicted.gap_m < limit or cord_gap_m(e.x, tick, p) < p.near_cord_m)


def cord_gap_m(x: Floats, tick: Tick, p: GapFilterParams) -> float:
    """The gap by the cord alone, infinite where it tells nothing."""
    if isnan(tick.static_counts) or tick.askew > p.askew_max:
        return inf
    length_m = exp(float(x[LENGTH]))
    decay = 1.0 - (tick.cord_counts(x) - float(x[FLOOR])) / (float(x[SLOPE]) * length_m)
    return -length_m * log(decay) if decay > 0 else inf


def meet(e: Errors, touching: bool, p: GapFilterParams) -> None:
    """The knees touch or part: then the straps turn a little with the muscles."""
    e.shifted = float(touching) - float(e.touching)
    if e.shifted:
        e.touching = touching
        press(e, e.shifted)
        e.p[HEADING, HEADING] += p.heading_press_rad**2
        e.p[FLOOR, FLOOR] += p.floor_shift_counts**2


def press(e: Errors, sign: float) -> None:
    """Pressing muscles turn the straps and bulge under the cord, each time by much the same; releasing undoes it."""
    for state, shift in SHIFTS:
        e.x[state] += sign * e.x[shift]
        e.p[state] += sign * e.p[shift]
        e.p[:, state] += sign * e.p[:, shift]


def slip(e: Errors, turned_rad: float, share: float, taped: Geometry, p: GapFilterParams) -> None:
    """A `share` of a slip by which a strap turned: the cord starts elsewhere, and the mounting is another."""
    e.p[FLOOR, FLOOR] += share * p.slip_counts**2
    e.p[HEADING, HEADING] += share * (p.slip_share * turned_rad) ** 2
    if e.steep:
        e.p[OFFSET, OFFSET] += share * (p.slip_share * turned_rad * taped.femur_m) ** 2


def stay(e: Errors, gap_m: float, tick: Tick, taped: Geometry, p: GapFilterParams) -> None:
    """A sudden slip moves straps, not knees: the gap is still `gap_m` (NaN: unknown)."""
    if isnan(gap_m):
        return
    at = inertial_gap(e.x, tick, taped)
    update(e, at.h, gap_m - at.gap_m, p.stay_sd_m**2, p.gate_sd)


def slow(tick: Tick, p: GapFilterParams) -> bool:
    """Whether the thighs hardly turn against each other."""
    return tick.turned_rad < p.slow_rad_s * TICK_S


def correct(e: Errors, tick: Tick, taped: Geometry, p: GapFilterParams) -> tuple[float, float, float]:
    """What one tick says of the errors: touch, that no gap is negative, range, flex.

    Gives the gap before anything was said, after touch and after range.
    """
    alike = max(p.memory_s / tick.since_s, 1.0)
    at = inertial_gap(e.x, tick, taped)
    before_m = at.gap_m
    straight = tick.askew < p.askew_max
    if e.touching:
        update(e, at.h, p.touch_gap_m - at.gap_m, alike * p.touch_sd_m**2, p.gate_sd)
        at = inertial_gap(e.x, tick, taped)
    elif at.gap_m < 0 and straight and slow(tick, p):
        update(e, at.h, -at.gap_m, alike * (2 * p.touch_sd_m) ** 2, p.gate_sd)
        at = inertial_gap(e.x, tick, taped)
    touched_m = at.gap_m
    if straight and tick.range_m == tick.range_m:
        update(e, at.h, tick.range_m - at.gap_m, alike * p.range_sd_m**2, p.range_gate_sd)
        at = inertial_gap(e.x, tick, taped)
    if straight and tick.static_counts == tick.static_counts:
        correct_by_flex(e, at, tick, taped, p, alike)
    return before_m, touched_m, at.gap_m


def correct_by_flex(e: Errors, at: Predicted, tick: Tick, taped: Geometry, p: GapFilterParams, alike: float) -> None:
    """Compares the cord with what the inertial gap lets expect."""
    gap_m, length_m, slope = min(max(at.gap_m, -0.02), 0.4), exp(float(e.x[LENGTH])), float(e.x[SLOPE])
    decay = exp(-gap_m / length_m)
    per_m = slope * decay
    reach_m = length_m * (1.0 - decay)
    h = at.h * per_m
    h[FLOOR], h[SLOPE], h[LENGTH] = 1.0, reach_m, slope * (reach_m - gap_m * decay)
    h[CREEP] = -tick.static_per_amount
    stretch = slope * reach_m
    noise = p.flex_noise_counts**2 + (p.flex_share * stretch) ** 2
    noise += (p.flex_askew * per_m * taped.femur_m * tick.askew) ** 2 + (per_m * p.steep_sd_m) ** 2 * e.steep
    update(e, h, tick.cord_counts(e.x) - float(e.x[FLOOR]) - stretch, alike * noise, p.gate_sd)


def correct_cord(e: Errors, tick: Tick, p: GapFilterParams) -> None:
    """What the cord alone says of itself: its floor is never above what it shows."""
    over = tick.cord_counts(e.x) - float(e.x[FLOOR])
    if over < 0:
        h = np.zeros(STATES)
        h[FLOOR], h[CREEP] = 1.0, -tick.static_per_amount
        alike = max(p.memory_s / tick.since_s, 1.0)
        update(e, h, over, alike * p.flex_noise_counts**2, p.gate_sd)
