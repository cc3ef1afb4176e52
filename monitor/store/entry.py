"""A stored session as history, reports and plans see it: what it is and what came of it, without its samples.

Invariant: made of the session's folder alone, so that it can be made again at any time; what is not known is None.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from monitor.day_plan.practised import Practised


class State(StrEnum):
    """How far a stored session has come."""

    ANALYZED = "analyzed"
    NOT_ANALYZED = "not_analyzed"
    UNFINISHED = "unfinished"  # being recorded, or broken off by a crash
    EMPTY = "empty"  # not a single sample
    UNREADABLE = "unreadable"
    NO_RECORDING = "no_recording"  # results are left of it
    COPY = "copy"  # another folder holds the same session


@dataclass(frozen=True, slots=True)
class Repetitions:
    """Repetitions of an exercise on one side, by verdict."""

    exercise: str
    side: str
    ok: int
    short: int
    unknown: int


@dataclass(frozen=True, slots=True)
class CheckRow:
    """One repetition of a `check`; None where unknown."""

    time_s: float | None
    relaxed_mm: float | None
    relaxed_sd_mm: float | None
    squeezed_mm: float | None
    squeezed_sd_mm: float | None


@dataclass(frozen=True, slots=True)
class Measured:
    """One quantity of a `check`, mm."""

    value_mm: float
    sd_mm: float


@dataclass(frozen=True, slots=True)
class Figures:
    """What the analysis counted; `exercise_minutes` and `good_repetitions` are what the plan counts of it."""

    length_s: float = 0.0
    net_s: float = 0.0
    gross_s: float = 0.0
    longest_s: float = 0.0
    holds: int = 0
    unknown_holds: int = 0
    exercise_minutes: float = 0.0
    good_repetitions: int = 0


@dataclass(frozen=True, slots=True)
class Entry:
    """One stored session; `started` and `day` are the wearer's own, None where the start is unknown.

    `origin` is the id under which the session was made, whatever its folder is called now; `made_by` names the code
    that made its results.
    """

    id: str
    wearer: str
    started: datetime | None
    day: date | None
    exercise: str
    imported: bool
    simulated: bool
    state: State
    origin: str
    made_by: str
    format: int
    figures: Figures
    by_side: tuple[Repetitions, ...]
    check: tuple[CheckRow, ...]
    note: str
    tags: tuple[str, ...]

    @property
    def counts(self) -> bool:
        """Whether it belongs into days and trends."""
        return self.day is not None and not self.simulated and self.state is not State.COPY

    @property
    def analyzed(self) -> bool:
        """Whether there are results."""
        return self.state in (State.ANALYZED, State.NO_RECORDING, State.COPY)

    @property
    def net_s(self) -> float:
        """Time held, without lapses."""
        return self.figures.net_s

    @property
    def holds(self) -> int:
        """Credited holds."""
        return self.figures.holds

    @property
    def repetitions(self) -> int:
        """Repetitions with any verdict, of all exercises and sides."""
        return sum(r.ok + r.short + r.unknown for r in self.by_side)

    @property
    def relaxed(self) -> Measured | None:
        """Mean of the session's relaxed gaps."""
        return _mean([(r.relaxed_mm, r.relaxed_sd_mm) for r in self.check])

    @property
    def squeezed(self) -> Measured | None:
        """Mean of the session's squeezed gaps."""
        return _mean([(r.squeezed_mm, r.squeezed_sd_mm) for r in self.check])

    @property
    def practised(self) -> Practised | None:
        """The session as the plan counts it; None where it counts nowhere."""
        if not self.counts or self.started is None:
            return None
        return Practised(self.exercise, self.started, self.figures.exercise_minutes, self.figures.good_repetitions)


def _mean(pairs: Sequence[tuple[float | None, float | None]]) -> Measured | None:
    """Mean of a session's repetitions; their errors share one calibration, so their deviation does not shrink."""
    known = [(value, sd) for value, sd in pairs if value is not None and sd is not None]
    if not known:
        return None
    value = sum(v for v, _ in known) / len(known)
    return Measured(value, (sum(sd * sd for _, sd in known) / len(known)) ** 0.5)
