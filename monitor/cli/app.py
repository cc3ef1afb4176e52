"""All commands of `kneegap`.

A family of commands is a module of this package with `register(app)`; it imports what is slow to load inside its
commands, so that each command starts without what the others need.
"""

import importlib
import pkgutil
from pathlib import Path
from typing import Protocol, cast

import typer

app = typer.Typer(
    name="kneegap",
    help="Tells from two small Bluetooth sensors above the knees whether the knees are together.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


class _Family(Protocol):
    def register(self, app: typer.Typer) -> None: ...


for _module in pkgutil.iter_modules([str(Path(__file__).parent)]):
    if _module.name != "app":
        cast(_Family, importlib.import_module(f"monitor.cli.{_module.name}")).register(app)
