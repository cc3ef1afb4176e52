"""A guided session as a command runs it: on its own thread, with a screen that may vanish at any time."""

import asyncio
import os
import re
import signal
import time
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from firmware_sim.air.radio import SimulatedAir
from firmware_sim.person.virtual_person import VirtualPerson
from monitor.board import Board, Link
from monitor.coach.plans import load_calibration, load_plan
from monitor.coach.signals import Action
from monitor.guided.guide import Guided, Radio, Screen, guide
from monitor.live_buffer import LiveBuffer
from monitor.session.actions import ActionQueue
from monitor.session.live import Observer
from monitor.session.player import Player, replay_session
from monitor.session.replayed import logged
from monitor.store import Store
from sensor.link.straps import SearchParams, Straps
from sensor.radio_errors import NoStrapFound
from sensor.recordings.raw_recording import read_raw
from sensor.samples import THIGHS
from sensor.wearer import Wearer

GUIDED = Guided(
    load_plan("demo"), load_calibration("calibration_demo"), Wearer(0.42, 0.18, 0.11), simulated=True, mute=True
)
LONGEST_S = 30.0


def radio(*, on: bool = True) -> Radio:
    """Straps on a table within reach, switched on or not."""

    @asynccontextmanager
    async def met(act: Callable[[Action], None]) -> AsyncGenerator[tuple[Straps, Sequence[Observer]]]:
        del act
        async with SimulatedAir(VirtualPerson(3).sensors, 3) as air:
            for placement in () if on else THIGHS:
                await air.straps[placement].peripheral.switch(on=False)
            params = SearchParams(search_s=10.0 if on else 0.6, settle_s=0.2)
            yield Straps(params=params, backend=air.client_backend, scanner_backend=air.scanner_backend), ()

    return met


def until_streaming(then: Callable[[], None]) -> Screen:
    """A screen that waits for a second of samples and for the end of the session, with `then` between."""

    def screen(buffer: LiveBuffer, actions: ActionQueue, running: Callable[[], bool]) -> None:
        del actions
        end = time.monotonic() + LONGEST_S
        while running() and not _streaming(buffer) and time.monotonic() < end:
            time.sleep(0.02)
        time.sleep(1.0)
        then()

    return screen


def _streaming(buffer: LiveBuffer) -> bool:
    straps = buffer.board.straps
    return bool(straps) and all(s.link is Link.CONNECTED for s in straps)


def _nothing() -> None:
    pass


def _press_ctrl_c() -> None:
    os.kill(os.getpid(), signal.SIGINT)
    time.sleep(0.2)


@pytest.mark.parametrize("then", [_nothing, _press_ctrl_c])
def test_a_screen_that_closes_ends_the_session_in_good_order(tmp_path: Path, then: Callable[[], None]) -> None:
    finished = guide(GUIDED, radio(), until_streaming(then), Store(tmp_path))
    page = finished.report.read_text(encoding="utf-8")
    assert page.startswith("<!doctype html>")
    told = {str(v) for e in read_raw(finished.session.recording).events for v in e.fields.values()}
    serials = {text for text in told if re.fullmatch(r"Knee strap \w+|([0-9A-F]{2}:){5}[0-9A-F]{2}", text)}
    assert len(serials) >= 2
    assert [text for text in (*serials, str(tmp_path)) if text in page] == []
    assert (finished.session.results / "summary.json").exists()
    assert all(len(block) > 50 for block in finished.results.recorded.straps.values())
    own = (finished.session.folder, finished.session.recording, finished.report)
    assert {path.stat().st_mode & 0o077 for path in own} == {0}


def test_a_radio_that_does_not_let_go_costs_no_report(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    @asynccontextmanager
    async def stuck(act: Callable[[Action], None]) -> AsyncGenerator[tuple[Straps, Sequence[Observer]]]:
        async with radio()(act) as met:
            yield met
            await asyncio.Event().wait()

    monkeypatch.setattr("monitor.guided.guide.TEAR_DOWN_S", 0.1)
    finished = guide(GUIDED, stuck, until_streaming(_nothing), Store(tmp_path))
    assert finished.report.exists()
    assert "the radio did not end in time" in caplog.text


def test_without_straps_nothing_is_left_behind(tmp_path: Path) -> None:
    def wait(buffer: LiveBuffer, actions: ActionQueue, running: Callable[[], bool]) -> None:
        del buffer, actions
        while running():
            time.sleep(0.02)

    with pytest.raises(NoStrapFound):
        guide(GUIDED, radio(on=False), wait, Store(tmp_path))
    assert list(Store(tmp_path).sessions_folder.iterdir()) == []


def test_a_replay_shows_what_was_said_and_ends(tmp_path: Path) -> None:
    finished = guide(GUIDED, radio(), until_streaming(_nothing), Store(tmp_path))
    boards: list[Board] = []

    def watch(buffer: LiveBuffer, player: Player, running: Callable[[], bool]) -> None:
        while running():
            time.sleep(0.005)
        assert player.at_s == player.end_s
        boards.append(buffer.board)

    assert logged(finished.session).prompts[0].text.startswith("Lay both straps on a table")
    replay_session(finished.session, 1e6, watch)
    assert boards[0].over
    assert {s.placement for s in boards[0].straps} == set(THIGHS)
    assert all(s.battery_pct is not None for s in boards[0].straps)
