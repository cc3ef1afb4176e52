"""How the thighs lie to gravity and how they move, ten times a second: what postures and repetitions are told from.

Invariant: tick n holds the rows [n * ROWS, (n + 1) * ROWS) of the 50 Hz grid, wherever blocks were cut; a tick in which
a strap has a hole is NaN there.
"""

from dataclasses import dataclass

import numpy as np

from analysis.gap.heading import vertical_rate_rad_s
from analysis.motion import GRID_HZ, Motion, SegmentMotion
from analysis.quaternion import up_in_segment
from analysis.results import GapSeries
from sensor.samples import THIGHS, Floats, Placement

ROWS = 5
TICK_S = ROWS / GRID_HZ

THIGH_COLUMNS = 5
GAP, GAP_SD = 2 * THIGH_COLUMNS, 2 * THIGH_COLUMNS + 1
PELVIS = slice(GAP_SD + 1, GAP_SD + 4)
FLEX = GAP_SD + 4
COLUMNS = FLEX + 1


@dataclass(frozen=True, slots=True)
class ThighTicks:
    """One thigh: `up` in its axes, turn rates about everything (root mean square) and about the vertical."""

    up: Floats  # (M, 3)
    turn_rad_s: Floats  # (M,)
    yaw_rad_s: Floats  # (M,)


@dataclass(frozen=True, slots=True)
class BodyTicks:
    """Means over ticks that end at `end_s`; `pelvis_up` is in the axes of that strap, `flex` in raw counts."""

    end_s: Floats  # (M,)
    left: ThighTicks
    right: ThighTicks
    gap_m: Floats  # (M,)
    gap_sd_m: Floats  # (M,)
    pelvis_up: Floats  # (M, 3)
    flex: Floats  # (M,)

    def __len__(self) -> int:
        return len(self.end_s)


class BodyTickStage:
    """Motion and the gap on the same rows to ticks."""

    def __init__(self) -> None:
        self._open = np.empty((0, COLUMNS))
        self._next_row: int | None = None

    def push(self, motion: Motion, gap: GapSeries) -> BodyTicks:
        """Ticks that these rows complete."""
        if not len(motion):
            return _ticks(self._open[:0], 0)
        rows = _columns(motion, gap)
        if self._next_row is None:
            first = round(float(motion.time_s[0]) * GRID_HZ)
            rows = rows[-first % ROWS :]
            self._next_row = first + (-first % ROWS)
        held = np.concatenate([self._open, rows]) if len(self._open) else rows
        full = len(held) // ROWS
        self._open = held[full * ROWS :]
        ticks = _ticks(held[: full * ROWS], self._next_row)
        self._next_row += full * ROWS
        return ticks


def _columns(motion: Motion, gap: GapSeries) -> Floats:
    rows = np.full((len(motion), COLUMNS), np.nan)
    for i, placement in enumerate((Placement.LEFT_THIGH, Placement.RIGHT_THIGH)):
        thigh = motion.segments.get(placement)
        if thigh is not None:
            _fill_thigh(rows[:, i * THIGH_COLUMNS : (i + 1) * THIGH_COLUMNS], thigh)
    pelvis = motion.segments.get(Placement.PELVIS)
    if pelvis is not None:
        rows[:, PELVIS] = up_in_segment(pelvis.q_earth_from_segment)
    left, right = (motion.segments[p].flex for p in THIGHS)
    rows[:, FLEX] = np.where(np.isfinite(left), left, right)
    rows[:, GAP], rows[:, GAP_SD] = gap.gap_m, gap.sd_m
    return rows


def _fill_thigh(rows: Floats, thigh: SegmentMotion) -> None:
    g = thigh.gyr_rad_s
    rows[:, :3] = up_in_segment(thigh.q_earth_from_segment)
    rows[:, 3] = g[:, 0] * g[:, 0] + g[:, 1] * g[:, 1] + g[:, 2] * g[:, 2]
    rows[:, 4] = vertical_rate_rad_s(thigh)


def _ticks(rows: Floats, first_row: int) -> BodyTicks:
    m = len(rows) // ROWS
    mean = rows.reshape(m, ROWS, COLUMNS).mean(axis=1) if m else np.empty((0, COLUMNS))
    end_s = (first_row + ROWS * np.arange(1, m + 1)) / GRID_HZ
    left, right = (mean[:, i * THIGH_COLUMNS : (i + 1) * THIGH_COLUMNS] for i in (0, 1))
    return BodyTicks(
        end_s, _thigh_ticks(left), _thigh_ticks(right), mean[:, GAP], mean[:, GAP_SD], mean[:, PELVIS], mean[:, FLEX]
    )


def _thigh_ticks(mean: Floats) -> ThighTicks:
    return ThighTicks(mean[:, :3], np.sqrt(mean[:, 3]), mean[:, 4])
