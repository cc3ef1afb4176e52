"""The plan: how often each exercise is to be done, and when the day allows a reminder.

Invariant: a plan is frozen; a file of the wearer's own takes the place of the default as a whole.
"""

from dataclasses import dataclass, field
from datetime import time
from importlib.resources import files
from pathlib import Path

from monitor.config import read_config
from sensor.errors import BadValue

PLAN_FILE = "day_plan.toml"


@dataclass(frozen=True, slots=True)
class Goal:
    """An exercise `times` every `every_days` days, each time so many minutes or good repetitions."""

    exercise: str
    minutes: float = 0.0
    repetitions: int = 0
    times: int = 1
    most_times: int | None = None
    every_days: int = 1

    @property
    def each(self) -> float:
        """What one time takes, in minutes or repetitions."""
        return self.minutes or float(self.repetitions)

    @property
    def in_minutes(self) -> bool:
        """Whether this counts minutes, not repetitions."""
        return self.minutes > 0


@dataclass(frozen=True, slots=True)
class Reminders:
    """When the day allows a reminder (the wearer's local time); none within `pause_min` of the last session."""

    on: bool = True
    first: time = time(9)
    last: time = time(21)
    pause_min: float = 60.0


@dataclass(frozen=True, slots=True)
class DayPlan:
    """All goals, in the order in which they are shown."""

    goals: tuple[Goal, ...]
    reminders: Reminders = field(default_factory=Reminders)


def read_plan(folder: Path) -> DayPlan:
    """The plan of the wearer whose data are in `folder`, else the default; raises ConfigError."""
    own = folder / PLAN_FILE
    path = own if own.exists() else Path(str(files("monitor.day_plan").joinpath("default.toml")))
    plan = read_config(path, DayPlan)
    for i, goal in enumerate(plan.goals):
        _check(goal, path, f"goals[{i + 1}]")
    if plan.reminders.first >= plan.reminders.last:
        raise BadValue(path, "reminders.last", "must be later in the day than first")
    return plan


def _check(goal: Goal, path: Path, at: str) -> None:
    if (goal.minutes > 0) == (goal.repetitions > 0):
        raise BadValue(path, at, "needs either minutes or repetitions, above 0")
    if goal.times < 1 or goal.every_days < 1:
        raise BadValue(path, at, "needs times and every_days of at least 1")
    if goal.most_times is not None and goal.most_times < goal.times:
        raise BadValue(path, f"{at}.most_times", "must not be less than times")
