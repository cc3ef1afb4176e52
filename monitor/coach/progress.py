"""Where a phase stands: what every kind of phase tells at a tick."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Protocol

from monitor.coach.signals import Action, Ending, Seen


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a phase stands after a tick; `counting` where its countdown is to be heard, `again` where it began anew."""

    done: bool = False
    marking: bool = False
    countdown_s: float | None = None
    counting: bool = False
    fraction: float | None = None
    note: str = ""
    again: bool = False
    ending: Ending | None = None


class PhaseRun(Protocol):
    """A phase under way."""

    def tick(self, t_s: float, seen: Seen, actions: Collection[Action]) -> Progress:
        """Progress at `t_s`, the active time since the phase began (pauses do not count)."""
        ...
