"""The straps of a session: found, connected one after another, kept connected, and told of in one stream of events.

Invariant: tasks live in one TaskGroup; a strap is only connected to while it advertises, so that an absent one never
blocks another; once all wanted straps have joined, nothing that the radio does raises.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Coroutine, Iterable, Mapping, Sequence
from types import TracebackType
from typing import Self

from bleak.backends.client import BaseBleakClient
from bleak.backends.scanner import BaseBleakScanner

from sensor import gatt
from sensor.control import Answer, Request
from sensor.drivers.known import recognised
from sensor.link.bluez import end_forgotten_links
from sensor.link.ended_tasks import end_tasks
from sensor.link.link_events import LinkChanged, LinkEvent, LinkState
from sensor.link.missing import MissingSamples
from sensor.link.patience import Patience, SearchParams
from sensor.link.scan import Lookout, Sighting
from sensor.link.strap_stream import StrapStream
from sensor.packet import StrapInfo
from sensor.radio_errors import (
    AdapterBusy,
    NoStrapFound,
    NotPlaced,
    OnlyOneStrap,
    OtherProtocol,
    OtherStrap,
    RadioError,
    SamePlacementTwice,
)
from sensor.samples import THIGHS, Placement
from sensor.slots import Part, Remembered, Slot

log = logging.getLogger(__name__)


class Straps:
    """The straps to stream from; iterate over it for their events.

    Where `pair` remembers a device for a slot, no other is taken for it, whatever it says of itself. `unheard` says by
    serial what a program before this one, which broke off, did not get: straps that still run are asked for it.
    """

    def __init__(
        self,
        wanted: Sequence[Placement] = THIGHS,
        *,
        optional: Sequence[Placement] = (),
        pair: Sequence[Remembered] = (),
        unheard: Mapping[str, MissingSamples] | None = None,
        rate_hz: float = 0.0,
        params: SearchParams | None = None,
        backend: type[BaseBleakClient] | None = None,
        scanner_backend: type[BaseBleakScanner] | None = None,
    ) -> None:
        worn = (*wanted, *optional)
        self._pair = {device.slot: device for device in pair if device.slot.placement in worn}
        bands = [slot for slot in self._pair if slot.part is Part.BAND]
        self._wanted = (*map(Slot, wanted), *(slot for slot in bands if slot.placement in wanted))
        self._optional = (*map(Slot, optional), *(slot for slot in bands if slot.placement not in wanted))
        self._unheard = unheard
        self._rate_hz = rate_hz
        self._params = params or SearchParams()
        self._backend = backend
        self._scanner_backend = scanner_backend
        self._events: asyncio.Queue[LinkEvent | RadioError | None] = asyncio.Queue()
        self._group = asyncio.TaskGroup()
        self._tasks: set[asyncio.Task[None]] = set()
        self._patience = Patience()
        self._changed = asyncio.Event()
        self._complaint = ""
        self._closing = False

    async def __aenter__(self) -> Self:
        self._now_s = asyncio.get_running_loop().time
        slots = (*self._wanted, *self._optional)
        self._streams = {s: StrapStream(s, self._rate_hz, self._tell, unheard=self._unheard) for s in slots}
        self._lookout = Lookout(self._scanner_backend)
        await self._group.__aenter__()
        self._spawn(self._find())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._close()
        # A TaskGroup would wrap the body's own error in a group.
        cancelled = isinstance(error, asyncio.CancelledError)
        await self._group.__aexit__(*((kind, error, trace) if cancelled else (None, None, None)))

    async def __aiter__(self) -> AsyncIterator[LinkEvent]:
        while (event := await self._events.get()) is not None:
            if isinstance(event, RadioError):
                raise event
            yield event
        self._events.put_nowait(None)

    @property
    def joined(self) -> Mapping[Placement, StrapInfo]:
        """The straps that have joined."""
        return {
            slot.placement: stream.info
            for slot, stream in self._streams.items()
            if stream.info is not None and slot.part is Part.STRAP
        }

    @property
    def worn(self) -> Sequence[Remembered]:
        """The devices that have joined, and where."""
        return [stream.device for stream in self._streams.values() if stream.device is not None]

    async def send(self, placement: Placement, request: Request) -> Answer:
        """The strap's answer to a request such as `Identify` or `Cue`; a `RadioError` where it gives none."""
        return await self._streams[Slot(placement)].request(request)

    async def finish(self, within_s: float = 6.0) -> None:
        """Stop the streams, fetch what is still missing and disconnect; then the events end."""
        until_s = self._now_s() + within_s
        joined = [stream for stream in self._streams.values() if stream.info is not None]
        # All stop first: a strap that has stopped forgets nothing more.
        for stream in joined:
            await self._stop(stream, until_s)
        while any(stream.missing_samples for stream in joined) and self._now_s() < until_s:
            await asyncio.sleep(self._params.look_s)
        await self._close()

    async def _stop(self, stream: StrapStream, until_s: float) -> None:
        while self._now_s() < until_s:
            try:
                await stream.stop()
                return
            except RadioError as error:
                log.info("%s does not stop: %s", stream.slot, error)
            await asyncio.sleep(self._params.look_s)

    async def _close(self) -> None:
        self._closing = True
        await end_tasks(self._tasks)
        for stream in self._streams.values():
            await stream.close()
        await self._lookout.give_up()
        self._events.put_nowait(None)

    async def _find(self) -> None:
        """Connect to what is wanted and seen, for as long as the session lasts."""
        for slot in self._wanted:
            self._tell(LinkChanged(slot.placement, self._now_s(), LinkState.SEARCHING, part=slot.part))
        await end_forgotten_links(lambda heard: recognised(heard) is not None, self._backend)
        try:
            await self._find_wanted()
        except RadioError as error:
            self._events.put_nowait(error)
            return
        while not self._closing:
            await self._find_lost()

    async def _find_wanted(self) -> None:
        until_s = self._now_s() + self._params.search_s
        settled_s = float("inf")
        while any(self._streams[slot].info is None for slot in self._wanted):
            await self._look_until(until_s)
            now_s = self._now_s()
            if self._lookout.all():
                settled_s = min(settled_s, now_s + self._params.settle_s)
            if now_s >= settled_s:
                self._refuse()
                await self._connect(s for s in self._lookout.fresh(now_s) if not self._joined_as(s))
            if now_s > until_s:
                raise self._not_found()

    async def _look_until(self, until_s: float) -> None:
        """Look for a moment; BlueZ is busy for a while after an attempt to connect that failed."""
        try:
            await self._lookout.start()
        except AdapterBusy:
            if self._now_s() > until_s:
                raise
            await asyncio.sleep(self._params.adapter_pause_s)
        else:
            await self._lookout.news(self._params.look_s)

    async def _find_lost(self) -> None:
        lost = {s.address for s in self._streams.values() if s.info is not None and not s.connected}
        try:
            if not lost:
                self._complaint = ""
                await self._lookout.stop()
                self._changed.clear()
                await self._changed.wait()
                return
            await self._lookout.start()
            await self._lookout.news(self._params.look_s)
            await self._connect(s for s in self._lookout.fresh(self._now_s()) if s.address in lost)
        except RadioError as error:
            self._complain(error)
            await asyncio.sleep(self._params.adapter_pause_s)

    def _complain(self, error: RadioError) -> None:
        """Say it once, however often it is tried."""
        if str(error) != self._complaint:
            self._complaint = str(error)
            log.warning("searching failed: %s", error)

    async def _connect(self, sightings: Iterable[Sighting]) -> None:
        """One after another: adapters do not like two attempts at a time."""
        for sighting in sightings:
            stream = self._stream_of(sighting)
            if stream is None or stream.connected or self._patience.pausing(stream.slot, self._now_s()):
                continue
            await self._lookout.stop()
            try:
                within_s = self._patience.connect_within_s(stream.slot, was_lost=stream.info is not None)
                await stream.connect(sighting, self._backend, within_s)
            except OtherProtocol:
                raise
            except RadioError as error:
                self._put_off(stream, error)
            else:
                self._patience.succeeded(stream.slot)
                self._spawn(stream.watch())
            self._lookout.forget(sighting.address)

    def _refuse(self) -> None:
        """Raise what cannot be worked with: one slot twice, a strap of another protocol version."""
        fresh = [s for s in self._lookout.fresh(self._now_s()) if self._stream_of(s) and not self._joined_as(s)]
        for slot in self._streams:
            names = [s.name for s in fresh if self._slot_of(s) == slot]
            if len(names) > 1:
                raise SamePlacementTwice(str(slot), names)
        for sighting in fresh:
            if sighting.advertised.version != gatt.PROTOCOL_VERSION:
                raise OtherProtocol(sighting.name, sighting.advertised.version, gatt.PROTOCOL_VERSION)

    def _not_found(self) -> RadioError:
        for slot in self._wanted:
            if error := self._patience.error(slot):
                return error
        for slot in self._wanted:
            if self._streams[slot].info is None:
                instead = self._seen_instead(slot)
                if instead is not None:
                    return instead
        there = [str(slot) for slot in self._wanted if self._streams[slot].info is not None]
        return OnlyOneStrap(", ".join(there)) if there else NoStrapFound(self._params.search_s)

    def _seen_instead(self, slot: Slot) -> RadioError | None:
        """Why a strap in range was not taken for this slot."""
        ours = {device.address for device in self._pair.values()}
        others = [s for s in self._lookout.all() if s.address not in ours and self._stream_of(s) is None]
        if slot in self._pair:
            names = [s.name for s in others if s.advertised.placement in (None, slot.placement)]
            return OtherStrap(str(slot), self._pair[slot].name, names) if names else None
        names = [s.name for s in others if s.advertised.placement is None]
        return NotPlaced(str(slot), names) if names else None

    def _slot_of(self, sighting: Sighting) -> Slot | None:
        """Where this device is worn: where it is remembered, else where it says, unless another is remembered there."""
        for slot, device in self._pair.items():
            if device.address == sighting.address:
                return slot
        placement = sighting.advertised.placement
        return Slot(placement) if placement is not None and Slot(placement) not in self._pair else None

    def _stream_of(self, sighting: Sighting) -> StrapStream | None:
        slot = self._slot_of(sighting)
        return self._streams.get(slot) if slot is not None else None

    def _joined_as(self, sighting: Sighting) -> bool:
        """Whether a strap has joined at the placement of this one, be it this one or another."""
        stream = self._stream_of(sighting)
        return stream is not None and stream.info is not None

    def _put_off(self, stream: StrapStream, error: RadioError) -> None:
        self._patience.failed(stream.slot, self._now_s(), error)
        state = LinkState.SEARCHING if stream.info is None else LinkState.LOST
        slot = stream.slot
        self._tell(LinkChanged(slot.placement, self._now_s(), state, str(error), slot.part))

    def _spawn(self, work: Coroutine[None, None, None]) -> None:
        task = self._group.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _tell(self, event: LinkEvent) -> None:
        self._events.put_nowait(event)
        if isinstance(event, LinkChanged):
            self._changed.set()
