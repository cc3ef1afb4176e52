"""What a range of days adds up to: practice against the plan, and the outcome, which is that of `check` alone.

Invariant: read from the history, never from samples; only days that have come are asked for, none before the first
session of all.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from monitor.day_plan.goals import Goal
from monitor.day_plan.standing import GoalStanding
from monitor.history.totals import Day, History
from monitor.history.trends import Trend, trend
from monitor.store.entry import Entry, Measured
from monitor.store.tape import TapeEntry


@dataclass(frozen=True, slots=True)
class Period:
    """Days from `first` to `last`, both included."""

    first: date
    last: date

    @property
    def length(self) -> int:
        """How many days."""
        return (self.last - self.first).days + 1

    @property
    def days(self) -> tuple[date, ...]:
        """Every day."""
        return tuple(self.first + timedelta(days=i) for i in range(self.length))

    @property
    def before(self) -> "Period":
        """The days before, as many."""
        return Period(self.first - timedelta(days=self.length), self.first - timedelta(days=1))

    def __contains__(self, day: date | None) -> bool:
        return day is not None and self.first <= day <= self.last


@dataclass(frozen=True, slots=True)
class Adherence:
    """A goal over the period: reached in `reached` of `spans` days (or weeks, ...), done `times` of `asked`."""

    goal: Goal
    spans: int
    reached: int
    times: int
    asked: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """One quantity of the `check` measurements of the period, by day, and what its change is."""

    measured: tuple[tuple[date, Measured], ...]
    trend: Trend | None

    @property
    def typical(self) -> Measured | None:
        """Median of the measurements; the errors of one instrument on one body do not average out."""
        if not self.measured:
            return None
        values = [m.value_mm for _day, m in self.measured]
        return Measured(float(np.median(values)), float(np.median([m.sd_mm for _day, m in self.measured])))


@dataclass(frozen=True, slots=True)
class Practice:
    """What was done in a period; `asked` are the days that the plan asked for.

    `taped_before` holds the last value of each quantity from before the period.
    """

    period: Period
    asked: int
    entries: tuple[Entry, ...]
    days: tuple[Day, ...]
    adherence: tuple[Adherence, ...]
    relaxed: Outcome
    squeezed: Outcome
    tape: tuple[TapeEntry, ...]
    taped_before: tuple[TapeEntry, ...]

    @property
    def clamp_min(self) -> float:
        """Minutes of clamps that were held."""
        return sum(d.clamp_min for d in self.days)

    @property
    def holds(self) -> int:
        """Credited holds of all exercises."""
        return sum(done.holds for d in self.days for done in d.done.values())


def practice(history: History, period: Period, today: date) -> Practice:
    """What the history holds of a period."""
    entries = tuple(e for e in history.entries if e.counts and e.day in period)
    days = tuple(d for day, d in history.days.items() if day in period)
    first = max(period.first, min(history.days, default=period.first))
    asked = Period(first, min(period.last, today))
    return Practice(
        period=period,
        asked=max(asked.length, 0),
        entries=entries,
        days=days,
        adherence=tuple(_adherence(goal, history, asked) for goal in history.plan.goals),
        relaxed=_outcome([(e.day, e.relaxed) for e in entries]),
        squeezed=_outcome([(e.day, e.squeezed) for e in entries]),
        tape=tuple(t for t in history.tape if t.day in period),
        taped_before=tuple({t.quantity: t for t in history.tape if t.day < period.first}.values()),
    )


def _adherence(goal: Goal, history: History, asked: Period) -> Adherence:
    """The goal in spans of its own length from the first day on; one that is not over yet counts once it is reached."""
    amounts = [_amount(goal, history, day) for day in asked.days]
    spans = [amounts[i : i + goal.every_days] for i in range(0, len(amounts), goal.every_days)]
    standings = [GoalStanding(goal, sum(span), None) for span in spans]
    over = [s for s, span in zip(standings, spans, strict=True) if len(span) == goal.every_days or s.reached]
    return Adherence(
        goal=goal,
        spans=len(over),
        reached=sum(s.reached for s in over),
        times=sum(s.times for s in standings),
        asked=len(over) * goal.times,
    )


def _amount(goal: Goal, history: History, day: date) -> float:
    done = history.days[day].done.get(goal.exercise) if day in history.days else None
    if done is None:
        return 0.0
    return done.minutes if goal.in_minutes else float(done.good_repetitions)


def _outcome(found: Sequence[tuple[date | None, Measured | None]]) -> Outcome:
    known = tuple((day, m) for day, m in found if day is not None and m is not None)
    if not known:
        return Outcome((), None)
    day = np.array([float(d.toordinal()) for d, _m in known])
    value, sd = np.array([[m.value_mm, m.sd_mm] for _d, m in known]).T
    return Outcome(known, trend(day, value, sd))
