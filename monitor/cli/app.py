"""All commands of `kneegap`.

A family of commands is a module of this package with `register(app)`; it imports what is slow to load inside its
commands, so that each command starts without what the others need.
"""

import importlib
import pkgutil
from pathlib import Path
from typing import Annotated, Protocol, cast

import typer

LANGUAGE_OPTION = "--lang"

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


@app.callback()
def choose_language(
    lang: Annotated[str, typer.Option(LANGUAGE_OPTION, metavar="LANGUAGE", help="language, such as en or zh_CN")] = "",
) -> None:
    """Settles the language before the command begins: as asked for, as set, as the system's."""
    from monitor.language import first_fitting, fitting, languages, locale_wishes, use
    from monitor.settings import read_settings
    from monitor.store.home import home_folder

    if lang and fitting(lang) is None:
        raise typer.BadParameter(f"choose one of {', '.join(languages())}", param_hint=f"'{LANGUAGE_OPTION}'")
    use(first_fitting([lang] if lang else [read_settings(home_folder()).language, *locale_wishes()]))


def language_first(words: list[str]) -> list[str]:
    """The command line with `--lang` ahead of the command's name, wherever it was typed."""
    for at, word in enumerate(words):
        if word == "--":
            break
        if word.startswith(LANGUAGE_OPTION + "=") or (word == LANGUAGE_OPTION and at + 1 < len(words)):
            end = at + 2 if word == LANGUAGE_OPTION else at + 1
            return words[at:end] + words[:at] + words[end:]
    return words


for _module in pkgutil.iter_modules([str(Path(__file__).parent)]):
    if _module.name != "app":
        cast(_Family, importlib.import_module(f"monitor.cli.{_module.name}")).register(app)
