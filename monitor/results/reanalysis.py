"""Stored sessions analyzed again with the present code, and what that changed.

Invariant: the old results stay until the new ones are whole; a run that was broken off goes on where it stopped, since
results name the code that made them.
"""

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from analysis.params import AnalysisParams
from monitor.language import N_
from monitor.language import gettext as _
from monitor.owner_files import whole_folder, write_text
from monitor.report.written import write_report
from monitor.results.analysis_code import analysis_code
from monitor.results.analyzed import analyzed_session
from monitor.results.summary import program_version
from monitor.store import Session, Store
from monitor.store.entry import Entry, State
from monitor.store.folder_entry import is_sealed, read_entry
from monitor.store.locks import SessionBusy, busy
from monitor.store.made_by import MADE_BY, MadeBy
from monitor.store.sealing import seal
from monitor.wording.lengths import measured_text
from sensor.errors import ConfigError, DiskFull, EmptySession, NotWritable, RecordingError, TableError

REPORT = "report.html"
_log = logging.getLogger(__name__)
_FIGURES: tuple[tuple[str, Callable[[Entry], int]], ...] = (
    (N_("holds"), lambda e: e.figures.holds),
    (N_("holds of unknown length"), lambda e: e.figures.unknown_holds),
    (N_("good repetitions"), lambda e: e.figures.good_repetitions),
    (N_("repetitions"), lambda e: e.repetitions),
)


@dataclass(frozen=True, slots=True)
class Reanalyzed:
    """A session that was analyzed again; `changes` says what is other than before, `trouble` why it could not be."""

    id: str
    changes: tuple[str, ...] = ()
    trouble: str = ""


def outdated(store: Store, entries: Sequence[Entry], params: AnalysisParams) -> tuple[Session, ...]:
    """Sessions whose results other code or parameters made, or that have none; oldest first."""
    code = analysis_code(params)
    again = (e for e in entries if e.state is not State.NO_RECORDING and e.made_by != code)
    return tuple(Session(store.sessions_folder / e.id) for e in again)


def reanalyze(sessions: Sequence[Session], params: AnalysisParams) -> Iterator[Reanalyzed]:
    """Each session as it is done; one that another process works on is left out with a word."""
    code = analysis_code(params)
    for session in sessions:
        before = read_entry(session)
        if before.made_by == code:
            # Another process has done it meanwhile.
            yield Reanalyzed(session.folder.name)
            continue
        trouble = analyze_again(session, params)
        changes = () if trouble or not before.analyzed else _changes(before, read_entry(session))
        yield Reanalyzed(session.folder.name, changes, trouble)


def analyze_again(session: Session, params: AnalysisParams) -> str:
    """New results and report in the session's folder; why there are none, else nothing."""
    try:
        with busy(session.folder):
            if not is_sealed(session.recording):
                seal(session.recording)
            results = analyzed_session(session, params)
            results.write()
            report = session.folder / REPORT
            if report.exists() or not session.meta.imported:
                write_report(results, report)
    except (DiskFull, NotWritable, SessionBusy) as error:
        return str(error)
    except (ConfigError, RecordingError, TableError) as error:
        _note_trouble(session, params, error)
        return str(error)
    except Exception as error:  # noqa: BLE001 - one session's fault must not lock the wearer out of all others
        _log.exception("analyzing %s", session.folder)
        _note_trouble(session, params, error)
        told = _("{session} cannot be analyzed, by a fault of this program ({fault}): please report it")
        return told.format(session=session.folder.name, fault=f"{type(error).__name__}: {error}")
    return ""


def _note_trouble(session: Session, params: AnalysisParams, error: Exception) -> None:
    """So that it is not tried again at each start; results that there are stay."""
    if (session.results / "summary.json").exists():
        return
    # An empty file is what is left where the very first bytes were not written any more.
    name = EmptySession.__name__ if _is_empty(session.recording) else type(error).__name__
    now = datetime.now().astimezone().isoformat()
    made_by = MadeBy(program_version(), analysis_code(params), now, name)
    with suppress(DiskFull, NotWritable), whole_folder(session.results) as folder:
        write_text(folder / MADE_BY, made_by.text())


def _is_empty(path: Path) -> bool:
    return path.is_file() and path.stat().st_size == 0


def _changes(before: Entry, after: Entry) -> tuple[str, ...]:
    told = _("{what}: {before} → {after}")
    changes = [
        told.format(what=_(what), before=figure(before), after=figure(after))
        for what, figure in _FIGURES
        if figure(before) != figure(after)
    ]
    shown = ((_("minutes held"), _minutes(before), _minutes(after)),)
    shown += ((_("relaxed gap"), measured_text(before.relaxed), measured_text(after.relaxed)),)
    shown += ((_("squeezed gap"), measured_text(before.squeezed), measured_text(after.squeezed)),)
    changes += [told.format(what=what, before=old, after=new) for what, old, new in shown if old != new]
    return tuple(changes)


def _minutes(e: Entry) -> str:
    return f"{e.net_s / 60:.1f}"
