"""`kneegap exercises`: what each exercise is described in, and how to describe it anew."""

from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command("exercises")(show_exercises)


def show_exercises(
    name: Annotated[str, typer.Argument(metavar="[NAME]", help="an exercise, to have a file of one's own of it")] = "",
) -> None:
    """List the exercises with their files; with NAME, begin a file of one's own to change."""
    from monitor.coach.plan_files import exercise_file, exercises, own_copy, own_file
    from monitor.coach.plans import load_plan
    from sensor.errors import ConfigError

    if name:
        typer.echo(f"{own_copy(name)}\nChange it as you like; delete it to have the program's own back.")
        return
    for exercise in exercises():
        own = exercise_file(exercise) == own_file(exercise)
        try:
            load_plan(exercise)
        except ConfigError as error:
            # One that cannot be used keeps nobody from the others.
            typer.echo(f"{exercise:14} cannot be used: {error}")
        else:
            typer.echo(f"{exercise:14} {exercise_file(exercise) if own else 'as the program describes it'}")
