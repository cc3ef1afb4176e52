"""A session's report to a file."""

from datetime import datetime
from pathlib import Path

from monitor.owner_files import write_text
from monitor.report.facts import ReportFacts
from monitor.report.html import render
from monitor.results import Results
from monitor.summary import versions
from sensor.errors import KneeGapError

KINDS = (".html", ".htm")


class UnknownReportKind(KneeGapError):
    """A report of a kind that cannot be written."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"{path}: a report is .html or .pdf: choose one of these endings")


def report_facts(results: Results) -> ReportFacts:
    """What the report of a session is made of."""
    recorded, meta = results.recorded, results.session.meta
    return ReportFacts(
        session=meta.id,
        exercise=recorded.exercise,
        started=_started(meta.started),
        wearer=recorded.wearer,
        tables=results.analysis.final,
        markers=recorded.markers,
        alignment=results.analysis.alignment,
        params=results.params,
        counts=recorded.counts,
        versions=versions(),
    )


def check_kind(path: Path) -> None:
    """Refuses a report of a kind that cannot be written, before any work is done."""
    if path.suffix.lower() not in KINDS:
        raise UnknownReportKind(path)


def write_report(results: Results, path: Path) -> None:
    """Writes the report; its kind is the path's ending."""
    check_kind(path)
    write_text(path, render(report_facts(results)))


def _started(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None
