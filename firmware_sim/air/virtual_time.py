"""An event loop whose clock jumps to the next timer when nothing else is to do.

Invariant: timers fire in the order and at the times they would on a real clock; only the waiting is left out. Code
that takes its time from `loop.time()` cannot tell. Real sockets are polled, threads are not waited for.
"""

import asyncio
import selectors
from collections.abc import Coroutine
from typing import Any, TypeVar

Result = TypeVar("Result")


class _JumpingSelector(selectors.DefaultSelector):
    """Answers at once and moves `now_s` by the time it was allowed to wait."""

    def __init__(self) -> None:
        super().__init__()
        self.now_s = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        ready = super().select(timeout if timeout is None else 0)
        if timeout is not None and not ready:
            self.now_s += max(0.0, timeout)
        return ready


class VirtualTimeLoop(asyncio.SelectorEventLoop):
    """A loop that starts at 0 s and never waits."""

    def __init__(self) -> None:
        self._jumping = _JumpingSelector()
        super().__init__(self._jumping)

    def time(self) -> float:
        return self._jumping.now_s

    def put_forward(self, by_s: float) -> None:
        """The clock jumps as over a suspended machine: every timer within is due at once."""
        self._jumping.now_s += by_s


def run(main: Coroutine[Any, Any, Result]) -> Result:
    """What `main` returns, run to its end in virtual time."""
    with asyncio.Runner(loop_factory=VirtualTimeLoop) as runner:
        return runner.run(main)
