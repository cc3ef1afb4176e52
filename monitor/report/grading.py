"""A grade of the knee gap, only where the user switched a scheme on; none of them is generally accepted.

Invariant: a scheme is named together with its source; where the uncertainty reaches into another grade, both are said.
"""

from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from monitor.coach.plan_words import in_language
from monitor.config import read_config
from monitor.language import gettext as _
from monitor.store.entry import Measured
from monitor.wording.lengths import Z95
from sensor.errors import ConfigError


@dataclass(frozen=True, slots=True)
class Grade:
    """Given where the relaxed gap is below `relaxed_below_mm` and, if `squeezed_closed`, the knees meet."""

    title: str
    relaxed_below_mm: float = float("inf")
    squeezed_closed: bool = False


@dataclass(frozen=True, slots=True)
class Grading:
    """A scheme: grades in order, the first that fits counts."""

    title: str
    source: str
    grades: tuple[Grade, ...]


def gradings() -> tuple[str, ...]:
    """Names of all schemes."""
    folder = files("monitor.report").joinpath("gradings")
    return tuple(sorted(p.name.removesuffix(".toml") for p in folder.iterdir() if p.name.endswith(".toml")))


def read_grading(name: str, asked_in: Path) -> Grading:
    """The scheme of this name; raises ConfigError, about the file in which it was asked for."""
    if name not in gradings():
        raise ConfigError(asked_in, f"there is no grading {name!r}: choose one of {', '.join(gradings())}")
    path = Path(str(files("monitor.report").joinpath("gradings", f"{name}.toml")))
    return in_language(read_config(path, Grading))


def grading_sentence(grading: Grading, relaxed: Measured, squeezed: Measured | None) -> str:
    """The grade of a measurement, or all that its uncertainty allows."""
    reach = Z95 * relaxed.sd_mm
    closed = squeezed is not None and squeezed.value_mm <= Z95 * squeezed.sd_mm
    low = _grade(grading, relaxed.value_mm - reach, closed)
    high = _grade(grading, relaxed.value_mm + reach, closed)
    found = low.title if low is high else _("{low} to {high}").format(low=low.title, high=high.title)
    words = _("By the scheme “{scheme}” ({source}): {grade}. No single scale is accepted; this is no diagnosis.")
    return words.format(scheme=grading.title, source=grading.source, grade=found)


def _grade(grading: Grading, relaxed_mm: float, closed: bool) -> Grade:
    fitting = (g for g in grading.grades if relaxed_mm < g.relaxed_below_mm and (closed or not g.squeezed_closed))
    return next(fitting, grading.grades[-1])
