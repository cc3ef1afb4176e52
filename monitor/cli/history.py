"""`kneegap history`: what was done, and what changed."""

from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command("history")(show_history)


def show_history(
    wearer: Annotated[str, typer.Option(metavar="NAME", help="whose history, by name or id; of the last if none")] = "",
    rebuild: Annotated[bool, typer.Option("--rebuild", help="make the index of all sessions anew first")] = False,
) -> None:
    """Show days, sessions, goals and trends."""
    from datetime import date

    from rich.console import Console

    from monitor.history import history
    from monitor.history_view import history_view
    from monitor.store import Store
    from monitor.store.index import forget_index
    from monitor.store.wearers import Wearers

    store = Store()
    own = Wearers(store.home).find(wearer).id if wearer else None
    if rebuild:
        forget_index(store)
    Console(highlight=False).print(history_view(history(store, own), date.today()))
