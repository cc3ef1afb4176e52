"""The knee gap with its standard deviation, live: fast channels on slow errors that a filter follows.

Each row stands on the errors known at the last full tick before it, so nothing waits and blocks may be cut anywhere.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from analysis.drift.slips import Slip
from analysis.gap.corrections import Correction, Corrections
from analysis.gap.flex import CreepParams, FlexRelaxation
from analysis.gap.following import Following, Nearness
from analysis.gap.gap_calibration import GapCalibrationParams, KnownGap, calibrated, is_steep
from analysis.gap.gap_channels import (
    LONE_CORD_SD_M,
    PASSING_SD_M,
    GapChannels,
    Sizes,
    SlowRows,
    between_steps,
    channels,
    join_slow,
    nothing_known,
    slow_rows,
)
from analysis.gap.gap_filter import STATES, TICK_S, GapFilterParams
from analysis.gap.gap_slips import SlipMemory, SlipSpans
from analysis.gap.gap_ticks import ROWS, FastRows, Ticks, join_rows, join_ticks, no_rows, ticks_of
from analysis.gap.heading import Geometry, knees_askew, thigh_directions, vertical_rate_rad_s
from analysis.gap.hindsight import looked_back
from analysis.gap.learned import Learned, learned
from analysis.gap.raised_thigh import RaisedThigh
from analysis.gap.smoothing import FilterRecord, SlowErrors, smoothed
from analysis.gap.touches import TouchEvidence, TouchParams
from analysis.motion import GRID_HZ, Motion
from sensor.arrivals import MarkerEdge
from sensor.markers import Label
from sensor.samples import THIGHS, Floats
from sensor.wearer import Wearer

PASSING = frozenset({"walk", "lying_press"})
APART = frozenset({"check", "walk", "lying_press", "wrap"})  # the knees do not touch, however near


FEW = 256
UNKNOWN = (np.full(STATES, np.nan), np.full((STATES, STATES), np.nan), False)


@dataclass(frozen=True, slots=True)
class GapParams:
    """Parameters of the gap's parts, and sizes of a person who did not give them."""

    creep: CreepParams = field(default_factory=CreepParams)
    touches: TouchParams = field(default_factory=TouchParams)
    calibration: GapCalibrationParams = field(default_factory=GapCalibrationParams)
    filter: GapFilterParams = field(default_factory=GapFilterParams)
    femur_m: float = 0.42
    hip_width_m: float = 0.18
    knee_width_m: float = 0.10


class GapStage:
    """Motion and markers to the gap; with `keep` it can also give the smoothed gap of everything."""

    def __init__(
        self,
        wearer: Wearer | None,
        params: GapParams,
        exercise: str | None = None,
        prior: Learned | None = None,
        *,
        keep: bool = False,
    ) -> None:
        """`prior` is what earlier sessions taught of this wearer with this cord."""
        self._p = params
        self._prior = prior
        self._touches = TouchEvidence(params.touches)
        self._relaxation = FlexRelaxation(params.creep, 1 / TICK_S)
        self._raised = RaisedThigh()
        self._slips = SlipMemory(params.filter.slow_slip_s, params.filter.stay_s)
        self._taped = taped_geometry(wearer, params)
        direct = (self._relaxation.direct, self._relaxation.direct_per_amount)
        self._sizes = Sizes(self._taped, direct, PASSING_SD_M if exercise in PASSING else LONE_CORD_SD_M)
        self._told = nothing_known(1)  # of the slow errors, after the last tick
        self._following: Following | None = None
        self._start: Following | None = None  # where the last calibration put it
        self._can_touch = exercise not in APART
        self._open: list[FastRows] = []  # rows of the tick that is not full yet
        self._edges: list[MarkerEdge] = []
        self._spans: list[KnownGap] = []
        self._ticks: list[Ticks] = []
        self._kept: list[FastRows] | None = [] if keep else None

    def push(self, motion: Motion, slips: Sequence[Slip] = ()) -> GapChannels:
        """The gap at the rows of `motion`; `slips` are those that these rows show."""
        self._edges += [e for e in motion.edges if _matters(e)]
        self._slips.push(slips)
        fast = self._fast(motion)
        if self._kept is not None:
            self._kept.append(fast)
        before = sum(map(len, self._open))
        self._open.append(fast)
        n = before + len(fast)
        lead = -round(self._open[0].time_s[0] * GRID_HZ) % ROWS if n else 0  # the first tick of all may be cut short
        full = max(n - lead, 0) // ROWS
        if not full:
            self._open = self._open if n else []
            return channels(fast, self._told.take(np.zeros(len(fast), dtype=np.int64)), self._sizes)
        held = self._open[0] if len(self._open) == 1 else join_rows(self._open)
        slow = self._follow(held.take(slice(lead, lead + full * ROWS)))
        self._open = [held.take(slice(lead + full * ROWS, None))] if n > lead + full * ROWS else []
        of_tick = np.concatenate([np.zeros(lead, dtype=np.int64), np.repeat(np.arange(full + 1), ROWS)])
        return channels(fast, slow.take(of_tick[before:n]), self._sizes)

    def corrections(self) -> tuple[Correction, ...]:
        """What the live gap was corrected by since the last call."""
        known = None if self._following is None else self._following.corrections
        return () if known is None else known.taken()

    def learned(self) -> Learned | None:
        """What this session taught up to now; None before a calibration."""
        return None if self._following is None else learned(self._following.errors)

    def finish(self) -> GapChannels:
        """Nothing more is known."""
        return channels(no_rows(), nothing_known(0), self._sizes)

    def smoothed(self, slips: Sequence[Slip] = ()) -> GapChannels:
        """The gap of all rows pushed, each from everything before and after it; `slips` as measured. Needs `keep`."""
        fast = join_rows(self._kept) if self._kept else no_rows()
        record = self._looked_back(slips)
        if record is None or not record.time_s:
            return channels(fast, nothing_known(len(fast)), self._sizes)
        errors = smoothed(record)
        rows = np.rint((errors.time_s - fast.time_s[0]) * GRID_HZ).astype(np.int64) - 1
        steps = slow_rows(errors, self._memory_at(errors.time_s), fast.take(rows), self._sizes, nothing_known(1))
        slow = between_steps(steps, errors.time_s, fast.time_s, self._memory_at(fast.time_s))
        slow = replace(slow, touching=np.maximum(slow.touching, self._marked(fast.time_s)))
        return channels(fast, slow, self._sizes)

    def _marked(self, time_s: Floats) -> Floats:
        """1 at the times of a marked touch, however lightly the knees touched."""
        inside = np.zeros(len(time_s))
        for span in self._spans:
            if span.gap_m <= self._p.calibration.touch_gap_m:
                inside[(time_s >= span.start_s) & (time_s < span.end_s)] = 1.0
        return inside

    def _looked_back(self, slips: Sequence[Slip]) -> FilterRecord | None:
        start, live = self._start, self._following
        if start is None or live is None or live.nearness is None:
            return None
        ticks = join_ticks(self._ticks)
        after = ticks.take(slice(int(np.searchsorted(ticks.time_s, start.noted_s, side="right")), None))
        p = self._p
        return looked_back(start, after, live.nearness, SlipSpans(slips, p.filter.slip_margin_s), p.touches.change_odds)

    def _memory_at(self, time_s: Floats) -> Floats:
        ticks = join_ticks(self._ticks)
        return np.stack([np.interp(time_s, ticks.time_s, m) for m in (ticks.memory, ticks.memory_per_amount)])

    def _follow(self, rows: FastRows) -> SlowRows:
        """What was known before each tick of whole ticks' `rows` and, last, after all of them (T + 1)."""
        ticks = ticks_of(rows, self._touches, self._relaxation)
        self._ticks.append(ticks)
        if len(self._ticks) > FEW:  # a few numbers each take far more room than in one piece
            self._ticks = [join_ticks(self._ticks)]
        states: list[tuple[Floats, Floats, bool]] = []
        for i, values in enumerate(zip(*(column.tolist() for column in ticks.columns()), strict=True)):
            stepped = self._step(values[0], values[1:])
            while self._edges and self._edges[0].time_s <= values[0] - 1 / GRID_HZ:  # the tick's last row
                self._learn(self._edges.pop(0), len(ticks) - 1 - i)
                stepped = True
            states.append(self._state() if stepped or not states else states[-1])
        x, p, touching = (np.array(column) for column in zip(*states, strict=True))
        memory = np.stack([ticks.memory, ticks.memory_per_amount])
        errors = SlowErrors(ticks.time_s, x, p, touching.astype(np.float64))
        told = slow_rows(errors, memory, rows.take(slice(ROWS - 1, None, ROWS)), self._sizes, self._told)
        slow = join_slow([self._told, told])
        self._told = told.take(np.array([-1]))
        return slow

    def _state(self) -> tuple[Floats, Floats, bool]:
        if self._following is None:
            return UNKNOWN
        e = self._following.errors
        return e.x.copy(), e.p.copy(), e.touching

    def _step(self, end_s: float, values: tuple[float, ...]) -> bool:
        f = self._following
        return f is not None and f.step(end_s, values, self._slips, can_touch=self._can_touch)

    def _learn(self, edge: MarkerEdge, after: int) -> None:
        """A touch or spacer ended: fit all of them again; `after` ticks lie beyond it. Or an exercise began."""
        if edge.marker.label == Label.EXERCISE:
            self._can_touch = edge.marker.value not in APART
            return
        span = known_gap(edge, self._p.calibration)
        if span is None:
            return
        ticks = join_ticks(self._ticks)
        ticks = ticks.take(slice(0, len(ticks) - after))
        if self._spans and self._rose(ticks, span):
            return
        self._spans.append(span)
        errors = calibrated(ticks, tuple(self._spans), self._taped, self._p.calibration, self._prior)
        if errors is not None:
            nearness = Nearness() if self._kept is not None else None
            self._following = Following(
                errors,
                float(ticks.time_s[-1]),
                self._taped,
                self._p.filter,
                nearness,
                corrections=Corrections(float(ticks.time_s[-1])),
            )
            self._start = self._following.beginning()

    def _rose(self, ticks: Ticks, span: KnownGap) -> bool:
        """Whether the thighs lie otherwise than in the first span: then its errors are others (see `check`)."""
        p = self._p.calibration
        first, now = (is_steep(ticks.between(s.start_s, s.end_s), p) for s in (self._spans[0], span))
        return first != now

    def _fast(self, motion: Motion) -> FastRows:
        left, right = (motion.segments[p] for p in THIGHS)
        to_left, to_right = self._raised.push(*thigh_directions(left, right))
        flex_left = np.isfinite(left.flex)
        return FastRows(
            motion.time_s,
            to_left.ahead * np.conj(to_right.ahead),
            to_left.reach,
            to_right.reach,
            np.minimum(left.measured, right.measured),
            np.column_stack((vertical_rate_rad_s(left), vertical_rate_rad_s(right))),
            knees_askew(to_left, to_right),
            np.maximum(to_left.up, to_right.up),
            np.column_stack((to_left.rolled, to_right.rolled)),
            np.where(flex_left, left.temperature_c, right.temperature_c),
            np.where(np.isfinite(left.range_m), left.range_m, right.range_m),
            np.where(flex_left, left.flex, right.flex),
        )


def _matters(edge: MarkerEdge) -> bool:
    label = edge.marker.label
    return (label == Label.EXERCISE and not edge.closed) or (edge.closed and label in (Label.TOUCH, Label.SPACER))


def taped_geometry(wearer: Wearer | None, params: GapParams) -> Geometry:
    """The wearer's taped sizes, a usual person's where they are missing."""
    femur_m = wearer.femur_m if wearer else params.femur_m
    hip_m = wearer.hip_width_m if wearer and wearer.hip_width_m is not None else params.hip_width_m
    knee_m = wearer.knee_width_m if wearer and wearer.knee_width_m is not None else params.knee_width_m
    return Geometry(femur_m, hip_m - knee_m)


def known_gap(edge: MarkerEdge, p: GapCalibrationParams) -> KnownGap | None:
    """The span in which `edge` says the gap; None where a spacer has no width."""
    m = edge.marker
    if m.label == Label.TOUCH:
        return KnownGap(m.start_s, m.end_s, p.touch_gap_m, p.touch_sd_m)
    try:
        return KnownGap(m.start_s, m.end_s, float(m.value) / 1000, p.spacer_sd_m)
    except ValueError:
        return None
