"""Files and folders that only their owner can read, written whole or not at all.

Invariant: `NotWritable` or `DiskFull` where the system refuses; a reader never meets half a file.
"""

import os
import shutil
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from sensor.errors import DiskFull, NotWritable, is_disk_full


@contextmanager
def refusals(path: Path) -> Generator[None]:
    """Turns what the system refuses into one line about `path`."""
    try:
        yield
    except OSError as error:
        where = Path(error.filename) if isinstance(error.filename, str) else path
        raise DiskFull(where) if is_disk_full(error) else NotWritable(where, error.strerror or str(error)) from error


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
    beside = path.with_name(f".{path.name}.part")
    with refusals(path):
        beside.unlink(missing_ok=True)
        os.close(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        try:
            yield beside
        except BaseException:
            beside.unlink(missing_ok=True)
            raise
        beside.replace(path)


def copy_file(source: Path, path: Path) -> None:
    """Copies bytes unchanged; the copy is the owner's alone."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
    with refusals(path), source.open("rb") as given, os.fdopen(os.open(path, flags, 0o600), "wb") as file:
        shutil.copyfileobj(given, file)
