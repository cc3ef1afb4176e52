"""What a push of the live analysis makes known, and how updates add up."""

from dataclasses import dataclass, field, replace

import numpy as np

from analysis.alignment.calibration_findings import CalibrationFinding
from analysis.exercises.mistakes import Mistake
from analysis.gap.corrections import Correction
from analysis.holds.counted_holds import RunningHold
from analysis.results import (
    CheckRow,
    DriftEvent,
    GapSeries,
    Hold,
    Posture,
    PostureSpan,
    Repetition,
    Step,
    TightnessSeries,
    UnderWay,
)
from sensor.samples import Placement


def no_gap() -> GapSeries:
    """A series without rows."""
    return GapSeries(np.empty(0), np.empty(0), np.empty(0), np.empty(0))


@dataclass(frozen=True, slots=True)
class LiveUpdate:
    """What became known: new rows and closed events; the last four are of the last row."""

    gap: GapSeries = field(default_factory=no_gap)
    holds: tuple[Hold, ...] = ()
    repetitions: tuple[Repetition, ...] = ()
    steps: tuple[Step, ...] = ()
    tightness: tuple[TightnessSeries, ...] = ()
    check: tuple[CheckRow, ...] = ()
    drift: tuple[DriftEvent, ...] = ()
    postures: tuple[PostureSpan, ...] = ()
    findings: tuple[CalibrationFinding, ...] = ()
    corrections: tuple[Correction, ...] = ()
    running: RunningHold | None = None
    posture: Posture | None = None
    mistakes: frozenset[Mistake] = frozenset()
    working: UnderWay | None = None

    def standing_as(self, last: "LiveUpdate") -> "LiveUpdate":
        """The same, with how things stand taken from `last`: nothing is over because no row has come since."""
        return replace(self, running=last.running, posture=last.posture, mistakes=last.mistakes, working=last.working)


def joined(updates: list[LiveUpdate]) -> LiveUpdate:
    """Updates one after another as one."""
    if not updates:
        return LiveUpdate()
    told = LiveUpdate(
        join_gaps([u.gap for u in updates]),
        holds=tuple(x for u in updates for x in u.holds),
        repetitions=tuple(x for u in updates for x in u.repetitions),
        steps=tuple(x for u in updates for x in u.steps),
        tightness=_joined_tightness(updates),
        check=tuple(x for u in updates for x in u.check),
        drift=tuple(x for u in updates for x in u.drift),
        postures=tuple(x for u in updates for x in u.postures),
        findings=tuple(x for u in updates for x in u.findings),
        corrections=tuple(x for u in updates for x in u.corrections),
    )
    return told.standing_as(updates[-1])


def join_gaps(parts: list[GapSeries]) -> GapSeries:
    """Parts one after another."""
    if not parts:
        return no_gap()
    return GapSeries(
        np.concatenate([p.time_s for p in parts]),
        np.concatenate([p.gap_m for p in parts]),
        np.concatenate([p.sd_m for p in parts]),
        np.concatenate([p.contact for p in parts]),
    )


def _joined_tightness(updates: list[LiveUpdate]) -> tuple[TightnessSeries, ...]:
    series: dict[Placement, list[TightnessSeries]] = {}
    for update in updates:
        for s in update.tightness:
            series.setdefault(s.placement, []).append(s)
    return tuple(
        TightnessSeries(p, np.concatenate([s.time_s for s in parts]), np.concatenate([s.tension for s in parts]))
        for p, parts in series.items()
    )
