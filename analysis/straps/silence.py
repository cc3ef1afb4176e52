"""Spells in which a strap sent nothing, as the live analysis notices them.

Invariant: a spell is told when it is over; `detected_s` is the first arrival of any strap more than 1.5 s after the
last one of this strap.
"""

from collections.abc import Mapping
from math import isnan

import numpy as np

from analysis.results import Cause, DriftEvent
from analysis.straps.timebase import TimedSamples, since
from sensor.samples import Floats, Placement

SILENT_S = 1.5


class _Strap:
    def __init__(self) -> None:
        self.time_s = np.nan
        self.arrival_s = np.nan
        self.noticed_s = np.nan


class Silence:
    """Watches all straps for spells without samples."""

    def __init__(self) -> None:
        self._straps: dict[Placement, _Strap] = {}

    def push(self, straps: Mapping[Placement, TimedSamples]) -> tuple[DriftEvent, ...]:
        """Spells that ended; `straps` hold rows in order of arrival, late ones left out."""
        newest_s = max((float(t.arrival_s[-1]) for t in straps.values() if len(t)), default=-np.inf)
        out: list[DriftEvent] = []
        for placement, timed in straps.items():
            if len(timed):
                out += self._heard(placement, timed, straps)
        for strap in self._straps.values():
            if isnan(strap.noticed_s) and newest_s >= strap.arrival_s + SILENT_S:
                strap.noticed_s = _first_arrival(straps, strap.arrival_s + SILENT_S)
        return tuple(sorted(out, key=lambda e: (e.end_s, e.start_s)))

    def _heard(
        self, placement: Placement, timed: TimedSamples, straps: Mapping[Placement, TimedSamples]
    ) -> list[DriftEvent]:
        strap = self._straps.setdefault(placement, _Strap())
        out: list[DriftEvent] = []
        since_s = since(timed.time_s, strap.time_s)
        if (since_s > SILENT_S).any():
            for i in np.flatnonzero(since_s > SILENT_S).tolist():
                heard_s = float(timed.arrival_s[i - 1]) if i else strap.arrival_s
                noticed_s = strap.noticed_s if not i else np.nan
                if isnan(noticed_s):
                    noticed_s = min(_first_arrival(straps, heard_s + SILENT_S), float(timed.arrival_s[i]))
                out.append(data_gap(placement, float(timed.time_s[i] - since_s[i]), float(timed.time_s[i]), noticed_s))
        strap.time_s, strap.arrival_s, strap.noticed_s = float(timed.time_s[-1]), float(timed.arrival_s[-1]), np.nan
        return out


def data_gap(placement: Placement, start_s: float, end_s: float, detected_s: float) -> DriftEvent:
    """The event of a spell without samples."""
    return DriftEvent(Cause.DATA_GAP, placement, start_s, end_s, detected_s, end_s - start_s, 1.0)


def final_gaps(placement: Placement, time_s: Floats, live: tuple[DriftEvent, ...]) -> tuple[DriftEvent, ...]:
    """Spells that remain in all samples (N,) of one strap, noticed when the live one around them was."""
    out: list[DriftEvent] = []
    for i in np.flatnonzero(np.diff(time_s) > SILENT_S).tolist():
        start_s, end_s = float(time_s[i]), float(time_s[i + 1])
        around = (e for e in live if e.placement == placement and e.start_s < end_s and e.end_s > start_s)
        out.append(data_gap(placement, start_s, end_s, next((e.detected_s for e in around), np.nan)))
    return tuple(out)


def _first_arrival(straps: Mapping[Placement, TimedSamples], after_s: float) -> float:
    """The first arrival at or after `after_s`, infinity where there is none."""
    first_s = np.inf
    for timed in straps.values():
        at = int(np.searchsorted(timed.arrival_s, after_s, side="left"))
        if at < len(timed):
            first_s = min(first_s, float(timed.arrival_s[at]))
    return first_s
