"""Planned courses of many channels: sums of minimum-jerk moves.

Invariant: the value at a time depends only on the moves planned, never on when or how often it was asked for.
Minimum jerk (Flash and Hogan 1985) is how people move a limb from rest to rest.
"""

from dataclasses import dataclass

import numpy as np

from sensor.samples import Floats


@dataclass(frozen=True, slots=True)
class Move:
    """A change of one channel by `delta` between `start_s` and `start_s + duration_s`."""

    channel: int
    start_s: float
    duration_s: float
    delta: float


def minimum_jerk(x: Floats) -> Floats:
    """From 0 at x <= 0 to 1 at x >= 1."""
    s = np.minimum(np.maximum(x, 0.0), 1.0)
    return s * s * s * (10.0 + s * (6.0 * s - 15.0))


class Course:
    """The planned values of a fixed number of channels over time."""

    def __init__(self, start: Floats) -> None:
        self._base = start.copy()
        self._goal = start.copy()
        self._moves: list[Move] = []

    def goal(self, channel: int) -> float:
        """Where the channel comes to rest after all that is planned."""
        return float(self._goal[channel])

    def to(self, channel: int, target: float, start_s: float, duration_s: float) -> None:
        """Plan a move that brings the channel to rest at `target`."""
        self.by(channel, target - self.goal(channel), start_s, duration_s)

    def by(self, channel: int, delta: float, start_s: float, duration_s: float) -> None:
        """Plan a move by `delta` on top of what is planned."""
        if delta != 0.0:
            self._moves.append(Move(channel, start_s, max(duration_s, 1e-3), delta))
            self._goal[channel] += delta

    def forget_from(self, time_s: float) -> None:
        """Give up every move that has not begun by then; those under way are finished."""
        self._moves = [m for m in self._moves if m.start_s < time_s]
        self._goal = self._base.copy()
        for move in self._moves:
            self._goal[move.channel] += move.delta

    def values(self, time_s: Floats) -> Floats:
        """The channels (n, channels) at rising times (n,); later calls may not go back before the first of them."""
        self._settle(float(time_s[0]))
        out = np.empty((len(time_s), len(self._base)))
        out[:] = self._base
        last = float(time_s[-1])
        for move in self._moves:
            if move.start_s < last:
                out[:, move.channel] += move.delta * minimum_jerk((time_s - move.start_s) * (1.0 / move.duration_s))
        return out

    def _settle(self, time_s: float) -> None:
        # A channel's moves are folded in their order and only up to the first unfinished one, because sums of
        # floats depend on their order and the result must not depend on when it is asked for.
        kept: list[Move] = []
        blocked: set[int] = set()
        for move in self._moves:
            if move.channel in blocked or (time_s - move.start_s) * (1.0 / move.duration_s) < 1.0:
                blocked.add(move.channel)
                kept.append(move)
            else:
                self._base[move.channel] += move.delta
        self._moves = kept
