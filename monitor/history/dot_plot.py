"""Values over days as a small plot of characters.

Invariant: series are told apart by their sign, not by colour; every value lies within half a row and column.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

WIDTH = 60
HEIGHT = 7
BOTH = "◉"


@dataclass(frozen=True, slots=True)
class Series:
    """Values on days, and the sign each is drawn with."""

    sign: str
    points: Sequence[tuple[date, float]]


def dot_plot(series: Sequence[Series], unit: str, width: int = WIDTH, height: int = HEIGHT) -> list[str]:
    """Lines of text, oldest value left, largest on top; nothing where there is nothing to draw."""
    points = [(day, value) for s in series for day, value in s.points]
    if not points:
        return []
    first, last = min(day for day, _value in points), max(day for day, _value in points)
    low, high = _range([value for _day, value in points])
    cells = [[" "] * width for _row in range(height)]
    for s in series:
        for day, value in s.points:
            column = round((width - 1) * ((day - first).days / max(1, (last - first).days)))
            row = cells[round((height - 1) * (high - value) / (high - low))]
            row[column] = s.sign if row[column] in (" ", s.sign) else BOTH
    labels = [f"{high:.0f} {unit}", *[""] * (height - 2), f"{low:.0f} {unit}"]
    wide = max(len(label) for label in labels)
    rows = [f"{label:>{wide}} ┤{''.join(row)}".rstrip() for label, row in zip(labels, cells, strict=True)]
    days = f"{first.isoformat()}{last.isoformat():>{width - 10}}" if last > first else first.isoformat()
    return [*rows, f"{'':>{wide}} └{'─' * width}", f"{'':>{wide}}  {days}"]


def _range(values: Sequence[float]) -> tuple[float, float]:
    """Whole numbers around the values, never of no height."""
    low, high = float(int(min(values) // 1)), float(-int(-max(values) // 1))
    return (low, high) if high - low >= 1.0 else (low - 1.0, high + 1.0)
