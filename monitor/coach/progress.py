"""Where a phase stands: what every kind of phase tells at a tick."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Protocol

from monitor.coach.signals import Action, Ending, Seen


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a phase stands after a tick.

    `counting` where its countdown is to be heard, `again` where it began anew, `word` what is done in it now where that
    is not what it is called, `reached` once what was to be held may be let go.
    """

    done: bool = False
    marking: bool = False
    countdown_s: float | None = None
    counting: bool = False
    fraction: float | None = None
    note: str = ""
    word: str = ""
    again: bool = False
    reached: bool = False
    ending: Ending | None = None


class PhaseRun(Protocol):
    """A phase under way."""

    def tick(self, t_s: float, seen: Seen, actions: Collection[Action]) -> Progress:
        """Progress at `t_s`, the active time since the phase began (pauses do not count)."""
        ...
