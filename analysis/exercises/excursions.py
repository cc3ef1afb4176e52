"""A signal that leaves its rest and comes back: the shape that most repetitions have.

Invariant: an excursion is told when it is over, from values up to then; its rest is the value before it. What is still
on its way back from one begins none.
"""

from dataclasses import dataclass
from itertools import pairwise
from math import isnan


@dataclass(frozen=True, slots=True)
class ExcursionParams:
    """`leave` starts an excursion, `least` makes it count; it starts and ends at `share` of its `peak` above rest."""

    leave: float
    least: float
    share: float
    longest_s: float
    rest_tau_s: float = 2.0
    below_tau_s: float = 0.5


@dataclass(frozen=True, slots=True)
class Excursion:
    """One way out and back; `whole` is False where values are missing inside."""

    start_s: float
    end_s: float
    rest: float
    peak: float
    whole: bool


class Excursions:
    """Follows one signal tick by tick."""

    def __init__(self, params: ExcursionParams, tick_s: float) -> None:
        self._p = params
        self._tick_s = tick_s
        self.reset()

    def reset(self) -> None:
        """Forgets the rest value and what is on."""
        self._rest = float("nan")
        self._track: list[tuple[float, float]] = []
        self._peak = 0.0
        self._whole = True
        self._returns_under = 0.0  # way under which what ended is still on its way back
        self.out = False

    @property
    def rest(self) -> float:
        """The value at rest, NaN before the first."""
        return self._rest

    @property
    def amount(self) -> float:
        """Largest way from rest of what is on, 0 at rest."""
        return self._peak if self.out else 0.0

    @property
    def since_s(self) -> float:
        """When what is on began to leave its rest, NaN at rest."""
        return self._track[0][0] if self.out else float("nan")

    @property
    def held_s(self) -> float:
        """For how long what is on has been past `share` of its peak so far, 0 at rest; it began later if that grows."""
        return self._track[-1][0] - _rises(self._track, self._p.share * self._peak) if self.out else 0.0

    def tick(self, time_s: float, value: float) -> Excursion | None:
        """The excursion that `value` at `time_s` ends."""
        if isnan(value):
            self._whole = self._whole and not self.out
            return None
        if isnan(self._rest):
            self._rest = value
        way = value - self._rest
        if not self.out:
            self._settle(time_s, way)
            return None
        self._track.append((time_s, way))
        self._peak = max(self._peak, way)
        if way < self._p.share * self._peak:
            return self._end()
        if time_s - self._track[0][0] > self._p.longest_s:
            self.reset()
        return None

    def _settle(self, time_s: float, way: float) -> None:
        if way > self._p.share * self._p.leave:
            self._track.append((time_s, way))
        else:
            self._track = [(time_s, way)]
        if self._p.leave < way <= self._returns_under:
            if time_s - self._track[0][0] > self._p.longest_s:
                self.reset()  # it rests elsewhere now
            return
        self._returns_under = 0.0
        if way > self._p.leave:
            self.out, self._peak, self._whole = True, way, True
            return
        tau_s = self._p.below_tau_s if way < 0 else self._p.rest_tau_s
        self._rest += way * self._tick_s / tau_s
        self._track = self._track[-round(self._p.longest_s / self._tick_s) :]

    def _end(self) -> Excursion | None:
        track, peak, whole, rest = self._track, self._peak, self._whole, self._rest
        level = self._p.share * peak
        self.out, self._track, self._peak, self._whole = False, [track[-1]], 0.0, True
        self._returns_under = level
        if peak < self._p.least:
            return None
        return Excursion(_rises(track, level), _falls(track, level), rest, peak, whole)


def _rises(track: list[tuple[float, float]], level: float) -> float:
    """When the track first comes over `level`, between its points."""
    for (t0, v0), (t1, v1) in pairwise(track):
        if v0 < level <= v1:
            return t0 + (t1 - t0) * (level - v0) / (v1 - v0)
    return track[0][0]


def _falls(track: list[tuple[float, float]], level: float) -> float:
    """When the track at last comes under `level`, between its last two points."""
    if len(track) < 2:
        return track[-1][0]
    (t0, v0), (t1, v1) = track[-2:]
    return t0 + (t1 - t0) * (v0 - level) / (v0 - v1) if v0 > v1 else t1
