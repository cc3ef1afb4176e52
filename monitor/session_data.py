"""A session for notebooks and scripts: its samples, markers and results as named columns.

    >>> from monitor.session_data import load
    >>> session = load("2026-11-22_18-30-00_clamp")
    >>> session.samples["left_thigh"]["flex"]              # a numpy array
    >>> pandas.DataFrame(session.results["gap"])           # polars.DataFrame takes it as well

Columns carry their unit in their name and mean what the recording table and the exported tables of the same name mean
(`docs/exports.md`); numbers are NaN where unknown, text is empty.
"""

from dataclasses import dataclass

import numpy as np

from analysis.params import AnalysisParams
from analysis.pipeline import Analysis
from monitor.exports.tables import Columns, table_columns
from monitor.results.analyzed import analyzed
from monitor.results.summary import JsonObject, summary
from monitor.store import SessionMeta
from sensor.markers import Marker
from sensor.recorded import Recorded
from sensor.tables.recording_table import block_columns


@dataclass(frozen=True, slots=True)
class SessionData:
    """A session with what the analysis says of it."""

    meta: SessionMeta
    recorded: Recorded
    analysis: Analysis
    params: AnalysisParams

    @property
    def summary(self) -> JsonObject:
        """The object of `summary.json`."""
        return summary(self.meta, self.recorded, self.analysis.final, self.params)

    @property
    def results(self) -> dict[str, Columns]:
        """The final results: the columns of every exported table by the table's name, in full precision."""
        return table_columns(self.analysis.final)

    @property
    def live_results(self) -> dict[str, Columns]:
        """What was known live, likewise."""
        return table_columns(self.analysis.live)

    @property
    def samples(self) -> dict[str, Columns]:
        """The samples of each strap by its placement, in order of arrival."""
        return {str(p): block_columns(block) for p, block in self.recorded.straps.items()}

    @property
    def markers(self) -> Columns:
        """The columns of the markers' table."""
        return marker_columns(self.recorded.markers)


def load(name: str, params: AnalysisParams | None = None) -> SessionData:
    """The session of a folder or of an id in the store, analyzed; nothing is written.

    Errors: `NoSuchSession`, or what is wrong with its recording, all of them `sensor.errors.KneeGapError`.
    """
    found = analyzed(name, params=params)
    return SessionData(found.session.meta, found.recorded, found.analysis, found.params)


def marker_columns(markers: tuple[Marker, ...]) -> Columns:
    """The markers' table as columns."""
    return {
        "label": [m.label for m in markers],
        "start_s": np.array([m.start_s for m in markers], dtype=np.float64),
        "end_s": np.array([m.end_s for m in markers], dtype=np.float64),
        "value": [m.value for m in markers],
    }
