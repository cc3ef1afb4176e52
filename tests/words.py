"""Brings the catalogues of messages up to date: `make words`, or `python -m tests.words de` to begin a new language.

In the order in which a message travels: out of the sources, into each language's `.po`, out of it into the `.mo` that
the program reads. A message that is new is untranslated until somebody fills it in; nothing is guessed from like ones.
"""

import io
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from monitor.coach.plan_words import SPOKEN
from monitor.language import DOMAIN, FOLDER

SOURCES = Path(__file__).parents[1] / "monitor"
PYTHON = [("**.py", "python")]
NOTES = ("Translators:",)


def extracted() -> Catalog:
    """Every message of the sources and of the coach's plans and the like, with where it stands."""
    catalog = Catalog(project="knee-gap-monitor", charset="utf-8")
    found = extract_from_dir(SOURCES, PYTHON, comment_tags=NOTES, strip_comment_tags=True)
    for name, line, message, notes, context in found:
        catalog.add(message, locations=[(f"monitor/{name}", line)], auto_comments=notes, context=context)
    for path in sorted(SOURCES.rglob("*.toml")):
        text = path.read_text(encoding="utf-8")
        for message in spoken(tomllib.loads(text)):
            catalog.add(message, locations=[(str(path.relative_to(SOURCES.parent)), _line(text, message))])
    return catalog


def spoken(value: object) -> Iterator[str]:
    """The words of a plan that the wearer reads or hears."""
    if isinstance(value, dict):
        for key, item in value.items():
            if key in SPOKEN and isinstance(item, str) and item:
                yield item
            else:
                yield from spoken(item)
    elif isinstance(value, list):
        for item in value:
            yield from spoken(item)


def catalogue_files() -> list[Path]:
    """The `.po` of every language."""
    return sorted(FOLDER.glob(f"*/LC_MESSAGES/{DOMAIN}.po"))


def translated(path: Path) -> Catalog:
    """A language's catalogue."""
    with path.open("rb") as file:
        return read_po(file, locale=path.parts[-3])


def compiled(catalog: Catalog) -> bytes:
    """The catalogue as the program reads it."""
    out = io.BytesIO()
    write_mo(out, catalog)
    return out.getvalue()


def bring_up_to_date(path: Path) -> int:
    """Takes new messages in and gone ones out, and compiles; how many are untranslated."""
    catalog = translated(path) if path.exists() else Catalog(locale=path.parts[-3], project="knee-gap-monitor")
    template = extracted()
    # A run without news leaves the file as it is.
    template.creation_date = catalog.creation_date
    catalog.update(template, no_fuzzy_matching=True)
    catalog.obsolete.clear()
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(file, catalog, width=120, include_lineno=False, sort_by_file=True)
    path.with_suffix(".mo").write_bytes(compiled(catalog))
    return sum(1 for message in catalog if message.id and not _complete(message.string))


def _complete(string: object) -> bool:
    return all(string) if isinstance(string, tuple | list) else bool(string)


def _line(text: str, message: str) -> int:
    return text[: max(text.find(message), 0)].count("\n") + 1


def main(names: list[str]) -> None:
    """Updates every language, and those named, which are begun where they are new."""
    new = [FOLDER / name / "LC_MESSAGES" / f"{DOMAIN}.po" for name in names]
    for path in sorted({*catalogue_files(), *new}):
        print(f"{path.parts[-3]}: {bring_up_to_date(path)} messages without a translation in {path}")


if __name__ == "__main__":
    main(sys.argv[1:])
