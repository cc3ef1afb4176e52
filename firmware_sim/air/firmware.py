"""A strap's firmware without a radio: what it notifies as time goes on, and how it answers control writes.

Invariant: transport-free; time is a parameter (s since switched on). A sample that cannot be sent is never delayed by
more than a second: it stays in the ring until the host asks for it.
"""

from collections import deque
from dataclasses import replace

from firmware_sim.air.notifications import Layout, granted_rate_hz, layout, notifications
from firmware_sim.air.sampling import Sampling, Sensors
from firmware_sim.worn.strap_sensors import StrapCounts, join_counts
from sensor import gatt
from sensor.control import (
    Answer,
    AskStatus,
    Cue,
    Identify,
    Request,
    RequestError,
    Resend,
    Resending,
    SetPlacement,
    SetRate,
    Start,
    Started,
    Stop,
    StrapStatus,
    decode_request,
    encode_answer,
)
from sensor.gatt import Ability, Status
from sensor.packet import Advertised, StrapInfo, encode_advertisement, encode_info

STOPS_ALONE_S = 600.0
RESENT_AT_ONCE = 10
HALF_COUNTER = gatt.COUNTER_MODULUS // 2


class StrapFirmware:
    """One strap from its sensors to the bytes on the air."""

    def __init__(self, sensors: Sensors, epoch: int = 0, first_number: int = 0, clock_offset: int = 0) -> None:
        self.info: StrapInfo = sensors.info
        self.battery_pct = 93
        self.silent = False
        self.encrypted = False
        self.unsent_samples = 0
        self.requests: list[tuple[float, Request]] = []
        self.sampling = Sampling(sensors, epoch, first_number, clock_offset)
        self._usual_hz = sensors.info.rate_hz
        self._mtu: int | None = None
        self._subscribed = False
        self._alone_since_s = 0.0
        self._waiting: list[StrapCounts] = []
        self._resends: deque[tuple[int, int]] = deque()

    def information(self) -> bytes:
        """The Information characteristic."""
        rate_hz = self.sampling.rate_hz if self.sampling.running else self._usual_hz
        return encode_info(replace(self.info, rate_hz=rate_hz))

    def advertisement(self) -> bytes:
        """The manufacturer data."""
        return encode_advertisement(
            Advertised(self.info.version, self.info.placement, self.battery_pct, self.sampling.running, self.encrypted)
        )

    def link_up(self, mtu: int) -> None:
        """A host is connected, or the MTU of its link has changed."""
        self._mtu = mtu

    def link_down(self, now_s: float) -> None:
        """The host is gone: what waits to be sent is left to the ring."""
        self._mtu, self._subscribed, self._alone_since_s = None, False, now_s
        self._drop_waiting()
        self._resends.clear()

    def subscribe(self, on: bool) -> None:
        """The host wants the stream, or no longer."""
        self._subscribed = on

    def power_cycle(self, now_s: float) -> None:
        """Switch on again, after it was off until now."""
        self.sampling.running = False
        self.tick(now_s)
        self.link_down(now_s)
        self.sampling.power_cycle()

    def tick(self, now_s: float) -> list[bytes]:
        """Stream notifications that are due; to be called every 50 ms or so."""
        if self._mtu is None and now_s - self._alone_since_s > STOPS_ALONE_S:
            self.sampling.running = False
        rows = self.sampling.read(now_s)
        if len(rows):
            self._waiting.append(rows)
        if self._mtu is None or not self._subscribed or self.silent:
            self._drop_waiting()
            return []
        plan = self._layout(self._mtu)
        return [*self._fresh(plan), *self._sent_again(plan)]

    def control(self, data: bytes, now_s: float) -> bytes:
        """The answer to a write on Control."""
        try:
            number, request = decode_request(data)
        except RequestError as error:
            opcode, number = (data[0], data[1]) if len(data) >= 2 else (0, 0)
            return encode_answer(Answer(opcode, number, error.status))
        self.requests.append((now_s, request))
        result = self._do(request)
        if isinstance(result, Status):
            return encode_answer(Answer(data[0], number, result))
        return encode_answer(Answer(data[0], number, Status.OK, result))

    def _do(self, request: Request) -> Started | StrapStatus | Resending | Status:
        match request:
            case Start():
                return self._start(request.rate_hz or self._usual_hz)
            case SetRate():
                return self._set_rate(request.rate_hz)
            case Stop():
                self.sampling.running = False
                return Status.OK
            case SetPlacement():
                self.info = replace(self.info, placement=request.placement)
                return Status.OK
            case Identify():
                return Status.OK if self.info.abilities & (Ability.BLINK | Ability.BUZZ) else Status.UNSUPPORTED
            case Cue():
                return Status.OK if self.info.abilities & Ability.BUZZ else Status.UNSUPPORTED
            case Resend():
                return self._resend(request)
            case AskStatus():
                return self._status()

    def _start(self, asked_hz: float) -> Started | Status:
        rate_hz = self._granted(asked_hz)
        if rate_hz is None:
            return Status.MTU_TOO_SMALL
        if not self.sampling.running or rate_hz != self.sampling.rate_hz:
            self._begin(rate_hz)
        return self.sampling.position()

    def _set_rate(self, asked_hz: float) -> Started | Status:
        if not asked_hz:
            return Status.BAD_VALUE
        rate_hz = self._granted(asked_hz)
        if rate_hz is None:
            return Status.MTU_TOO_SMALL
        self._usual_hz = rate_hz
        if self.sampling.running and rate_hz != self.sampling.rate_hz:
            self._begin(rate_hz)
        return replace(self.sampling.position(), rate_hz=rate_hz)

    def _granted(self, asked_hz: float) -> float | None:
        return granted_rate_hz(asked_hz, self.sampling.rates_hz, self.info.channels, self._mtu or gatt.SMALLEST_MTU)

    def _begin(self, rate_hz: float) -> None:
        self._waiting.clear()
        self._resends.clear()
        self.sampling.begin(rate_hz)

    def _resend(self, request: Resend) -> Resending | Status:
        if request.epoch != self.sampling.epoch:
            return Status.NOT_KEPT
        newest = self.sampling.next_number
        start = newest + (request.counter - newest + HALF_COUNTER) % gatt.COUNTER_MODULUS - HALF_COUNTER
        first, stop = self.sampling.ring.kept(start, start + request.samples)
        if first == stop:
            return Status.NOT_KEPT
        self._resends.append((first, stop))
        return Resending(first % gatt.COUNTER_MODULUS, stop - first)

    def _status(self) -> StrapStatus:
        sampling = self.sampling
        oldest, _ = sampling.ring.kept(0, sampling.next_number)
        return StrapStatus(
            sampling.running,
            sampling.rate_hz,
            sampling.epoch,
            oldest % gatt.COUNTER_MODULUS,
            sampling.next_number % gatt.COUNTER_MODULUS,
            sampling.clock,
        )

    def _layout(self, mtu: int) -> Layout:
        return layout(self.info.channels, mtu, self.sampling.rate_hz)

    def _fresh(self, plan: Layout) -> list[bytes]:
        """Full notifications of what waits; all of it once the stream has stopped."""
        if not self._waiting:
            return []
        rows = join_counts(self._waiting)
        n = len(rows) - len(rows) % plan.samples if self.sampling.running else len(rows)
        self._waiting = [rows.take(slice(n, None))] if n < len(rows) else []
        return self._notifications(rows.take(slice(0, n)), plan, resent=False)

    def _sent_again(self, plan: Layout) -> list[bytes]:
        out: list[bytes] = []
        while self._resends and len(out) < RESENT_AT_ONCE:
            start, stop = self._resends.popleft()
            start, stop = self.sampling.ring.kept(start, stop)
            some = min(stop, start + RESENT_AT_ONCE * plan.samples)
            if some < stop:
                self._resends.appendleft((some, stop))
            if start < some:
                out += self._notifications(self.sampling.ring.rows(start, some), plan, resent=True)
        return out

    def _notifications(self, rows: StrapCounts, plan: Layout, *, resent: bool) -> list[bytes]:
        slow_every = max(1, int(gatt.ORIENTATION_EVERY_S * self.sampling.rate_hz))
        return list(notifications(rows, self.info.channels, plan, self.sampling.epoch, slow_every, resent=resent))

    def _drop_waiting(self) -> None:
        self.unsent_samples += sum(len(rows) for rows in self._waiting)
        self._waiting.clear()
