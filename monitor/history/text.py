"""The history as text for the terminal: calendar, goals, sessions, and trends as small plots.

Invariant: nothing is told by colour alone; what is to be copied (ids, commands) is never folded at 80 columns.
"""

from collections.abc import Sequence
from datetime import date

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from monitor.history.calendar import calendar, today_lines
from monitor.history.dot_plot import Series, dot_plot
from monitor.history.totals import History
from monitor.history.trends import Trend
from monitor.language import N_, ngettext
from monitor.language import gettext as _
from monitor.store.entry import Entry, State
from monitor.store.tape import Quantity, TapeEntry
from monitor.wording.lengths import measured_text
from monitor.wording.names import exercise_name
from monitor.wording.printable import printable

SESSIONS = 15
# A change of less than that a week is told by the month: tenths of a millimetre would all be the same.
WEEK_DAYS, MONTH_DAYS, SLOW_MM = 7, 30, 0.5
# What counts in these is how long they lasted.
TIMED = ("walk", "wrap")
STATE_WORDS = {
    State.NOT_ANALYZED: N_("not analyzed yet"),
    State.UNFINISHED: N_("being recorded, or broken off"),
    State.EMPTY: N_("no samples came"),
    State.UNREADABLE: N_("cannot be read"),
    State.COPY: N_("a copy of another session, not counted"),
}
GIRTHS = {
    Quantity.LEFT_THIGH: N_("left thigh"),
    Quantity.RIGHT_THIGH: N_("right thigh"),
    Quantity.LEFT_CALF: N_("left calf"),
    Quantity.RIGHT_CALF: N_("right calf"),
}


def history_view(history: History, today: date, sessions: int | None = SESSIONS) -> RenderableType:
    """Everything `kneegap history` shows, with so many of the last sessions, or all."""
    notices = [Text(notice, style="bold") for notice in history.notices]
    whose = (
        [Text(_("History of {name}").format(name=printable(history.wearer.shown)), style="bold")]
        if history.wearer
        else []
    )
    if not history.entries and not history.tape:
        none = _("No sessions yet. `kneegap live` makes the first, `kneegap demo` shows how one goes.")
        return Group(*notices, *whose, Text(none))
    return Group(
        *notices,
        *whose,
        calendar(history, today),
        *(Text(line) for line in today_lines(history.standing(today))),
        Text(),
        *_sessions(history.entries[-sessions:] if sessions else history.entries),
        Text(),
        *_trends(history),
        *_girths(history.tape),
    )


def _sessions(entries: Sequence[Entry]) -> list[RenderableType]:
    title = _("Last sessions")
    table = Table(title=title, box=None, pad_edge=False, title_justify="left", title_style="italic")
    table.add_column(_("session"), no_wrap=True, overflow="fold")
    for name in (_("exercise"), _("result")):
        table.add_column(name, overflow="fold")
    for e in reversed(entries):
        table.add_row(Text(printable(e.id)), Text(exercise_text(e)), Text(result_text(e)))
    waiting = [e.id for e in reversed(entries) if e.state is State.NOT_ANALYZED]
    # A line of its own for each, which no table narrows.
    return [table, *(Text(f"  kneegap analyze {i}", no_wrap=True, overflow="ignore") for i in waiting)]


def exercise_text(e: Entry) -> str:
    """What was exercised."""
    name = exercise_name(e.exercise) if e.exercise else "-"
    return _("{exercise} (simulated)").format(exercise=name) if e.simulated else name


def session_text(e: Entry) -> str:
    """What was exercised, and what came of it."""
    # Translators: an exercise and its result, as in "Clamp: 14.8 min held in 3 holds".
    return _("{exercise}: {result}").format(exercise=exercise_text(e), result=result_text(e))


def result_text(e: Entry) -> str:
    """What came of a session, with the wearer's note and tags."""
    parts = [_(STATE_WORDS[e.state])] if e.state in STATE_WORDS else _figures(e)
    if e.state is State.NO_RECORDING:
        parts.append(_("the recording is gone"))
    parts += [f"“{printable(e.note)}”"] if e.note else []
    return ", ".join(parts) + "".join(f" #{printable(tag)}" for tag in e.tags)


def _figures(e: Entry) -> list[str]:
    parts: list[str] = []
    if e.holds:
        told = ngettext("{minutes:.1f} min held in {n} hold", "{minutes:.1f} min held in {n} holds", e.holds)
        parts.append(told.format(minutes=e.net_s / 60, n=e.holds))
    if e.repetitions:
        parts.append(ngettext("{n} repetition", "{n} repetitions", e.repetitions).format(n=e.repetitions))
    parts += [
        f"{_(name)} {measured_text(m)}"
        for name, m in (("relaxed", e.relaxed), ("squeezed", e.squeezed))
        if m is not None
    ]
    minutes = e.figures.exercise_minutes
    if e.exercise in TIMED and minutes > 0:
        parts.insert(0, _("{minutes:.1f} min exercised").format(minutes=minutes))
    return parts or [_("nothing counted")]


def _trends(history: History) -> list[Text]:
    lines = [Text(_("Knee gap of the check measurements"), style="italic")]
    counted = [e for e in history.entries if e.counts and e.day is not None]
    relaxed = [(e.day, e.relaxed.value_mm) for e in counted if e.day and e.relaxed]
    squeezed = [(e.day, e.squeezed.value_mm) for e in counted if e.day and e.squeezed]
    tape = [(t.day, t.value_mm) for t in history.tape if t.quantity is Quantity.RELAXED_GAP]
    taped = [(t.day, t.value_mm) for t in history.tape if t.quantity is Quantity.SQUEEZED_GAP]
    series = (Series("●", relaxed), Series("○", squeezed), Series("+", tape), Series("x", taped))
    lines += [Text(line, no_wrap=True) for line in dot_plot(series, "mm")]
    lines.append(Text(_("● relaxed: {trend}").format(trend=trend_words(history.relaxed))))
    lines.append(Text(_("○ squeezed: {trend}").format(trend=trend_words(history.squeezed))))
    return lines + ([Text(_("+ relaxed and x squeezed, measured with a tape"))] if tape or taped else [])


def _girths(tape: Sequence[TapeEntry]) -> list[Text]:
    lines: list[Text] = []
    for quantity, name in GIRTHS.items():
        own = [t for t in tape if t.quantity is quantity]
        if own:
            told = _("Girth of the {where}: {last:.0f} mm on {day}")
            text = told.format(where=_(name), last=own[-1].value_mm, day=own[-1].day.isoformat())
            if len(own) > 1:
                change = own[-1].value_mm - own[0].value_mm
                text += _(", {change:+.0f} mm since {day}").format(change=change, day=own[0].day.isoformat())
            lines.append(Text(text))
    return lines


def trend_words(found: Trend | None) -> str:
    """What a trend says, in a sentence."""
    if found is None:
        return _("too few measurements for a trend (4 on different days are needed)")
    slow = abs(WEEK_DAYS * found.slope_per_day) < SLOW_MM
    told = (
        _("{slope:+.1f} mm a month ({low:+.1f} to {high:+.1f})")
        if slow
        else _("{slope:+.1f} mm a week ({low:+.1f} to {high:+.1f})")
    )
    slope, low, high = (
        (MONTH_DAYS if slow else WEEK_DAYS) * x for x in (found.slope_per_day, found.low_per_day, found.high_per_day)
    )
    rate = told.format(slope=slope, low=low, high=high)
    if not found.announced:
        return _("no change beyond the measurement's own uncertainty: {rate}").format(rate=rate)
    told = _("smaller by {change:.0f} mm: {rate}") if found.change < 0 else _("larger by {change:.0f} mm: {rate}")
    return told.format(change=abs(found.change), rate=rate)
