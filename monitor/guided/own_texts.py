"""Sizes and times of day as people type them: read, shown, and what is wrong with them in one line."""

import re
from datetime import time

from monitor.guided.spacer import NARROWEST_MM, WIDEST_MM
from monitor.language import gettext as _
from monitor.live_window.settings_form import SILENT, SIZES, Field
from sensor.tables.wearer_file import PLAUSIBLE_MM

LIMITS_MM = {**{field: PLAUSIBLE_MM[field] for field in SIZES}, Field.SPACER: (NARROWEST_MM, WIDEST_MM)}
# 22, 7:30, 0730; with the colon of a Chinese keyboard, too.
_TIME = re.compile(r"(\d{1,2})(?:[:.\uff1a]?(\d\d))?")


def problem(field: Field, text: str) -> str:
    """What is wrong with a text that was typed, with what to do; empty where it can be kept."""
    try:
        if field in LIMITS_MM:
            return _size_problem(size_mm(text), *LIMITS_MM[field]) if text or field is Field.SPACER else ""
        if field in SILENT:
            time_of_day(text)
    except ValueError:
        if field in SILENT:
            return _("Give a time of day, such as 22:30.")
        return _("Give whole millimetres, such as {mm}.").format(mm=_example(field))
    return ""


def size_mm(text: str) -> int:
    """Whole millimetres, with or without their unit; raises ValueError."""
    number = text.strip().lower().removesuffix("mm").strip()
    if not number.isdecimal():
        raise ValueError(text)
    return int(number)


def time_of_day(text: str) -> time:
    """An hour with or without minutes; raises ValueError."""
    found = _TIME.fullmatch(text.strip())
    if found is None:
        raise ValueError(text)
    return time(int(found[1]), int(found[2] or 0))


def shown_mm(value_mm: float | None) -> str:
    """A size as it stands on the page."""
    return "" if value_mm is None else f"{value_mm:.0f}"


def shown_time(value: time) -> str:
    """A time of day as it stands on the page."""
    return f"{value:%H:%M}"


def _size_problem(value_mm: int, low_mm: float, high_mm: float) -> str:
    if low_mm <= value_mm <= high_mm:
        return ""
    # Tapes have centimetres.
    if low_mm <= 10 * value_mm <= high_mm:
        return _("Give millimetres: {low:.0f} to {high:.0f}. Is it {mm}?").format(
            low=low_mm, high=high_mm, mm=10 * value_mm
        )
    return _("Measure again: {low:.0f} to {high:.0f} mm are possible.").format(low=low_mm, high=high_mm)


def _example(field: Field) -> int:
    low_mm, high_mm = LIMITS_MM[field]
    return 67 if field is Field.SPACER else round((low_mm + high_mm) / 20) * 10
