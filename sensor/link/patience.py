"""How long straps are searched for, and how long one that cannot be connected to is waited for and left alone.

Invariant: no clock of its own; a strap that has been connected starts afresh.
"""

from dataclasses import dataclass

from sensor.radio_errors import RadioError
from sensor.slots import Slot


@dataclass(frozen=True, slots=True)
class SearchParams:
    """Waiting times; `settle_s` from the first sighting on, so that a second strap of the same placement shows."""

    search_s: float = 20.0
    settle_s: float = 1.0
    look_s: float = 0.25
    adapter_pause_s: float = 1.0


@dataclass(frozen=True, slots=True)
class PatienceParams:
    """Waiting times, doubled after each failure up to the longest.

    A strap that was lost answers fast or not at all, and others wait for it: it gets `reconnect_s` where one that is
    new gets `connect_s`; doubling is for slow machines.
    """

    first_pause_s: float = 0.5
    longest_pause_s: float = 2.0
    connect_s: float = 12.0
    reconnect_s: float = 5.0
    longest_connect_s: float = 20.0


@dataclass(frozen=True, slots=True)
class _Failed:
    """How often it failed in a row, the last time with `error`; no attempt before `until_s`."""

    times: int
    until_s: float
    error: RadioError


class Patience:
    """The failed attempts of each slot's device."""

    def __init__(self, params: PatienceParams | None = None) -> None:
        self._p = params or PatienceParams()
        self._failed: dict[Slot, _Failed] = {}

    def failed(self, slot: Slot, now_s: float, error: RadioError) -> None:
        """An attempt failed."""
        times = self._times(slot)
        pause_s = min(self._p.first_pause_s * 2.0**times, self._p.longest_pause_s)
        self._failed[slot] = _Failed(times + 1, now_s + pause_s, error)

    def succeeded(self, slot: Slot) -> None:
        """It is connected."""
        self._failed.pop(slot, None)

    def pausing(self, slot: Slot, now_s: float) -> bool:
        """Whether it is to be left alone for now."""
        return slot in self._failed and now_s < self._failed[slot].until_s

    def connect_within_s(self, slot: Slot, *, was_lost: bool) -> float:
        """How long the next attempt may take."""
        first_s = self._p.reconnect_s if was_lost else self._p.connect_s
        return min(first_s * 2.0 ** self._times(slot), self._p.longest_connect_s)

    def error(self, slot: Slot) -> RadioError | None:
        """What kept it from being connected the last time."""
        return self._failed[slot].error if slot in self._failed else None

    def _times(self, slot: Slot) -> int:
        return self._failed[slot].times if slot in self._failed else 0
