"""`kneegap report`: a session, or a range of days, on a page for people."""

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from monitor.report.paper import Paper

if TYPE_CHECKING:
    from monitor.report.period import Period

WEEK_DAYS = 7
DAY = "%Y-%m-%d"


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command("report")(write_a_report)


def write_a_report(
    output: Annotated[Path, typer.Option("--output", "-o", metavar="FILE", help=".html or .pdf")],
    name: Annotated[str, typer.Argument(metavar="[SESSION]", help="a session's folder, or its id in the store")] = "",
    first: Annotated[
        datetime | None, typer.Option("--from", formats=[DAY], help="report of all days from here on")
    ] = None,
    last: Annotated[
        datetime | None, typer.Option("--to", formats=[DAY], help="to this day; today if not given")
    ] = None,
    wearer: Annotated[str, typer.Option(metavar="NAME", help="whose days, by name or id; of the last if none")] = "",
    paper: Annotated[Paper, typer.Option(help="size of a .pdf's pages")] = Paper.A4,
) -> None:
    """Write the report of a session, or of a range of days (--from, --to)."""
    from monitor.report.written import check_kind, write_period_report, write_report

    check_kind(output)
    if bool(name) == bool(first or last):
        raise typer.BadParameter("give a SESSION, or a range of days with --from and --to")
    if name:
        from monitor.results.analyzed import analyzed

        write_report(analyzed(name), output, paper)
    else:
        write_period_report(_period(first, last), output, paper, wearer)
    typer.echo(f"report  {output}")


def _period(first: datetime | None, last: datetime | None) -> "Period":
    from monitor.report.period import Period

    to = last.date() if last else date.today()
    start = first.date() if first else to - timedelta(days=WEEK_DAYS - 1)
    if start > to:
        raise typer.BadParameter(f"{start} is after {to}: give the earlier day first", param_hint="'--from'")
    return Period(start, to)
