"""Packets that hold parts of the same sample, joined again (`docs/protocol.md`, "Small MTU").

Invariant: what a joined packet holds does not depend on where batches are cut.
"""

from dataclasses import dataclass

import numpy as np

from sensor import gatt
from sensor.decoding.stream_batch import PacketBatch
from sensor.gatt import Channel
from sensor.samples import Ints


@dataclass(frozen=True, slots=True)
class Joined:
    """Packets that belong together; the first of each gives the place, all of them the values.

    `parts` are packets of the batch and `owner` the joined packet of each, `held` the first packet of the batch that
    may have parts to come (the batch's length if none), `incomplete` how many samples lack a part for good.
    """

    first: Ints
    parts: Ints
    owner: Ints
    held: int
    incomplete: int
    alone: bool = False  # whether each packet is one of its own


def join_parts(batch: PacketBatch, channels: Channel, last: bool) -> Joined:
    """The batch's packets joined; with `last`, nothing follows and nothing is held."""
    n = len(batch.samples)
    whole = int(channels & gatt.MEASURED)
    if ((batch.channels & whole) == whole).all():
        each = np.arange(n)
        return Joined(each, each, each, n, 0, alone=True)
    return _join(batch, whole, int(channels & gatt.PER_SAMPLE), last)


def _join(batch: PacketBatch, whole: int, needed: int, last: bool) -> Joined:
    groups: list[list[int]] = []
    held: list[int] = []
    has: list[int] = []
    flags = (batch.channels & whole).tolist()
    for i in range(len(flags)):
        if groups and _continues(batch, groups[-1], i) and not has[-1] & flags[i]:
            groups[-1].append(i)
            has[-1] |= flags[i]
        else:
            groups.append([i])
            has.append(flags[i])
    if groups and not last and has[-1] != whole:
        held = groups.pop()
        has.pop()
    good = [group for group, channels in zip(groups, has, strict=True) if channels & needed == needed]
    return Joined(
        first=np.array([group[0] for group in good], np.int64),
        parts=np.array([i for group in good for i in group], np.int64),
        owner=np.repeat(np.arange(len(good)), [len(group) for group in good]),
        held=held[0] if held else len(flags),
        incomplete=len(groups) - len(good),
    )


def _continues(batch: PacketBatch, group: list[int], i: int) -> bool:
    """Whether packet `i` holds more of the last sample of the packets in the group."""
    first = group[0]
    counter = int(batch.counter[first] + batch.samples[first] - 1) % gatt.COUNTER_MODULUS
    same_flags = not (int(batch.channels[first]) ^ int(batch.channels[i])) & Channel.RESENT
    return bool(
        same_flags and batch.samples[i] == 1 and batch.epoch[i] == batch.epoch[first] and batch.counter[i] == counter
    )
