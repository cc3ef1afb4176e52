"""The details behind a period's report: every day, every check, every session, and how it was computed."""

from monitor.language import gettext as _
from monitor.language import ngettext
from monitor.report.document import Bullets, Heading, Part, Table
from monitor.report.period import Practice
from monitor.report.sentences import listed
from monitor.store.entry import Entry
from monitor.wording import names
from monitor.wording.lengths import measured_text


def details(now: Practice) -> list[Part]:
    """All details."""
    return [*_days(now), *_checks(now), *_sessions(now), *_method()]


def _days(now: Practice) -> list[Part]:
    rows = [
        (
            d.day.isoformat(),
            str(d.sessions),
            f"{d.clamp_min:.1f}",
            str(sum(done.holds for done in d.done.values())),
            listed([f"{names.exercise_name(e)} {done.sessions}" for e, done in d.done.items()]),
        )
        for d in now.days
    ]
    heads = (_("day"), _("sessions"), _("min together"), _("holds"), _("exercises"))
    return [Heading(_("Days")), Table(heads, tuple(rows), words=(0, 4))] if rows else []


def _checks(now: Practice) -> list[Part]:
    rows = [
        (e.day.isoformat(), measured_text(e.relaxed), measured_text(e.squeezed), str(len(e.check)))
        for e in now.entries
        if e.day and e.check
    ]
    heads = (_("day"), _("relaxed"), _("squeezed"), _("repetitions"))
    return [Heading(_("Check measurements")), Table(heads, tuple(rows))] if rows else []


def _sessions(now: Practice) -> list[Part]:
    rows = [
        (
            f"{e.started:%Y-%m-%d %H:%M}" if e.started else "",
            names.exercise_name(e.exercise),
            f"{e.figures.length_s / 60:.0f}",
            _results(e),
            " ".join([e.note, *(f"#{tag}" for tag in e.tags)]).strip(),
        )
        for e in now.entries
    ]
    heads = (_("start"), _("exercise"), _("min"), _("result"), _("note"))
    return [Heading(_("Sessions")), Table(heads, tuple(rows), words=(0, 1, 3, 4))] if rows else []


def _results(e: Entry) -> str:
    if not e.analyzed:
        return _("not analyzed")
    good, all_of_them = sum(r.ok for r in e.by_side), e.repetitions
    parts: list[str] = []
    if e.holds:
        words = ngettext("{minutes:.1f} min in {n} hold", "{minutes:.1f} min in {n} holds", e.holds)
        parts.append(words.format(minutes=e.net_s / 60, n=e.holds))
    if all_of_them:
        parts.append(_("{good} of {n} repetitions complete").format(good=good, n=all_of_them))
    if e.relaxed:
        parts.append(_("relaxed {gap}").format(gap=measured_text(e.relaxed)))
    return listed(parts)


def _method() -> list[Part]:
    said = [
        _("The gap of a clamp is nothing by design; only the check, standing with the ankles together, is an outcome."),
        _(
            "The trend is a robust line (Huber weights) through all check measurements with their uncertainty; in "
            "brackets its 95 % interval. A change is said only where that excludes zero and the change is larger than "
            "the 95 % uncertainty of one measurement."
        ),
        _("What a tape measured stands beside it as it was entered; girths are measured, not promised."),
        _("Sessions with simulated straps count nowhere."),
    ]
    return [Heading(_("How this was computed")), Bullets(tuple(said))]
