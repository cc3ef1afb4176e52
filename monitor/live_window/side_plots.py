"""The smaller curves: the whole session with the stretch that is looked at, and each strap's tension.

Invariant: as for the gap's plot, items are made once.
"""

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QBrush, QColor

from monitor.board import Board
from monitor.coach.signals import Action
from monitor.language import gettext as _
from monitor.live_buffer import MINUTE_S
from monitor.live_window.plot_items import TimeAxis, add, colour_axes, faded, hold_bars, quiet, set_range
from monitor.live_window.theme import Theme
from monitor.live_window.time_view import Stretch
from sensor.samples import Floats

CEILINGS_MM = (85.0, 170.0, 340.0)
LEAST_S = 60.0


class TensionPlot(pg.PlotWidget):
    """One strap's tension in % of donning, over what the gap's plot shows."""

    def __init__(self, name: str) -> None:
        self._axis = TimeAxis()
        super().__init__(axisItems={"bottom": self._axis})
        quiet(self, name)
        self._line = pg.PlotCurveItem(connect="finite")
        self._donned = pg.InfiniteLine(100.0, angle=0)
        add(self, self._donned)
        add(self, self._line)
        self._shown: tuple[float, float] | None = None
        set_range(self, "Y", 70.0, 115.0)

    def paint_in(self, theme: Theme) -> None:
        """Takes the colours of `theme`."""
        colour_axes(self, theme)
        self._line.setPen(pg.mkPen(theme.good, width=1))
        self._donned.setPen(pg.mkPen(theme.faint, style=Qt.PenStyle.DashLine))

    def draw(self, rows: Floats, now_s: float, chosen: Stretch | None) -> None:
        """Shows (N, 2) rows of time and %."""
        origin_s = now_s if chosen is None else 0.0
        shown = (-MINUTE_S, 0.0) if chosen is None else (chosen.start_s, chosen.end_s)
        if shown != self._shown:
            self._shown = shown
            self._axis.show_clock(chosen is not None)
            set_range(self, "X", *shown)
        self._line.setData(rows[:, 0] - origin_s, rows[:, 1])


class SessionPlot(pg.PlotWidget):
    """The whole session: each second's smallest and largest gap, holds, markers, and what is looked at."""

    chosen = Signal(float, float)  # session seconds, by dragging the frame

    def __init__(self) -> None:
        self._axis = TimeAxis()
        super().__init__(axisItems={"bottom": self._axis})
        quiet(self, _("gap, mm"))
        self._axis.show_clock(True)
        self._line = pg.PlotCurveItem(connect="pairs")
        self._holds = pg.BarGraphItem(x0=[0.0], x1=[0.0], y0=[0.0], y1=[0.0])
        # A feeling is a cross, any other marker a triangle.
        self._marks = pg.ScatterPlotItem(pxMode=True)
        self.frame = pg.LinearRegionItem((0.0, 0.0), swapMode="block")
        for item in (self._holds, self._line, self._marks, self.frame):
            add(self, item)
        self._moving = False
        self._ceiling_mm = 0.0
        self._colours = ("w", "w")
        set_range(self, "X", 0.0, LEAST_S)
        self.frame.sigRegionChanged.connect(self._on_frame)

    def paint_in(self, theme: Theme) -> None:
        """Takes the colours of `theme`."""
        colour_axes(self, theme)
        good = QColor(theme.good)
        self._line.setPen(pg.mkPen(theme.ink, width=1))
        self._holds.setOpts(brush=QBrush(good, Qt.BrushStyle.BDiagPattern), pen=pg.mkPen(good))
        self._colours = (theme.ink, theme.bad)
        self.frame.setBrush(faded(theme.calm, 40))
        self.frame.setHoverBrush(faded(theme.calm, 70))
        for line in self.frame.lines:
            line.setPen(pg.mkPen(theme.faint, width=2))
            line.setHoverPen(pg.mkPen(theme.ink, width=3))

    def draw(self, rows: Floats, board: Board) -> None:
        """Shows (N, 3) rows of time, smallest and largest gap."""
        if not len(rows):
            self._line.setData([], [])
            return
        time_s = np.repeat(rows[:, 0], 2)
        # A second whose gap did not change would be a line without length.
        spans = np.column_stack((rows[:, 1], np.maximum(rows[:, 2], rows[:, 1] + 1.0))).ravel()
        known = np.isfinite(spans)
        self._line.setData(time_s[known], spans[known])
        self._scale(spans[known])
        start_s, end_s = min(float(time_s[0]), 0.0), max(float(time_s[-1]), LEAST_S, board.now_s)
        set_range(self, "X", start_s, end_s)
        x0, x1 = hold_bars(board.holds, board.now_s, start_s, end_s)
        self._holds.setOpts(x0=x0, x1=x1, y0=np.zeros(len(x0)), y1=np.full(len(x0), self._ceiling_mm / 12))
        self._draw_marks(board)

    def frame_to(self, stretch: Stretch) -> None:
        """Puts the frame where the gap's plot looks."""
        self._moving = True
        self.frame.setRegion((stretch.start_s, stretch.end_s))
        self._moving = False

    def frame_region(self) -> tuple[float, float]:
        """Session seconds at which the frame begins and ends."""
        low, high = sorted(float(line.pos().x()) for line in self.frame.lines)
        return low, high

    def _on_frame(self) -> None:
        if not self._moving:
            low, high = self.frame_region()
            self.chosen.emit(low, high)

    def _draw_marks(self, board: Board) -> None:
        felt = [m.label in (Action.PAIN, Action.NUMBNESS) for m in board.marks]
        self._marks.setData(
            x=[m.time_s for m in board.marks],
            y=[0.93 * self._ceiling_mm for _m in board.marks],
            symbol=["x" if f else "t" for f in felt],
            size=[12 if f else 9 for f in felt],
            brush=[pg.mkBrush(self._colours[f]) for f in felt],
            pen=pg.mkPen(None),
        )

    def _scale(self, gap_mm: Floats) -> None:
        top_mm = float(gap_mm.max()) if len(gap_mm) else 0.0
        ceiling_mm = next((c for c in CEILINGS_MM if c > top_mm), CEILINGS_MM[-1])
        if ceiling_mm != self._ceiling_mm:
            self._ceiling_mm = ceiling_mm
            set_range(self, "Y", 0.0, ceiling_mm)
