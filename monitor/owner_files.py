"""Files and folders that only their owner can read, written whole or not at all.

Invariant: `NotWritable` or `DiskFull` where the system refuses; a reader never meets half a file.
"""

import errno
import os
import shutil
import stat
import tempfile
import time
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path

from sensor.errors import DiskFull, NotWritable, is_disk_full

# How the names of files end that were never finished.
PART = ".part"
# And those of folders that have been replaced, but are not removed yet.
REPLACED = ".replaced"
ATTEMPTS = 50
STALE_S = 3600.0


@contextmanager
def refusals(path: Path) -> Generator[None]:
    """Turns what the system refuses into one line about `path`."""
    try:
        yield
    except OSError as error:
        named = Path(error.filename) if isinstance(error.filename, str) else path
        where = path if named.name.endswith(PART) else named
        if is_disk_full(error):
            raise DiskFull(where, "this was not written; what was there before is kept") from error
        raise NotWritable(where, error.strerror or str(error)) from error


def make_folder(path: Path) -> None:
    """Makes the folder and those above it; new ones are the owner's alone."""
    with refusals(path):
        missing = [p for p in (path, *path.parents) if not p.exists()]
        for folder in reversed(missing):
            folder.mkdir(mode=0o700, exist_ok=True)


def write_text(path: Path, text: str) -> None:
    """Writes the text under the name at once, as UTF-8."""
    write_bytes(path, text.encode())


def write_bytes(path: Path, content: bytes) -> None:
    """Writes the bytes under the name at once."""
    with whole(path) as beside:
        beside.write_bytes(content)


@contextmanager
def whole(path: Path) -> Generator[Path]:
    """An empty file beside `path`; what was written to it gets the name at the end, or goes if that fails."""
    with refusals(path):
        # A name of its own: another process may be writing the same file.
        number, name = tempfile.mkstemp(PART, f".{path.name}.", path.parent)
        os.close(number)
        beside = Path(name)
        try:
            yield beside
            _settle(beside)
            beside.replace(path)
        except BaseException:
            beside.unlink(missing_ok=True)
            raise


@contextmanager
def whole_folder(path: Path) -> Generator[Path]:
    """An empty folder beside `path`; with all that was put into it, it takes the place of `path` at the end."""
    make_folder(path.parent)
    with refusals(path):
        beside = Path(tempfile.mkdtemp(PART, f".{path.name}.", path.parent))
        try:
            yield beside
            _take_place(beside, path)
        except BaseException:
            shutil.rmtree(beside, ignore_errors=True)
            raise


def _take_place(beside: Path, path: Path) -> None:
    """Where another process does the same, the last one stays."""
    if _is_a_file(path):
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(path))
    # Unlike a file, a folder cannot replace another in one step; `put_back` mends what is cut off between the two.
    away = beside.with_suffix(REPLACED)
    for attempt in range(1, ATTEMPTS + 1):
        with suppress(FileNotFoundError):
            path.rename(away)
        try:
            beside.rename(path)
            break
        except OSError as error:
            if attempt == ATTEMPTS or error.errno not in (errno.ENOTEMPTY, errno.EEXIST):
                if away.exists() and not path.exists():
                    away.rename(path)
                raise
            shutil.rmtree(away, ignore_errors=True)
    shutil.rmtree(away, ignore_errors=True)


def _is_a_file(path: Path) -> bool:
    """In one look: another process may take a folder away between two."""
    try:
        return not stat.S_ISDIR(path.stat().st_mode)
    except FileNotFoundError:
        return False


def put_back(folder: Path, stale_s: float = STALE_S) -> None:
    """Ends in `folder` what a process began that was killed; what is younger than `stale_s` may be still going on."""
    with refusals(folder):
        for path in folder.iterdir():
            if path.name.startswith(".") and path.suffix in (PART, REPLACED):
                _end(path, folder / path.name[1:].rsplit(".", 2)[0], stale_s)


def _end(path: Path, wanted: Path, stale_s: float) -> None:
    with suppress(FileNotFoundError):
        if path.suffix == REPLACED and not wanted.exists():
            path.rename(wanted)
        elif time.time() - path.stat().st_mtime >= stale_s:
            remove(path)


def remove(path: Path) -> None:
    """Removes a file or a folder with all that is in it, if it is there."""
    with refusals(path):
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)


def _settle(path: Path) -> None:
    """On the disk before it gets its name, so that a power cut leaves the old file or the new one."""
    number = os.open(path, os.O_RDWR)
    try:
        os.fsync(number)
    finally:
        os.close(number)


def copy_file(source: Path, path: Path) -> None:
    """Copies bytes unchanged; the copy is the owner's alone."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
    with refusals(path), source.open("rb") as given, os.fdopen(os.open(path, flags, 0o600), "wb") as file:
        shutil.copyfileobj(given, file)
