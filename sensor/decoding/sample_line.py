"""Where each packet's samples lie on one strap's endless line of sample numbers.

Invariant: a number is given out once; one pass in order of arrival, so nothing depends on where batches are cut.
"""

from dataclasses import dataclass, field
from typing import NamedTuple

from sensor import gatt

# A packet may be this much further on (or, not sent again, further back) than time allows.
_SLACK_S = 2.0
# As much as a strap's clock and the host's may differ in pace.
_PACE = 1.05
# So many packets off the line in a row that agree with each other are the strap's new truth.
_AGREEING = 5
# A clock that is this far from where the counter puts it has jumped.
_CLOCK_JUMP_S = 0.1
_CLOCK_JUMP_RATIO = 0.01


class Head(NamedTuple):
    """What a packet says of its place; `samples` follow each other from `counter`."""

    epoch: int
    counter: int
    clock: int
    samples: int
    resent: bool
    arrival_s: float


class Piece(NamedTuple):
    """Samples `first` to `stop` (places in the packet) and where sample 0 of the packet lies.

    The packet's sample i has the number `number + i * step` and the strap clock `ticks + i * ticks_per_sample`.
    """

    packet: int
    first: int
    stop: int
    number: float
    step: float
    ticks: int
    ticks_per_sample: float


@dataclass(slots=True)
class LineCounts:
    """What the line noticed: packets, and for `resent` samples."""

    repeated: int = 0
    resent: int = 0
    restarts: int = 0
    out_of_order: int = 0
    strays: int = 0
    clock_jumps: int = 0


@dataclass(slots=True)
class _Life:
    """One life of counter and clock: counter 0 has the number `zero`, samples are `step` numbers apart."""

    epoch: int
    rate_hz: float
    zero: float
    step: float
    ticks_per_sample: float
    next_counter: int
    next_ticks: int
    arrival_s: float
    holes: list[tuple[int, int]] = field(default_factory=list[tuple[int, int]])


class SampleLine:
    """Numbers the packets of one strap; `rate_hz` of the first life is the pace of the numbers."""

    def __init__(self, rate_hz: float, clock_hz: int) -> None:
        self.counts = LineCounts()
        self.rate_hz = rate_hz
        self._life_rate_hz = rate_hz
        self._clock_hz = clock_hz
        self._life: _Life | None = None
        self._past_epoch: int | None = None
        self._strays: list[tuple[int, Head]] = []

    def set_rate(self, rate_hz: float, clock_hz: int) -> None:
        """The rate of lives that begin from now on."""
        self._life_rate_hz, self._clock_hz = rate_hz, clock_hz

    @property
    def pending(self) -> int:
        """How many of the latest packets wait for others to agree with them."""
        return len(self._strays)

    def forget_pending(self) -> None:
        """The waiting packets will be given again."""
        self._strays = []

    def drop_pending(self) -> None:
        """No other packet will agree with the waiting ones."""
        self.counts.strays += len(self._strays)
        self._strays = []

    def place(self, packet: int, head: Head) -> list[Piece]:
        """The pieces that this packet adds (with those of packets that had to wait for it)."""
        life = self._life
        if life is None:
            return self._first(packet, head)
        if head.epoch != life.epoch:
            if head.epoch == self._past_epoch:
                self.counts.strays += 1
                return []
            life = self._restart(life, head)
        at = life.next_counter + _wrapped(head.counter - life.next_counter, gatt.COUNTER_MODULUS)
        slack = _SLACK_S * life.rate_hz
        ahead = at - life.next_counter
        reach = (head.arrival_s - life.arrival_s) * life.rate_hz * _PACE + slack
        if ahead > reach or (ahead + slack < 0 and not head.resent):
            return self._doubt(packet, head, life)
        self.drop_pending()
        if ahead >= 0:
            return [self._append(packet, head, life, at)]
        return self._fill(packet, head, life, at)

    def _first(self, packet: int, head: Head) -> list[Piece]:
        """Where a strap is only by its first new sample; what it sends again before that waits for it."""
        self._strays.append((packet, head))
        if head.resent:
            return []
        waiting, self._strays = self._strays, []
        ours = [(its, it) for its, it in waiting if it.epoch == head.epoch]
        self.counts.strays += len(waiting) - len(ours)
        self._begin(head)
        return [piece for its, it in ours for piece in self.place(its, it)]

    def _begin(self, head: Head, zero: float | None = None, room: int | None = None) -> _Life:
        """A life that is first heard of now; `room` samples before it may still come, sent again."""
        step = self.rate_hz / self._life_rate_hz
        before = round(gatt.KEPT_S * self._life_rate_hz) if room is None else room
        self._life = _Life(
            epoch=head.epoch,
            rate_hz=self._life_rate_hz,
            zero=(1 - step) * head.counter if zero is None else zero,
            step=step,
            ticks_per_sample=self._clock_hz / self._life_rate_hz,
            next_counter=head.counter,
            next_ticks=head.clock,
            arrival_s=head.arrival_s,
            holes=[(head.counter - before, head.counter)],
        )
        return self._life

    def _restart(self, life: _Life, head: Head) -> _Life:
        """Another life; its numbers go on by as much as the host's clock went on."""
        self.counts.restarts += 1
        self.drop_pending()
        if head.epoch != life.epoch:
            self._past_epoch = life.epoch
        passed = max(0.0, (head.arrival_s - life.arrival_s) * self.rate_hz - life.step)
        number = life.zero + life.next_counter * life.step + round(passed)
        step = self.rate_hz / self._life_rate_hz
        return self._begin(head, number - head.counter * step, int(passed / step))

    def _doubt(self, packet: int, head: Head, life: _Life) -> list[Piece]:
        """A packet off the line: wait until enough others agree with it, then take it for a restart."""
        if head.resent:
            self.counts.strays += 1
            return []
        if self._strays and not self._follows(self._strays[-1][1], head, life.rate_hz):
            self.drop_pending()
        self._strays.append((packet, head))
        if len(self._strays) < _AGREEING:
            return []
        agreed, self._strays = self._strays, []
        self._restart(life, agreed[0][1])
        return [piece for waiting, its_head in agreed for piece in self.place(waiting, its_head)]

    def _follows(self, before: Head, head: Head, rate_hz: float) -> bool:
        step = _wrapped(head.counter - before.counter, gatt.COUNTER_MODULUS)
        return 0 < step <= (head.arrival_s - before.arrival_s) * rate_hz * _PACE + _SLACK_S * rate_hz

    def _append(self, packet: int, head: Head, life: _Life, at: int) -> Piece:
        if at > life.next_counter:
            life.holes.append((life.next_counter, at))
        ticks = self._ticks(head, life, at)
        life.next_counter = at + head.samples
        life.next_ticks = ticks + round(head.samples * life.ticks_per_sample)
        if not head.resent:
            # Only fresh samples tell how far the strap has come by now.
            life.arrival_s = head.arrival_s
        self.counts.resent += head.samples if head.resent else 0
        return self._piece(packet, life, at, 0, head.samples, ticks)

    def _fill(self, packet: int, head: Head, life: _Life, at: int) -> list[Piece]:
        stop = at + head.samples
        parts = [(max(a, at), min(b, stop)) for a, b in life.holes if a < stop and at < b]
        if not parts:
            self.counts.repeated += 1
            return []
        life.holes = [rest for hole in life.holes for rest in _without(hole, at, stop)]
        ticks = self._ticks(head, life, at)
        if head.resent:
            self.counts.resent += sum(b - a for a, b in parts)
        else:
            self.counts.out_of_order += 1
        return [self._piece(packet, life, at, a - at, b - at, ticks) for a, b in parts]

    def _ticks(self, head: Head, life: _Life, at: int) -> int:
        """The strap's clock without wrap-around, nearest to where the counter puts it."""
        steps = (at - life.next_counter) * life.ticks_per_sample
        expected = life.next_ticks + round(steps)
        off = _wrapped(head.clock - expected, gatt.CLOCK_MODULUS)
        if abs(off) > _CLOCK_JUMP_S * self._clock_hz + _CLOCK_JUMP_RATIO * abs(steps) and not head.resent:
            self.counts.clock_jumps += 1
        return expected + off

    def _piece(self, packet: int, life: _Life, at: int, first: int, stop: int, ticks: int) -> Piece:
        return Piece(packet, first, stop, life.zero + at * life.step, life.step, ticks, life.ticks_per_sample)


def _wrapped(difference: int, modulus: int) -> int:
    return (difference + modulus // 2) % modulus - modulus // 2


def _without(hole: tuple[int, int], start: int, stop: int) -> list[tuple[int, int]]:
    first, last = hole
    if stop <= first or last <= start:
        return [hole]
    return [(a, b) for a, b in ((first, start), (stop, last)) if a < b]
