"""Sizes of paper that a report is printed on."""

from enum import StrEnum


class Paper(StrEnum):
    """A size of paper."""

    A4 = "a4"
    LETTER = "letter"


TYPST_NAMES = {Paper.A4: "a4", Paper.LETTER: "us-letter"}
