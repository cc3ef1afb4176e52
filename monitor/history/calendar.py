"""The last weeks as a calendar in text, with the plan's goals and the streak.

Invariant: nothing is told by colour alone.
"""

from datetime import date, timedelta

from rich.console import Group
from rich.table import Table
from rich.text import Text

from monitor.day_plan.standing import DayStanding, GoalStanding
from monitor.history.totals import CLAMP, Day, History
from monitor.language import N_, ngettext
from monitor.language import gettext as _
from monitor.wording.names import exercise_name

WEEKS = 5
# Translators: the days of the week, as short as a calendar has them.
DAYS = (N_("Mon"), N_("Tue"), N_("Wed"), N_("Thu"), N_("Fri"), N_("Sat"), N_("Sun"))


def calendar(history: History, today: date) -> Group:
    """Minutes of clamps held on each day."""
    title = Text(_("Clamp minutes a day (✓ goal reached, + other exercises)"), style="italic")
    table = Table(box=None, pad_edge=False)
    for name in (_("week"), *(_(day) for day in DAYS)):
        table.add_column(name, justify="right", min_width=5)
    monday = today - timedelta(days=today.weekday() + 7 * (WEEKS - 1))
    for week in range(WEEKS):
        first = monday + timedelta(days=7 * week)
        table.add_row(f"{first:%m-%d}", *(_cell(history, first + timedelta(days=i), today) for i in range(7)))
    return Group(title, table)


def _cell(history: History, day: date, today: date) -> str:
    if day > today:
        return ""
    done = history.days.get(day)
    if done is None:
        return "·"
    return f"{done.clamp_min:.0f}{'+' if _others(done) else ''}{'✓' if _clamped(history, day) else ''}"


def _others(done: Day) -> bool:
    return any(exercise != CLAMP for exercise in done.done)


def _clamped(history: History, day: date) -> bool:
    return any(g.reached for g in history.standing(day).goals if g.goal.exercise == CLAMP)


def today_lines(standing: DayStanding) -> list[str]:
    """What is done of today's plan, and the streak."""
    lines = [_("Today: {goals}").format(goals=" · ".join(_goal(g) for g in standing.goals))]
    streak = standing.streak
    if streak.days > 1:
        told = ngettext("{done} of the last {n} day", "{done} of the last {n} days", streak.days)
        lines.append(_("Streak: {days}").format(days=told.format(done=streak.practised, n=streak.days)))
    return lines


def _goal(standing: GoalStanding) -> str:
    goal = standing.goal
    sign = "✓" if standing.reached else ""
    asked = goal.each * goal.times
    unit = f" {_('min')}" if goal.in_minutes else ""
    return f"{exercise_name(goal.exercise)} {standing.amount:.0f}/{asked:.0f}{unit}{sign}"
