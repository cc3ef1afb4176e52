"""`kneegap export`: a session for other people's tools."""

from pathlib import Path
from typing import Annotated

import typer

from monitor.cli.sessions import SessionName


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command("export")(export_session)


def export_session(
    name: SessionName,
    to: Annotated[Path, typer.Option("--to", metavar="DIR", help="folder for the files")],
    forms: Annotated[
        str, typer.Option("--format", metavar="NAMES", help="csv, parquet, recording, matlab, edf, opensim; or several")
    ] = "csv",
    live: Annotated[bool, typer.Option("--live", help="the live results instead of the final ones")] = False,
    anonymous: Annotated[bool, typer.Option("--anonymous", help="without name, serials, notes and dates")] = False,
) -> None:
    """Write a session's results, and its samples where asked for, in formats that other programs read."""
    from monitor.exports.formats import Format, export
    from monitor.exports.identity import without_identity
    from monitor.session_data import load

    wanted = [form.strip() for form in forms.split(",")]
    unknown = [form for form in wanted if form not in set(Format)]
    if unknown:
        raise typer.BadParameter(f"{unknown[0]!r} is none of {', '.join(Format)}", param_hint="'--format'")
    session = load(name)
    session = without_identity(session) if anonymous else session
    written = [path for form in wanted for path in export(session, to, Format(form), live=live)]
    typer.echo(f"wrote {', '.join(path.name for path in written)}: {to}")
