"""A session as the plan counts it.

Invariant: a session belongs to the day on which it began where the wearer was then; later travel moves nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import cast


@dataclass(frozen=True, slots=True)
class Practised:
    """What one session adds: `minutes` of kept contact in `clamp`, else of the exercise; good `repetitions`.

    `started` carries the offset of the wearer's clock at that time. A `check` has a repetition for each of its rows.
    """

    exercise: str
    started: datetime
    minutes: float = 0.0
    repetitions: int = 0

    @property
    def day(self) -> date:
        """The wearer's own calendar day."""
        return self.started.date()


def practised_of(exercise: str, started: datetime, summary: Mapping[str, object]) -> Practised:
    """What a session whose `summary.json` says this adds; nothing where a figure is missing."""
    held_s = _figure(_table(summary, "holds"), "net_s")
    lasted_s = _figure(summary, "exercise_s") or _figure(summary, "length_s")
    seconds = held_s if exercise == "clamp" else lasted_s
    rows = summary.get("check")
    checks = len(cast("list[object]", rows)) if isinstance(rows, list) else 0
    sides = _table(_table(summary, "repetitions"), exercise)
    good = sum(int(_figure(_table(sides, side), "ok")) for side in sides)
    return Practised(exercise, started, seconds / 60, checks if exercise == "check" else good)


def _table(found: Mapping[str, object], key: str) -> Mapping[str, object]:
    value = found.get(key)
    return cast("Mapping[str, object]", value) if isinstance(value, dict) else {}


def _figure(found: Mapping[str, object], key: str) -> float:
    value = found.get(key)
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else 0.0
