"""`kneegap scan`, `doctor` and `simulate`: what is in range, what is wrong, and straps for other programs."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from monitor.cli.sessions import Exercise
from sensor.samples import Placement

if TYPE_CHECKING:
    from firmware_sim.air.peripheral import Peripheral
    from firmware_sim.sessions.simulate import Scenario
    from firmware_sim.twins.twin import Twin
    from monitor.guided.worn_straps import WornStraps
    from sensor.link.scan import Sighting
    from sensor.slots import Slot

LOOK_S = 0.2
IDENTIFY_S = 5


def register(app: typer.Typer) -> None:
    """Adds the commands."""
    app.command("scan")(scan_straps)
    app.command("doctor")(doctor)
    app.command("simulate")(simulate_straps)


def scan_straps(
    seconds: Annotated[float, typer.Option(min=0.5, max=120.0, help="how long to look")] = 5.0,
    place: Annotated[
        list[str] | None,
        typer.Option(metavar="STRAP=PLACEMENT", help="remember where a strap is worn; _band: beside one"),
    ] = None,
    identify: Annotated[str, typer.Option(metavar="STRAP", help="let a strap blink or buzz")] = "",
    forget: Annotated[bool, typer.Option("--forget", help="forget which straps are worn")] = False,
    wearer: Annotated[str, typer.Option(metavar="WHO", help="whose straps; else the last wearer's")] = "",
) -> None:
    """List the straps in range, and remember which are worn where."""
    import asyncio

    from monitor.strap_list import find, lines
    from sensor.link import scan, strap
    from sensor.radio_errors import NoStrapFound

    wishes = [_wish(text) for text in place or ()]
    worn = _worn_straps(wearer)
    if forget:
        worn.forget()
        typer.echo("no strap is remembered any more")
        return
    found = asyncio.run(scan.scan(seconds))
    if not found:
        raise NoStrapFound(seconds)
    for name, slot in wishes:
        _place(find(found, name), slot, worn)
    if identify:
        shown = find(found, identify)
        typer.echo(f"{shown.name} {shown.address} shows itself for {IDENTIFY_S} s")
        asyncio.run(strap.identify(shown, IDENTIFY_S))
    typer.echo("\n".join(lines(found, worn.known())))


def _place(sighting: "Sighting", slot: "Slot", worn: "WornStraps") -> None:
    """Remember it for the wearer, and let a strap of ours remember it, too."""
    import asyncio

    from sensor.drivers.known import OWN
    from sensor.link import strap
    from sensor.slots import Part, Remembered

    if sighting.driver is OWN and slot.part is Part.STRAP:
        asyncio.run(strap.place(sighting, slot.placement))
    worn.place(Remembered(slot, sighting.address, sighting.driver.name, sighting.name))
    typer.echo(f"{sighting.name} is now {slot}")


def _worn_straps(wearer: str) -> "WornStraps":
    from monitor.guided.worn_straps import WornStraps
    from monitor.store import Store
    from monitor.store.wearers import Wearers

    wearers = Wearers(Store().home)
    known = wearers.find(wearer) if wearer else wearers.last()
    return WornStraps(wearers.folder(known.id if known else ""))


def doctor() -> None:
    """Tell what is wrong with this machine's Bluetooth, display and sound."""
    from monitor.doctor import findings

    for finding in findings():
        typer.echo(finding.line)


def simulate_straps(
    transport: Annotated[
        list[str] | None, typer.Option(help="Bumble transport: usb:0 (one for each strap), tcp-server:_:9001, vhci")
    ] = None,
    to: Annotated[Path | None, typer.Option(metavar="DIR", help="write a session with its truth here instead")] = None,
    device: Annotated[
        list[str] | None,
        typer.Option(metavar="TYPE", help="another maker's: movella_dot, witmotion, metawear, phyphox"),
    ] = None,
    exercise: Annotated[Exercise, typer.Option(help="what the person does")] = Exercise.CLAMP,
    seed: Annotated[int, typer.Option(min=0, help="another person")] = 1,
    seconds: Annotated[float, typer.Option(min=0.0, help="how long; 0: until interrupted")] = 0.0,
) -> None:
    """Run simulated straps for other programs to connect to."""
    import asyncio

    if to is not None:
        _write(to, exercise, seed)
    elif transport:
        asyncio.run(_serve(transport, _types(device or ()), _scenario(exercise, seed), seconds))
    else:
        raise typer.BadParameter("give --transport (usb:0, tcp-server:_:9001, vhci) or --to DIR")


def _write(folder: Path, exercise: Exercise, seed: int) -> None:
    from firmware_sim.sessions.simulate import simulate
    from firmware_sim.sessions.truth import write

    _refuse_occupied(folder)
    simulated = simulate(_scenario(exercise, seed))
    write(folder, simulated)
    samples = ", ".join(f"{placement} {len(block)} samples" for placement, block in simulated.recorded.straps.items())
    typer.echo(f"wrote {exercise}, {samples}: {folder}")


def _refuse_occupied(folder: Path) -> None:
    from monitor.owner_files import refusals
    from sensor.errors import NotWritable

    with refusals(folder):
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise NotWritable(folder, "there is something already")


def _types(devices: Sequence[str]) -> Sequence[str]:
    from firmware_sim.twins.wearing import TWINS

    if any(device not in TWINS for device in devices):
        raise typer.BadParameter(f"--device takes {', '.join(TWINS)}")
    return devices


async def _serve(transports: Sequence[str], devices: Sequence[str], scenario: "Scenario", seconds: float) -> None:
    from firmware_sim.air.open_air import straps_on_transports
    from firmware_sim.person.streams import stream
    from firmware_sim.person.virtual_person import VirtualPerson
    from firmware_sim.twins.wearing import twins_on_transport

    seed = scenario.seed
    person = VirtualPerson(seed, straps=scenario.straps)
    scenario.script(person, stream(seed, f"script {scenario.name}"))
    serving = (
        twins_on_transport(person.sensors, devices, transports[0], seed)
        if devices
        else straps_on_transports(person.sensors, transports, seed)
    )
    async with serving as straps:
        typer.echo(f"{len(straps)} straps advertise on {', '.join(transports)}; Ctrl-C ends")
        await _tell_connections(straps, seconds or float("inf"))


async def _tell_connections(straps: "Mapping[Placement, Peripheral] | Mapping[str, Twin]", seconds: float) -> None:
    import asyncio

    loop = asyncio.get_running_loop()
    until_s = loop.time() + seconds
    connected = dict.fromkeys(straps, False)
    while loop.time() < until_s:
        for placement, strap in straps.items():
            if strap.connected != connected[placement]:
                connected[placement] = strap.connected
                typer.echo(f"{placement}: {'connected' if strap.connected else 'disconnected'}")
        await asyncio.sleep(LOOK_S)


def _scenario(exercise: Exercise, seed: int) -> "Scenario":
    from dataclasses import replace

    from firmware_sim.sessions.scenario import catalogue

    return replace(next(s for s in catalogue() if s.exercise == exercise), seed=seed)


def _wish(place: str) -> "tuple[str, Slot]":
    from sensor.slots import SLOTS

    strap, _, where = place.rpartition("=")
    if where not in SLOTS or not strap:
        raise typer.BadParameter(f"--place STRAP=PLACEMENT, with one of {', '.join(SLOTS)}")
    return strap, SLOTS[where]
