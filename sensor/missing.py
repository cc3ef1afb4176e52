"""Which samples of a strap have not arrived, and which of them to ask for again and when.

Invariant: sans-I/O and without a clock of its own. Inside, counters are unwrapped and ranges half-open. Each channel is
followed by itself, since a small MTU splits a sample over packets.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from sensor import gatt
from sensor.control import Resend
from sensor.gatt import Channel
from sensor.packet import StreamPacket

HALF_COUNTER = gatt.COUNTER_MODULUS // 2


@dataclass(frozen=True, slots=True)
class MissingParams:
    """When to ask: not before packets that are only late can have come, and again where an answer got lost.

    No more than `at_once_s` of samples are asked for before they have come. A packet more than `ahead_s` further on than
    time allows counts only once `agreeing_packets` say the same.
    """

    patience_s: float = 0.3
    ask_again_s: float = 1.5
    at_once_s: float = 3.0
    ahead_s: float = 2.0
    agreeing_packets: int = 5


@dataclass(slots=True)
class _Hole:
    """Samples from `start` to `stop`; `ask_at_s` is when to ask for them next, `asked` whether they were asked for."""

    start: int
    stop: int
    ask_at_s: float
    asked: bool = False

    def without(self, start: int, stop: int) -> Iterator["_Hole"]:
        """What is left of the hole when samples from `start` to `stop` are taken out."""
        if stop <= self.start or self.stop <= start:
            yield self
            return
        if self.start < start:
            yield _Hole(self.start, start, self.ask_at_s, self.asked)
        if stop < self.stop:
            yield _Hole(stop, self.stop, self.ask_at_s, self.asked)


@dataclass(slots=True)
class _Channel:
    """Holes of one channel below `next_number`, the first sample that nothing is known of."""

    next_number: int
    holes: list[_Hole] = field(default_factory=list[_Hole])

    def reach(self, number: int, ask_at_s: float) -> None:
        """Every sample below `number` exists."""
        if number > self.next_number:
            self.holes.append(_Hole(self.next_number, number, ask_at_s))
            self.next_number = number

    def remove(self, start: int, stop: int) -> None:
        """These samples are no longer missing."""
        if self.holes:
            self.holes = [piece for hole in self.holes for piece in hole.without(start, stop)]

    def mark_asked(self, start: int, stop: int, ask_at_s: float) -> None:
        """These samples, as far as they are missing, were asked for."""
        inside = [_Hole(max(h.start, start), min(h.stop, stop), ask_at_s, asked=True) for h in self.holes]
        self.remove(start, stop)
        self.holes += [h for h in inside if h.start < h.stop]


class MissingSamples:
    """The holes in one strap's stream; another epoch starts afresh."""

    def __init__(self, channels: Channel, rate_hz: float, params: MissingParams | None = None) -> None:
        self.given_up = 0
        self._rate_hz = rate_hz
        self._params = params or MissingParams()
        self._followed = [c for c in Channel if c in channels & gatt.PER_SAMPLE]
        self._channels: dict[Channel, _Channel] = {}
        self._epoch: int | None = None
        self._last_s = 0.0
        self._ahead: list[int] = []

    @property
    def count(self) -> int:
        """Samples known to be missing and not given up."""
        return _samples(self._holes())

    def begin(self, epoch: int, counter: int, rate_hz: float, now_s: float) -> None:
        """The strap answered a start: its next sample is this one."""
        self._rate_hz = rate_hz
        self._live(epoch, counter, now_s)
        self.ends_at(epoch, counter, now_s)

    def take(self, packet: StreamPacket, now_s: float) -> None:
        """A valid packet arrived."""
        self._live(packet.epoch, packet.counter, now_s)
        start = self._unwrapped(packet.counter)
        stop = start + len(packet.samples)
        if self._too_far_ahead(start, packet.resent, now_s):
            return
        for name, channel in self._channels.items():
            if name in packet.channels:
                channel.reach(start, now_s + self._params.patience_s)
                channel.next_number = max(channel.next_number, stop)
                channel.remove(start, stop)

    def ends_at(self, epoch: int, next_counter: int, now_s: float) -> None:
        """The strap says that its next sample is this one: all below it exist."""
        if epoch == self._epoch:
            number = self._unwrapped(next_counter)
            for channel in self._channels.values():
                channel.reach(number, now_s + self._params.patience_s)

    def asks(self, now_s: float) -> list[Resend]:
        """What to ask the strap for now; what it no longer keeps is given up."""
        self._give_up_before(self._newest() - round(gatt.KEPT_S * self._rate_hz))
        room = round(self._params.at_once_s * self._rate_hz)
        room -= _samples(h for h in self._holes() if h.asked and h.ask_at_s > now_s)
        requests: list[Resend] = []
        for start, stop in _union(h for h in self._holes() if h.ask_at_s <= now_s):
            some = min(stop, start + room)
            if start < some:
                requests.append(Resend(self._epoch or 0, start % gatt.COUNTER_MODULUS, some - start))
                self._mark_asked(start, some, now_s + self._params.ask_again_s)
                room -= some - start
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
        self._channels = {name: _Channel(counter) for name in self._followed}
        self._last_s = now_s
        self._ahead = []

    def _newest(self) -> int:
        return max((c.next_number for c in self._channels.values()), default=0)

    def _unwrapped(self, counter: int) -> int:
        newest = self._newest()
        return newest + (counter - newest + HALF_COUNTER) % gatt.COUNTER_MODULUS - HALF_COUNTER

    def _too_far_ahead(self, start: int, resent: bool, now_s: float) -> bool:
        credible = self._newest() + (now_s - self._last_s + self._params.ahead_s) * self._rate_hz
        if resent:
            return start > credible
        if start <= credible:
            self._last_s, self._ahead = now_s, []
            return False
        near = self._ahead and abs(start - self._ahead[-1]) <= self._params.ahead_s * self._rate_hz
        self._ahead = [*self._ahead, start] if near else [start]
        if len(self._ahead) < self._params.agreeing_packets:
            return True
        for channel in self._channels.values():
            channel.next_number = start
        self._last_s, self._ahead = now_s, []
        return False

    def _mark_asked(self, start: int, stop: int, ask_at_s: float) -> None:
        for channel in self._channels.values():
            channel.mark_asked(start, stop, ask_at_s)

    def _give_up_before(self, number: int) -> None:
        oldest = min((hole.start for hole in self._holes()), default=number)
        if oldest < number:
            self._give_up(oldest, number)

    def _give_up(self, start: int, stop: int) -> None:
        before = self.count
        for channel in self._channels.values():
            channel.remove(start, stop)
        self.given_up += before - self.count

    def _holes(self) -> list[_Hole]:
        return [hole for channel in self._channels.values() for hole in channel.holes]


def _union(holes: Iterable[_Hole]) -> list[tuple[int, int]]:
    """The samples that any of the holes lacks, as ranges in order."""
    ranges: list[tuple[int, int]] = []
    for hole in sorted(holes, key=lambda h: h.start):
        if ranges and hole.start <= ranges[-1][1]:
            ranges[-1] = (ranges[-1][0], max(ranges[-1][1], hole.stop))
        else:
            ranges.append((hole.start, hole.stop))
    return ranges


def _samples(holes: Iterable[_Hole]) -> int:
    """How many samples any of the holes lacks."""
    return sum(stop - start for start, stop in _union(holes))
