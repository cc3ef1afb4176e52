"""A report as its parts in reading order, whatever it is printed on and whatever it reports.

Invariant: texts are plain, in the wearer's language, not yet escaped for any format; figures are SVG.
"""

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class Heading:
    """Opens a section."""

    kind: ClassVar[str] = "heading"
    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text; `faint` for an explanation."""

    kind: ClassVar[str] = "paragraph"
    text: str
    faint: bool = False


@dataclass(frozen=True, slots=True)
class Bullets:
    """Sentences under each other."""

    kind: ClassVar[str] = "bullets"
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Figure:
    """A drawing with its caption; `zoom` where it can be stretched and read out under the pointer."""

    kind: ClassVar[str] = "figure"
    svg: str
    caption: str = ""
    wide: bool = True
    zoom: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under heads; the columns in `words` hold text, the others figures."""

    kind: ClassVar[str] = "table"
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    words: tuple[int, ...] = (0,)


@dataclass(frozen=True, slots=True)
class Listing:
    """Text for machines, in fixed width."""

    kind: ClassVar[str] = "listing"
    text: str


@dataclass(frozen=True, slots=True)
class NewPage:
    """What follows are details: on paper they begin on a page of their own."""

    kind: ClassVar[str] = "page"


@dataclass(frozen=True, slots=True)
class Folded:
    """Parts that a screen shows only when they are opened."""

    kind: ClassVar[str] = "folded"
    title: str
    parts: "tuple[Part, ...]"


Part = Heading | Paragraph | Bullets | Figure | Table | Listing | NewPage | Folded


@dataclass(frozen=True, slots=True)
class Tile:
    """One figure that matters."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Document:
    """A whole report; `alarms` stand above all else, `footer` on every sheet of paper."""

    language: str
    title: str
    about: str
    footer: str
    headline: str
    alarms: tuple[str, ...] = ()
    note: str = ""
    tiles: tuple[Tile, ...] = ()
    parts: tuple[Part, ...] = ()
