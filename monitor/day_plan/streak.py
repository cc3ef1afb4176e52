"""Days in a row, told honestly: a missed day does not wipe out what came before, and is not hidden either.

Invariant: a streak begins and ends with a practised day; two missed days one after the other end it.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True)
class Streak:
    """`practised` of the last `days` days; the rest was missed, never two in a row."""

    days: int = 0
    practised: int = 0

    @property
    def missed(self) -> int:
        """Days left out within the streak."""
        return self.days - self.practised


def streak(practised: Collection[date], today: date) -> Streak:
    """The streak that today can still continue; a today without practice neither counts nor is missed."""
    last = next((d for d in (today, _before(today), _before(_before(today))) if d in practised), None)
    if last is None:
        return Streak()
    first, day, count = last, last, 0
    while True:
        if day in practised:
            first, count = day, count + 1
        elif _before(day) not in practised:
            break
        day = _before(day)
    # A yesterday that was left out is missed already, though today may still mend the streak.
    ends = max(last, _before(today))
    return Streak((ends - first).days + 1, count)


def _before(day: date) -> date:
    return day - timedelta(days=1)
