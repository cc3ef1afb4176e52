"""Inputs made from good ones: changed, cut, repeated and crossed, by seed.

Invariant: the same seed gives the same inputs.
"""

from collections.abc import Iterator, Sequence
from random import Random

from tests.sensor.damage import damaged

EDGES = (0x00, 0x01, 0x7F, 0x80, 0xFE, 0xFF)
LONGEST = 1 << 16


def mutated(seeds: Sequence[bytes], seed: int) -> Iterator[bytes]:
    """Inputs without end."""
    random = Random(seed)
    pool = list(seeds)
    while True:
        data = bytearray(random.choice(pool))
        for _ in range(random.choice((0, 1, 1, 2, 4, 8))):
            _change(data, pool, random)
        yield bytes(data[:LONGEST])


def _change(data: bytearray, pool: Sequence[bytes], random: Random) -> None:
    at = random.randrange(len(data) + 1)
    length = random.choice((1, 2, 4, 8, 40, 200))
    match random.randrange(7):
        case 0:
            data[at : at + 1] = bytes([random.choice(EDGES)])
        case 1 if at < len(data):
            data[at] ^= 1 << random.randrange(8)
        case 2:
            data[at : at + length] = data[at : at + length] * 2
        case 3:
            other = random.choice(pool)
            begin = random.randrange(len(other) + 1)
            data[at:at] = other[begin : begin + length]
        case 4:
            data[at : at + length] = random.randbytes(length)
        case 5:
            whole = int.from_bytes(data[at : at + 4], "little") + random.choice((-1, 1, 256, 1 << 15, 1 << 23))
            data[at : at + 4] = (whole % (1 << 32)).to_bytes(4, "little")
        case _:
            data[:] = damaged(bytes(data), random)
