"""The plan against what was done: what history, window and reminders show of a day.

Invariant: depends on the plan, the sessions and the day alone; where the wearer did more than asked, nothing is lost
and nothing is carried over to another day.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from monitor.day_plan.goals import DayPlan, Goal
from monitor.day_plan.practised import Practised
from monitor.day_plan.streak import Streak, streak

# A session that fell short by a breath still counts as one time.
NEARLY = 0.95


@dataclass(frozen=True, slots=True)
class GoalStanding:
    """A goal on one day; `amount` is in the goal's unit, done within its days; `last` the day it was last worked on."""

    goal: Goal
    amount: float
    last: date | None

    @property
    def times(self) -> int:
        """How many times it was done."""
        return int(self.amount / self.goal.each + 1 - NEARLY)

    @property
    def reached(self) -> bool:
        """Whether nothing is missing."""
        return self.times >= self.goal.times

    @property
    def share(self) -> float:
        """How much of the goal is done, from 0 to 1."""
        return min(self.amount / (self.goal.each * self.goal.times), 1.0)


@dataclass(frozen=True, slots=True)
class DayStanding:
    """All goals on one day, in the plan's order, and the streak up to it."""

    day: date
    goals: tuple[GoalStanding, ...]
    streak: Streak

    @property
    def missing(self) -> tuple[GoalStanding, ...]:
        """What is still to be done."""
        return tuple(g for g in self.goals if not g.reached)


def day_standing(plan: DayPlan, practised: Iterable[Practised], day: date) -> DayStanding:
    """Where the wearer stands on `day`, the present or a past one."""
    sessions = [p for p in practised if p.day <= day]
    goals = tuple(_standing(goal, sessions, day) for goal in plan.goals)
    return DayStanding(day, goals, streak(practised_days(plan, sessions), day))


def practised_days(plan: DayPlan, sessions: Sequence[Practised]) -> frozenset[date]:
    """Days on which a daily goal was done at least once."""
    by_day: dict[date, list[Practised]] = {}
    for p in sessions:
        by_day.setdefault(p.day, []).append(p)
    daily = [g for g in plan.goals if g.every_days == 1]
    return frozenset(d for d, own in by_day.items() if any(_standing(g, own, d).times > 0 for g in daily))


def _standing(goal: Goal, sessions: Sequence[Practised], day: date) -> GoalStanding:
    own = [p for p in sessions if p.exercise == goal.exercise and p.day <= day]
    since = day - timedelta(days=goal.every_days - 1)
    counted = [p for p in own if p.day >= since]
    amount = sum(p.minutes if goal.in_minutes else p.repetitions for p in counted)
    return GoalStanding(goal, float(amount), max((p.day for p in own), default=None))
