"""A language in which every letter has an accent: a word without one was never looked up in the catalogue."""

import re
from pathlib import Path

from babel.messages.catalog import Catalog, Message

from monitor import language
from tests.words import compiled, extracted

PSEUDO = "xx"
ACCENTS = str.maketrans("aeiouyAEIOUYcnsCNS", "àéîöûýÀÉÎÖÛÝçñšÇÑŠ")
# Units, what is printed on keys, and names that are the same in every language.
SAME = {
    "mm",
    "s",
    "min",
    "Hz",
    "ppm",
    "kneegap",
    "Alt",
    "Esc",
    "Ctrl",
    "Enter",
    "Tab",
    "Space",
    "Home",
    "End",
    "Shift",
    "PgUp",
    "PgDn",
}
_PLACE = re.compile(r"({[^}]*})")
_WORD = re.compile(r"[A-Za-zÀ-ž]+")
_ACCENT = re.compile("[À-ž]")


def make_pseudo_language(folder: Path) -> None:
    """Puts the catalogue of the language into `folder`."""
    catalog = Catalog(locale="en")
    for message in messages(extracted()):
        forms = [accented(text) for text in asked(message)]
        catalog.add(message.id, forms if len(forms) > 1 else forms[0], context=message.context)
    target = folder / PSEUDO / "LC_MESSAGES" / f"{language.DOMAIN}.mo"
    target.parent.mkdir(parents=True)
    target.write_bytes(compiled(catalog))


def messages(catalog: Catalog) -> list[Message]:
    """All but the head."""
    return [m for m in catalog if m.id]


def asked(message: Message) -> list[str]:
    """All forms of a message."""
    return list(message.id) if isinstance(message.id, tuple | list) else [message.id]


def accented(text: str) -> str:
    """The text with accents, but for the names in braces."""
    return "".join(part if part.startswith("{") else part.translate(ACCENTS) for part in _PLACE.split(text))


def escaped(text: str) -> set[str]:
    """The words in it that were never looked up, as far as they have a letter that takes an accent."""
    words = {w for w in _WORD.findall(text) if len(w) > 1 and w.translate(ACCENTS) != w}
    return {w for w in words if not _ACCENT.search(w)} - SAME
