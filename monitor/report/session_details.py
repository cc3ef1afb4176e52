"""The details behind a session's report: calibration and trust, data quality, markers, parameters."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, is_dataclass
from typing import cast

import numpy as np

from analysis.results import Quality
from monitor.language import N_
from monitor.language import gettext as _
from monitor.report import figures, sentences
from monitor.report.document import Bullets, Folded, Heading, Listing, Part, Table
from monitor.report.facts import ReportFacts
from monitor.report.svg import clock
from monitor.wording import names

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


def trust(facts: ReportFacts) -> list[Part]:
    """How the straps were calibrated, and how far the figures can be trusted."""
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


def quality(facts: ReportFacts) -> list[Part]:
    """How well each strap's samples arrived."""
    rows = [
        (
            names.strap_name(q.placement),
            str(q.samples),
            f"{q.lost} ({lost_pct(q.samples, q.lost):.2f} %)",
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


def markers(facts: ReportFacts) -> list[Part]:
    """Every marker."""
    rows = [
        (names.marker_name(m.label), clock(m.start_s), clock(m.end_s), figures.marker_value(m))
        for m in sorted(facts.markers, key=lambda m: m.start_s)
    ]
    heads = (_("label"), _("start"), _("end"), _("value"))
    return [Folded(_("Markers"), (Table(heads, tuple(rows), words=(0, 3)),))] if rows else []


def parameters(facts: ReportFacts) -> list[Part]:
    """What made the figures."""
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


def lost_pct(samples: int, lost: int) -> float:
    """Lost samples of all that were sent, in per cent."""
    return 100.0 * lost / max(samples + lost, 1)
