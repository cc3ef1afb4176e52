"""A seeded part of the fault matrix, and that its invariants see what they look for."""

import asyncio
import gc
from pathlib import Path

import psutil
import pytest

from sensor.link.link_events import LinkState, StreamArrived
from tests.radio.fault_matrix import Tally, Troubled, judged, recoveries, troubled, untold
from tests.radio.invariants import complaints
from tests.radio.sessions import LEFT, session
from tests.radio.troubles import SETS, TROUBLES

SEEDS = range(3, 506, 26)
AWAY = next(i for i, names in enumerate(SETS) if names == ("away",))


@pytest.mark.parametrize("seed", SEEDS)
def test_a_session_in_trouble(seed: int, tmp_path: Path) -> None:
    before = _open_files()
    assert judged(troubled(seed), tmp_path) == []
    assert _open_files() == before


def _open_files() -> int:
    """Files that are open for good: those of other tests' garbage would close in between and hide or feign a leak."""
    gc.collect()
    return psutil.Process().num_fds() if hasattr(psutil.Process, "num_fds") else 0


def test_the_seeds_have_all_kinds_of_trouble() -> None:
    assert len(SEEDS) == 20
    assert len({name for seed in SEEDS for name in SETS[seed % len(SETS)]}) >= 0.8 * len(TROUBLES)
    assert len(SETS) == len(TROUBLES) * (len(TROUBLES) + 1) / 2


def finished(seed: int) -> Troubled:
    """The first session from this seed on, with its troubles, that ends by itself."""
    return next(s for i in range(20) if (s := troubled(seed + i * len(SETS))).ending == "finished")


def test_a_strap_that_comes_back_is_heard_soon_and_its_absence_is_shown() -> None:
    away = finished(AWAY)
    assert untold(away) == []
    (told_s,) = away.told_s.values()
    assert 0.5 < told_s <= 1.0
    (recovered_s,) = recoveries(away)
    assert recovered_s <= 3.0
    tally = Tally()
    tally.add(away, [])
    assert tally.lines()[0] == "1 sessions, 0 failed"


def test_the_invariants_see_what_is_wrong() -> None:
    async def script(*_: object) -> None:
        await asyncio.sleep(5.0)

    heard, air = session(script)
    assert complaints(heard, air, finished=True) == []
    first = next(i for i, e in enumerate(heard.events) if isinstance(e, StreamArrived) and e.placement == LEFT)

    event = heard.events.pop(first)
    wrong = complaints(heard, air, finished=True)
    assert any("decoded" in what for what in wrong)
    assert any("said to be gone" in what for what in wrong)
    heard.events.insert(first, event)

    heard.blocks[LEFT].append(heard.blocks[LEFT][0])
    assert {"left_thigh: a sample occurs twice"} < set(complaints(heard, air, finished=True))
    heard.blocks[LEFT].pop()

    air.straps[LEFT].counts.corrupt += 1
    air.straps[LEFT].counts.clock_jumps += 1
    wrong = complaints(heard, air, finished=True)
    assert any("corrupt counted" in what for what in wrong)
    assert any("clock jumps counted" in what for what in wrong)


def test_a_link_that_never_ended_is_seen() -> None:
    async def script(*_: object) -> None:
        await asyncio.sleep(1.0)

    heard, air = session(script)
    heard.events = [e for e in heard.events if getattr(e, "state", None) is not LinkState.CLOSED]
    assert [what for what in complaints(heard, air, finished=True) if "ended streaming" in what]
