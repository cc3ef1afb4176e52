"""The final gap's slow errors: what the filter held, looked at again from the end (Rauch, Tung and Striebel)."""

from dataclasses import dataclass, field

import numpy as np

from analysis.gap.gap_filter import HEADING, RATE, SHIFTS, STATES, Errors
from sensor.samples import Floats


@dataclass(slots=True)
class FilterRecord:
    """States (T, STATES) and covariances of the filter at its steps, before and after their measurements."""

    time_s: list[float] = field(default_factory=list[float])
    since_s: list[float] = field(default_factory=list[float])
    touching: list[bool] = field(default_factory=list[bool])
    shifted: list[float] = field(default_factory=list[float])
    before: list[Floats] = field(default_factory=list["Floats"])
    p_before: list[Floats] = field(default_factory=list["Floats"])
    after: list[Floats] = field(default_factory=list["Floats"])
    p_after: list[Floats] = field(default_factory=list["Floats"])

    def note_before(self, e: Errors) -> None:
        """Keeps the state before a step's measurements."""
        self.before.append(e.x.copy())
        self.p_before.append(e.p.copy())

    def note_after(self, e: Errors, time_s: float, since_s: float) -> None:
        """Keeps the state after them."""
        self.time_s.append(time_s)
        self.since_s.append(since_s)
        self.touching.append(e.touching)
        self.shifted.append(e.shifted)
        self.after.append(e.x.copy())
        self.p_after.append(e.p.copy())


@dataclass(frozen=True, slots=True)
class SlowErrors:
    """States (T, STATES) and covariances (T, STATES, STATES) at times (T,), and whether the knees touched."""

    time_s: Floats
    x: Floats
    p: Floats
    touching: Floats


def smoothed(record: FilterRecord) -> SlowErrors:
    """The states given everything that was measured, before and after."""
    x, p = np.array(record.after), np.array(record.p_after)
    x_next, p_next = np.array(record.before)[1:], np.array(record.p_before)[1:]
    gains = _gains(p[:-1], p_next, np.array(record.since_s)[1:], np.array(record.shifted)[1:])
    for k in range(len(x) - 2, -1, -1):
        gain = gains[k]
        x[k] += gain @ (x[k + 1] - x_next[k])
        p[k] += gain @ (p[k + 1] - p_next[k]) @ gain.T
    return SlowErrors(np.array(record.time_s), x, p, np.array(record.touching, dtype=np.float64))


def _gains(p: Floats, p_next: Floats, since_s: Floats, shifted: Floats) -> Floats:
    """P F' / P_next (T - 1, STATES, STATES), solved in units of each state's standard deviation."""
    moved = p.copy()
    moved[:, :, HEADING] += since_s[:, None] * p[:, :, RATE]
    for state, shift in SHIFTS:
        moved[:, :, state] += shifted[:, None] * p[:, :, shift]
    sd = np.sqrt(np.einsum("tii->ti", p_next))
    even = p_next / sd[:, :, None] / sd[:, None, :] + 1e-12 * np.eye(STATES)
    solved = np.linalg.solve(even, np.swapaxes(moved / sd[:, None, :], 1, 2))
    return np.swapaxes(solved, 1, 2) / sd[:, None, :]
