"""A recording that was cut off, brought to its end, so that every reader of MCAP opens it.

Invariant: what could be read before is read afterwards, the same; a recording that is damaged in its middle is left
as it is.
"""

import struct
from pathlib import Path
from typing import BinaryIO

from monitor.owner_files import refusals, whole

MAGIC = b"\x89MCAP0\r\n"
_RECORD = struct.Struct("<BQ")
_DATA_END = 0x0F
# The data end, a footer that says that there is no summary, and the magic bytes again.
_END = _RECORD.pack(_DATA_END, 4) + bytes(4) + _RECORD.pack(0x02, 20) + bytes(20) + MAGIC
# More than is ever written at once: where more would be cut off, that was no crash's doing.
_LONGEST_TAIL = 1 << 16


def seal(recording: Path) -> bool:
    """Ends the recording after its last whole record; whether it is sealed now."""
    with refusals(recording), recording.open("rb") as file:
        size = file.seek(0, 2)
        end = _whole_length(file, size)
        if end is None or end == len(MAGIC) or size - end > _LONGEST_TAIL:
            return False
        file.seek(0)
        with whole(recording) as beside, beside.open("r+b") as sealed:
            _copy(file, sealed, end)
            sealed.write(_END)
    return True


def _whole_length(file: BinaryIO, size: int) -> int | None:
    """Bytes up to the end of the data that are whole; None where it does not even begin like a recording."""
    file.seek(0)
    if file.read(len(MAGIC)) != MAGIC:
        return None
    at = len(MAGIC)
    while at + _RECORD.size <= size:
        file.seek(at)
        opcode, length = _RECORD.unpack(file.read(_RECORD.size))
        if opcode == _DATA_END or at + _RECORD.size + length > size:
            break
        at += _RECORD.size + length
    return at


def _copy(source: BinaryIO, target: BinaryIO, length: int) -> None:
    while length > 0:
        block = source.read(min(length, 1 << 20))
        if not block:
            return
        target.write(block)
        length -= len(block)
