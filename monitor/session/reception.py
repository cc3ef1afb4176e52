"""What the radio tells: through the decoder to samples, and into each strap's status.

Invariant: times are as the recording keeps them, so that a replay sees the same numbers.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from monitor.board import AWAY_S, Link, StrapStatus
from monitor.coach.signals import Action
from sensor.decoding.stream_batch import Notification
from sensor.link.link_events import (
    BatteryLevel,
    LinkChanged,
    LinkEvent,
    LinkQuality,
    LinkState,
    StrapJoined,
    StrapTold,
    StreamArrived,
)
from sensor.recorded import LinkCounts
from sensor.recordings.recording import recorded_time
from sensor.samples import Placement, SampleBlock, join
from sensor.slots import Part, Slot
from sensor.worn_strap import WornStrap

DOUBLE = 2

Waiting = dict[Part, list[Notification]]


class Reception:
    """Takes the radio's events for one session."""

    def __init__(self, wanted: Sequence[Placement]) -> None:
        self._worn: dict[Placement, WornStrap] = {}
        self._status = {Slot(p): StrapStatus(p) for p in wanted}
        self._heard_s: dict[Slot, float] = {}
        self._told: list[Action] = []

    def decode(self, events: Sequence[LinkEvent]) -> Mapping[Placement, SampleBlock]:
        """The samples that these events complete, in host time."""
        blocks: dict[Placement, list[SampleBlock]] = {}
        waiting: dict[Placement, Waiting] = {}
        for event in events:
            if isinstance(event, StreamArrived):
                arrival_s = recorded_time(event.arrival_s)
                self._heard_s[Slot(event.placement, event.part)] = arrival_s
                notification = Notification(arrival_s, event.data)
                waiting.setdefault(event.placement, {}).setdefault(event.part, []).append(notification)
            elif isinstance(event, StrapJoined):
                # What came before it belongs to the connection before.
                self._push(event.placement, waiting.pop(event.placement, {}), blocks)
                self._join(event)
            elif isinstance(event, StrapTold):
                self._told.append(Action.TAP if event.event.times >= DOUBLE else Action.MARK)
            else:
                slot = Slot(event.placement, event.part)
                self._status[slot] = _after(self._known(slot), event)
        for placement, notifications in waiting.items():
            self._push(placement, notifications, blocks)
        return {p: parts[0] if len(parts) == 1 else join(parts) for p, parts in blocks.items()}

    def status(self, now_s: float) -> tuple[StrapStatus, ...]:
        """Every strap's status, with that of the band beside it."""
        now = {
            slot: replace(s, silent_s=max(now_s - self._heard_s[slot], 0.0)) if slot in self._heard_s else s
            for slot, s in self._status.items()
        }
        straps = [s for slot, s in now.items() if slot.part is Part.STRAP]
        if len(straps) == len(now):
            return tuple(straps)
        return tuple(replace(s, band=now.get(Slot(s.placement, Part.BAND))) for s in straps)

    def lost(self, now_s: float) -> frozenset[Placement]:
        """Straps that have sent before and send no more."""
        return frozenset(
            slot.placement
            for slot, s in self._status.items()
            if slot.part is Part.STRAP
            and slot in self._heard_s
            and (s.link is Link.RECONNECTING or now_s - self._heard_s[slot] > AWAY_S)
        )

    def told(self) -> list[Action]:
        """What the wearer said by tapping a strap, since the last call."""
        told, self._told = self._told, []
        return told

    @property
    def counts(self) -> Mapping[Placement, LinkCounts]:
        """What went wrong on each link so far."""
        return {p: worn.counts for p, worn in self._worn.items()}

    def _push(self, placement: Placement, waiting: Waiting, blocks: dict[Placement, list[SampleBlock]]) -> None:
        block = self._worn[placement].push(waiting) if placement in self._worn else None
        if block is not None:
            blocks.setdefault(placement, []).append(block)

    def _join(self, event: StrapJoined) -> None:
        worn = self._worn.setdefault(event.placement, WornStrap(event.placement))
        worn.join(event.part, event.driver, event.info)
        slot = Slot(event.placement, event.part)
        self._status[slot] = replace(self._known(slot), link=Link.CONNECTED)

    def _known(self, slot: Slot) -> StrapStatus:
        return self._status.get(slot, StrapStatus(slot.placement))


_LINKS = {
    LinkState.SEARCHING: Link.SEARCHING,
    LinkState.CONNECTING: Link.SEARCHING,
    LinkState.STREAMING: Link.CONNECTED,
    LinkState.LOST: Link.RECONNECTING,
    LinkState.CLOSED: Link.CONNECTED,
}


def _after(status: StrapStatus, event: LinkChanged | BatteryLevel | LinkQuality) -> StrapStatus:
    match event:
        case LinkChanged():
            # While a lost strap is connected to again it is still the lost one, not one never found.
            again = status.link is not Link.SEARCHING and _LINKS[event.state] is Link.SEARCHING
            return replace(status, link=Link.RECONNECTING if again else _LINKS[event.state])
        case BatteryLevel():
            return replace(status, battery_pct=event.percent)
        case LinkQuality():
            jitter_ms = None if event.jitter_s is None else 1000.0 * event.jitter_s
            lost_pct = 100.0 * (1.0 - event.arrived_ratio)
            return replace(status, rssi_dbm=event.rssi_dbm, lost_pct=lost_pct, jitter_ms=jitter_ms)
