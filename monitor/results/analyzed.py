"""A session's results: analyzed, and kept beside the recording."""

import json
from dataclasses import dataclass
from datetime import datetime

from analysis.params import AnalysisParams
from analysis.pipeline import Analysis, analyze
from monitor.exports.tables import export_tables
from monitor.owner_files import whole_folder, write_text
from monitor.results.analysis_code import analysis_code
from monitor.results.summary import JsonObject, program_version, summary
from monitor.store import Session, Store
from monitor.store.made_by import MADE_BY, MadeBy
from sensor.recorded import Recorded


@dataclass(frozen=True, slots=True)
class Results:
    """A session with all that the analysis says of it."""

    session: Session
    recorded: Recorded
    analysis: Analysis
    params: AnalysisParams
    summary: JsonObject

    def write(self) -> None:
        """Keeps the final results in the session's folder."""
        made_by = MadeBy(program_version(), analysis_code(self.params), datetime.now().astimezone().isoformat())
        with whole_folder(self.session.results) as folder:
            export_tables(folder, self.analysis.final)
            write_text(folder / "summary.json", json_text(self.summary) + "\n")
            write_text(folder / MADE_BY, made_by.text())


def analyzed(name: str, store: Store | None = None, params: AnalysisParams | None = None) -> Results:
    """The results of the session that a folder or id names."""
    session = (store or Store()).find(name)
    return analyzed_session(session, params or AnalysisParams())


def analyzed_session(session: Session, params: AnalysisParams) -> Results:
    """The results of a session."""
    recorded = session.read()
    analysis = analyze(recorded, params)
    return Results(session, recorded, analysis, params, summary(session.meta, recorded, analysis.final, params))


def json_text(content: JsonObject) -> str:
    """The object as JSON."""
    return json.dumps(content, indent=1, ensure_ascii=False, allow_nan=False)
