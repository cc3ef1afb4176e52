"""`kneegap history`: what was done, and what changed."""

import typer


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command("history")(show_history)


def show_history() -> None:
    """Show days, sessions, goals and trends."""
    from datetime import date

    from rich.console import Console

    from monitor.history import history
    from monitor.history_view import history_view
    from monitor.store import Store

    Console(highlight=False).print(history_view(history(Store()), date.today()))
