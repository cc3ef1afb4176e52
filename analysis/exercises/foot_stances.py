"""When a foot with a strap stands flat, and which way it went in between.

Invariant: a stance is told from rows up to its event alone; nothing is assumed of how the strap sits on the foot.
The zero-velocity method: between two stances the velocity starts and ends at zero, so that the doubly integrated
acceleration, freed of its linear drift, gives the way of the stride.
"""

from dataclasses import dataclass

import numpy as np

from analysis.motion import GRID_HZ, SegmentMotion
from analysis.quaternion import conjugate, normalized, rotate, up_in_segment
from sensor.samples import Floats

G_M_S2 = 9.81
DT_S = 1 / GRID_HZ
Q, GYR, ACC, MEASURED = slice(1, 5), slice(5, 8), slice(8, 11), 11
COLUMNS = 12


@dataclass(frozen=True, slots=True)
class StanceParams:
    """How slowly a standing foot turns, how long stances and strides last, and how many rows may be bridged in one.

    Each hole is bridged by itself: a lost packet leaves one of `hole_max` rows; `holes_max` is three of them.
    """

    flat_rad_s: float = 1.0
    flat_min_s: float = 0.14
    swing_min_s: float = 0.1
    window_s: float = 0.6
    standing_s: float = 1.2
    stride_max_s: float = 2.5
    swing_rad_s: float = 1.8
    way_min_m: float = 0.15
    hole_max: int = 3
    holes_max: int = 9
    lean_max_rad: float = 0.1


@dataclass(frozen=True, slots=True)
class Stride:
    """From one stance to the next: `turning` (3, 3) is the sum of the turn rate's outer products.

    `at_start`, `at_end` (3,) are the horizontal unit way in strap axes in the middle of both stances; `way_m` is its
    length; NaN where samples were lost between.
    """

    at_start: Floats
    at_end: Floats
    turning: Floats
    way_m: float


LOST = Stride(np.full(3, np.nan), np.full(3, np.nan), np.zeros((3, 3)), np.nan)


@dataclass(frozen=True, slots=True)
class Landing:
    """A foot has come to stand at `start_s`; `up` (3,) in strap axes; `stride` led to it, None without one."""

    start_s: float
    up: Floats
    stride: Stride | None


@dataclass(frozen=True, slots=True)
class TakeOff:
    """A foot that stood since `start_s` begins to swing at `end_s`."""

    start_s: float
    end_s: float


def foot_rows(time_s: Floats, foot: SegmentMotion) -> Floats:
    """Rows (N, 12): time, orientation, turn rate, acceleration, measured."""
    return np.column_stack(
        [time_s, foot.q_earth_from_segment, foot.gyr_rad_s, foot.acc_m_s2, np.nan_to_num(foot.measured)]
    )


class FootStances:
    """Rows of one foot to landings and take-offs, in order."""

    def __init__(self, params: StanceParams | None = None) -> None:
        self._p = params or StanceParams()
        self._rows = np.empty((0, COLUMNS))  # the last few seconds
        self._first = 0  # number of the first of them
        self._seen = 0  # rows looked at
        self._flat_from: int | None = None  # row at which the foot became flat
        self._swing_from: int | None = None  # row at which it stopped being flat
        self._landed = False
        self._origin: tuple[int, int] | None = None  # rows of the stance a stride began at
        self._fast = False  # a real swing since then
        self._leaves_fast = False  # the same of a swing that may just begin
        self._zero_s: float | None = None  # time of row 0

    def push(self, rows: Floats) -> list[Landing | TakeOff]:
        """What these rows make known."""
        if self._zero_s is None and len(rows):
            self._zero_s = float(rows[0, 0])
        self._rows = np.concatenate([self._rows, rows]) if len(self._rows) else rows
        turn = np.sqrt(np.einsum("ni,ni->n", rows[:, GYR], rows[:, GYR]))
        flat = turn < self._p.flat_rad_s
        # What was lost may have been a swing.
        swings = (turn > self._p.swing_rad_s) | (rows[:, MEASURED] < 1)
        events: list[Landing | TakeOff] = []
        edges = np.flatnonzero(np.diff(flat)) + 1
        for at, end in zip([0, *edges.tolist()], [*edges.tolist(), len(rows)], strict=True):
            if end > at:
                fast = bool(swings[at:end].any())
                events += self._run(flat=bool(flat[at]), start=self._seen + at, end=self._seen + end, fast=fast)
        self._seen += len(rows)
        self._trim()
        return events

    def _run(self, *, flat: bool, start: int, end: int, fast: bool) -> list[Landing | TakeOff]:
        """Rows [start, end) are all flat or all not; a run goes on from the block before."""
        return self._flat_run(start, end) if flat else self._swing_run(start, end, fast=fast)

    def _flat_run(self, start: int, end: int) -> list[Landing | TakeOff]:
        if self._flat_from is None:
            self._flat_from, self._landed = start, False
        self._swing_from, self._leaves_fast = None, False  # what was not flat before was a flicker within a stance
        due = self._flat_from + round(self._p.window_s * GRID_HZ)
        if not self._landed and end >= due:
            return [self._land(due)]
        return []

    def _swing_run(self, start: int, end: int, *, fast: bool) -> list[Landing | TakeOff]:
        if self._flat_from is None:
            self._fast = self._fast or fast
            return []
        self._swing_from = start if self._swing_from is None else self._swing_from
        self._leaves_fast = self._leaves_fast or fast
        if not self._landed and self._swing_from - self._flat_from < self._p.flat_min_s * GRID_HZ:
            self._flat_from, self._fast = None, self._fast or fast
            return []
        if end - self._swing_from < self._p.swing_min_s * GRID_HZ - 1e-9:
            return []
        return self._leave(self._flat_from, self._swing_from)

    def _leave(self, start: int, end: int) -> list[Landing | TakeOff]:
        """The foot that stood in rows [start, end) swings."""
        landing = [] if self._landed else [self._land(end)]
        window = round(self._p.window_s * GRID_HZ)
        self._origin = (max(start, end - window), end)
        self._flat_from, self._fast = None, self._leaves_fast
        return [*landing, TakeOff(self._time_s(start), self._time_s(end))]

    def _land(self, end: int) -> Landing:
        start = self._flat_from if self._flat_from is not None else end
        stance = self._between(start, end)
        up = up_in_segment(stance[:, Q]).mean(axis=0)
        stride = self._stride((start, end))
        self._landed = True
        return Landing(self._time_s(start), up, stride)

    def _stride(self, landing: tuple[int, int]) -> Stride | None:
        origin = self._origin
        if origin is None or not self._fast or landing[0] - origin[1] > self._p.stride_max_s * GRID_HZ:
            return None
        if origin[0] < self._first:
            return None
        middle = [(o[0] + o[1]) // 2 for o in (origin, landing)]
        rows = self._between(middle[0], middle[1] + 1)
        if self._lost(rows[:, MEASURED]):
            return LOST
        ends = [
            rotate(stance[:, Q], stance[:, ACC]).mean(axis=0)
            for stance in (self._between(*origin), self._between(*landing))
        ]
        lean = upright(len(rows), ends[0], ends[1])
        if np.abs(lean[[0, -1]]).max() > self._p.lean_max_rad:
            return LOST
        way = way_m(rows, lean)
        length_m = float(np.hypot(way[0], way[1]))
        if not length_m > self._p.way_min_m:
            return LOST
        ahead = np.array([way[0], way[1], 0.0]) / length_m
        turning = np.einsum("ni,nj->ij", rows[:, GYR], rows[:, GYR])
        return Stride(self._seen_from(origin, ahead), self._seen_from(landing, ahead), turning, length_m)

    def _lost(self, measured: Floats) -> bool:
        """Whether more of a stride was lost than can be bridged."""
        known = np.flatnonzero(np.concatenate([[1.0], measured, [1.0]]) >= 1)
        longest = int(np.diff(known).max()) - 1
        return longest > self._p.hole_max or len(measured) - (len(known) - 2) > self._p.holes_max

    def _seen_from(self, stance: tuple[int, int], ahead: Floats) -> Floats:
        """`ahead` (3,) of the earth in strap axes, the mean over a stance."""
        return rotate(conjugate(self._between(*stance)[:, Q]), ahead).mean(axis=0)

    def _between(self, start: int, end: int) -> Floats:
        return self._rows[max(start - self._first, 0) : end - self._first]

    def _time_s(self, row: int) -> float:
        return (self._zero_s or 0.0) + row * DT_S

    def _trim(self) -> None:
        keep = self._seen - round((self._p.stride_max_s + 2 * self._p.standing_s + 1.0) * GRID_HZ)
        if keep > self._first + len(self._rows) // 2 and keep > self._first:
            self._rows = self._rows[keep - self._first :].copy()
            self._first = keep


def upright(n: int, start: Floats, end: Floats) -> Floats:
    """Small turns (n, 3) that bring the mean acceleration (3,) of both stances upright, changing evenly between."""
    lean = [np.cross(normalized(a), [0.0, 0.0, 1.0]) for a in (start, end)]
    part = np.linspace(0.0, 1.0, n)[:, None]
    return lean[0] + part * (lean[1] - lean[0])


def way_m(rows: Floats, lean: Floats) -> Floats:
    """Way (3,) of a foot that stands at both ends of `rows` (N, 12), whose frames are turned by `lean` (N, 3)."""
    turned = rotate(rows[:, Q], rows[:, ACC])
    twice = 2 * np.cross(lean / 2, turned) / (1 + np.einsum("ni,ni->n", lean, lean) / 4)[:, None]
    acc = turned + twice + np.cross(lean / 2, twice)
    acc[:, 2] -= G_M_S2
    velocity = np.cumsum(acc, axis=0) * DT_S
    velocity -= np.linspace(0, 1, len(velocity))[:, None] * velocity[-1]
    return velocity.sum(axis=0) * DT_S
