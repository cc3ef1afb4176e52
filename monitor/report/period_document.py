"""A period's report: one page for the wearer and the physiotherapist, the details behind it.

Invariant: the outcome is that of the `check` measurements, never the gap of a clamp, which is nothing by design; a
change is said only where it exceeds the measurement's own uncertainty.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from monitor.history.text import trend_words
from monitor.history.totals import CLAMP, History
from monitor.history.trends import MIN_MEASUREMENTS
from monitor.language import N_, language, ngettext
from monitor.language import gettext as _
from monitor.report.document import Bullets, Document, Figure, Heading, NewPage, Paragraph, Part, Table, Tile
from monitor.report.grading import Grading, grading_sentence
from monitor.report.period import Adherence, Outcome, Period, Practice, practice
from monitor.report.period_details import details
from monitor.report.period_figures import minutes_figure, outcome_figure
from monitor.report.sentences import joined
from monitor.report.session_document import disclaimer
from monitor.store.entry import Measured
from monitor.store.tape import Quantity, TapeEntry
from monitor.wording import names
from monitor.wording.lengths import Z95, change_text, length_text, measured_text

_TAPED: Mapping[Quantity, str] = {
    Quantity.RELAXED_GAP: N_("gap relaxed, by tape"),
    Quantity.SQUEEZED_GAP: N_("gap squeezed, by tape"),
    Quantity.LEFT_THIGH: N_("girth of the left thigh"),
    Quantity.RIGHT_THIGH: N_("girth of the right thigh"),
    Quantity.LEFT_CALF: N_("girth of the left calf"),
    Quantity.RIGHT_CALF: N_("girth of the right calf"),
}


@dataclass(frozen=True, slots=True)
class PeriodFacts:
    """What a period's report is made of; `versions` are those of what computed it."""

    history: History
    period: Period
    today: date
    grading: Grading | None = None
    versions: Mapping[str, str] = field(default_factory=dict[str, str])


def period_document(facts: PeriodFacts) -> Document:
    """The report of a period."""
    now = practice(facts.history, facts.period, facts.today)
    before = practice(facts.history, facts.period.before, facts.today)
    name = facts.history.wearer.shown if facts.history.wearer else ""
    days = _("{first} to {last}").format(first=facts.period.first, last=facts.period.last)
    return Document(
        language=language(),
        title=_("Progress"),
        about=" · ".join(word for word in (days, name) if word),
        footer=days,
        headline=_headline(now),
        tiles=_tiles(facts, now),
        parts=(
            *_outcome(now),
            *_graded(facts.grading, now),
            *_practice(facts.history, now),
            *_compared(now, before),
            Paragraph(disclaimer(), faint=True),
            NewPage(),
            *details(now),
            *_versions(facts.versions),
        ),
    )


def _headline(now: Practice) -> str:
    if not now.entries:
        return _("No session in this time.")
    n = len(now.days)
    practised = ngettext("Practised on {n} day of {asked}.", "Practised on {n} days of {asked}.", now.asked)
    said = [practised.format(n=n, asked=now.asked)]
    if now.relaxed.measured:
        said.append(_outcome_sentence(_("Relaxed gap: {change}."), now.relaxed))
    return joined(said)


def _tiles(facts: PeriodFacts, now: Practice) -> tuple[Tile, ...]:
    streak = facts.history.standing(min(facts.period.last, facts.today)).streak
    per_day = now.clamp_min / now.asked if now.asked else 0.0
    out = [
        Tile(_("sessions"), str(len(now.entries))),
        Tile(_("days practised"), f"{len(now.days)}/{now.asked}"),
        Tile(_("min together a day"), f"{per_day:.0f}"),
        Tile(_("streak at the end (days)"), f"{streak.practised}/{streak.days}"),
    ]
    for title, outcome in ((_("relaxed gap"), now.relaxed), (_("squeezed gap"), now.squeezed)):
        if outcome.typical:
            out.append(Tile(title, measured_text(outcome.typical)))
    return tuple(out)


def _outcome(now: Practice) -> list[Part]:
    figure = outcome_figure(now)
    said = [
        _outcome_sentence(_("Relaxed gap: {change}."), now.relaxed),
        _outcome_sentence(_("Squeezed gap: {change}."), now.squeezed),
    ]
    if not now.relaxed.measured and not now.squeezed.measured:
        said = [_("No check in this time. One a week shows whether anything changes.")]
    rows = _tape_rows(now)
    heads = (_("by tape"), _("first"), _("last"), _("change"))
    return [
        Heading(_("Outcome: the check measurement")),
        *([Figure(figure)] if figure else []),
        Bullets(tuple(said)),
        *([Table(heads, rows)] if rows else []),
    ]


def _outcome_sentence(words: str, outcome: Outcome) -> str:
    n = len(outcome.measured)
    if not n:
        return words.format(change=_("not measured"))
    if n < MIN_MEASUREMENTS and outcome.typical:
        few = ngettext(
            "{gap} in {n} measurement, too few for a trend", "{gap} in {n} measurements, too few for a trend", n
        )
        return words.format(change=few.format(gap=measured_text(outcome.typical), n=n))
    return words.format(change=trend_words(outcome.trend))


def _tape_rows(now: Practice) -> tuple[tuple[str, ...], ...]:
    """Each quantity that was measured in the period, beside what it was when the period began."""
    rows: list[tuple[str, ...]] = []
    for quantity, name in _TAPED.items():
        own = [t for t in (*now.taped_before, *now.tape) if t.quantity is quantity]
        if len(own) > 1 and own[-1].day in now.period:
            change = change_text((own[-1].value_mm - own[0].value_mm) / 1e3)
            rows.append((_(name), _taped(own[0]), _taped(own[-1]), change))
        elif own:
            rows.append((_(name), _taped(own[0]), "", ""))
    return tuple(rows)


def _taped(entry: TapeEntry) -> str:
    return _("{length} on {day}").format(length=length_text(entry.value_mm / 1e3), day=entry.day)


def _graded(grading: Grading | None, now: Practice) -> list[Part]:
    if grading is None or now.relaxed.typical is None:
        return []
    return [Paragraph(grading_sentence(grading, now.relaxed.typical, now.squeezed.typical))]


def _practice(history: History, now: Practice) -> list[Part]:
    goal = next((g for g in history.plan.goals if g.exercise == CLAMP and g.in_minutes), None)
    heads = (_("exercise"), _("goal"), _("times done"), _("reached"))
    rows = tuple(_adherence_row(a) for a in now.adherence if a.spans or a.times)
    figure = minutes_figure(now, goal.each * goal.times if goal else None)
    table: list[Part] = [Table(heads, rows, words=(0, 1))] if rows else []
    return [Heading(_("Practice against the plan")), Figure(figure), *table]


def _adherence_row(a: Adherence) -> tuple[str, ...]:
    goal, n = a.goal, a.goal.times
    each = _("{minutes:g} min").format(minutes=goal.minutes) if goal.in_minutes else _each(goal.repetitions)
    if goal.every_days == 1:
        asked = ngettext("{each}, once a day", "{each}, {n} times a day", n).format(each=each, n=n)
        reached = ngettext("{reached} of {n} day", "{reached} of {n} days", a.spans)
    else:
        asked = ngettext("{each}, once in {days} days", "{each}, {n} times in {days} days", n)
        asked = asked.format(each=each, n=n, days=goal.every_days)
        reached = ngettext("{reached} of {n} time", "{reached} of {n} times", a.spans)
    percent = f" ({100 * a.reached // a.spans} %)" if a.spans else ""
    return (
        names.exercise_name(goal.exercise),
        asked,
        str(a.times),
        reached.format(reached=a.reached, n=a.spans) + percent,
    )


def _each(n: int) -> str:
    return ngettext("{n} repetition", "{n} repetitions", n).format(n=n)


def _compared(now: Practice, before: Practice) -> list[Part]:
    heading = Heading(_("Compared with the {n} days before").format(n=now.period.length))
    if not before.entries:
        return [heading, Paragraph(_("There is no session from the time before."))]
    pairs = (
        (_("days practised"), f"{len(before.days)}/{before.asked}", f"{len(now.days)}/{now.asked}"),
        (_("minutes together"), f"{before.clamp_min:.0f}", f"{now.clamp_min:.0f}"),
        (_("holds"), str(before.holds), str(now.holds)),
    )
    rows = [(*row, "") for row in pairs]
    for title, was, is_now in (
        (_("relaxed gap"), before.relaxed.typical, now.relaxed.typical),
        (_("squeezed gap"), before.squeezed.typical, now.squeezed.typical),
    ):
        if was or is_now:
            rows.append((title, measured_text(was), measured_text(is_now), _difference(was, is_now)))
    heads = ("", _("before"), _("now"), _("change"))
    return [heading, Table(heads, tuple(rows), words=(0, 3))]


def _difference(was: Measured | None, now: Measured | None) -> str:
    """The change of a gap, where it is more than both measurements' uncertainty."""
    if was is None or now is None:
        return ""
    change_mm = now.value_mm - was.value_mm
    if abs(change_mm) <= Z95 * (was.sd_mm**2 + now.sd_mm**2) ** 0.5:
        return _("none beyond the measurement's uncertainty")
    return change_text(change_mm / 1e3)


def _versions(versions: Mapping[str, str]) -> list[Part]:
    words = ", ".join(f"{name} {version}" for name, version in versions.items())
    return [Paragraph(words, faint=True)] if words else []
