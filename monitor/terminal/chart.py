"""The last minute of the gap as columns of blocks, for a terminal.

Invariant: every line begins with the same width of scale; `·` stands where the gap is unknown, a dotted line where a
hold starts and ends.
"""

import numpy as np
from rich.text import Text

from monitor.live_buffer import MINUTE_S
from sensor.samples import Floats

BARS = " ▁▂▃▄▅▆▇█"
CEILINGS_MM = (40.0, 60.0, 80.0, 120.0, 160.0, 240.0)
HOLD_STARTS_MM, HOLD_ENDS_MM = 10.0, 20.0
SCALE = 5


def gap_chart(ago_s: Floats, gap_mm: Floats, width: int, height: int) -> Text:
    """The gap at times before now (s, negative) as `height` lines of at most `width` characters."""
    columns = column_means(ago_s, gap_mm, max(width - SCALE, 10))
    ceiling_mm = ceiling(columns)
    eighths = np.round(np.clip(columns / ceiling_mm, 0.0, 1.0) * height * 8)
    limits = {_line_of(mm, ceiling_mm, height): f"{mm:.0f}" for mm in (HOLD_ENDS_MM, HOLD_STARTS_MM)}
    names = {0: f"{ceiling_mm:.0f}"} | limits
    return Text("\n".join(_line(eighths, i, height, names.get(i, ""), limited=i in limits) for i in range(height)))


def column_means(ago_s: Floats, gap_mm: Floats, columns: int) -> Floats:
    """Mean gap (mm) in each of `columns` equal parts of the last minute; NaN where unknown."""
    at = np.floor((ago_s + MINUTE_S) / MINUTE_S * columns).astype(np.int64)
    use = np.isfinite(gap_mm) & (at >= 0) & (at < columns)
    n = np.bincount(at[use], minlength=columns)
    total = np.bincount(at[use], weights=gap_mm[use], minlength=columns)
    return np.where(n > 0, total / np.maximum(n, 1), np.nan)


def ceiling(columns_mm: Floats) -> float:
    """The lowest top of the scale that nothing of the minute rises above."""
    known = columns_mm[np.isfinite(columns_mm)]
    highest = float(known.max()) if len(known) else 0.0
    return next((c for c in CEILINGS_MM if c >= highest), CEILINGS_MM[-1])


def _line_of(value_mm: float, ceiling_mm: float, height: int) -> int:
    return height - 1 - min(int(value_mm / ceiling_mm * height), height - 1)


def _line(eighths: Floats, line: int, height: int, name: str, *, limited: bool) -> str:
    below = 8 * (height - 1 - line)
    empty = "┄" if limited else " "
    return f"{name:>{SCALE - 1}} " + "".join(_cell(e, below, empty) for e in eighths)


def _cell(eighths: float, below: int, empty: str) -> str:
    if not np.isfinite(eighths):
        return "·" if below == 0 else empty
    filled = int(min(max(eighths - below, 0), 8))
    # A gap of nothing is still a known gap: it keeps the lowest bar.
    filled = max(filled, 1) if below == 0 else filled
    return BARS[filled] if filled else empty
