"""What the page of sizes and settings shows and what was filled in; no Qt here.

Invariant: the page shows what it is given and decides nothing: whether a text can be kept is for others to say.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Field(StrEnum):
    """A text on the page; sizes have the names that they have in their file."""

    NAME = "name"
    FEMUR = "femur_mm"
    HIP_WIDTH = "hip_width_mm"
    KNEE_WIDTH = "knee_width_mm"
    HEIGHT = "height_mm"
    SPACER = "spacer_mm"
    SILENT_FROM = "silent_from"
    SILENT_UNTIL = "silent_until"


SIZES = (Field.FEMUR, Field.HIP_WIDTH, Field.KNEE_WIDTH, Field.HEIGHT)
PERSON = (Field.NAME, *SIZES, Field.SPACER)
SILENT = (Field.SILENT_FROM, Field.SILENT_UNTIL)


@dataclass(frozen=True, slots=True)
class SettingsForm:
    """What stands on the page; `language` is empty for the system's, `new` where the texts are somebody new's."""

    texts: Mapping[Field, str]
    sound: bool = True
    buzz: bool = True
    volume_pct: int = 30
    speech: bool = False
    language: str = ""
    new: bool = False


@dataclass(frozen=True, slots=True)
class SettingsOffer:
    """What the page shows at first.

    `blank` are the texts of somebody new, `usual_mm` what is taken for sizes that are not given. `known` says whether
    the person was kept before; `people` is False where the straps are simulated, whose person has sizes of his own.
    `message` is to be read before all else.
    """

    form: SettingsForm
    blank: Mapping[Field, str]
    usual_mm: Mapping[Field, int]
    known: bool = False
    people: bool = True
    languages: tuple[str, ...] = ()
    message: str = ""
