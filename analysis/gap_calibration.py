"""What touch and spacer teach: heading error, size of the body, and the cord's curve, in one least-squares fit."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from analysis.flex import FlexCurve
from analysis.gap_ticks import Ticks
from analysis.heading import Geometry, wrapped
from sensor.samples import Floats

STEEP_REACH = 1.2  # sum of both horizontal reaches, femur lengths
PARAMETERS = 7
HEADING, RATE, SCALE, FLOOR, SPAN, LENGTH, OFFSET = range(PARAMETERS)


@dataclass(frozen=True, slots=True)
class CalibrationParams:
    """What is known before, and how well the calibration movements fix it."""

    touch_gap_m: float = 0.0007
    touch_sd_m: float = 0.0007
    spacer_sd_m: float = 0.0015
    femur_sd: float = 0.028
    rate_sd_rad_s: float = 5e-4
    span_counts: float = 1500.0
    span_sd_counts: float = 1000.0
    length_m: float = 0.16
    length_log_sd: float = 0.35
    flex_sd_counts: float = 12.0
    moving_sd_counts: float = 60.0
    lead_s: float = 0.5
    trail_s: float = 0.2
    level_offset_sd_m: float = 0.001
    steep_offset_sd_m: float = 0.06
    steep_heading_sd_rad: float = 0.15

    def offset_sd_m(self, touch: Ticks) -> float:
        """How unsure the frontal-plane angles of the mountings leave the gap; level, the heading holds it all."""
        return self.steep_offset_sd_m if steep(touch) else self.level_offset_sd_m

    def heading_sd_rad(self, touch: Ticks) -> float:
        """How unsure the relative heading is before the touch; steep thighs stand straight."""
        return self.steep_heading_sd_rad if steep(touch) else 1.0


def steep(ticks: Ticks) -> bool:
    """Whether the thighs of these ticks are steep, as in standing."""
    left, right = ticks.reaches()
    return float(np.nanmean(np.abs(left) + np.abs(right))) < STEEP_REACH


@dataclass(frozen=True, slots=True)
class Calibrated:
    """Errors at `time_s` with the covariance (3, 3) of heading, rate and offset; geometry; the curve of a cord."""

    time_s: float
    heading_rad: float
    rate_rad_s: float
    offset_m: float
    heading_covariance: Floats
    geometry: Geometry
    curve: FlexCurve | None
    steep: bool


@dataclass(frozen=True, slots=True)
class KnownGap:
    """A span of session time in which the gap is known."""

    start_s: float
    end_s: float
    gap_m: float
    sd_m: float


def calibrated(
    ticks: Ticks, known: tuple[KnownGap, ...], geometry: Geometry, p: CalibrationParams
) -> Calibrated | None:
    """Fit of everything that `known` spans and the movement between them teach; None without any usable tick."""
    seen = [(k, ticks.between(k.start_s + p.lead_s, k.end_s - p.trail_s)) for k in known]
    seen = [(k, t) for k, t in seen if np.isfinite(t.relative_rad).any()]
    if not seen:
        return None
    first, touch = seen[0]
    end_s = float(ticks.time_s[-1])
    start = np.zeros(PARAMETERS)
    start[HEADING] = heading_error(touch, geometry, first.gap_m)
    flexed = np.isfinite(touch.static_counts).any()
    start[FLOOR] = float(np.nanmean(touch.static_counts)) if flexed else 0.0
    start[SPAN], start[LENGTH] = p.span_counts, np.log(p.length_m)
    moving = ticks.between(first.start_s, end_s)
    prior_sd = np.array(
        [
            p.heading_sd_rad(touch),
            p.rate_sd_rad_s,
            p.femur_sd,
            1e3,
            p.span_sd_counts,
            p.length_log_sd,
            p.offset_sd_m(touch),
        ]
    )

    def gap(x: Floats, t: Ticks) -> Floats:
        error = x[HEADING] + x[RATE] * (t.time_s - end_s)
        scaled = Geometry(geometry.femur_m * float(np.exp(x[SCALE])), geometry.between_m + float(x[OFFSET]))
        return scaled.gap_m(*t.reaches(), wrapped(t.relative_rad - error))

    def residuals(x: Floats) -> Floats:
        parts: list[Floats] = [(x - start) / prior_sd]
        for k, t in seen:
            parts.append(np.atleast_1d((np.nanmean(gap(x, t)) - k.gap_m) / k.sd_m))
            if flexed:
                expected = counts(x, np.array([k.gap_m]))
                parts.append((np.nanmean(t.static_counts) - expected) / p.flex_sd_counts)
        if flexed:
            off = (moving.static_counts - counts(x, np.maximum(gap(x, moving), 0.0))) / p.moving_sd_counts
            off = off[np.isfinite(off)]
            parts.append(np.sign(off) * (np.sqrt(1 + 2 * np.abs(off)) - 1))
        return np.concatenate(parts)

    x, covariance = gauss_newton(residuals, start, prior_sd * 1e-3)
    c = covariance[np.ix_([FLOOR, SPAN, LENGTH], [FLOOR, SPAN, LENGTH])]
    terms = tuple(tuple(float(v) for v in row) for row in c)
    curve = FlexCurve(float(x[FLOOR]), float(x[SPAN]), float(np.exp(x[LENGTH])), terms) if flexed else None
    return Calibrated(
        end_s,
        float(x[HEADING]),
        float(x[RATE]),
        float(x[OFFSET]),
        covariance[np.ix_([HEADING, RATE, OFFSET], [HEADING, RATE, OFFSET])],
        Geometry(geometry.femur_m * float(np.exp(x[SCALE])), geometry.between_m),
        curve,
        steep(touch),
    )


def heading_error(touch: Ticks, geometry: Geometry, gap_m: float) -> float:
    """Relative heading at a touch less the one that the geometry asks for there; steep thighs tell nothing of it."""
    left, right = (complex(np.nanmean(r)) for r in touch.reaches())
    seen = float(np.angle(np.nanmean(np.exp(1j * touch.relative_rad))))
    if abs(left) + abs(right) < STEEP_REACH:
        return seen
    asks = (gap_m - geometry.between_m) / (geometry.femur_m * (abs(left) + abs(right)))
    return seen - 2 * float(np.arcsin(np.clip(asks, -1, 1))) + float(np.angle(left)) - float(np.angle(right))


def counts(x: Floats, gap_m: Floats) -> Floats:
    """Static counts of the cord with the parameters `x`."""
    return x[FLOOR] + x[SPAN] * (1 - np.exp(-gap_m / np.exp(x[LENGTH])))


def gauss_newton(
    residuals: Callable[[Floats], Floats], start: Floats, step: Floats, rounds: int = 8
) -> tuple[Floats, Floats]:
    """Least-squares solution near `start` and its covariance; derivatives by differences of `step`."""
    x = start.copy()
    normal = np.eye(len(x))
    for _ in range(rounds):
        at = residuals(x)
        jacobian = np.stack(
            [(residuals(x + step * unit) - at) / s for unit, s in zip(np.eye(len(x)), step, strict=True)], 1
        )
        normal = np.einsum("ni,nj->ij", jacobian, jacobian)
        x = x - np.linalg.solve(normal, np.einsum("ni,n->i", jacobian, at))
    return x, np.linalg.inv(normal)
