"""A session's report: what was done and reached first, then what it rests on.

Invariant: nothing here is computed anew from samples; every figure is of the final result.
"""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from analysis.results import HoldVerdict, RepVerdict, Tables
from monitor.language import gettext as _
from monitor.language import language
from monitor.report import figures, sentences, session_details
from monitor.report.aim import aim_sentence
from monitor.report.document import Bullets, Document, Figure, Heading, Paragraph, Part, Table, Tile
from monitor.report.facts import ReportFacts
from monitor.report.sides import lag_sentence, side_rows
from monitor.report.svg import clock
from monitor.results.exercised import exercised_holds
from monitor.wording import names
from monitor.wording.lengths import length_text, uncertain_text


def session_document(facts: ReportFacts) -> Document:
    """The report of a session."""
    # Knees that touched while calibrating have not exercised.
    exercised = exercised_holds(facts.tables.holds, facts.markers)
    facts = replace(facts, tables=replace(facts.tables, holds=exercised))
    start_s, end_s = figures.span_s(facts.tables)
    when = facts.started.strftime("%Y-%m-%d %H:%M") if facts.started else _("time unknown")
    name = facts.wearer.name if facts.wearer else ""
    about = [when, name, _("{minutes} min").format(minutes=clock(end_s - start_s)), facts.session]
    simulated = _("Simulated straps on a simulated person: nobody was measured.")
    parts = [part for section in _SECTIONS for part in section(facts)]
    return Document(
        language=language(),
        title=names.exercise_name(facts.exercise),
        about=" · ".join(word for word in about if word),
        footer=facts.session,
        headline=sentences.headline(facts.tables, facts.exercise),
        alarms=tuple(sentences.safety_sentences(facts.markers)),
        note=simulated if facts.simulated else "",
        tiles=tiles(facts),
        parts=tuple(parts),
    )


def disclaimer() -> str:
    """What the program does not do, said once in each report."""
    return _(
        "This program coaches and measures. It does not diagnose and promises no cure. "
        "Pain or numbness: stop, loosen, and ask a doctor if it stays."
    )


def tiles(facts: ReportFacts) -> tuple[Tile, ...]:
    """The figures that matter most."""
    tables = facts.tables
    lost = [session_details.lost_pct(q.samples, q.lost) for q in tables.quality]
    quality = [Tile(_("samples lost"), f"{max(lost):.1f} %")] if lost else []
    return (*_hold_tiles(tables), *_count_tiles(tables), *quality)


def _hold_tiles(tables: Tables) -> list[Tile]:
    sure = [h for h in tables.holds if h.verdict is HoldVerdict.OK]
    if not sure:
        return []
    known = tables.gap.gap_m[np.isfinite(tables.gap.gap_m)]
    return [
        Tile(_("together (min)"), clock(sum(h.net_s for h in sure))),
        Tile(_("longest hold (min)"), clock(max(h.net_s for h in sure))),
        Tile(_("holds"), str(len(sure))),
        Tile(_("lapses"), str(sum(h.lapses for h in sure))),
        Tile(_("median gap"), length_text(float(np.median(known)) if len(known) else np.nan)),
    ]


def _count_tiles(tables: Tables) -> list[Tile]:
    out: list[Tile] = []
    done = tables.repetitions
    if done:
        out.append(Tile(_("complete repetitions"), f"{sum(r.verdict is RepVerdict.OK for r in done)}/{len(done)}"))
    if tables.check:
        out.append(Tile(_("relaxed gap"), sentences.mean_text([(r.relaxed_m, r.relaxed_sd_m) for r in tables.check])))
        out.append(
            Tile(_("squeezed gap"), sentences.mean_text([(r.squeezed_m, r.squeezed_sd_m) for r in tables.check]))
        )
    if tables.steps:
        out.append(Tile(_("steps"), str(len(tables.steps))))
    return out


def _goal(facts: ReportFacts) -> list[Part]:
    said = aim_sentence(facts.aim, facts.tables, facts.markers) if facts.aim else ""
    return [Paragraph(said)] if said else []


def _note(facts: ReportFacts) -> list[Part]:
    words = [_("Note: {text}").format(text=facts.remark)] if facts.remark else []
    words += [" ".join(f"#{tag}" for tag in facts.tags)] if facts.tags else []
    return [Paragraph(text) for text in words]


def _gap(facts: ReportFacts) -> list[Part]:
    caption = _(
        "Line: gap; grey: its 95 % band; hatched: counted holds, in a dashed frame what could not be judged; "
        "shaded below 10 mm: a hold starts; dashed line at 20 mm: it ends."
    )
    figure = figures.gap_figure(facts.tables, facts.markers)
    return [Heading(_("Knee gap")), Figure(figure, caption, zoom=True)]


def _check(facts: ReportFacts) -> list[Part]:
    check = facts.tables.check
    if not check:
        return []
    rows = [
        (
            f"{i + 1} ({clock(row.time_s)})",
            uncertain_text(row.relaxed_m, row.relaxed_sd_m),
            uncertain_text(row.squeezed_m, row.squeezed_sd_m),
        )
        for i, row in enumerate(check)
    ]
    table = Table((_("repetition"), _("relaxed"), _("squeezed")), tuple(rows))
    figure = figures.check_figure(check)
    drawn: list[Part] = [Figure(figure, wide=False)] if figure else []
    return [Heading(_("Check")), *drawn, table]


def _holds(facts: ReportFacts) -> list[Part]:
    rows = [
        (
            clock(h.start_s),
            clock(h.end_s),
            _("{seconds:.1f} s").format(seconds=h.net_s),
            str(h.lapses),
            length_text(h.mean_gap_m),
            length_text(h.max_gap_m),
            names.hold_verdict_name(h.verdict),
        )
        for h in facts.tables.holds
    ]
    heads = (
        _("start"),
        _("end"),
        _("together"),
        _("lapses"),
        _("mean gap"),
        _("largest"),
        _("verdict"),
    )
    if not rows:
        return []
    why = _("A hold cannot be judged where data are missing or the gap is too uncertain; it is not credited.")
    unsure = any(h.verdict is HoldVerdict.UNKNOWN for h in facts.tables.holds)
    return [
        Heading(_("Holds")),
        Table(heads, tuple(rows), words=(6,)),
        *([Paragraph(why, faint=True)] if unsure else []),
    ]


def _repetitions(facts: ReportFacts) -> list[Part]:
    rows = [
        (
            names.exercise_name(r.exercise),
            names.side_name(r.side),
            clock(r.start_s),
            _("{seconds:.1f} s").format(seconds=r.end_s - r.start_s),
            names.verdict_name(r.verdict),
            names.reason_text(r.reason),
        )
        for r in facts.tables.repetitions
    ]
    heads = (_("exercise"), _("side"), _("start"), _("length"), _("verdict"), _("why"))
    return [Heading(_("Repetitions")), Table(heads, tuple(rows), words=(0, 1, 4, 5))] if rows else []


def _sides(facts: ReportFacts) -> list[Part]:
    rows = tuple((row.quantity, row.left, row.right) for row in side_rows(facts.tables))
    if not rows:
        return []
    lag = lag_sentence(facts.tables.repetitions)
    said: list[Part] = [Paragraph(lag)] if lag else []
    return [Heading(_("Left against right")), Table(("", _("left"), _("right")), rows), *said]


def _walking(facts: ReportFacts) -> list[Part]:
    steps = facts.tables.steps
    return [Heading(_("Walking")), Paragraph(sentences.steps_sentence(steps))] if steps else []


def _drift(facts: ReportFacts) -> list[Part]:
    start_s, end_s = figures.span_s(facts.tables)
    events = tuple(sorted(facts.tables.drift, key=lambda e: e.start_s))
    heading = Heading(_("What drifted, and why"))
    if not events:
        return [heading, Paragraph(_("Nothing to report: neither the straps nor the knees moved slowly."))]
    strip = figures.drift_strip(events, start_s, end_s, [sentences.cause_label(e) for e in events])
    return [heading, Figure(strip), Bullets(tuple(sentences.cause_sentence(e) for e in events))]


def _tension(facts: ReportFacts) -> list[Part]:
    figure = figures.tension_figure(facts.tables)
    caption = _("Fabric gives way by 8 to 18 % in the first quarter of an hour; such a curve is no event.")
    return [Heading(_("Strap tension")), Figure(figure, caption)] if figure else []


def _postures(facts: ReportFacts) -> list[Part]:
    lengths: dict[str, float] = {}
    for span in facts.tables.postures:
        lengths[span.posture] = lengths.get(span.posture, 0.0) + span.end_s - span.start_s
    words = sentences.listed([f"{names.posture_name(name)} {clock(seconds)}" for name, seconds in lengths.items()])
    return [Heading(_("Postures")), Paragraph(words)] if words else []


def _closing(facts: ReportFacts) -> list[Part]:
    del facts
    return [Paragraph(disclaimer(), faint=True)]


_SECTIONS: tuple[Callable[[ReportFacts], list[Part]], ...] = (
    _goal,
    _note,
    _gap,
    _check,
    _holds,
    _repetitions,
    _walking,
    _sides,
    _drift,
    _tension,
    _postures,
    session_details.trust,
    session_details.quality,
    _closing,
    session_details.markers,
    session_details.parameters,
)
