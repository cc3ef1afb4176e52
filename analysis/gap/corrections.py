"""What the live gap was corrected by, and from what that was known.

Invariant: a correction is the change of one second's gap through one source alone; smaller ones than `LEAST_M` are the
filter at work and not told.
"""

from dataclasses import dataclass, field
from enum import StrEnum

LEAST_M = 0.001


class Source(StrEnum):
    """What knew better."""

    TOUCH = "touch"
    RANGE = "range"
    CORD = "cord"


@dataclass(frozen=True, slots=True)
class Correction:
    """By how much (m, wider positive) the gap changed within the second that ended at `time_s`."""

    time_s: float
    size_m: float
    source: Source


@dataclass(slots=True)
class Corrections:
    """Changes step by step to corrections second by second."""

    second: float = 0.0
    sums_m: dict[Source, float] = field(default_factory=lambda: dict.fromkeys(Source, 0.0))
    told: list[Correction] = field(default_factory=list[Correction])

    def add(self, end_s: float, gaps_m: tuple[float, float, float, float]) -> None:
        """Takes in a step that ended at `end_s`, with the gap before it, after the touch, the range and the cord."""
        second = -(-end_s // 1.0)
        if second > self.second:
            self._tell()
            self.second = second
        for source, before, after in zip(Source, gaps_m, gaps_m[1:], strict=False):
            self.sums_m[source] += after - before

    def taken(self) -> tuple[Correction, ...]:
        """Those that were not taken yet; a second's come with the first step after it."""
        told, self.told = tuple(self.told), []
        return told

    def _tell(self) -> None:
        for source, size_m in self.sums_m.items():
            if abs(size_m) >= LEAST_M:
                self.told.append(Correction(self.second, size_m, source))
        self.sums_m = dict.fromkeys(Source, 0.0)
