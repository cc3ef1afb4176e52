"""Which samples of a strap have not arrived, and which of them to ask for again and when.

Invariant: sans-I/O and without a clock of its own. Inside, counters are unwrapped and ranges half-open. A sample that
a small MTU split over packets has arrived once all its parts came right after each other.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from sensor import gatt
from sensor.control import Resend
from sensor.gatt import Channel
from sensor.packet import StreamPacket

HALF_COUNTER = gatt.COUNTER_MODULUS // 2
EPOCHS = 256


@dataclass(frozen=True, slots=True)
class MissingParams:
    """When to ask: not before packets that are only late can have come, and again once nothing more comes of it.

    No more than `at_once_s` of samples are asked for before they have come. A packet more than `ahead_s` further on
    than time allows counts only once `agreeing_packets` say the same.
    """

    patience_s: float = 0.3
    ask_again_s: float = 1.5
    at_once_s: float = 3.0
    ahead_s: float = 2.0
    agreeing_packets: int = 5


@dataclass(slots=True)
class _Hole:
    """Samples from `start` to `stop`; `ask_at_s` is when to ask for them next, `asked` the last asking (0 none)."""

    start: int
    stop: int
    ask_at_s: float
    asked: int = 0

    def without(self, start: int, stop: int) -> Iterator["_Hole"]:
        """What is left of the hole when samples from `start` to `stop` are taken out."""
        if stop <= self.start or self.stop <= start:
            yield self
            return
        if self.start < start:
            yield _Hole(self.start, start, self.ask_at_s, self.asked)
        if stop < self.stop:
            yield _Hole(stop, self.stop, self.ask_at_s, self.asked)


class MissingSamples:
    """The holes in one strap's stream; another epoch starts afresh."""

    def __init__(self, channels: Channel, rate_hz: float, params: MissingParams | None = None) -> None:
        self.given_up = 0
        self._needed = channels & gatt.PER_SAMPLE
        self._rate_hz = rate_hz
        self._params = params or MissingParams()
        self._epoch: int | None = None
        self._next_number = 0
        self._holes: list[_Hole] = []
        self._askings = 0
        self._last_s = 0.0
        self._ahead: list[int] = []
        self._part_of: tuple[int, int, bool] | None = None
        self._parts = Channel(0)

    @property
    def count(self) -> int:
        """Samples known to be missing and not given up."""
        return sum(hole.stop - hole.start for hole in self._holes)

    def begin(self, epoch: int, counter: int, rate_hz: float, now_s: float) -> None:
        """The strap answered a start: its next sample is this one, and of askings before it knows nothing."""
        self._rate_hz = rate_hz
        self._live(epoch, counter, now_s)
        self._last_s, self._ahead = now_s, []
        for hole in self._holes:
            hole.ask_at_s, hole.asked = now_s, 0
        self.ends_at(epoch, counter, now_s)

    def take(self, packet: StreamPacket, now_s: float) -> None:
        """A valid packet arrived; one of an epoch that has ended changes nothing."""
        if self._epoch is not None and 0 < (self._epoch - packet.epoch) % EPOCHS < EPOCHS // 2:
            return
        self._live(packet.epoch, packet.counter, now_s)
        if not self._completes(packet):
            return
        start = self._unwrapped(packet.counter)
        if self._too_far_ahead(start, packet.resent, now_s):
            return
        stop = start + len(packet.samples)
        self._reach(start, now_s)
        self._next_number = max(self._next_number, stop)
        if packet.resent:
            self._wait_on(start, stop, now_s)
        self._remove(start, stop)

    def ends_at(self, epoch: int, next_counter: int, now_s: float) -> None:
        """The strap says that its next sample is this one: all below it exist."""
        if epoch == self._epoch:
            self._reach(self._unwrapped(next_counter), now_s)

    def asks(self, now_s: float) -> list[Resend]:
        """What to ask the strap for now; what it no longer keeps is given up."""
        self._give_up_before(self._next_number - round(gatt.KEPT_S * self._rate_hz))
        room = round(self._params.at_once_s * self._rate_hz)
        room -= sum(h.stop - h.start for h in self._holes if h.asked and h.ask_at_s > now_s)
        requests: list[Resend] = []
        for hole in sorted((h for h in self._holes if h.ask_at_s <= now_s), key=lambda h: h.start):
            stop = min(hole.stop, hole.start + room)
            if hole.start < stop:
                requests.append(Resend(self._epoch or 0, hole.start % gatt.COUNTER_MODULUS, stop - hole.start))
                self._mark_asked(hole.start, stop, now_s + self._params.ask_again_s)
                room -= stop - hole.start
        return requests

    def refused(self, request: Resend) -> None:
        """The strap does not keep these samples."""
        if request.epoch == self._epoch:
            start = self._unwrapped(request.counter)
            self._give_up(start, start + request.samples)

    def _live(self, epoch: int, counter: int, now_s: float) -> None:
        """Forget everything where another epoch begins."""
        if epoch == self._epoch:
            return
        self.given_up += self.count
        self._epoch = epoch
        self._next_number = counter
        self._holes = []
        self._last_s = now_s
        self._ahead = []

    def _completes(self, packet: StreamPacket) -> bool:
        """Whether this packet is whole, or the last part of a sample whose other parts came right before it."""
        part_of = (packet.epoch, packet.counter, packet.resent)
        if part_of != self._part_of or len(packet.samples) > 1:
            self._part_of, self._parts = part_of, Channel(0)
        self._parts |= packet.channels
        return self._needed in self._parts and bool(packet.channels & gatt.PER_SAMPLE)

    def _unwrapped(self, counter: int) -> int:
        ahead = (counter - self._next_number + HALF_COUNTER) % gatt.COUNTER_MODULUS - HALF_COUNTER
        return self._next_number + ahead

    def _too_far_ahead(self, start: int, resent: bool, now_s: float) -> bool:
        credible = self._next_number + (now_s - self._last_s + self._params.ahead_s) * self._rate_hz
        if resent:
            return start > credible
        if start <= credible:
            self._last_s, self._ahead = now_s, []
            return False
        near = self._ahead and abs(start - self._ahead[-1]) <= self._params.ahead_s * self._rate_hz
        self._ahead = [*self._ahead, start] if near else [start]
        if len(self._ahead) < self._params.agreeing_packets:
            return True
        self._next_number = start
        self._last_s, self._ahead = now_s, []
        return False

    def _reach(self, number: int, now_s: float) -> None:
        """Every sample below `number` exists."""
        if number > self._next_number:
            self._holes.append(_Hole(self._next_number, number, now_s + self._params.patience_s))
            self._next_number = number

    def _remove(self, start: int, stop: int) -> None:
        if self._holes:
            self._holes = [piece for hole in self._holes for piece in hole.without(start, stop)]

    def _wait_on(self, start: int, stop: int, now_s: float) -> None:
        """The strap answers askings in turn: what was asked for with these samples or later may yet come."""
        turns = [hole.asked for hole in self._holes if hole.start < stop and start < hole.stop]
        for hole in self._holes:
            if turns and hole.asked >= max(1, min(turns)):
                hole.ask_at_s = max(hole.ask_at_s, now_s + self._params.ask_again_s)

    def _mark_asked(self, start: int, stop: int, ask_at_s: float) -> None:
        self._remove(start, stop)
        self._askings += 1
        self._holes.append(_Hole(start, stop, ask_at_s, self._askings))

    def _give_up_before(self, number: int) -> None:
        oldest = min((hole.start for hole in self._holes), default=number)
        if oldest < number:
            self._give_up(oldest, number)

    def _give_up(self, start: int, stop: int) -> None:
        before = self.count
        self._remove(start, stop)
        self.given_up += before - self.count
