"""`kneegap remind`: the day plan's reminders on the desktop."""

from typing import Annotated

import typer

LOOK_S = 60.0


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command()(remind)


def remind(
    once: Annotated[bool, typer.Option("--once", help="look once and end, for a timer of the system")] = False,
) -> None:
    """Remind on the desktop of what the day plan asks for; runs until Ctrl-C."""
    from datetime import datetime
    from time import sleep

    from monitor.day_plan.notification import notify
    from monitor.day_plan.reminders import Reminder
    from monitor.history.totals import history
    from monitor.store import Store

    reminder = Reminder(notify)
    while True:
        found = history(Store())
        reminder.look(found.plan, found.practised, datetime.now().astimezone())
        if once:
            return
        sleep(LOOK_S)
