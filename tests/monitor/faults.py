"""Lets the n-th thing that a process does to the disk fail: the process is killed in it, or the system refuses it."""

import builtins
import io
import os
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from types import TracebackType
from typing import IO, Protocol, cast

KILLED = 137
_CALLS = ("mkdir", "rename", "replace", "unlink", "rmdir", "fsync", "truncate", "ftruncate", "link", "symlink")
_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT


class Fault(Protocol):
    """Raises, or ends the process; `half` does half of what was asked for first."""

    def __call__(self, half: Callable[[], object]) -> None: ...


def kill(half: Callable[[], object]) -> None:
    """The process ends in the middle of it."""
    half()
    _end(KILLED)


def _end(status: int) -> None:
    # As SIGKILL does, nothing is cleaned up.
    os._exit(status)  # pyright: ignore[reportPrivateUsage]


def refusal(code: int) -> Fault:
    """The system refuses."""

    def refuse(half: Callable[[], object]) -> None:
        del half
        raise OSError(code, os.strerror(code))

    return refuse


@dataclass(slots=True)
class Counter:
    """How many things were done to the disk; from the `first`th on they fail, or that one alone."""

    first: int
    fault: Fault
    lasting: bool = True
    count: int = 0

    def step(self, half: Callable[[], object] = lambda: None) -> None:
        """One more."""
        self.count += 1
        if self.count == self.first or (self.lasting and self.count > self.first):
            self.fault(half)


class _Written:
    """An open file whose writes are counted."""

    def __init__(self, file: IO[bytes], counter: Counter) -> None:
        self._file, self._counter = file, counter

    def write(self, data: bytes) -> int:
        def half() -> None:
            self._file.write(data[: len(data) // 2])
            self._file.flush()

        self._counter.step(half)
        return self._file.write(data)

    def __enter__(self) -> "_Written":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def __getattr__(self, name: str) -> object:
        return cast(object, getattr(self._file, name))


def _untyped(function: object) -> Callable[..., object]:
    return cast("Callable[..., object]", function)


@contextmanager
def counted(counter: Counter) -> Generator[None]:
    """Everything that this process does to the disk is counted, but for what SQLite does to its own file."""
    kept = {name: getattr(os, name) for name in (*_CALLS, "open", "write")}
    opened = _untyped(open)

    def call(name: str) -> Callable[..., object]:
        def counted_call(*args: object, **named: object) -> object:
            counter.step()
            return kept[name](*args, **named)

        return counted_call

    def os_open(path: str, flags: int, *args: object, **named: object) -> object:
        if flags & _WRITES:
            counter.step()
        return kept["open"](path, flags, *args, **named)

    def os_write(number: int, data: bytes) -> object:
        counter.step(lambda: kept["write"](number, data[: len(data) // 2]))
        return kept["write"](number, data)

    def file_open(file: object, mode: str = "r", *args: object, **named: object) -> object:
        if not set(mode) & set("wax+"):
            return opened(file, mode, *args, **named)
        counter.step()
        return _Written(cast("IO[bytes]", opened(file, mode, *args, **named)), counter)

    replaced = {name: call(name) for name in _CALLS} | {"open": os_open, "write": os_write}
    for name, function in replaced.items():
        setattr(os, name, function)
    for module in (io, builtins):
        setattr(module, "open", file_open)  # noqa: B010 - assigned, it would have to be of the same type
    try:
        yield
    finally:
        for name, function in kept.items():
            setattr(os, name, function)
        for module in (io, builtins):
            setattr(module, "open", opened)  # noqa: B010


def killed_at(moment: int, work: Callable[[], object]) -> bool:
    """Runs the work in a copy of this process that is killed in the n-th thing it does; whether it got so far."""
    child = os.fork()
    if child == 0:
        with counted(Counter(moment, kill)):
            work()
        _end(0)
    ended = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if ended not in (0, KILLED):
        raise RuntimeError(f"the work failed by itself when killed at {moment}: status {ended}")
    return ended == KILLED
