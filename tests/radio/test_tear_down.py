"""An air that closes: also where a strap loses the cancellations that should end it."""

import asyncio

import pytest

from firmware_sim.air.radio import CANCEL_AGAIN_S, END_WITHIN_S, SimulatedAir
from firmware_sim.air.virtual_time import run
from tests.radio.sessions import LEFT, thighs


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
