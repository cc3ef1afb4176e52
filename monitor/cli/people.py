"""`kneegap wearers` and `measure`: who wears the straps, and what they measured with a tape."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from monitor.wording.printable import printable

if TYPE_CHECKING:
    from monitor.store.wearers import KnownWearer, Wearers

WearerName = Annotated[str, typer.Option("--wearer", metavar="NAME", help="whose; the last one's if not given")]


def register(app: typer.Typer) -> None:
    """Adds the commands."""
    app.command("wearers")(show_wearers)
    app.command("measure")(measure)


def show_wearers(
    name: Annotated[str, typer.Argument(metavar="[NAME]", help="somebody known, by name or id")] = "",
    sizes: Annotated[Path | None, typer.Option("--sizes", metavar="W.toml", help="new sizes of NAME")] = None,
    new: Annotated[Path | None, typer.Option("--new", metavar="W.toml", help="somebody new, of any name")] = None,
) -> None:
    """List who wears the straps; add somebody, or change sizes."""
    from monitor.store import Store
    from monitor.store.wearers import Wearers
    from sensor.tables.wearer_file import read_wearer

    if bool(name) != bool(sizes) or (new and name):
        raise typer.BadParameter("give NAME with --sizes W.toml, or --new W.toml, or nothing")
    wearers = Wearers(Store().home)
    if new is not None:
        wearers.use(wearers.add(read_wearer(new)))
    if sizes is not None:
        found, now = wearers.find(name), read_wearer(sizes)
        if found.id:
            wearers.change(found, now)
        else:
            wearers.add(now)
    last = wearers.last()
    for known in wearers.known():
        typer.echo(_line(known) + ("  (last)" if last == known else ""))


def measure(
    gap: Annotated[
        float | None, typer.Option(metavar="MM", help="between the knees, standing, ankles together")
    ] = None,
    squeezed_gap: Annotated[float | None, typer.Option(metavar="MM", help="the same with the knees squeezed")] = None,
    left_thigh: Annotated[float | None, typer.Option(metavar="MM", help="girth at the widest")] = None,
    right_thigh: Annotated[float | None, typer.Option(metavar="MM", help="likewise")] = None,
    left_calf: Annotated[float | None, typer.Option(metavar="MM", help="likewise")] = None,
    right_calf: Annotated[float | None, typer.Option(metavar="MM", help="likewise")] = None,
    day: Annotated[str, typer.Option("--date", metavar="YYYY-MM-DD", help="when; today if not given")] = "",
    remove: Annotated[bool, typer.Option("--remove", help="take back what was measured on that day")] = False,
    wearer: WearerName = "",
) -> None:
    """Keep what was measured with a tape, in mm; without a value, list what there is."""
    from monitor.store import Store
    from monitor.store.tape import Quantity, TapeEntry, add_tape, read_tape, remove_tape
    from monitor.store.wearers import Wearers

    wearers, on = Wearers(Store().home), _day(day)
    folder = wearers.folder(_id(wearers, wearer))
    values = (gap, squeezed_gap, left_thigh, right_thigh, left_calf, right_calf)
    entries = tuple(TapeEntry(on, q, v) for q, v in zip(Quantity, values, strict=True) if v is not None)
    if remove and entries:
        raise typer.BadParameter("give either values or --remove")
    if remove:
        typer.echo(f"{remove_tape(folder, on)} values of {on} removed")
    if entries:
        add_tape(folder, entries)
    for entry in read_tape(folder):
        typer.echo(f"{entry.day}  {entry.quantity:18} {entry.value_mm:g} mm")


def _day(text: str) -> date:
    try:
        found = date.fromisoformat(text) if text else date.today()
    except ValueError as error:
        raise typer.BadParameter("give a date such as 2026-03-28", param_hint="'--date'") from error
    if found > date.today():
        raise typer.BadParameter("this day is still to come", param_hint="'--date'")
    return found


def _id(wearers: "Wearers", name: str) -> str:
    if name:
        return wearers.find(name).id
    last = wearers.last()
    return last.id if last else ""


def _line(known: "KnownWearer") -> str:
    if known.sizes is None:
        return f"{known.id}  cannot be read: `kneegap wearers {known.id} --sizes W.toml` gives sizes again"
    return f"{known.id}  {printable(known.name) or '-'}  femur {known.sizes.femur_m * 1000:.0f} mm"
