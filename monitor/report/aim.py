"""What a session asked for, and how much of it was reached.

Invariant: an aim comes from the coach's plan alone; what could not be judged is not counted as reached.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analysis.results import HoldVerdict, RepVerdict, Tables
from monitor.coach.plan import Phase, PhaseKind, Plan
from monitor.language import gettext as _
from monitor.report.svg import clock
from sensor.markers import Label, Marker


@dataclass(frozen=True, slots=True)
class Aim:
    """Seconds together, seconds of exercise, or complete repetitions over all sides; 0 where not asked for."""

    together_s: float = 0.0
    exercise_s: float = 0.0
    repetitions: int = 0


def aim_of(plan: Plan) -> Aim:
    """What the plan asks for."""
    holds = [p for p in plan.round if p.kind is PhaseKind.HOLD]
    return Aim(
        together_s=plan.rounds * sum(p.seconds for p in holds if not p.unbroken),
        exercise_s=plan.rounds * sum(p.seconds for p in plan.round if p.kind is PhaseKind.FREE),
        repetitions=plan.rounds * sum(_repetitions(p) for p in plan.round),
    )


def aim_sentence(aim: Aim, tables: Tables, markers: Sequence[Marker]) -> str:
    """The goal and what was reached of it; empty where nothing was asked for."""
    if aim.together_s:
        reached_s = sum(h.net_s for h in tables.holds if h.verdict is HoldVerdict.OK)
        words = _("Goal: {goal} min together. Reached: {reached} min ({percent:.0f} %).")
        return _told(words, aim.together_s, reached_s)
    if aim.repetitions:
        checks = sum(1 for row in tables.check if np.isfinite(row.relaxed_m) and np.isfinite(row.squeezed_m))
        reached = checks or sum(r.verdict is RepVerdict.OK for r in tables.repetitions)
        words = _("Goal: {goal} complete repetitions. Reached: {reached}.")
        return words.format(goal=aim.repetitions, reached=reached)
    if aim.exercise_s:
        done_s = sum(max(m.end_s - m.start_s, 0.0) for m in markers if m.label == Label.EXERCISE)
        return _told(_("Goal: {goal} min of exercise. Done: {reached} min ({percent:.0f} %)."), aim.exercise_s, done_s)
    return ""


def _told(words: str, goal_s: float, reached_s: float) -> str:
    # A goal that is missed by a breath must not read as reached.
    percent = int(100 * reached_s / goal_s)
    return words.format(goal=clock(goal_s), reached=clock(reached_s), percent=percent)


def _repetitions(phase: Phase) -> int:
    if phase.kind is PhaseKind.REPS:
        return phase.count
    return 1 if (phase.kind is PhaseKind.HOLD and phase.unbroken) or phase.marker == Label.SQUEEZED else 0
