"""What the file of an exercise cannot do without, whoever wrote it.

Invariant: no file takes the questions of safety out of `wrap`; pain and numbness need none, they stop every exercise.
"""

from pathlib import Path

from monitor.coach.plan import Phase, PhaseKind, Plan
from sensor.errors import ConfigError, one_line

WRAP = "wrap"
ASKED_EVERY_S, ANSWERED_WITHIN_S = 300.0, 20.0


def checked(plan: Plan, name: str, path: Path) -> Plan:
    """The plan, where it is whole; raises ConfigError."""
    if plan.name != name:
        raise ConfigError(path, one_line(f"name is {plan.name!r}: write {name!r}, as the file is called"))
    if not plan.round:
        raise ConfigError(path, "has no [[round]]: describe at least one phase of the exercise")
    if name == WRAP:
        _ask_of_safety(plan, path)
    return plan


def _ask_of_safety(plan: Plan, path: Path) -> None:
    if not any(_asks(p) and p.stop_on_yes for p in plan.ask_first):
        raise ConfigError(path, "asks nothing before the legs are tied: keep an [[ask_first]] with stop_on_yes")
    if not any(_asks(p) and p.stop_on_no for p in plan.before):
        raise ConfigError(path, "does not ask for a wall or chair: keep a [[before]] question with stop_on_no")
    if not any(q.every_s <= ASKED_EVERY_S and q.wait_s <= ANSWERED_WITHIN_S for q in plan.questions):
        often = f"every {ASKED_EVERY_S:g} s or more often, answered within {ANSWERED_WITHIN_S:g} s"
        raise ConfigError(path, f"does not ask about pain and numbness: keep a [[questions]] {often}")


def _asks(phase: Phase) -> bool:
    return phase.kind is PhaseKind.ASK
