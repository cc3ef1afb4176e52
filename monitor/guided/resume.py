"""A session that was broken off today can go on: what is done of it is not asked for again.

Invariant: the sessions stay two; the day plan adds their minutes and repetitions, whatever was continued.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from monitor.coach.plan import Phase, PhaseKind, Plan
from monitor.coach.plans import load_plan
from monitor.history.totals import History
from monitor.language import gettext as _
from monitor.wording.names import exercise_name

WITHIN = timedelta(hours=3)
# Less than this is not worth going on with, and more of it is as good as finished.
LEAST, NEARLY = 0.02, 0.95


@dataclass(frozen=True, slots=True)
class Unfinished:
    """A session that fell short of its plan: how much of it is done, from 0 to 1."""

    id: str
    exercise: str
    started: datetime
    share: float

    def sentence(self) -> str:
        """What could go on."""
        said = _("{exercise} of {time}: {percent} % done")
        percent = int(100 * self.share)
        return said.format(exercise=exercise_name(self.exercise), time=f"{self.started:%H:%M}", percent=percent)


def unfinished(found: History, now: datetime) -> Unfinished | None:
    """The wearer's last session, where it is of the last hours and was broken off."""
    last = next((e for e in reversed(found.entries) if e.counts and e.started is not None), None)
    if last is None or last.started is None or not timedelta() <= now - last.started <= WITHIN:
        return None
    asked = _asked(load_plan(last.exercise)) if last.exercise in _RESUMED else 0.0
    done = last.net_s if last.exercise == "clamp" else float(last.figures.good_repetitions)
    share = done / asked if asked else 1.0
    return Unfinished(last.id, last.exercise, last.started, share) if LEAST <= share < NEARLY else None


def resumed(plan: Plan, share: float) -> Plan:
    """The plan without what is done of it."""
    if plan.rounds > 1:
        return replace(plan, rounds=max(plan.rounds - int(share * plan.rounds), 1))
    return replace(plan, round=tuple(_rest(p, share) for p in plan.round))


_RESUMED = frozenset({"clamp", "knees_in", "seated_twist", "lying_press"})


def _rest(phase: Phase, share: float) -> Phase:
    return replace(phase, seconds=(1 - share) * phase.seconds) if phase.kind is PhaseKind.HOLD else phase


def _asked(plan: Plan) -> float:
    """Seconds of the plan's long hold, else its repetitions."""
    if plan.rounds == 1:
        return sum(p.seconds for p in plan.round if p.kind is PhaseKind.HOLD)
    return float(plan.rounds * sum(p.count for p in plan.round if p.kind in (PhaseKind.REPS, PhaseKind.HOLD)))
