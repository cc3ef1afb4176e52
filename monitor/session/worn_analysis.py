"""The live analysis of a session, begun anew on the other legs where the straps turn out to be swapped.

Invariant: what is told from then on is what would have been told with the straps named as they sit from the start, so
that a replay of the recording, which names them so, says the same.
"""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from analysis.alignment.calibration_findings import SWAPPED
from analysis.chain import LiveUpdate
from analysis.params import AnalysisParams
from analysis.pipeline import LiveAnalysis
from analysis.priors import Priors
from analysis.results import GapSeries
from analysis.update import joined
from sensor.arrivals import Arrivals
from sensor.exchanged import exchanged_blocks
from sensor.markers import Label
from sensor.samples import THIGHS
from sensor.wearer import Wearer

# Whose leg is whose is known from the calibration: so long into the exercise nothing has to be told anew any more.
SURE_S = 10.0

Recall = Callable[[bool], Priors]


class WornAnalysis:
    """Takes arrivals by the straps' own names; `swapped` once these are wrong.

    `recall` says what the session starts from, given whether the straps are swapped; `mounted` where it knows how both
    of them sit.
    """

    def __init__(self, wearer: Wearer | None, exercise: str, params: AnalysisParams, recall: Recall) -> None:
        self._wearer, self._exercise, self._params, self._recall = wearer, exercise, params, recall
        self._past: list[Arrivals] | None = []
        self._sure_s = float("inf")
        self._told_s = -float("inf")
        self.swapped = False
        self.mounted = False
        self._begin()

    def push(self, arrivals: Arrivals) -> LiveUpdate:
        """What these arrivals make known."""
        arrivals = _exchanged(arrivals) if self.swapped else arrivals
        update = self._analysis.push(arrivals)
        if self._past is not None:
            self._past.append(arrivals)
            if SWAPPED in update.findings and not self.swapped:
                update = self._anew(self._past)
            self._forget(arrivals)
        if len(update.gap.time_s):
            self._told_s = float(update.gap.time_s[-1])
        return update

    def finish(self) -> LiveUpdate:
        """What the end of the session makes known."""
        return self._analysis.finish()

    def _begin(self) -> None:
        priors = self._recall(self.swapped)
        self.mounted = all(p in priors.mountings for p in THIGHS)
        self._analysis = LiveAnalysis(self._wearer, self._exercise, self._params, priors)

    def _anew(self, past: list[Arrivals]) -> LiveUpdate:
        """All again with each strap on the other leg; only what was not told before is told, and what was found."""
        self.swapped = True
        self._begin()
        update = joined([self._analysis.push(_exchanged(arrivals)) for arrivals in past])
        drift = tuple(e for e in update.drift if e.detected_s > self._told_s)
        return replace(update, gap=_after(update.gap, self._told_s), drift=drift, findings=(*update.findings, SWAPPED))

    def _forget(self, arrivals: Arrivals) -> None:
        begun = [e.time_s for e in arrivals.edges if e.marker.label == Label.EXERCISE and not e.closed]
        self._sure_s = min([self._sure_s, *(time_s + SURE_S for time_s in begun)])
        if self.swapped or arrivals.until_s > self._sure_s:
            self._past = None


def _exchanged(arrivals: Arrivals) -> Arrivals:
    return replace(arrivals, straps=exchanged_blocks(arrivals.straps))


def _after(gap: GapSeries, told_s: float) -> GapSeries:
    at = int(np.searchsorted(gap.time_s, told_s, side="right"))
    return GapSeries(gap.time_s[at:], gap.gap_m[at:], gap.sd_m[at:], gap.contact[at:])
