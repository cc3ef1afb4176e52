"""What all plots of the window have in common: quiet axes, colours, and items that do not move the axes."""

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QGraphicsItem

from monitor.board import HoldSpan
from monitor.live_window.theme import Theme
from monitor.wording import words
from sensor.samples import Floats

COLUMNS = 400
# Ticks of a time axis, and how far apart they stand at least.
TICKS_S = (0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 15.0, 30.0, 60.0, 120.0, 300.0, 600.0, 1800.0, 3600.0)
TICK_PX = 64.0
LABEL_SIZE = "8pt"
BAND = 1.96
Ints = NDArray[np.int32]


class TimeAxis(pg.AxisItem):
    """Seconds before now, or, with `clock`, the session's time in minutes and seconds."""

    def __init__(self) -> None:
        super().__init__("bottom")
        self._clock = False

    def show_clock(self, clock: bool) -> None:
        """Chooses how times are written."""
        if clock != self._clock:
            self._clock = clock
            self.picture = None
            self.update()

    def tickSpacing(self, minVal: float, maxVal: float, size: float) -> list[tuple[float, float]]:  # noqa: N802, N803
        """Ticks at round times, not at round numbers of seconds."""
        least_s = (maxVal - minVal) * TICK_PX / max(size, 1.0)
        return [(next((s for s in TICKS_S if s >= least_s), TICKS_S[-1]), 0.0)]

    def tickStrings(self, values: list[float], scale: float, spacing: float) -> list[str]:  # noqa: N802 (pyqtgraph's name)
        """The ticks' words."""
        del scale
        if not self._clock:
            return [f"{v:g}" for v in values]
        tenths = spacing < 1.0
        # Before session zero, while the straps are put on, times are negative.
        clocks = [("-" if v < 0 else "") + words.clock(abs(v)) for v in values]
        return [
            c + (f".{round(10 * (abs(v) % 1)) % 10}" if tenths else "") for c, v in zip(clocks, values, strict=True)
        ]


def quiet(plot: pg.PlotWidget, left: str) -> None:
    """A plot without menus, buttons and mouse."""
    plot.setMouseEnabled(x=False, y=False)
    plot.hideButtons()
    plot.setMenuEnabled(False)
    plot.getAxis("left").setLabel(left, **{"font-size": LABEL_SIZE})


def add(plot: pg.PlotWidget, item: QGraphicsItem) -> None:
    """Adds an item whose extent does not move the axes."""
    plot.getViewBox().addItem(item, ignoreBounds=True)


def set_range(plot: pg.PlotWidget, axis: str, low: float, high: float) -> None:
    """Fixes what an axis shows."""
    box = plot.getViewBox()
    (box.setXRange if axis == "X" else box.setYRange)(low, high, padding=0.0)


def colour_axes(plot: pg.PlotWidget, theme: Theme) -> None:
    """Ground and axes in the colours of `theme`."""
    plot.setBackground(theme.panel)
    for side in ("left", "bottom"):
        axis = plot.getAxis(side)
        axis.setPen(theme.line)
        axis.setTextPen(theme.faint)


def faded(colour: str, alpha: int) -> QColor:
    """A colour that lets through what is behind it."""
    made = QColor(colour)
    made.setAlpha(alpha)
    return made


def band_outline(at_s: Floats, gap_mm: Floats, sd_mm: Floats) -> tuple[Floats, Floats, Ints]:
    """Outline of the 95 % band, one closed piece for each stretch in which it is known.

    Gives x, y and, as `arrayToQPath` wants it, whether each point is joined to the next.
    """
    step = max(len(at_s) // COLUMNS, 1)
    at_s, gap_mm, sd_mm = at_s[::step], gap_mm[::step], sd_mm[::step]
    known = np.isfinite(gap_mm) & np.isfinite(sd_mm)
    edges = np.flatnonzero(np.diff(np.concatenate(([0], known.astype(np.int8), [0])))).reshape(-1, 2)
    x, y, joined = [np.zeros(0)], [np.zeros(0)], [np.zeros(0, np.int32)]
    for first, end in edges.tolist():
        there = slice(first, end)
        reach = BAND * sd_mm[there]
        low, high = np.maximum(gap_mm[there] - reach, 0.0), gap_mm[there] + reach
        x.append(np.concatenate((at_s[there], at_s[there][::-1])))
        y.append(np.concatenate((high, low[::-1])))
        joined.append(np.ones(2 * (end - first), np.int32))
        joined[-1][-1] = 0
    return np.concatenate(x), np.concatenate(y), np.concatenate(joined)


def hold_bars(holds: tuple[HoldSpan, ...], now_s: float, start_s: float, end_s: float) -> tuple[Floats, Floats]:
    """Starts and ends (session s) of the holds, as far as they lie from `start_s` to `end_s`."""
    spans = [(h.start_s, h.end_s if h.end_s is not None else now_s) for h in holds]
    inside = [(max(a, start_s), min(b, end_s)) for a, b in spans if b > start_s and a < end_s]
    # A bar graph without bars has no extent, which it cannot draw.
    x0, x1 = np.array(inside or [(start_s, start_s)]).T
    return x0, x1
