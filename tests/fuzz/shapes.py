"""Fuzzed bytes as what a decoder takes: notifications with arrival times, information in between.

Invariant: every byte string means something, so that no input is wasted; checksums are made right where a bit says so,
else nearly nothing would come past them.
"""

import struct
from binascii import crc_hqx
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sensor.decoding.stream_batch import Notification

START_S = 50.0
# Steps of arrival time, by three bits of the operation.
STEPS_S = (0.0, 0.01, 0.05, 0.05, 0.1, 1.9, 45.0, 4000.0)
RIGHT_CHECKSUM, INFORMATION, ALONE = 0x01, 0x42, 0x84
STEP_SHIFT = 3


@dataclass(frozen=True, slots=True)
class Arrived:
    """One notification, or the bytes of an information; `alone` where the decoder is pushed right after it."""

    notification: Notification
    is_information: bool
    alone: bool


def arrivals(data: bytes) -> Iterator[Arrived]:
    """Operation, length, bytes; again and again."""
    at, now_s = 0, START_S
    while at + 2 <= len(data):
        operation, length = data[at], data[at + 1]
        body = data[at + 2 : at + 2 + length]
        at += 2 + length
        now_s += STEPS_S[operation >> STEP_SHIFT & 7]
        if operation & RIGHT_CHECKSUM:
            body = checked(body)
        yield Arrived(Notification(now_s, body), operation & INFORMATION == INFORMATION, operation & ALONE == ALONE)


def as_input(pieces: Sequence[tuple[int, bytes]]) -> bytes:
    """The input that means these operations and bytes."""
    return b"".join(struct.pack("<BB", operation, len(body)) + body for operation, body in pieces)


def checked(body: bytes) -> bytes:
    """The bytes with the stream's checksum at their end."""
    return body[:-2] + crc_hqx(body[:-2], 0xFFFF).to_bytes(2, "big") if len(body) > 2 else body
