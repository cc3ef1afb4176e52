"""A session's report to a file."""

from datetime import datetime
from pathlib import Path

from monitor.owner_files import write_bytes, write_text
from monitor.report.content import report_content
from monitor.report.facts import ReportFacts
from monitor.report.html import render
from monitor.report.paper import Paper
from monitor.results import Results
from monitor.summary import versions
from sensor.errors import KneeGapError

PDF = ".pdf"
KINDS = (".html", ".htm", PDF)


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
        simulated=meta.simulated,
        counts=recorded.counts,
        versions=versions(),
    )


def check_kind(path: Path) -> None:
    """Refuses a report of a kind that cannot be written, before any work is done."""
    if path.suffix.lower() not in KINDS:
        raise UnknownReportKind(path)


def write_report(results: Results, path: Path, paper: Paper = Paper.A4) -> None:
    """Writes the report; its kind is the path's ending."""
    check_kind(path)
    content = report_content(report_facts(results))
    if path.suffix.lower() == PDF:
        # Loaded only where a PDF is asked for: the typesetter and its fonts are large.
        from monitor.report.pdf import render_pdf

        write_bytes(path, render_pdf(content, paper))
    else:
        write_text(path, render(content))


def _started(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None
