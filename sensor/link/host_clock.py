"""The host's clock, by which everything of a live session is timed: it goes on while the machine sleeps.

Invariant: straps take samples while the host sleeps; a clock that stood still would make what they send again a riddle.
"""

import asyncio
import sys
import time

# What `time.monotonic` reads stands still in sleep on these systems, and goes on in it on Windows.
_NAMES = {"linux": "CLOCK_BOOTTIME", "darwin": "CLOCK_MONOTONIC"}
_CLOCK: int | None = getattr(time, _NAMES.get(sys.platform, ""), None)


def host_now_s() -> float:
    """Seconds since some time before this program began."""
    return time.monotonic() if _CLOCK is None else time.clock_gettime(_CLOCK)


class HostTimeLoop(asyncio.SelectorEventLoop):
    """An event loop on this clock; timers that ran out in sleep are due on waking."""

    def time(self) -> float:
        return host_now_s()


def host_time_loop() -> asyncio.AbstractEventLoop:
    """The system's usual loop, on this clock."""
    return asyncio.new_event_loop() if _CLOCK is None else HostTimeLoop()
