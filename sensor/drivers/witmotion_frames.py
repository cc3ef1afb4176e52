"""The byte stream of a WitMotion sensor, cut into frames: 20 or 28 bytes that begin with 0x55 and a flag.

Invariant: a frame counts once another one is seen to begin right behind it, because a frame has no checksum and its
first two bytes occur in data, too; nothing depends on where notifications are cut.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sensor.decoding.stream_batch import Notification
from sensor.samples import Floats

HEAD = 0x55
DATA, REPLY = 0x61, 0x71
SHORT, LONG = 20, 28
# Beyond the longest frame and the head of the next one nothing more can be learned.
UNDECIDED = LONG + 2
MOST_AT_ONCE = 512

Bytes = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Frames:
    """The first 20 bytes of each frame: when its last byte came, and when it was known to be one."""

    came_s: Floats  # (N,)
    known_s: Floats  # (N,)
    data: Bytes  # (N, 20)


class FrameStream:
    """One device's stream; `corrupt` counts places at which no frame began, but for the start of a connection."""

    def __init__(self) -> None:
        self.corrupt = 0
        self._lost = True
        self._bytes = b""
        self._arrival_s: Floats = np.empty(0)  # of each byte

    def read(self, notifications: Sequence[Notification]) -> Frames:
        """The frames that these notifications complete."""
        data = b"".join([self._bytes, *(n.data for n in notifications)])
        came = np.repeat([n.arrival_s for n in notifications], [len(n.data) for n in notifications])
        return self._cut(data, np.concatenate([self._arrival_s, came]), last=False)

    def rest(self) -> Frames:
        """The last frame, which nothing follows; what is left of another one is dropped."""
        frames = self._cut(self._bytes, self._arrival_s, last=True)
        self._bytes, self._arrival_s, self._lost = b"", np.empty(0), True
        return frames

    def _cut(self, data: bytes, arrival_s: Floats, *, last: bool) -> Frames:
        starts: list[int] = []
        ends: list[int] = []
        known: list[int] = []
        at = 0
        while len(data) - at >= SHORT:
            run, size = _run(data, at)
            if run:
                starts += range(at, at + run * size, size)
                ends += range(at + size - 1, at + run * size, size)
                known += range(at + size + 1, at + run * size + 2, size)
                at += run * size
                self._lost = False
                continue
            if last and _begins(data, at) and len(data) - at in (SHORT, LONG):
                starts.append(at)
                ends.append(len(data) - 1)
                known.append(len(data) - 1)
                at = len(data)
                break
            if _begins(data, at) and len(data) - at < UNDECIDED:
                break
            self.corrupt += not self._lost
            self._lost = True
            at = _next_head(data, at + 1)
        self._bytes, self._arrival_s = data[at:], arrival_s[at:]
        raw = np.frombuffer(data, np.uint8)
        rows = raw[np.array(starts, np.int64)[:, None] + np.arange(SHORT)] if starts else np.empty((0, SHORT), np.uint8)
        return Frames(arrival_s[np.array(ends, np.int64)], arrival_s[np.array(known, np.int64)], rows)


def _begins(data: bytes, at: int) -> bool:
    return data[at] == HEAD and data[at + 1] in (DATA, REPLY)


def _run(data: bytes, at: int) -> tuple[int, int]:
    """How many frames follow each other from here, each with the head of another behind it, and their size."""
    for size in (SHORT, LONG):
        n = min((len(data) - at - 2) // size, MOST_AT_ONCE)
        if n > 0 and _begins(data, at + size):
            run = _leading(_heads(data, at, size, n + 1)) - 1
            if size == LONG:
                # Shorter frames have precedence, wherever they begin.
                run = min(run, _leading(~_heads(data, at + SHORT, size, n)))
            if run > 0:
                return run, size
    return 0, SHORT


def _heads(data: bytes, at: int, size: int, n: int) -> NDArray[np.bool_]:
    """Whether a frame begins at each of `n` places, `size` bytes apart."""
    raw = np.frombuffer(data, np.uint8, (n - 1) * size + 2, at)
    flag = raw[1::size]
    return (raw[::size] == HEAD) & ((flag == DATA) | (flag == REPLY))


def _leading(true: NDArray[np.bool_]) -> int:
    """How many are true before the first that is not."""
    wrong = np.flatnonzero(~true)
    return int(wrong[0]) if len(wrong) else len(true)


def _next_head(data: bytes, at: int) -> int:
    """Where the next frame may begin."""
    found = data.find(HEAD, at)
    return len(data) if found < 0 else found
