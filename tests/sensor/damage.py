"""Damages files as disks, cables and editors do."""

from random import Random

ODDITIES = (b"nan", b"inf", b"-1", b",", b'"', b"\n", b"\0", b"9" * 30, b"1e300")


def damaged(content: bytes, random: Random) -> bytes:
    """The content with a few damages: changed, missing, added or cut-off bytes, odd numbers."""
    data = bytearray(content)
    for _ in range(random.choice((1, 1, 2, 5, 30))):
        at = random.randrange(len(data) + 1)
        match random.randrange(5):
            case 0:
                del data[at:]
            case 1:
                del data[at : at + random.randrange(40)]
            case 2:
                data[at:at] = random.randbytes(random.randrange(20))
            case 3:
                data[at:at] = random.choice(ODDITIES)
            case _:
                data[at : at + 1] = random.randbytes(1)
    return bytes(data)
