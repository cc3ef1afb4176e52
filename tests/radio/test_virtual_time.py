"""A clock that jumps: timers in order and at their times, without waiting."""

import asyncio
import time

import pytest

from firmware_sim.air.virtual_time import run


def test_an_hour_takes_no_time() -> None:
    async def main() -> list[tuple[str, float]]:
        loop = asyncio.get_running_loop()
        seen: list[tuple[str, float]] = []

        async def tick(name: str, every_s: float, times: int) -> None:
            for _ in range(times):
                await asyncio.sleep(every_s)
                seen.append((name, loop.time()))

        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(tick("slow", 1800.0, 2))
            tasks.create_task(tick("fast", 1000.0, 3))
        return seen

    began_s = time.perf_counter()
    seen = run(main())
    assert time.perf_counter() - began_s < 1.0
    assert seen == [("fast", 1000.0), ("slow", 1800.0), ("fast", 2000.0), ("fast", 3000.0), ("slow", 3600.0)]


def test_time_outs_end_when_they_should() -> None:
    async def main() -> float:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(7.5):
                await asyncio.Event().wait()
        return asyncio.get_running_loop().time()

    assert run(main()) == pytest.approx(7.5)
