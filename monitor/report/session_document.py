"""A session's report: what was done and reached first, then what it rests on.

Invariant: nothing here is computed anew from samples; every figure is of the final result.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, is_dataclass, replace
from typing import cast

import numpy as np

from analysis.results import HoldVerdict, Quality, Tables
from monitor import names
from monitor.exercised import exercised_holds
from monitor.language import N_, language
from monitor.language import gettext as _
from monitor.lengths import length_text, uncertain_text
from monitor.report import figures, sentences
from monitor.report.aim import aim_sentence
from monitor.report.document import Bullets, Document, Figure, Folded, Heading, Listing, Paragraph, Part, Table, Tile
from monitor.report.facts import ReportFacts
from monitor.report.sides import lag_sentence, side_rows
from monitor.report.svg import clock

# Translators: what went wrong on a strap's radio link, counted.
_COUNTS = {
    "corrupt": N_("{n} corrupt"),
    "repeated": N_("{n} repeated"),
    "resent": N_("{n} resent"),
    "disconnects": N_("{n} disconnects"),
    "restarts": N_("{n} restarts"),
    "out_of_order": N_("{n} out of order"),
    "strays": N_("{n} strays"),
    "clock_jumps": N_("{n} clock jumps"),
    "incomplete": N_("{n} incomplete"),
}


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
        tiles=tiles(facts.tables),
        parts=tuple(parts),
    )


def disclaimer() -> str:
    """What the program does not do, said once in each report."""
    return _(
        "This program coaches and measures. It does not diagnose and promises no cure. "
        "Pain or numbness: stop, loosen, and ask a doctor if it stays."
    )


def tiles(tables: Tables) -> tuple[Tile, ...]:
    """The figures that matter most."""
    sure = [h for h in tables.holds if h.verdict is HoldVerdict.OK]
    out: list[Tile] = []
    if sure:
        out.append(Tile(_("together (min)"), clock(sum(h.net_s for h in sure))))
        out.append(Tile(_("longest hold (min)"), clock(max(h.net_s for h in sure))))
        out.append(Tile(_("holds"), str(len(sure))))
        out.append(Tile(_("lapses"), str(sum(h.lapses for h in sure))))
    known = tables.gap.gap_m[np.isfinite(tables.gap.gap_m)]
    if len(known):
        out.append(Tile(_("median gap"), length_text(float(np.median(known)))))
    lost = [_lost_pct(q.samples, q.lost) for q in tables.quality]
    if lost:
        out.append(Tile(_("samples lost"), f"{max(lost):.1f} %"))
    return tuple(out)


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
    return [Heading(_("Holds")), Table(heads, tuple(rows), words=(6,))] if rows else []


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


def _trust(facts: ReportFacts) -> list[Part]:
    calibrated = sentences.calibration_sentences(facts.alignment, facts.markers)
    return [
        Heading(_("Calibration, and how far to trust this")),
        Bullets(
            (
                *calibrated,
                *sentences.trust_sentences(facts.tables),
                *sentences.clock_sentences(facts.devices),
            )
        ),
    ]


def _quality(facts: ReportFacts) -> list[Part]:
    rows = [
        (
            names.strap_name(q.placement),
            str(q.samples),
            f"{q.lost} ({_lost_pct(q.samples, q.lost):.2f} %)",
            _("{seconds:.1f} s").format(seconds=q.longest_gap_s),
            f"{q.rate_hz:.2f} Hz",
            _clock_words(facts, q),
            _link_words(facts, q.placement.value),
        )
        for q in facts.tables.quality
    ]
    heads = (
        _("strap"),
        _("samples"),
        _("lost"),
        _("longest gap"),
        _("rate"),
        _("clock"),
        _("link"),
    )
    return [Heading(_("Data quality")), Table(heads, tuple(rows), words=(0, 6))]


def _clock_words(facts: ReportFacts, quality: Quality) -> str:
    device = facts.devices.get(quality.placement)
    if device is not None and not device.clock:
        return _("none")
    return f"{quality.clock_ppm:+.0f} ppm" if np.isfinite(quality.clock_ppm) else ""


def _markers(facts: ReportFacts) -> list[Part]:
    rows = [
        (names.marker_name(m.label), clock(m.start_s), clock(m.end_s), figures.marker_value(m))
        for m in sorted(facts.markers, key=lambda m: m.start_s)
    ]
    heads = (_("label"), _("start"), _("end"), _("value"))
    return [Folded(_("Markers"), (Table(heads, tuple(rows), words=(0, 3)),))] if rows else []


def _closing(facts: ReportFacts) -> list[Part]:
    del facts
    return [Paragraph(disclaimer(), faint=True)]


def _parameters(facts: ReportFacts) -> list[Part]:
    params = asdict(facts.params) if is_dataclass(facts.params) and not isinstance(facts.params, type) else {}
    lines = [f"{name} {version}" for name, version in facts.versions.items()] + list(_flat(params))
    return [Folded(_("Parameters and versions that made this report"), (Listing("\n".join(lines)),))]


def _flat(params: Mapping[str, object], at: str = "") -> Iterator[str]:
    """A line for each parameter, named by its place in the tree."""
    for name, value in params.items():
        if isinstance(value, Mapping):
            yield from _flat(cast("Mapping[str, object]", value), f"{at}{name}.")
        else:
            yield f"{at}{name} = {json.dumps(value, default=str)}"


def _link_words(facts: ReportFacts, placement: str) -> str:
    counts = next((c for p, c in facts.counts.items() if p == placement), None)
    if counts is None:
        return ""
    unknown = "{n} {name}"
    found = [
        _(_COUNTS.get(name, unknown)).format(n=n, name=name.replace("_", " "))
        for name, n in asdict(counts).items()
        if n
    ]
    return sentences.listed(found) or _("no trouble")


def _lost_pct(samples: int, lost: int) -> float:
    return 100.0 * lost / max(samples + lost, 1)


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
    _trust,
    _quality,
    _closing,
    _markers,
    _parameters,
)
