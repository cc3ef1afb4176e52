"""A wearer's own straps are remembered, preferred, and easily changed for others."""

import asyncio
import stat
from collections.abc import Sequence
from pathlib import Path

import pytest

from firmware_sim.air.radio import SimulatedAir
from firmware_sim.air.virtual_time import run
from firmware_sim.twins.dot_twin import DotTwin
from firmware_sim.twins.measured import Shared
from firmware_sim.twins.wearing import WornTwin, switch_on
from monitor.guided.worn_straps import WornStraps
from monitor.strap_list import find, lines
from sensor.errors import BadValue
from sensor.link.link_events import StrapJoined
from sensor.link.scan import scan
from sensor.link.straps import SearchParams, Straps
from sensor.radio_errors import NoSuchStrap, NotPlaced, OtherStrap, RadioError, SameName
from sensor.samples import Placement
from sensor.slots import SLOTS, Part, Remembered, Slot
from tests.radio.plain_sensors import PlainSensors, info
from tests.radio.sessions import LEFT, RIGHT, thighs

SEARCH = SearchParams(search_s=6.0)
OWN = "kneegap"


def device(slot: str, address: str) -> Remembered:
    return Remembered(SLOTS[slot], address, "movella_dot", 'Movella DOT 🦵 "x"')


def test_a_file_is_the_wearers_alone_and_reads_back(tmp_path: Path) -> None:
    worn = WornStraps(tmp_path / "w1")
    assert worn.known() == ()
    pair = [device("left_thigh", "A"), device("left_thigh_band", "B"), device("right_thigh", "C")]
    for one in pair:
        worn.place(one)
    assert worn.known() == tuple(pair)
    assert stat.S_IMODE(worn.path.stat().st_mode) == 0o600
    worn.place(device("right_thigh", "D"))
    worn.place(device("left_thigh", "D"))  # a strap has one place
    assert {d.address for d in worn.known()} == {"B", "D"}
    worn.add([device("left_thigh", "E"), device("right_thigh", "F")])
    assert {str(d.slot): d.address for d in worn.known()} == {
        "left_thigh": "D",
        "left_thigh_band": "B",
        "right_thigh": "F",
    }
    worn.forget()
    assert worn.known() == ()
    worn.path.write_text('[[strap]]\nworn = "head"\nname = ""\ntype = ""\naddress = ""\n')
    with pytest.raises(BadValue, match="head"):
        worn.known()


def dot(air: SimulatedAir, placement: Placement, name: str = "Movella DOT") -> WornTwin:
    """A DOT that lies somewhere."""
    return switch_on(air, DotTwin(Shared(PlainSensors(info(placement))).reader(), name))


def straps(air: SimulatedAir, pair: Sequence[Remembered] = (), wanted: Sequence[Placement] = (LEFT, RIGHT)) -> Straps:
    return Straps(wanted, pair=pair, params=SEARCH, backend=air.client_backend, scanner_backend=air.scanner_backend)


async def joined(searching: Straps, number: int) -> list[StrapJoined]:
    """The first straps that join."""
    found: list[StrapJoined] = []
    async with searching:
        async for event in searching:
            if isinstance(event, StrapJoined):
                found.append(event)
            if len(found) == number:
                break
    return found


def test_the_remembered_pair_is_taken_and_no_strap_of_anybody_else() -> None:
    async def main() -> None:
        async with SimulatedAir(thighs()) as air:
            mine = [dot(air, LEFT, "Movella DOT"), dot(air, RIGHT, "Movella DOT")]
            dot(air, LEFT, "Xsens DOT")
            pair = [
                Remembered(Slot(LEFT), mine[1].address, "movella_dot", "Movella DOT"),
                Remembered(Slot(RIGHT), mine[0].address, "movella_dot", "Movella DOT"),
            ]
            searching = straps(air, pair)
            found = {e.placement: e.address for e in await joined(searching, 2)}
            assert found == {LEFT: mine[1].address, RIGHT: mine[0].address}
            assert {d.address for d in searching.worn} == {mine[0].address, mine[1].address}
            assert not any(strap.peripheral.connected for strap in air.straps.values())

    run(main())


def test_two_own_straps_of_one_place_are_told_apart_by_what_is_remembered() -> None:
    async def main() -> None:
        async with SimulatedAir(thighs()) as air:
            stranger = air.add(PlainSensors(info(LEFT, serial="KS-9999")))
            sightings = await scan(1.0, air.scanner_backend)
            mine = find(sightings, "_thi")
            assert [s.address for s in sightings if s.name.endswith("9999")] != [mine.address]
            pair = [Remembered(Slot(LEFT), mine.address, OWN, mine.name)]
            found = {e.placement: e.address for e in await joined(straps(air, pair), 2)}
            assert found[LEFT] == mine.address
            assert not stranger.peripheral.connected

    run(main())


@pytest.mark.parametrize("there", ["own", "dot"])
def test_what_is_there_instead_is_named(there: str) -> None:
    async def main() -> None:
        async with SimulatedAir(thighs() if there == "own" else {}) as air:
            if there == "dot":
                dot(air, LEFT)
            pair = [Remembered(Slot(LEFT), "AA:BB", "movella_dot", "my DOT")]
            with pytest.raises(OtherStrap, match=r"left_thigh strap my DOT was not found.*--place") as caught:
                await joined(straps(air, pair, [LEFT]), 1)
            assert len(caught.value.there) == 1

    run(main())


def test_devices_that_nobody_has_placed_are_named() -> None:
    async def main() -> None:
        async with SimulatedAir({}) as air:
            dot(air, LEFT)
            with pytest.raises(NotPlaced, match=r"Movella DOT .*--place"):
                await joined(straps(air), 1)

    run(main())


def test_the_list_says_what_is_missing() -> None:
    async def main() -> None:
        async with SimulatedAir({LEFT: PlainSensors(info(LEFT))}) as air:
            its = dot(air, RIGHT)
            air.straps[LEFT].set_battery(9)
            await asyncio.sleep(0.2)
            found = sorted(await scan(1.0, air.scanner_backend), key=lambda s: s.name)
            pair = [Remembered(Slot(RIGHT, Part.BAND), "B", "phyphox", "knee band")]
            own, other, lacking, band = lines(found, pair)
            assert own.split("  ")[1:3] == [LEFT, "battery 9 %"]
            assert own.endswith("knee strap  charge it")
            assert other.split("  ")[1] == "not placed"
            assert other.endswith(f"Movella DOT  say where it is worn: --place {its.address}=left_thigh")
            assert lacking == "missing  right_thigh"
            assert band == "missing  right_thigh_band (yours: knee band)"
            placed = [*pair, Remembered(Slot(RIGHT), its.address, "movella_dot", "Movella DOT")]
            assert "right_thigh" in lines(found, placed)[1]
            assert "yours" in lines(found, placed)[1]

    run(main())


def test_a_name_that_means_nothing_or_too_much() -> None:
    async def main() -> None:
        async with SimulatedAir({}) as air:
            one, other = dot(air, LEFT), dot(air, RIGHT)
            found = await scan(1.0, air.scanner_backend)
            assert find(found, one.address).address == one.address
            with pytest.raises(SameName) as caught:
                find(found, "Movella DOT")
            assert set(caught.value.addresses) == {one.address, other.address}
            with pytest.raises(NoSuchStrap, match="Movella DOT"):
                find(found, "TENS unit")
            assert isinstance(caught.value, RadioError)

    run(main())
