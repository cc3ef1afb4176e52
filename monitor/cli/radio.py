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
    from sensor.scan import Sighting

LOOK_S = 0.2


def register(app: typer.Typer) -> None:
    """Adds the commands."""
    app.command("scan")(scan_straps)
    app.command("doctor")(doctor)
    app.command("simulate")(simulate_straps)


def scan_straps(
    seconds: Annotated[float, typer.Option(min=0.5, max=120.0, help="how long to look")] = 5.0,
    place: Annotated[str, typer.Option(metavar="STRAP=PLACEMENT", help="let a strap remember where it is worn")] = "",
) -> None:
    """List the straps in range."""
    import asyncio

    from sensor.errors import NoStrapFound
    from sensor.scan import scan
    from sensor.strap import place as place_strap

    wanted = _wish(place)
    found = asyncio.run(scan(seconds))
    if not found:
        raise NoStrapFound(seconds)
    for sighting in found:
        typer.echo(_line(sighting))
    if wanted is not None:
        strap, placement = wanted
        sighting = _named(found, strap)
        asyncio.run(place_strap(sighting, placement))
        typer.echo(f"{sighting.name} is now {placement}")


def doctor() -> None:
    """Tell what is wrong with this machine's Bluetooth, display and sound."""
    from monitor.doctor import findings

    for finding in findings():
        typer.echo(f"wrong  {finding.what}: {finding.wrong}" if finding.wrong else f"ok     {finding.what}")


def simulate_straps(
    transport: Annotated[
        list[str] | None, typer.Option(help="Bumble transport: usb:0 (one for each strap), tcp-server:_:9001, vhci")
    ] = None,
    to: Annotated[Path | None, typer.Option(metavar="DIR", help="write a session with its truth here instead")] = None,
    exercise: Annotated[Exercise, typer.Option(help="what the person does")] = Exercise.CLAMP,
    seed: Annotated[int, typer.Option(min=0, help="another person")] = 1,
    seconds: Annotated[float, typer.Option(min=0.0, help="how long; 0: until interrupted")] = 0.0,
) -> None:
    """Run simulated straps for other programs to connect to."""
    import asyncio

    if to is not None:
        _write(to, exercise, seed)
    elif transport:
        asyncio.run(_serve(transport, exercise, seed, seconds))
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


async def _serve(transports: Sequence[str], exercise: Exercise, seed: int, seconds: float) -> None:
    from firmware_sim.air.open_air import straps_on_transports
    from firmware_sim.person.streams import stream
    from firmware_sim.person.virtual_person import VirtualPerson

    scenario = _scenario(exercise, seed)
    person = VirtualPerson(seed, straps=scenario.straps)
    scenario.script(person, stream(seed, f"script {scenario.name}"))
    async with straps_on_transports(person.sensors, transports, seed) as straps:
        typer.echo(f"{len(straps)} straps advertise on {', '.join(transports)}; Ctrl-C ends")
        await _tell_connections(straps, seconds or float("inf"))


async def _tell_connections(straps: Mapping[Placement, "Peripheral"], seconds: float) -> None:
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


def _line(sighting: "Sighting") -> str:
    told = sighting.advertised
    battery = "battery ?" if told.battery_pct is None else f"battery {told.battery_pct} %"
    where = told.placement or "not placed"
    return f"{sighting.name}  {where}  {battery}  {sighting.rssi_dbm} dBm  {sighting.address}"


def _wish(place: str) -> tuple[str, Placement] | None:
    if not place:
        return None
    strap, _, where = place.partition("=")
    if where not in tuple(Placement):
        raise typer.BadParameter(f"--place STRAP=PLACEMENT, with one of {', '.join(Placement)}")
    return strap, Placement(where)


def _named(found: Sequence["Sighting"], strap: str) -> "Sighting":
    """The strap whose name ends so, or whose address this is."""
    from sensor.errors import StrapUnreachable

    for sighting in found:
        if strap and (sighting.name.endswith(strap) or sighting.address == strap):
            return sighting
    raise StrapUnreachable(strap)
