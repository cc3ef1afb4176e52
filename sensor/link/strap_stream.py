"""One strap's stream over all its connections: started, watched for silence, what is missing asked for again.

Invariant: what was missing before a disconnection is asked for after it; a strap that falls silent is disconnected, so
that it can be found again.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from bleak.backends.client import BaseBleakClient

from sensor import gatt
from sensor.control import Answer, ControlEvent, Request, Resend, Resending
from sensor.decoding.stream_batch import Notification
from sensor.drivers.driver import Decoder
from sensor.errors import PacketError
from sensor.gatt import Status
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
from sensor.link.link_quality import RecentArrivals
from sensor.link.missing import MissingSamples
from sensor.link.scan import Sighting
from sensor.link.strap import Callbacks, StrapConnection
from sensor.packet import StrapInfo, decode_stream
from sensor.radio_errors import RadioError, StrapRefused, StrapUnreachable
from sensor.slots import Remembered, Slot

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class StreamParams:
    """Waiting times; the link is judged every `quality_every_s`."""

    look_s: float = 0.1
    silent_s: float = 3.0
    quality_every_s: float = 1.0
    low_battery_pct: int = 15


class StrapStream:
    """The device worn in one slot; `tell` takes its events in order.

    `unheard` says by serial what a program before this one did not get of a strap that still runs.
    """

    def __init__(
        self,
        slot: Slot,
        rate_hz: float,
        tell: Callable[[LinkEvent], None],
        params: StreamParams | None = None,
        unheard: Mapping[str, MissingSamples] | None = None,
    ) -> None:
        self.slot = slot
        self.info: StrapInfo | None = None
        self.address: str | None = None
        self.device: Remembered | None = None
        self.rssi_dbm: int | None = None
        self._rate_hz = rate_hz
        self._tell = tell
        self._params = params or StreamParams()
        self._now_s = asyncio.get_running_loop().time
        self._connection: StrapConnection | None = None
        self._ended: StrapConnection | None = None
        self._unheard = unheard or {}
        self._missing: MissingSamples | None = None
        self._counting: Decoder | None = None
        self._fresh: deque[StreamArrived] = deque()
        self._early: list[StreamArrived] = []
        self._recent = RecentArrivals()
        self._last_s = 0.0
        self._stopping = False
        self._why_lost = ""

    @property
    def connected(self) -> bool:
        """Whether there is a connection, as far as this side knows."""
        return self._connection is not None

    @property
    def missing_samples(self) -> int:
        """Samples that are still to come again."""
        return self._missing.count if self._missing else 0

    async def connect(self, sighting: Sighting, backend: type[BaseBleakClient] | None, within_s: float) -> None:
        """Connect, start and tell that the strap has joined; a `RadioError` leaves everything as it was."""
        await self._free_ended()
        self._change(LinkState.CONNECTING)
        self.rssi_dbm = sighting.rssi_dbm
        self._fresh.clear()
        self._early.clear()
        callbacks = Callbacks(self._on_stream, self._on_told, self._on_battery, self._on_end)
        connection = await StrapConnection.open(sighting, callbacks, backend, within_s)
        try:
            await self._start(connection)
        except BaseException:
            await connection.close()
            raise
        self._join(connection)

    async def watch(self) -> None:
        """Look after the stream until its connection ends."""
        connection = self._connection
        next_quality_s = self._now_s() + self._params.quality_every_s
        while connection is not None and not connection.ended.is_set():
            self._take_fresh()
            await self._ask_again(connection)
            if not self._stopping and self._now_s() - self._last_s > self._params.silent_s:
                self._why_lost = "silent"
                await connection.close()
            if self._now_s() >= next_quality_s:
                next_quality_s += self._params.quality_every_s
                self._tell(self._quality())
            await asyncio.sleep(self._params.look_s)

    async def request(self, request: Request) -> Answer:
        """The strap's answer; `StrapUnreachable` where it is not connected."""
        if self._connection is None:
            raise StrapUnreachable(str(self.slot))
        return await self._connection.request(request)

    async def stop(self) -> None:
        """Stop the stream and learn its last sample; what is missing is still asked for."""
        self._stopping = True
        if self._connection is None:
            raise StrapUnreachable(str(self.slot))
        status = await self._connection.stop()
        self._take_fresh()
        if self._missing is not None and status is not None:
            self._missing.ends_at(status.epoch, status.next_counter, self._now_s())

    async def close(self) -> None:
        """End the connection from this side."""
        self._stopping = True
        connection = self._connection
        if connection is not None:
            self._take_fresh()
            self._tell(self._quality())
            await connection.close()
        await self._free_ended()

    async def _free_ended(self) -> None:
        ended, self._ended = self._ended, None
        if ended is not None:
            await ended.close()

    async def _start(self, connection: StrapConnection) -> None:
        self._last_s = self._now_s()
        if self._stopping:
            return
        started = await connection.start(self._rate_hz)
        if started is None:
            # It sends nothing again: what arrived is counted as it will be decoded.
            self._counting = connection.driver.decoder(connection.info, self.slot.placement)
            return
        if self._missing is None:
            fresh = MissingSamples(connection.info.channels, started.rate_hz)
            self._missing = self._unheard.get(connection.info.serial, fresh)
        # What still came of the life before tells what is gone with it.
        self._take_fresh(before_epoch=started.epoch)
        self._missing.begin(started.epoch, started.counter, started.rate_hz, self._now_s())

    def _join(self, connection: StrapConnection) -> None:
        self._connection = connection
        self.info, self.address = connection.info, connection.address
        self.device = Remembered(self.slot, connection.address, connection.driver.name, connection.name)
        self._why_lost = ""
        self._recent.clear()
        self._tell(
            StrapJoined(
                self.slot.placement,
                self._now_s(),
                connection.address,
                connection.info,
                connection.raw_info,
                connection.name,
                connection.driver,
                self.slot.part,
            )
        )
        for arrived in self._early:
            self._tell(arrived)
        self._early.clear()
        self._change(LinkState.STREAMING)

    def _take_fresh(self, before_epoch: int | None = None) -> None:
        """Note which samples have come since the last look, or up to the first of an epoch."""
        if self._counting is not None:
            self._count(self._counting)
        while self._fresh and self._missing is not None:
            arrived = self._fresh.popleft()
            try:
                packet = decode_stream(arrived.data)
            except PacketError:
                continue
            if packet.epoch == before_epoch:
                self._fresh.appendleft(arrived)
                return
            self._missing.take(packet, arrived.arrival_s)
            if not packet.resent:
                self._recent.add(arrived.arrival_s, len(packet.samples))

    def _count(self, decoder: Decoder) -> None:
        fresh = [Notification(arrived.arrival_s, arrived.data) for arrived in self._fresh]
        self._fresh.clear()
        if fresh:
            self._recent.add(fresh[-1].arrival_s, len(decoder.push(fresh)))

    async def _ask_again(self, connection: StrapConnection) -> None:
        if self._missing is None:
            return
        for request in self._missing.asks(self._now_s()):
            try:
                answer = await connection.request(request)
            except StrapRefused as refused:
                if refused.code == Status.NOT_KEPT:
                    self._missing.refused(request)
            except RadioError as error:
                log.info("%s: %s", self.slot, error)
            else:
                self._give_up_rest(request, answer)

    def _give_up_rest(self, request: Resend, answer: Answer) -> None:
        """The strap keeps only the end of what was asked for."""
        if self._missing is not None and isinstance(answer.data, Resending):
            gone = (answer.data.counter - request.counter) % gatt.COUNTER_MODULUS
            if 0 < gone <= request.samples:
                self._missing.refused(replace(request, samples=gone))

    def _quality(self) -> LinkQuality:
        now_s, missing = self._now_s(), self._missing
        self._recent.forget_before(now_s)
        return LinkQuality(
            self.slot.placement,
            now_s,
            self.rssi_dbm,
            self._recent.ratio(now_s, self.info.rate_hz) if self.info else 0.0,
            missing.count if missing else 0,
            missing.given_up if missing else 0,
            self._recent.jitter_s(),
            self.slot.part,
        )

    def _on_stream(self, arrival_s: float, data: bytes) -> None:
        arrived = StreamArrived(self.slot.placement, arrival_s, data, self.slot.part)
        self._last_s = arrival_s
        self._fresh.append(arrived)
        if self._connection is None:
            self._early.append(arrived)
        else:
            self._tell(arrived)

    def _on_told(self, event: ControlEvent) -> None:
        self._tell(StrapTold(self.slot.placement, self._now_s(), event))

    def _on_battery(self, percent: int) -> None:
        low = percent <= self._params.low_battery_pct
        self._tell(BatteryLevel(self.slot.placement, self._now_s(), percent, low, self.slot.part))

    def _on_end(self) -> None:
        if self._connection is None:
            return
        self._take_fresh()
        self._ended, self._connection = self._connection, None
        if self._stopping:
            self._change(LinkState.CLOSED)
        else:
            self._change(LinkState.LOST, self._why_lost or "connection lost")

    def _change(self, state: LinkState, reason: str = "") -> None:
        log.info("%s is %s %s", self.slot, state, reason)
        self._tell(LinkChanged(self.slot.placement, self._now_s(), state, reason, self.slot.part))
