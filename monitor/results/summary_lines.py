"""A session's results in a few lines for the terminal, in the wearer's language.

Invariant: a line is a term and what is to be said of it; a figure is of the final result, lengths with their 95 %.
"""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
from rich.cells import cell_len

from analysis.results import HoldVerdict
from monitor.language import N_, ngettext
from monitor.language import gettext as _
from monitor.report.sentences import cause_sentence, holds_sentence, listed, steps_sentence
from monitor.results.analyzed import Results
from monitor.results.exercised import exercised_holds
from monitor.results.summary import session_length_s
from monitor.wording.lengths import uncertain_text
from monitor.wording.names import exercise_name, reason_text, side_name, strap_name, verdict_name
from monitor.wording.words import clock
from sensor.samples import THIGHS

TERM_CELLS = 12
MOST = 0.5
_TERMS = {
    "session": N_("session"),
    "exercise": N_("exercise"),
    "strap": N_("strap"),
    "gap": N_("gap"),
    "holds": N_("holds"),
    "check": N_("check"),
    "repetition": N_("repetition"),
    "steps": N_("steps"),
    "drift": N_("drift"),
    "results": N_("results"),
    "folder": N_("folder"),
    "report": N_("report"),
}


def summary_lines(results: Results) -> list[str]:
    """What `kneegap analyze` prints."""
    return [_line(term, said) for term, said in _said(results)]


def place_lines(folder: Path, report: Path) -> list[str]:
    """Where a session and its report lie."""
    return [_line("folder", str(folder)), _line("report", str(report))]


def _line(term: str, said: str) -> str:
    name = _(_TERMS[term])
    return name + " " * max(TERM_CELLS - cell_len(name), 1) + said


def _said(results: Results) -> Iterator[tuple[str, str]]:
    recorded, tables = results.recorded, results.analysis.final
    yield "session", results.session.meta.id
    length = _("{minutes} min").format(minutes=clock(session_length_s(recorded)))
    yield "exercise", listed([exercise_name(recorded.exercise), length])
    for q in tables.quality:
        words = _("{strap}: {samples} samples, {lost} lost, longest gap {seconds:.1f} s")
        name = strap_name(q.placement)
        yield "strap", words.format(strap=name, samples=q.samples, lost=q.lost, seconds=q.longest_gap_s)
    if unknown := _unknown_gap(results):
        yield "gap", unknown
    holds = exercised_holds(tables.holds, recorded.markers)
    if holds:
        yield "holds", holds_sentence(holds)
        lapses = sum(h.lapses for h in holds if h.verdict is HoldVerdict.OK)
        if lapses:
            yield "holds", ngettext("{n} lapse inside them", "{n} lapses inside them", lapses).format(n=lapses)
    for row in tables.check:
        yield (
            "check",
            _("relaxed {relaxed}, squeezed {squeezed}").format(
                relaxed=uncertain_text(row.relaxed_m, row.relaxed_sd_m),
                squeezed=uncertain_text(row.squeezed_m, row.squeezed_sd_m),
            ),
        )
    for r in tables.repetitions:
        verdict = listed([word for word in (verdict_name(r.verdict), reason_text(r.reason)) if word])
        yield (
            "repetition",
            _("{exercise}, {side}: {verdict}").format(
                exercise=exercise_name(r.exercise), side=side_name(r.side), verdict=verdict
            ),
        )
    if tables.steps:
        yield "steps", steps_sentence(tables.steps)
    for event in tables.drift:
        yield "drift", cause_sentence(event)
    yield "results", str(results.session.results)


def _unknown_gap(results: Results) -> str:
    """Where the gap is unknown for most of the session: why, with the thigh strap that is missing."""
    gap_m = results.analysis.final.gap.gap_m
    unknown = float(np.isnan(gap_m).mean()) if len(gap_m) else 1.0
    if unknown <= MOST:
        return ""
    straps = results.recorded.straps
    missing = [strap_name(p) for p in THIGHS if p not in straps or not len(straps[p])]
    if missing:
        return _("unknown: no samples of {straps}").format(straps=listed(missing))
    return _("unknown: {percent:.0f} % of the session cannot be told").format(percent=100 * unknown)
