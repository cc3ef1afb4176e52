"""`kneegap import` and `analyze`: sessions in, results out."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer


class Exercise(StrEnum):
    """What can be exercised."""

    CHECK = "check"
    CLAMP = "clamp"
    KNEES_IN = "knees_in"
    SEATED_TWIST = "seated_twist"
    LYING_PRESS = "lying_press"
    WALK = "walk"
    WRAP = "wrap"


SessionName = Annotated[str, typer.Argument(metavar="SESSION", help="a session's folder, or its id in the store")]


def register(app: typer.Typer) -> None:
    """Adds the commands."""
    app.command("import")(import_table)
    app.command("analyze")(analyze_session)


def import_table(
    table: Annotated[Path, typer.Argument(metavar="TABLE", help="recording table, .parquet or .csv")],
    output: Annotated[Path, typer.Option("--output", "-o", metavar="SESSION", help="folder of the new session")],
    markers: Annotated[Path | None, typer.Option(metavar="M.csv", help="label,start_s,end_s,value")] = None,
    wearer: Annotated[Path | None, typer.Option(metavar="W.toml", help="the wearer's sizes in mm")] = None,
    exercise: Annotated[Exercise | None, typer.Option(help="what was exercised")] = None,
) -> None:
    """Make a session of a recording table."""
    from monitor.results.summary import program_version
    from monitor.session_import import ImportedFiles, import_session

    files = ImportedFiles(table, markers, wearer, None if exercise is None else str(exercise))
    session, recorded = import_session(files, output, program_version())
    samples = ", ".join(f"{placement} {len(block)} samples" for placement, block in recorded.straps.items())
    typer.echo(f"imported {samples}, {len(recorded.markers)} markers: {session.folder}")


def analyze_session(
    name: SessionName,
    json_output: Annotated[bool, typer.Option("--json", help="print summary.json instead")] = False,
) -> None:
    """Analyze a session and print its summary."""
    from monitor.results.analyzed import analyzed, json_text
    from monitor.results.summary_lines import summary_lines

    found = analyzed(name)
    text = json_text(found.summary) if json_output else "\n".join(summary_lines(found))
    # Kept first: a reader that closes the pipe early must not cost the results.
    try:
        found.write()
    finally:
        typer.echo(text)
