"""When to remind: the day's times are spread over the day, and only what is due by now is called for.

Invariant: no reminder outside the hours of the plan, none while everything due is done, one for each time at most.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from monitor.day_plan.goals import DayPlan, Goal
from monitor.day_plan.practised import Practised
from monitor.day_plan.standing import DayStanding, GoalStanding, day_standing
from monitor.language import gettext as _
from monitor.wording.names import exercise_name


def next_reminder(plan: DayPlan, practised: Sequence[Practised], now: datetime) -> datetime | None:
    """When the wearer is to be reminded next today, `now` or later; None where nothing is left to remind of.

    `now` carries the wearer's offset; a clock that was put back only moves the reminder, it is never in the past.
    """
    standing = day_standing(plan, practised, now.date())
    slots = [slot for g in standing.missing if (slot := _slot(plan, g, now)) is not None]
    if not plan.reminders.on or not slots:
        return None
    due = max(min(slots), now, _rested(plan, practised, now))
    return due if due.timetz().replace(tzinfo=None) < plan.reminders.last and due.date() == now.date() else None


def due_goals(plan: DayPlan, standing: DayStanding, now: datetime) -> tuple[Goal, ...]:
    """Goals of which a time is due by `now` and not done; in the plan's order."""
    slots = ((g.goal, _slot(plan, g, now)) for g in standing.missing)
    return tuple(goal for goal, slot in slots if slot is not None and slot <= now)


def _slot(plan: DayPlan, standing: GoalStanding, now: datetime) -> datetime | None:
    """When the next time that is not done yet is due today."""
    first = datetime.combine(now.date(), plan.reminders.first, now.tzinfo)
    last = datetime.combine(now.date(), plan.reminders.last, now.tzinfo)
    return None if standing.reached else first + standing.times * (last - first) / standing.goal.times


def _rested(plan: DayPlan, practised: Sequence[Practised], now: datetime) -> datetime:
    """The end of the pause after the last session."""
    started = [p.started for p in practised if p.started <= now]
    if not started:
        return now
    return max(started).astimezone(now.tzinfo) + timedelta(minutes=plan.reminders.pause_min)


class Reminder:
    """Reminds through `say` (title, text) when something is due; `look` is called every now and then."""

    def __init__(self, say: Callable[[str, str], None]) -> None:
        self._say = say
        self._said: datetime | None = None

    def look(self, plan: DayPlan, practised: Sequence[Practised], now: datetime) -> bool:
        """Whether the wearer was reminded at `now`; each pause of the plan brings one reminder at most."""
        due = next_reminder(plan, practised, now)
        pause = timedelta(minutes=plan.reminders.pause_min)
        # A clock that was set back does not silence the rest of the day.
        if due is None or due > now or (self._said is not None and timedelta() <= now - self._said < pause):
            return False
        goals = due_goals(plan, day_standing(plan, practised, now.date()), now)
        self._said = now
        self._say(_("Knees together"), _("Now due: {exercises}").format(exercises=_named(goals)))
        return True


def _named(goals: Sequence[Goal]) -> str:
    return ", ".join(exercise_name(g.exercise) for g in goals)
