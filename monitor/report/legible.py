"""Text that every reader of XML and UTF-8 takes: what people type, or tools write into files, may hold anything."""

import re

_ILLEGIBLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def legible(text: str) -> str:
    """The text with a mark in place of each character that no document can hold (XML 1.0, production 2)."""
    return _ILLEGIBLE.sub("\N{REPLACEMENT CHARACTER}", text)
