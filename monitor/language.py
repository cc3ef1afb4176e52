"""The language of everything that a wearer sees or hears: catalogues of messages, English where they have none.

Invariant: the language is chosen when a command starts (`use`), and again only between two pages; a message is looked
up where it is shown, never when a module is imported. Constants hold messages marked with `N_`.
"""

import gettext as catalogues
import locale
import os
import sys
from collections.abc import Sequence
from pathlib import Path

DOMAIN = "kneegap"
FOLDER = Path(__file__).parent / "locale"
ENGLISH = "en"
# In the order in which gettext has always looked at them.
LOCALE_VARIABLES = ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")

_catalogue = catalogues.NullTranslations()
_language = ENGLISH


def gettext(message: str) -> str:
    """The message in the wearer's language."""
    # The empty message is the catalogue's own head.
    return _catalogue.gettext(message) if message else ""


def ngettext(one: str, many: str, n: int) -> str:
    """The message for `n` things in the wearer's language."""
    return _catalogue.ngettext(one, many, n)


def pgettext(context: str, message: str) -> str:
    """The message where the same English word means different things."""
    return _catalogue.pgettext(context, message)


def N_(message: str) -> str:  # noqa: N802 - the name that every extractor knows
    """Marks a constant as a message; `gettext` translates it where it is shown."""
    return message


def language() -> str:
    """The language in use."""
    return _language


def languages(folder: Path = FOLDER) -> tuple[str, ...]:
    """Every language there is: English, and those with a catalogue."""
    return (ENGLISH, *sorted(found.parts[-3] for found in folder.glob(f"*/LC_MESSAGES/{DOMAIN}.mo")))


def use(name: str, folder: Path = FOLDER) -> None:
    """Speaks the language from now on; one of `languages`."""
    global _catalogue, _language
    _catalogue = catalogues.translation(DOMAIN, folder, [name], fallback=True)
    _language = name


def fitting(wish: str, folder: Path = FOLDER) -> str | None:
    """The language that is meant by `zh`, `zh-Hans-CN`, `zh_CN.UTF-8`, `en_GB`, ...; None if there is none."""
    wanted = wish.partition(".")[0].partition("@")[0].replace("-", "_").lower()
    if wanted in ("c", "posix"):
        return ENGLISH
    known = {name.lower(): name for name in languages(folder)}
    same_tongue = (name for key, name in known.items() if key.partition("_")[0] == wanted.partition("_")[0])
    return known.get(wanted) or next(same_tongue, None)


def first_fitting(wishes: Sequence[str]) -> str:
    """The language of the first wish that can be met, else English."""
    return next((found for wish in wishes if wish and (found := fitting(wish))), ENGLISH)


def locale_wishes() -> tuple[str, ...]:
    """What the system's user reads, best first."""
    for variable in LOCALE_VARIABLES:
        if os.environ.get(variable):
            return tuple(os.environ[variable].split(":"))
    if sys.platform == "win32":
        import ctypes

        return (locale.windows_locale.get(ctypes.windll.kernel32.GetUserDefaultUILanguage(), ""),)
    return (locale.getlocale()[0] or "",)
