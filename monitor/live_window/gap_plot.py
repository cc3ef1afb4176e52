"""The gap with its 95 % band: the newest minute, or any stretch of the session.

Invariant: plot items are made once; drawing only calls setData or setOpts on them. While the newest minute is followed
times on the axis are relative to the newest sample, so that the axis stands still; a chosen stretch shows the
session's own time.
"""

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QBrush, QColor, QPen
from PySide6.QtWidgets import QGraphicsPathItem

from monitor.board import Board
from monitor.language import gettext as _
from monitor.live_buffer import MINUTE_S
from monitor.live_window.plot_items import (
    TimeAxis,
    add,
    band_outline,
    colour_axes,
    faded,
    hold_bars,
    quiet,
    set_range,
)
from monitor.live_window.theme import Theme
from monitor.live_window.time_view import Stretch
from monitor.wording.names import marker_name
from sensor.samples import Floats

HOLD_STARTS_MM = 10.0
HOLD_ENDS_MM = 20.0
CEILINGS_MM = (40.0, 80.0, 160.0, 320.0)
MOST_MARKS = 16
# A label this close to the right edge (share of the width) is written to the left of its line.
LABEL_SHARE = 0.1


class GapPlot(pg.PlotWidget):
    """The gap; holds are hatched below, the zone to reach is named. The mouse chooses a stretch."""

    chosen = Signal(float, float)  # session seconds, by wheel or drag

    def __init__(self) -> None:
        self._axis = TimeAxis()
        super().__init__(axisItems={"bottom": self._axis})
        quiet(self, _("gap, mm"))
        self._zone = pg.BarGraphItem(x0=[-MINUTE_S], x1=[0.0], y0=[0.0], y1=[HOLD_STARTS_MM])
        self._holds = pg.BarGraphItem(x0=[0.0], x1=[0.0], y0=[0.0], y1=[0.0])
        self._band = QGraphicsPathItem()
        self._line = pg.PlotCurveItem(connect="finite")
        # A long stretch has more rows than the screen has columns; the smallest and largest of each are drawn.
        self._close = pg.PlotDataItem(connect="finite", autoDownsample=True, downsampleMethod="peak", clipToView=True)
        self._ends = pg.InfiniteLine(HOLD_ENDS_MM, angle=0)
        self._marks = [pg.InfiniteLine(angle=90, movable=False) for _i in range(MOST_MARKS)]
        self._texts = [pg.TextItem(anchor=(0, 0)) for _i in self._marks]
        self._named = [pg.TextItem(_("together"), anchor=(0, 0)), pg.TextItem(_("hold ends above"), anchor=(0, 1))]
        # Up where the gap was corrected to a wider one.
        self._corrections = pg.ScatterPlotItem(size=11)
        self.shows_corrections = True
        lines = (self._corrections, self._zone, self._holds, self._band, self._line, self._close, self._ends)
        for item in (*lines, *self._marks, *self._texts, *self._named):
            add(self, item)
        self._ceiling_mm = 0.0
        self._origin_s = 0.0
        self._shown: tuple[float, float] | None = None
        self.setMouseEnabled(x=True, y=False)
        self.getViewBox().sigRangeChangedManually.connect(self._on_mouse)

    def paint_in(self, theme: Theme) -> None:
        """Takes the colours of `theme`."""
        colour_axes(self, theme)
        good = QColor(theme.good)
        for line in (self._line, self._close):
            line.setPen(pg.mkPen(theme.ink, width=1))
        self._band.setBrush(QBrush(faded(theme.calm, 70)))
        self._band.setPen(QPen(Qt.PenStyle.NoPen))
        self._zone.setOpts(brush=QBrush(faded(theme.good, 40)), pen=pg.mkPen(None))
        self._holds.setOpts(brush=QBrush(good, Qt.BrushStyle.BDiagPattern), pen=pg.mkPen(good))
        self._ends.setPen(pg.mkPen(theme.faint, style=Qt.PenStyle.DashLine))
        self._corrections.setBrush(pg.mkBrush(theme.bad))
        self._corrections.setPen(pg.mkPen(theme.panel))
        for mark, text in zip(self._marks, self._texts, strict=True):
            mark.setPen(pg.mkPen(theme.faint, style=Qt.PenStyle.DotLine))
            text.setColor(theme.ink)
        for text in self._named:
            text.setColor(theme.faint)

    def draw(self, rows: Floats, board: Board, chosen: Stretch | None) -> None:
        """Shows (N, 3) rows of time, gap and sd in mm: the newest minute, or those of the chosen stretch."""
        self._origin_s = board.now_s if chosen is None else 0.0
        low, high = (-MINUTE_S, 0.0) if chosen is None else (chosen.start_s, chosen.end_s)
        self._look_at(low, high, clock=chosen is not None)
        at_s = rows[:, 0] - self._origin_s
        here, other = (self._line, self._close) if chosen is None else (self._close, self._line)
        here.setVisible(True)
        other.setVisible(False)
        here.setData(at_s, rows[:, 1])
        x, y, joined = band_outline(at_s, rows[:, 1], rows[:, 2])
        # Annotated as a word only, it takes an array of joints as well.
        self._band.setPath(pg.arrayToQPath(x, y, joined))  # pyright: ignore[reportArgumentType]
        self._scale(rows[:, 1])
        self._draw_holds(board, low, high)
        self._draw_marks(board, low, high)
        self._draw_corrections(board, low, high)

    def _look_at(self, low: float, high: float, *, clock: bool) -> None:
        if self._shown == (low, high):
            return
        self._shown = (low, high)
        self._axis.show_clock(clock)
        set_range(self, "X", low, high)
        self._zone.setOpts(x0=[low], x1=[high])
        for item, y in zip(self._named, (HOLD_STARTS_MM, HOLD_ENDS_MM), strict=True):
            item.setPos(low, y)

    def _on_mouse(self) -> None:
        low, high = self.getViewBox().viewRange()[0]
        self._shown = None
        self.chosen.emit(low + self._origin_s, high + self._origin_s)

    def _draw_holds(self, board: Board, low: float, high: float) -> None:
        origin_s = self._origin_s
        x0, x1 = hold_bars(board.holds, board.now_s, low + origin_s, high + origin_s)
        y1 = np.full(len(x0), self._ceiling_mm / 20)
        self._holds.setOpts(x0=x0 - origin_s, x1=x1 - origin_s, y0=np.zeros(len(x0)), y1=y1)

    def _draw_marks(self, board: Board, low: float, high: float) -> None:
        at = [(m.time_s - self._origin_s, m.label) for m in board.marks]
        shown = [(time_s, label) for time_s, label in at if low <= time_s <= high][-len(self._marks) :]
        for i, (line, text) in enumerate(zip(self._marks, self._texts, strict=True)):
            line.setVisible(i < len(shown))
            text.setVisible(i < len(shown))
            if i < len(shown):
                time_s, label = shown[i]
                line.setPos(time_s)
                text.setAnchor((0, 0) if time_s < high - LABEL_SHARE * (high - low) else (1, 0))
                text.setPos(time_s, self._ceiling_mm)
                text.setText(marker_name(label))

    def corrections_shown(self) -> list[tuple[float, str]]:
        """Where on the axis a correction stands, and its sign."""
        return [(float(p.pos().x()), str(p.symbol())) for p in self._corrections.points()]

    def _draw_corrections(self, board: Board, low: float, high: float) -> None:
        at = [(c.time_s - self._origin_s, c.size_m) for c in board.corrections] if self.shows_corrections else []
        shown = [(time_s, size_m) for time_s, size_m in at if low <= time_s <= high]
        self._corrections.setData(
            x=[time_s for time_s, _size in shown],
            y=[HOLD_ENDS_MM * 0.75 for _c in shown],
            symbol=["t1" if size_m > 0 else "t" for _time, size_m in shown],
        )

    def _scale(self, gap_mm: Floats) -> None:
        known = gap_mm[np.isfinite(gap_mm)]
        top_mm = float(known.max()) if len(known) else 0.0
        ceiling_mm = next((c for c in CEILINGS_MM if c > top_mm), CEILINGS_MM[-1])
        if ceiling_mm != self._ceiling_mm:
            self._ceiling_mm = ceiling_mm
            set_range(self, "Y", 0.0, 1.06 * ceiling_mm)
