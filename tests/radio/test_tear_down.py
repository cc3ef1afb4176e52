"""An air that closes: also where a strap loses the cancellations that should end it."""

import asyncio
import sys

import pytest

from firmware_sim.air.radio import CANCEL_AGAIN_S, END_WITHIN_S, SimulatedAir
from firmware_sim.air.virtual_time import run
from sensor.samples import THIGHS
from tests.radio.sessions import LEFT, straps_on, thighs


class Swallowing:
    """Stands in for a strap's notifying: waits until so many cancellations were swallowed, or until released."""

    def __init__(self, swallows: float) -> None:
        self.entered = asyncio.Event()
        self.released = asyncio.Event()
        self.swallowed = 0
        self._swallows = swallows

    async def __call__(self) -> None:
        self.entered.set()
        while self.swallowed < self._swallows and not self.released.is_set():
            try:
                await self.released.wait()
            except asyncio.CancelledError:
                self.swallowed += 1


async def close_while_in(notify: Swallowing, monkeypatch: pytest.MonkeyPatch) -> float:
    """How long the air takes to close while a strap is in there."""
    loop = asyncio.get_running_loop()
    async with SimulatedAir(thighs()) as air:
        monkeypatch.setattr(air.straps[LEFT].peripheral, "_notify", notify)
        await notify.entered.wait()
        began_s = loop.time()
    return loop.time() - began_s


@pytest.mark.parametrize("swallows", [1, 3])
def test_lost_cancellations_do_not_keep_the_air_open(swallows: int, monkeypatch: pytest.MonkeyPatch) -> None:
    async def main() -> None:
        notify = Swallowing(swallows)
        assert await close_while_in(notify, monkeypatch) <= CANCEL_AGAIN_S * swallows + 1e-6
        assert notify.swallowed == swallows

    run(main())


def test_a_strap_that_never_ends_is_waited_for_no_longer_than_so(monkeypatch: pytest.MonkeyPatch) -> None:
    async def main() -> None:
        loop = asyncio.get_running_loop()
        notify = Swallowing(float("inf"))
        with pytest.raises(TimeoutError, match="still running: strap "):
            await close_while_in(notify, monkeypatch)
        assert loop.time() < END_WITHIN_S + 1.0
        notify.released.set()

    run(main())


def test_a_strap_ends_by_its_flag_alone() -> None:
    async def main() -> None:
        async with SimulatedAir(thighs()) as air, asyncio.timeout(1.0):
            peripheral = air.straps[LEFT].peripheral
            peripheral.end()
            await peripheral.run()

    run(main())


def test_a_cancellation_gets_lost_in_the_hosts_wait_for_an_answer_but_ends_the_search_all_the_same() -> None:
    """Whenever a session is closed while it looks for a lost strap, at any step of its commands to the adapter."""

    async def closed_after(steps: int) -> float:
        async with SimulatedAir(thighs()) as air:
            async with straps_on(air) as straps:
                async for _ in straps:
                    if len(straps.joined) == len(THIGHS):
                        break
                await air.straps[LEFT].disconnect()
                for _ in range(steps):
                    await asyncio.sleep(0.0)
                began_s = asyncio.get_running_loop().time()
            return asyncio.get_running_loop().time() - began_s

    for steps in range(0, 60, 3):
        assert run(closed_after(steps)) < 3.0


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="wait_for keeps the cancellation from Python 3.12 on")
def test_where_the_cancellation_gets_lost() -> None:
    async def main() -> str:
        answered = asyncio.get_running_loop().create_future()
        waiting = asyncio.create_task(asyncio.wait_for(answered, 1.0))
        await asyncio.sleep(0.0)
        answered.set_result("the answer")
        waiting.cancel()
        return await waiting

    assert run(main()) == "the answer"
