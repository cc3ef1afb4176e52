"""Plain SVG drawing: scales, axes, lines, bands.

Invariant: coordinates are view-box units; every text passes through `escape`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from unicodedata import east_asian_width

import numpy as np

from sensor.samples import Floats

STEPS = (1.0, 2.0, 5.0)


@dataclass(frozen=True, slots=True)
class Plot:
    """A plot's place in its figure and what its axes span."""

    x: float
    y: float
    width: float
    height: float
    x_from: float
    x_to: float
    y_from: float
    y_to: float

    def px(self, x: Floats) -> Floats:
        """Horizontal places of values."""
        return self.x + (x - self.x_from) / (self.x_to - self.x_from) * self.width

    def py(self, y: Floats) -> Floats:
        """Vertical places of values, kept inside the plot."""
        y = np.clip(y, self.y_from, self.y_to)
        return self.y + self.height - (y - self.y_from) / (self.y_to - self.y_from) * self.height

    def at(self, x: float, y: float) -> tuple[float, float]:
        """Place of one point."""
        return float(self.px(np.array(x))), float(self.py(np.array(y)))


def ticks(low: float, high: float, most: int, steps: Sequence[float] = STEPS) -> list[float]:
    """Round values from `low` to `high`, at most about `most` of them."""
    rough = max((high - low) / most, 1e-12)
    power = 10.0 ** np.floor(np.log10(rough))
    step = next((s * power for s in steps if s * power >= rough), 10.0 * power)
    return [float(v) for v in np.arange(np.ceil(low / step), np.floor(high / step + 1e-9) + 1) * step]


def time_ticks(low_s: float, high_s: float, most: int = 10) -> list[float]:
    """Round times in seconds."""
    steps = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200)
    step = next((s for s in steps if (high_s - low_s) / s <= most), 14400)
    return [float(v) for v in np.arange(np.ceil(low_s / step), high_s // step + 1) * step]


def text(x: float, y: float, words: str, kind: str = "", anchor: str = "start") -> str:
    """A text."""
    return f'<text x="{x:.1f}" y="{y:.1f}" class="{kind}" text-anchor="{anchor}">{escape(words)}</text>'


def text_width(words: str) -> float:
    """About how wide a text of 12 px is drawn, on the safe side; East Asian characters are twice as wide."""
    return sum(12.5 if east_asian_width(c) in "WF" else 7.2 for c in words)


def line(x0: float, y0: float, x1: float, y1: float, kind: str) -> str:
    """A straight line."""
    return f'<line x1="{x0:.1f}" y1="{y0:.1f}" x2="{x1:.1f}" y2="{y1:.1f}" class="{kind}"/>'


def box(x: float, y: float, width: float, height: float, kind: str, title: str = "") -> str:
    """A rectangle with a tooltip."""
    inner = f"<title>{escape(title)}</title>" if title else ""
    size = f'width="{max(width, 0.0):.1f}" height="{max(height, 0.0):.1f}"'
    return f'<rect x="{x:.1f}" y="{y:.1f}" {size} class="{kind}">{inner}</rect>'


def dot(x: float, y: float, radius: float, kind: str, title: str = "") -> str:
    """A circle with a tooltip."""
    inner = f"<title>{escape(title)}</title>" if title else ""
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:g}" class="{kind}">{inner}</circle>'


def axes(plot: Plot, y_ticks: Sequence[float], unit: str) -> str:
    """Grid, numbers and unit; times along the bottom."""
    out = [text(plot.x, plot.y - 6, unit, "unit")]
    for value in y_ticks:
        _, y = plot.at(plot.x_from, value)
        out.append(line(plot.x, y, plot.x + plot.width, y, "grid"))
        out.append(text(plot.x - 5, y + 4, f"{value:g}", "tick", "end"))
    for value in time_ticks(plot.x_from, plot.x_to):
        x, _ = plot.at(value, plot.y_from)
        out.append(line(x, plot.y + plot.height, x, plot.y + plot.height + 4, "axis"))
        out.append(text(x, plot.y + plot.height + 17, clock(value), "tick", "middle"))
    out.append(line(plot.x, plot.y + plot.height, plot.x + plot.width, plot.y + plot.height, "axis"))
    return "".join(out)


def clock(seconds: float) -> str:
    """Minutes and seconds, minus before session zero."""
    whole = round(abs(seconds))
    return f"{'-' if seconds < 0 and whole else ''}{whole // 60}:{whole % 60:02d}"


def path(x: Floats, y: Floats, kind: str) -> str:
    """A line through points, broken where a value is NaN."""
    return f'<path class="{kind}" d="{_moves(x, y)}"/>'


def band(x: Floats, low: Floats, high: Floats, kind: str) -> str:
    """The areas between two lines, one for each piece in which both are known."""
    pieces: list[str] = []
    for part in _pieces(np.isfinite(low) & np.isfinite(high)):
        there = _moves(x[part], high[part])
        back = _moves(x[part][::-1], low[part][::-1])
        pieces.append(f"{there}L{back[1:]}Z")
    return f'<path class="{kind}" d="{"".join(pieces)}"/>'


def columns(time_s: Floats, values: Floats, most: int) -> tuple[Floats, Floats, Floats]:
    """Time, smallest and largest value of at most `most` equal pieces; NaN where a piece has no value."""
    size = max(int(np.ceil(len(time_s) / most)), 1)
    n = int(np.ceil(len(time_s) / size))
    padded = np.full(n * size, np.nan)
    padded[: len(values)] = values
    table = padded.reshape(n, size)
    known = np.isfinite(table)
    low = np.where(known, table, np.inf).min(axis=1)
    high = np.where(known, table, -np.inf).max(axis=1)
    some = known.any(axis=1)
    middle = time_s[np.minimum(np.arange(n) * size + size // 2, len(time_s) - 1)]
    return middle, np.where(some, low, np.nan), np.where(some, high, np.nan)


def _pieces(known: np.ndarray) -> list[slice]:
    edges = np.flatnonzero(np.diff(np.concatenate(([0], known.astype(np.int8), [0]))))
    return [slice(int(a), int(b)) for a, b in edges.reshape(-1, 2)]


def _moves(x: Floats, y: Floats) -> str:
    out: list[str] = []
    for part in _pieces(np.isfinite(y)):
        points = " ".join(f"{a:.1f},{b:.1f}" for a, b in zip(x[part], y[part], strict=True))
        out.append("M" + points)
    return "".join(out)
