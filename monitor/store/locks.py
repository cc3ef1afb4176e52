"""Who works on what, between processes: a lock goes with its process, however that ends.

Invariant: where nobody can write, nobody needs a lock; a lock's file says nothing by being there.
"""

import logging
import os
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

from sensor.errors import RecordingError

WAIT_S = 60.0
_log = logging.getLogger(__name__)


class SessionBusy(RecordingError):
    """Another process works on the session."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, "another program works on this: wait until it is done")


@contextmanager
def busy(folder: Path) -> Generator[None]:
    """Holds a session's folder while it is recorded or worked on; `SessionBusy` where somebody else holds it."""
    with _held(folder, 0.0):
        try:
            yield
        finally:
            # While it is held: whoever waits for it notices that the file is gone, and makes a new one.
            with suppress(OSError):
                lock_file(folder).unlink(missing_ok=True)
    if os.name == "nt":
        # There an open file cannot be removed.
        with suppress(OSError):
            lock_file(folder).unlink(missing_ok=True)


def is_busy(folder: Path) -> bool:
    """Whether somebody, in this process or another, holds the session's folder."""
    if not lock_file(folder).exists():
        return False
    try:
        with _held(folder, 0.0):
            return False
    except SessionBusy:
        return True


@contextmanager
def alone(folder: Path) -> Generator[None]:
    """Waits until nobody else changes what is in `folder`; `SessionBusy` where that takes too long."""
    with _held(folder, WAIT_S):
        yield


def lock_file(folder: Path) -> Path:
    """Beside the folder, so that the folder can be renamed and removed while it is held."""
    return folder.with_name(f".{folder.name}.lock")


@contextmanager
def _held(folder: Path, wait_s: float) -> Generator[None]:
    lock = FileLock(lock_file(folder), mode=0o600, fallback_to_soft=False)
    try:
        lock.acquire(timeout=wait_s)
    except Timeout as error:
        raise SessionBusy(folder) from error
    except (OSError, NotImplementedError) as error:
        # On a disk that cannot be written, or knows no locks, the work itself will say so.
        _log.info("no lock on %s: %s", folder, error)
    try:
        yield
    finally:
        lock.release()
