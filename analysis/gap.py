"""The knee gap with its standard deviation, live: fast channels on slow errors that a filter follows.

Each row stands on the errors known at the last full tick before it, so nothing waits and blocks may be cut anywhere.
"""

from dataclasses import dataclass, field
from math import isnan

import numpy as np

from analysis.flex import CreepParams, FlexCurve, FlexRelaxation
from analysis.gap_calibration import Calibrated, CalibrationParams, KnownGap, calibrated
from analysis.gap_filter import Errors, GapFilterParams, Tick, correct, meet, predict, rise
from analysis.gap_ticks import ROWS, FastRows, Ticks, join_rows, join_ticks, ticks_of
from analysis.heading import Geometry, thigh_direction, vertical_rate_rad_s, wrapped
from analysis.motion import GRID_HZ, Motion
from analysis.results import GapSeries
from analysis.touches import TouchParams, TremorCoherence, coherence
from sensor.arrivals import MarkerEdge
from sensor.markers import Label
from sensor.samples import THIGHS, Floats
from sensor.wearer import Wearer


@dataclass(frozen=True, slots=True)
class GapParams:
    """Parameters of the gap's parts, and sizes of a person who did not give them."""

    creep: CreepParams = field(default_factory=CreepParams)
    touches: TouchParams = field(default_factory=TouchParams)
    calibration: CalibrationParams = field(default_factory=CalibrationParams)
    filter: GapFilterParams = field(default_factory=GapFilterParams)
    femur_m: float = 0.42
    hip_width_m: float = 0.18
    knee_width_m: float = 0.10


@dataclass(frozen=True, slots=True)
class GapChannels:
    """The gap and what it was made from, on the rows of the motion; NaN where unknown."""

    time_s: Floats
    gap_m: Floats
    sd_m: Floats
    contact: Floats
    inertial_m: Floats
    flex_m: Floats
    flex_sd_m: Floats
    coherence: Floats

    @property
    def series(self) -> GapSeries:
        """The result alone."""
        return GapSeries(self.time_s, self.gap_m, self.sd_m, self.contact)


STATE = 14  # numbers of `Errors.state`


@dataclass(frozen=True, slots=True)
class TickRecord:
    """What the filter held around the ticks (T) since its last calibration, for the smoother."""

    ticks: Ticks
    prior: Floats  # (T, STATE), before the tick's measurements
    posterior: Floats  # (T, STATE)
    touching: Floats
    geometry: Geometry
    curve: FlexCurve | None


class GapStage:
    """Motion and markers to the gap; what its ticks said is kept for the smoother."""

    def __init__(self, wearer: Wearer | None, params: GapParams) -> None:
        self._p = params
        self._coherence = TremorCoherence(params.touches)
        self._relaxation = FlexRelaxation(params.creep, GRID_HZ)
        self._taped = geometry_of(wearer, params)
        self._model = SlowModel(self._taped, None)
        self._errors: Errors | None = None
        self._open: FastRows | None = None  # rows of the tick that is not full yet
        self._edges: list[MarkerEdge] = []
        self._spans: list[KnownGap] = []
        self._ticks: list[Ticks] = []

    def push(self, motion: Motion) -> GapChannels:
        """The gap at the rows of `motion`."""
        self._edges += [e for e in motion.edges if e.closed and e.marker.label in (Label.TOUCH, Label.SPACER)]
        fast = self._fast(motion)
        if not len(fast):
            return channels(fast, np.empty((0, SLOW)))
        held = fast if self._open is None else join_rows([self._open, fast])
        lead = -round(held.time_s[0] * GRID_HZ) % ROWS  # the first tick of all may be cut short
        full = max(len(held) - lead, 0) // ROWS
        ticks = ticks_of(held.take(slice(lead, lead + full * ROWS)))
        slow = np.repeat(self._follow(ticks), ROWS, axis=0)
        self._open = held.take(slice(lead + full * ROWS, None)) if full else held
        rows = np.concatenate([np.repeat(slow[:1], lead, axis=0), slow])
        return channels(fast, rows[len(held) - len(fast) : len(held)])

    def finish(self) -> GapChannels:
        """Nothing more is known."""
        return channels(EMPTY_ROWS, np.empty((0, SLOW)))

    def _follow(self, ticks: Ticks) -> Floats:
        """What was known before each tick and, last, after all of them (T + 1, SLOW)."""
        rows = [slow_row(self._errors, self._model)]
        if len(ticks):
            self._ticks.append(ticks)
        for i, values in enumerate(zip(*(column.tolist() for column in ticks.columns()), strict=True)):
            self._step(Tick(*values[1:]))
            while self._edges and self._edges[0].time_s <= values[0]:
                self._learn(self._edges.pop(0), len(ticks) - 1 - i)
            rows.append(slow_row(self._errors, self._model))
        return np.array(rows)

    def _step(self, tick: Tick) -> None:
        e = self._errors
        if e is None:
            return
        predict(e, tick, self._p.filter)
        if not isnan(tick.relative_rad):
            rise(e, tick, self._p.filter)
            meet(e, tick, self._model.geometry, self._p.filter)
            correct(e, tick, self._model.geometry, self._model.curve, self._p.filter)

    def _learn(self, edge: MarkerEdge, after: int) -> None:
        """A touch or spacer ended: fit all of them again; `after` ticks lie beyond it."""
        span = known_gap(edge, self._p.calibration)
        if span is None:
            return
        self._spans.append(span)
        ticks = join_ticks(self._ticks)
        ticks = ticks.take(slice(0, len(ticks) - after))
        fit = calibrated(ticks, tuple(self._spans), self._taped, self._p.calibration)
        if fit is not None:
            self._model = SlowModel(fit.geometry, fit.curve)
            self._errors = errors_after(fit)

    def _fast(self, motion: Motion) -> FastRows:
        left, right = (motion.segments[p] for p in THIGHS)
        to_left, to_right = thigh_direction(left), thigh_direction(right)
        moments = self._coherence.push(vertical_rate_rad_s(left), vertical_rate_rad_s(right))
        flex = np.where(np.isfinite(left.flex), left.flex, right.flex)
        return FastRows(
            motion.time_s,
            to_left.ahead * np.conj(to_right.ahead),
            to_left.reach,
            to_right.reach,
            np.minimum(left.measured, right.measured),
            coherence(moments),
            self._relaxation.push(flex),
        )


SLOW = 12
HEADING, VARIANCE, CROSS, OFFSET_VARIANCE, TOUCHING, FLOOR, SPAN, LENGTH, FLEX_VARIANCE, FEMUR, BETWEEN, STEEP = range(
    SLOW
)
EMPTY_ROWS = FastRows(
    np.empty(0), *(np.empty(0, dtype=np.complex128) for _ in range(3)), *(np.empty(0) for _ in range(3))
)


@dataclass(frozen=True, slots=True)
class SlowModel:
    """What a calibration fixed: sizes, and the cord's curve where there is a cord."""

    geometry: Geometry
    curve: FlexCurve | None


def slow_row(e: Errors | None, model: SlowModel) -> tuple[float, ...]:
    """What the fast channels need of the slow errors, as one row of SLOW numbers."""
    g, c = model.geometry, model.curve
    if e is None:
        return (np.nan,) * SLOW
    cord = (np.nan,) * 4 if c is None else (c.floor + e.flex_counts, c.span, c.length_m, e.p22)
    sizes = (g.femur_m, g.between_m + e.offset_m)
    return (e.heading_rad, e.p00, e.p03, e.p33, float(e.touching), *cord, *sizes, float(e.steep))


def channels(fast: FastRows, slow: Floats) -> GapChannels:
    """The gap of fast rows (N) on the slow errors (N, SLOW) known at each."""
    relative = wrapped(np.angle(fast.relative) - slow[:, HEADING])
    geometry = Geometry(1.0, 0.0)
    signed = slow[:, BETWEEN] + slow[:, FEMUR] * geometry.gap_m(fast.left, fast.right, relative)
    slope = slow[:, FEMUR] * geometry.slope_m(fast.left, fast.right, relative)
    variance = slope**2 * slow[:, VARIANCE] - 2 * slope * slow[:, CROSS] + slow[:, OFFSET_VARIANCE]
    sd = np.sqrt(np.maximum(variance, 0.0) + 0.001**2 + np.square(0.015 * signed))
    share = np.maximum(1 - (fast.static_counts - slow[:, FLOOR]) / slow[:, SPAN], 0.02)
    flex = -slow[:, LENGTH] * np.log(share)
    flex_sd = np.sqrt(slow[:, FLEX_VARIANCE] + 20.0**2) * slow[:, LENGTH] / slow[:, SPAN] / share
    use_flex = ~np.isfinite(signed)
    gap = np.maximum(np.where(use_flex, flex, signed), 0.0)
    sd = np.where(use_flex, flex_sd, sd)
    contact = np.where(np.isfinite(gap), slow[:, TOUCHING] * (gap < 0.01), 0.0)
    return GapChannels(fast.time_s, gap, sd, contact, signed, flex, flex_sd, fast.coherence)


def geometry_of(wearer: Wearer | None, params: GapParams) -> Geometry:
    """The wearer's taped sizes, a usual person's where they are missing."""
    femur_m = wearer.femur_m if wearer else params.femur_m
    hip_m = wearer.hip_width_m if wearer and wearer.hip_width_m is not None else params.hip_width_m
    knee_m = wearer.knee_width_m if wearer and wearer.knee_width_m is not None else params.knee_width_m
    return Geometry(femur_m, hip_m - knee_m)


def known_gap(edge: MarkerEdge, p: CalibrationParams) -> KnownGap | None:
    """The span in which `edge` says the gap; None where a spacer has no width."""
    m = edge.marker
    if m.label == Label.TOUCH:
        return KnownGap(m.start_s, m.end_s, p.touch_gap_m, p.touch_sd_m)
    try:
        return KnownGap(m.start_s, m.end_s, float(m.value) / 1000, p.spacer_sd_m)
    except ValueError:
        return None


def errors_after(fit: Calibrated) -> Errors:
    """Where the filter goes on from after a calibration."""
    c = fit.heading_covariance
    return Errors(
        fit.heading_rad,
        fit.rate_rad_s,
        0.0,
        fit.offset_m,
        p00=float(c[0, 0]),
        p01=float(c[0, 1]),
        p03=float(c[0, 2]),
        p11=float(c[1, 1]),
        p13=float(c[1, 2]),
        p22=1.0,
        p33=float(c[2, 2]),
        steep=fit.steep,
    )
