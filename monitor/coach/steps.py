"""The phases of a session in order: questions, calibration, the exercise's rounds.

Invariant: a session that has samples to count has one phase that makes session zero.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from monitor.coach.plan import Calibration, Phase, Plan
from sensor.markers import Label


@dataclass(frozen=True, slots=True)
class Step:
    """A phase at its place in the session; `round` counts from 1, 0 outside the exercise proper."""

    phase: Phase
    round: int = 0
    calibrating: bool = False


def steps(
    plan: Plan, calibration: Calibration | None, spacer_mm: float = 67.0, screen: Sequence[Phase] = ()
) -> tuple[Step, ...]:
    """All phases of a session; `screen` are the questions of a wearer's first one."""
    out = [Step(phase) for phase in (plan.ask_first or screen)]
    for phase in calibration.steps if calibration else ():
        if phase.marker == Label.SPACER:
            width = f"{spacer_mm:g}"
            phase = replace(phase, value=width, say=phase.say.format(value=width))
        out.append(Step(phase, calibrating=True))
        if phase.kind.zeroes:
            out.append(Step(plan.settle, calibrating=True))
    out += [] if calibration else [Step(plan.settle)]
    out += [Step(phase) for phase in plan.before]
    out += [Step(phase, round=i + 1) for i in range(plan.rounds) for phase in plan.round]
    out += [Step(phase) for phase in plan.after]
    return tuple(out)
