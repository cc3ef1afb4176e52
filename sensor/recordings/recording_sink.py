"""A file for one writer that is never worse than its last flush: what a full disk cut off is taken back.

Invariant: after any failure the file ends where the last complete flush ended.
"""

import os
from pathlib import Path

from sensor.errors import DiskFull, NotWritable, is_disk_full


class RecordingSink:
    """Collects bytes until `flush`; readable by its owner only."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._pending = bytearray()
        self._flushed = 0
        try:
            self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
        except OSError as error:
            raise _refusal(path, error) from error
        self._open = True

    def write(self, data: bytes) -> int:
        """Keeps the bytes for the next flush."""
        self._pending += data
        return len(data)

    def tell(self) -> int:
        """Where the next byte will lie."""
        return self._flushed + len(self._pending)

    def flush(self) -> None:
        """Hands everything to the system; `DiskFull` or `NotWritable` where that fails."""
        view = memoryview(bytes(self._pending))
        written = 0
        try:
            while written < len(view):
                written += os.write(self._file, view[written:])
        except OSError as error:
            self._take_back()
            raise _refusal(self.path, error) from error
        self._flushed += written
        self._pending.clear()

    def close(self) -> None:
        """Closes the file; what was not flushed is dropped."""
        if self._open:
            self._open = False
            os.close(self._file)

    def _take_back(self) -> None:
        self._pending.clear()
        os.ftruncate(self._file, self._flushed)
        os.lseek(self._file, self._flushed, os.SEEK_SET)


def _refusal(path: Path, error: OSError) -> DiskFull | NotWritable:
    return DiskFull(path) if is_disk_full(error) else NotWritable(path, error.strerror or str(error))
