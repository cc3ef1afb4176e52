"""What a report says, in words and figures, whatever it is printed on.

Invariant: texts are plain, not yet escaped for any format; figures are SVG.
"""

import json
from dataclasses import asdict, dataclass, is_dataclass

import numpy as np

from analysis.results import HoldVerdict, Tables
from monitor.report import figures, sentences
from monitor.report.facts import ReportFacts
from monitor.report.svg import clock

Row = dict[str, str]


@dataclass(frozen=True, slots=True)
class Content:
    """Everything on a session's report; a figure or text is empty where there is nothing to show."""

    title: str
    when: str
    name: str
    note: str
    length: str
    session: str
    safety: list[str]
    headline: str
    tiles: list[Row]
    gap_figure: str
    check_figure: str
    check: list[Row]
    holds: list[Row]
    repetitions: list[Row]
    steps: str
    drift_figure: str
    causes: list[str]
    tension_figure: str
    postures: str
    trust: list[str]
    quality: list[Row]
    markers: list[Row]
    parameters: str


def report_content(facts: ReportFacts) -> Content:
    """The words and figures of a session."""
    tables = facts.tables
    start_s, end_s = figures.span_s(tables)
    events = tuple(sorted(tables.drift, key=lambda e: e.start_s))
    names = [sentences.cause_name(e) for e in events]
    return Content(
        title=exercise_title(facts.exercise),
        when=facts.started.strftime("%Y-%m-%d %H:%M") if facts.started else "time unknown",
        name=facts.wearer.name if facts.wearer else "",
        note="Simulated straps on a simulated person: nobody was measured." if facts.simulated else "",
        length=clock(end_s - start_s),
        session=facts.session,
        safety=sentences.safety_sentences(facts.markers),
        headline=sentences.headline(tables, facts.exercise),
        tiles=tiles(tables),
        gap_figure=figures.gap_figure(tables, facts.markers),
        check_figure=figures.check_figure(tables.check),
        check=check_rows(tables),
        holds=hold_rows(tables),
        repetitions=repetition_rows(tables),
        steps=sentences.steps_sentence(tables.steps) if tables.steps else "",
        drift_figure=figures.drift_strip(events, start_s, end_s, names),
        causes=[sentences.cause_sentence(e) for e in events],
        tension_figure=figures.tension_figure(tables),
        postures=posture_words(tables),
        trust=sentences.trust_sentences(facts.alignment, facts.markers, tables),
        quality=quality_rows(facts),
        markers=marker_rows(facts),
        parameters=parameter_text(facts),
    )


def exercise_title(exercise: str | None) -> str:
    """The exercise's name for people."""
    return (exercise or "session").replace("_", " ").capitalize()


def tiles(tables: Tables) -> list[Row]:
    """The figures that matter most."""
    sure = [h for h in tables.holds if h.verdict is HoldVerdict.OK]
    out: list[Row] = []
    if sure:
        out.append({"name": "together", "value": clock(sum(h.net_s for h in sure))})
        out.append({"name": "longest hold", "value": clock(max(h.net_s for h in sure))})
        out.append({"name": "holds", "value": str(len(sure))})
    known = tables.gap.gap_m[np.isfinite(tables.gap.gap_m)]
    if len(known):
        out.append({"name": "median gap", "value": f"{1e3 * float(np.median(known)):.0f} mm"})
    lost = [_lost_pct(q.samples, q.lost) for q in tables.quality]
    if lost:
        out.append({"name": "samples lost", "value": f"{max(lost):.1f} %"})
    return out


def check_rows(tables: Tables) -> list[Row]:
    """A row per repetition of `check`."""
    return [
        {
            "at": clock(row.time_s),
            "relaxed": _uncertain(row.relaxed_m, row.relaxed_sd_m),
            "squeezed": _uncertain(row.squeezed_m, row.squeezed_sd_m),
        }
        for row in tables.check
    ]


def hold_rows(tables: Tables) -> list[Row]:
    """A row per hold."""
    return [
        {
            "start": clock(h.start_s),
            "end": clock(h.end_s),
            "net": f"{h.net_s:.1f} s",
            "lapses": str(h.lapses),
            "mean": _mm(h.mean_gap_m),
            "largest": _mm(h.max_gap_m),
            "verdict": h.verdict.value,
        }
        for h in tables.holds
    ]


def repetition_rows(tables: Tables) -> list[Row]:
    """A row per repetition."""
    return [
        {
            "exercise": r.exercise.replace("_", " "),
            "side": r.side.value,
            "start": clock(r.start_s),
            "length": f"{r.end_s - r.start_s:.1f} s",
            "verdict": r.verdict.value,
            "reason": r.reason,
        }
        for r in tables.repetitions
    ]


def posture_words(tables: Tables) -> str:
    """Time in each posture."""
    lengths: dict[str, float] = {}
    for span in tables.postures:
        lengths[span.posture.value] = lengths.get(span.posture.value, 0.0) + span.end_s - span.start_s
    return ", ".join(f"{name} {clock(seconds)}" for name, seconds in lengths.items())


def quality_rows(facts: ReportFacts) -> list[Row]:
    """A row per strap, with what went wrong on its link."""
    return [
        {
            "strap": q.placement.replace("_", " "),
            "samples": str(q.samples),
            "lost": f"{q.lost} ({_lost_pct(q.samples, q.lost):.2f} %)",
            "longest": f"{q.longest_gap_s:.1f} s",
            "rate": f"{q.rate_hz:.2f} Hz",
            "clock": f"{q.clock_ppm:+.0f} ppm" if np.isfinite(q.clock_ppm) else "",
            "link": _link_words(facts, q.placement.value),
        }
        for q in facts.tables.quality
    ]


def marker_rows(facts: ReportFacts) -> list[Row]:
    """A row per marker."""
    return [
        {"label": m.label, "start": clock(m.start_s), "end": clock(m.end_s), "value": m.value}
        for m in sorted(facts.markers, key=lambda m: m.start_s)
    ]


def parameter_text(facts: ReportFacts) -> str:
    """Parameters and versions as indented JSON."""
    params = asdict(facts.params) if is_dataclass(facts.params) and not isinstance(facts.params, type) else {}
    return json.dumps({"versions": dict(facts.versions), "parameters": params}, indent=1, default=str)


def _link_words(facts: ReportFacts, placement: str) -> str:
    counts = next((c for p, c in facts.counts.items() if p == placement), None)
    if counts is None:
        return ""
    names = asdict(counts)
    return ", ".join(f"{n} {name.replace('_', ' ')}" for name, n in names.items() if n) or "no trouble"


def _lost_pct(samples: int, lost: int) -> float:
    return 100.0 * lost / max(samples + lost, 1)


def _mm(value_m: float) -> str:
    return f"{1e3 * value_m:.0f} mm" if np.isfinite(value_m) else "unknown"


def _uncertain(value_m: float, sd_m: float) -> str:
    return f"{1e3 * value_m:.0f} ± {1.96e3 * sd_m:.0f} mm" if np.isfinite(value_m) else "unknown"
