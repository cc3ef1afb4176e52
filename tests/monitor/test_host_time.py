"""A session's time goes on while the machine sleeps, as its straps' does."""

import asyncio
import sys
import time
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from monitor.coach.plans import load_plan
from monitor.coach.signals import Action
from monitor.guided.guide import Guided, guide
from monitor.live_buffer import LiveBuffer
from monitor.session.actions import ActionQueue
from monitor.session.live import Observer
from monitor.store import Store
from sensor.link import host_clock
from sensor.link.host_clock import host_now_s, host_time_loop
from sensor.link.straps import Straps
from sensor.radio_errors import NoAdapter


@pytest.mark.skipif(sys.platform != "linux", reason="each system has a clock of its own for that")
def test_the_clock_is_the_one_that_counts_sleep() -> None:
    assert abs(host_now_s() - time.clock_gettime(time.CLOCK_BOOTTIME)) < 1.0
    assert host_now_s() <= host_now_s()


def test_a_timer_that_ran_out_in_sleep_is_due_on_waking(monkeypatch: pytest.MonkeyPatch) -> None:
    slept_s = 0.0

    async def main() -> float:
        nonlocal slept_s
        loop = asyncio.get_running_loop()
        began_s, due = loop.time(), asyncio.Event()
        loop.call_later(1000.0, due.set)
        slept_s = 2000.0
        await due.wait()
        return loop.time() - began_s

    monkeypatch.setattr(host_clock, "host_now_s", lambda: time.monotonic() + slept_s)
    monkeypatch.setattr(host_clock, "_CLOCK", 0)
    with asyncio.Runner(loop_factory=host_time_loop) as runner:
        assert 2000.0 <= runner.run(main()) < 2010.0


def test_a_guided_session_is_timed_by_it(tmp_path: Path) -> None:
    ahead_s: list[float] = []

    @asynccontextmanager
    async def radio(act: Callable[[Action], None]) -> AsyncGenerator[tuple[Straps, Sequence[Observer]]]:
        del act
        loop = asyncio.get_running_loop()
        ahead_s.append(loop.time() - host_now_s())
        if sys.platform in ("linux", "darwin"):
            assert isinstance(loop, host_clock.HostTimeLoop)
        raise NoAdapter
        yield

    def screen(buffer: LiveBuffer, actions: ActionQueue, running: Callable[[], bool]) -> None:
        del buffer, actions, running

    with pytest.raises(NoAdapter):
        guide(Guided(load_plan("clamp"), None, None, mute=True), radio, screen, Store(tmp_path))
    assert abs(ahead_s[0]) < 1.0
