"""`kneegap live --sim --device NAME`: a tinkerer meets each device's twin as he would meet the device."""

import asyncio

import pytest

from firmware_sim.air.virtual_time import run
from firmware_sim.twins.wearing import TWINS
from monitor.coach.plans import load_plan
from monitor.guided.guide import Guided
from monitor.guided.key_presser import KeyPresser
from monitor.guided.simulated_straps import simulated
from sensor.link.link_events import StreamArrived
from sensor.slots import Slot
from tests.monitor.command_line import CommandLine


def streaming(*devices: str) -> tuple[dict[str, str], bool]:
    """The driver of each slot that streams, and whether keys are pressed for the wearer."""

    async def main() -> tuple[dict[str, str], bool]:
        _, radio = simulated(7, Guided(load_plan("clamp"), None, None, simulated=True), 20.0, devices)
        async with radio(lambda _: None) as (straps, observers), straps:
            async with asyncio.timeout(20.0):
                heard = set[str]()
                async for event in straps:
                    if isinstance(event, StreamArrived):
                        heard.add(str(Slot(event.placement, event.part)))
                    if len(heard) == max(len(devices) + 1, 2):
                        break
            pressed = any(isinstance(observer, KeyPresser) for observer in observers)
            return {str(device.slot): device.driver for device in straps.worn}, pressed

    return run(main())


@pytest.mark.parametrize("device", TWINS)
def test_one_on_each_thigh(device: str) -> None:
    assert streaming(device) == ({"left_thigh": device, "right_thigh": device}, device == "phyphox")


def test_a_band_beside_the_left_one() -> None:
    worn = {"left_thigh": "movella_dot", "left_thigh_band": "phyphox", "right_thigh": "movella_dot"}
    assert streaming("movella_dot", "phyphox") == (worn, False)


def test_without_any_it_is_our_own() -> None:
    assert streaming() == ({"left_thigh": "kneegap", "right_thigh": "kneegap"}, False)


@pytest.mark.parametrize("words", [("--sim", "--device", "moonboot"), ("--device", "movella_dot")])
def test_what_is_no_twin_is_told(words: tuple[str, ...], kneegap: CommandLine) -> None:
    ran = kneegap("live", *words)
    assert ran.status == 2
    assert "give it with --sim, and one of movella_dot" in " ".join(ran.err.split())


@pytest.fixture
def kneegap(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> CommandLine:
    return CommandLine(monkeypatch, capsys)
