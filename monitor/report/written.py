"""Reports to files."""

from datetime import date, datetime
from pathlib import Path

from monitor.coach.plan_files import exercises
from monitor.coach.plans import load_plan
from monitor.history.totals import history
from monitor.owner_files import write_bytes, write_text
from monitor.report.aim import Aim, aim_of
from monitor.report.document import Document
from monitor.report.facts import ReportFacts
from monitor.report.grading import read_grading
from monitor.report.html import render
from monitor.report.paper import Paper
from monitor.report.period import Period
from monitor.report.period_document import PeriodFacts, period_document
from monitor.report.session_document import session_document
from monitor.results.analyzed import Results
from monitor.results.summary import versions
from monitor.settings import SETTINGS, read_settings
from monitor.store import Store
from monitor.store.notes import read_note
from monitor.store.wearers import Wearers
from sensor.errors import KneeGapError

PDF = ".pdf"
KINDS = (".html", ".htm", PDF)


class UnknownReportKind(KneeGapError):
    """A report of a kind that cannot be written."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"{path}: a report is .html or .pdf: choose one of these endings")


def report_facts(results: Results) -> ReportFacts:
    """What the report of a session is made of."""
    recorded, meta, note = results.recorded, results.session.meta, read_note(results.session)
    return ReportFacts(
        session=meta.id,
        exercise=recorded.exercise,
        started=_started(meta.started),
        wearer=recorded.wearer,
        tables=results.analysis.final,
        markers=recorded.markers,
        alignment=results.analysis.alignment,
        params=results.params,
        # Goals are for people.
        aim=None if meta.simulated else _aim(recorded.exercise),
        simulated=meta.simulated,
        remark=note.text,
        tags=note.tags,
        counts=recorded.counts,
        devices=recorded.devices,
        versions=versions(),
    )


def check_kind(path: Path) -> None:
    """Refuses a report of a kind that cannot be written, before any work is done."""
    if path.suffix.lower() not in KINDS:
        raise UnknownReportKind(path)


def write_report(results: Results, path: Path, paper: Paper = Paper.A4) -> None:
    """Writes the report; its kind is the path's ending."""
    check_kind(path)
    _write(session_document(report_facts(results)), path, paper)


def write_period_report(period: Period, path: Path, paper: Paper = Paper.A4, wearer: str = "") -> None:
    """Writes the report of a period of the wearer of this name or id, of the last one if empty."""
    check_kind(path)
    store = Store()
    found = history(store, Wearers(store.home).find(wearer).id if wearer else None)
    grading = read_settings(store.home).grading
    facts = PeriodFacts(
        history=found,
        period=period,
        today=date.today(),
        grading=read_grading(grading, store.home / SETTINGS) if grading else None,
        versions=versions(),
    )
    _write(period_document(facts), path, paper)


def _write(document: Document, path: Path, paper: Paper) -> None:
    if path.suffix.lower() == PDF:
        # Loaded only where a PDF is asked for: the typesetter and its fonts are large.
        from monitor.report.pdf import render_pdf

        write_bytes(path, render_pdf(document, paper))
    else:
        write_text(path, render(document))


def _aim(exercise: str | None) -> Aim | None:
    return aim_of(load_plan(exercise)) if exercise in exercises() else None


def _started(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None
