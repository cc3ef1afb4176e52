"""The history as text for the terminal: a calendar of days, the sessions, and the trends.

Invariant: nothing is told by colour alone.
"""

from datetime import date, timedelta

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from monitor.history import CLAMP_GOAL_MIN, Entry, History, Measured
from monitor.trends import Trend

WEEKS = 5
SESSIONS = 15
BARS = "▁▂▃▄▅▆▇█"


def history_view(history: History, today: date) -> RenderableType:
    """Everything `kneegap history` shows."""
    if not history.entries:
        return Text("No sessions yet. `kneegap live` makes the first, `kneegap demo` shows how one goes.")
    return Group(
        _calendar(history, today),
        Text(_today(history, today)),
        Text(),
        _sessions(history.entries[-SESSIONS:]),
        Text(),
        *_trends(history),
    )


def _calendar(history: History, today: date) -> Table:
    table = Table(title="Clamp minutes a day (✓ goal reached)", box=None, pad_edge=False, title_justify="left")
    for name in ("week", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"):
        table.add_column(name, justify="right", min_width=5)
    monday = today - timedelta(days=today.weekday() + 7 * (WEEKS - 1))
    for week in range(WEEKS):
        first = monday + timedelta(days=7 * week)
        table.add_row(f"{first:%d %b}", *(_cell(history, first + timedelta(days=i), today) for i in range(7)))
    return table


def _cell(history: History, day: date, today: date) -> str:
    if day > today:
        return ""
    done = history.days.get(day)
    if done is None:
        return "·"
    return f"{done.clamp_min:.0f}{'✓' if done.reached else ''}"


def _today(history: History, today: date) -> str:
    done = history.days.get(today)
    minutes = done.clamp_min if done else 0.0
    days = history.streak(today)
    streak = f"; {days} day{'s' if days > 1 else ''} in a row" if days else ""
    return f"Today {minutes:.0f} of {CLAMP_GOAL_MIN:.0f} min{streak}."


def _sessions(entries: tuple[Entry, ...]) -> Table:
    table = Table(title="Last sessions", box=None, pad_edge=False, title_justify="left")
    table.add_column("session", no_wrap=True, overflow="fold")
    for name in ("exercise", "result"):
        table.add_column(name, overflow="fold")
    for e in reversed(entries):
        table.add_row(e.id, (e.exercise or "-") + (" (simulated)" if e.simulated else ""), _result(e))
    return table


def _result(e: Entry) -> str:
    if not e.analyzed:
        return f"not analyzed yet: kneegap analyze {e.id}"
    parts = [f"{e.net_s / 60:.1f} min held in {e.holds} holds"] if e.holds else []
    parts += [f"{e.repetitions} repetitions"] if e.repetitions else []
    parts += [f"{name} {_mm(m)}" for name, m in (("relaxed", e.relaxed), ("squeezed", e.squeezed)) if m is not None]
    return ", ".join(parts) or "nothing counted"


def _mm(m: Measured) -> str:
    return f"{m.value_mm:.0f} ± {1.96 * m.sd_mm:.0f} mm"


def _trends(history: History) -> list[Text]:
    lines = [Text("Knee gap of the check measurements", style="italic")]
    for name, found in (("relaxed", history.relaxed), ("squeezed", history.squeezed)):
        values = [m.value_mm for e in history.entries if not e.simulated and (m := getattr(e, name)) is not None]
        lines.append(Text(f"{name:9}{sparkline(values)}  {trend_words(found)}".rstrip()))
    return lines


def trend_words(found: Trend | None) -> str:
    """What a trend says, in a sentence."""
    if found is None:
        return "too few measurements for a trend (4 on different days are needed)"
    week = [7 * x for x in (found.slope_per_day, found.low_per_day, found.high_per_day)]
    rate = f"{week[0]:+.1f} mm a week ({week[1]:+.1f} to {week[2]:+.1f})"
    if not found.announced:
        return f"no change beyond the measurement's own uncertainty: {rate}"
    return f"{'smaller' if found.change < 0 else 'larger'} by {abs(found.change):.0f} mm: {rate}"


def sparkline(values: list[float]) -> str:
    """Values as one line of bars, the smallest lowest."""
    if not values:
        return ""
    low, span = min(values), max(values) - min(values)
    return "".join(BARS[round((len(BARS) - 1) * (v - low) / span)] if span else BARS[0] for v in values)
