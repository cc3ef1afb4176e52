"""`kneegap history`: what was done, and what changed."""

from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command("history")(show_history)


def show_history(
    wearer: Annotated[str, typer.Option(metavar="NAME", help="whose, by name or id; the last one's if not given")] = "",
    rebuild: Annotated[bool, typer.Option("--rebuild", help="make the index of all sessions anew first")] = False,
    reanalyze: Annotated[
        bool, typer.Option("--reanalyze", help="analyze all sessions with the present code and show what changed")
    ] = False,
    every: Annotated[bool, typer.Option("--all", help="list every session, not the last ones alone")] = False,
) -> None:
    """Show days, sessions, goals and trends."""
    from datetime import date

    from rich.console import Console

    from monitor.history.text import SESSIONS, history_view
    from monitor.history.totals import history_of
    from monitor.results.catch_up import all_reanalyzed, up_to_date
    from monitor.store import Store
    from monitor.store.index import forget_index
    from monitor.store.wearers import Wearers

    store = Store()
    own = Wearers(store.home).find(wearer).id if wearer else None
    if rebuild:
        forget_index(store)
    found = up_to_date(store, lambda text: typer.echo(text, err=True))
    if reanalyze:
        found = all_reanalyzed(store, found, typer.echo)
    view = history_view(history_of(store, found, own), date.today(), None if every else SESSIONS)
    Console(highlight=False).print(view)
