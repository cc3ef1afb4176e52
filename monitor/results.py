"""A session's results: analyzed, kept beside the recording, exported, and told in a few lines."""

import json
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from analysis.params import AnalysisParams
from analysis.pipeline import Analysis, analyze
from analysis.results import HoldVerdict
from monitor.analysis_code import analysis_code
from monitor.exercised import exercised_holds
from monitor.exports.tables import export_tables
from monitor.owner_files import whole_folder, write_text
from monitor.store import Session, Store
from monitor.store.made_by import MADE_BY, MadeBy
from monitor.summary import JsonObject, program_version, session_length_s, summary
from sensor.recorded import Recorded
from sensor.samples import THIGHS

MOST = 0.5


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


def summary_lines(results: Results) -> list[str]:
    """What `kneegap analyze` prints."""
    recorded, tables = results.recorded, results.analysis.final
    minutes, seconds = divmod(round(session_length_s(recorded)), 60)
    lines = [
        f"session     {results.session.meta.id}",
        f"exercise    {recorded.exercise or '-'}, {minutes}:{seconds:02d} min",
    ]
    lines += [
        f"strap       {q.placement}: {q.samples} samples, {q.lost} lost, longest gap {q.longest_gap_s:.1f} s"
        for q in tables.quality
    ]
    lines += _unknown_gap(results)
    holds = exercised_holds(tables.holds, recorded.markers)
    credited = [h for h in holds if h.verdict is HoldVerdict.OK]
    unknown = len(holds) - len(credited)
    net_s = sum(h.net_s for h in credited)
    lines.append(f"holds       {len(credited)}, {net_s:.0f} s net" + (f", {unknown} unknown" if unknown else ""))
    lines += [
        f"check       relaxed {_mm(row.relaxed_m)} ± {_mm(row.relaxed_sd_m)} mm, "
        f"squeezed {_mm(row.squeezed_m)} ± {_mm(row.squeezed_sd_m)} mm"
        for row in tables.check
    ]
    lines += [f"repetition  {r.exercise} {r.side}: {r.verdict} {r.reason}".rstrip() for r in tables.repetitions]
    if tables.steps:
        lines.append(f"steps       {len(tables.steps)}")
    lines += [
        f"drift       {e.cause}{f' {e.placement}' if e.placement else ''} from {e.start_s:.0f} to {e.end_s:.0f} s"
        for e in tables.drift
    ]
    lines.append(f"results     {results.session.results}")
    return lines


def _unknown_gap(results: Results) -> list[str]:
    """A line where the gap is unknown for most of the session, with the thigh strap that is missing."""
    gap_m = results.analysis.final.gap.gap_m
    unknown = float(np.isnan(gap_m).mean()) if len(gap_m) else 1.0
    if unknown <= MOST:
        return []
    straps = results.recorded.straps
    missing = [p for p in THIGHS if p not in straps or not len(straps[p])]
    why = (
        f"no samples of {' and '.join(missing)}" if missing else f"{100 * unknown:.0f} % of the session cannot be told"
    )
    return [f"gap         unknown: {why}"]


def _mm(length_m: float) -> str:
    return "?" if length_m != length_m else f"{length_m * 1000:.0f}"
