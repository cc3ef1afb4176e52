"""The window's curves: gap with band and holds, tension per strap, the whole session.

Invariant: plot items are made once; drawing only calls setData or setOpts on them. Times on the axes are relative to
the newest sample, so that axes stand still.
"""

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtGui import QBrush, QColor, QPen
from PySide6.QtWidgets import QGraphicsItem, QGraphicsPathItem

from monitor.board import Board, HoldSpan
from monitor.live_buffer import MINUTE_S
from monitor.live_window.theme import Theme
from sensor.samples import Floats

HOLD_STARTS_MM = 10.0
HOLD_ENDS_MM = 20.0
CEILINGS_MM = (40.0, 80.0, 160.0, 320.0)
COLUMNS = 400
Ints = NDArray[np.int32]
BAND = 1.96
# A label this close to the right edge is written to the left of its line.
LABEL_S = 6.0


class GapPlot(pg.PlotWidget):
    """The last minute of the gap with its 95 % band; holds are hatched below, the zone to reach is named."""

    def __init__(self) -> None:
        super().__init__()
        _quiet(self, "gap, mm", "")
        self._zone = pg.BarGraphItem(x0=[-MINUTE_S], x1=[0.0], y0=[0.0], y1=[HOLD_STARTS_MM])
        self._holds = pg.BarGraphItem(x0=[0.0], x1=[0.0], y0=[0.0], y1=[0.0])
        self._band = QGraphicsPathItem()
        self._line = pg.PlotCurveItem(connect="finite")
        self._ends = pg.InfiniteLine(HOLD_ENDS_MM, angle=0)
        self._marks = [pg.InfiniteLine(angle=90, movable=False) for _ in range(8)]
        self._texts = [pg.TextItem(anchor=(0, 0)) for _ in self._marks]
        self._named = [pg.TextItem("together", anchor=(0, 0)), pg.TextItem("hold ends above", anchor=(0, 1))]
        for item in (self._zone, self._holds, self._band, self._line, self._ends, *self._marks, *self._texts):
            _add(self, item)
        for item, y in zip(self._named, (HOLD_STARTS_MM, HOLD_ENDS_MM), strict=True):
            _add(self, item)
            item.setPos(-MINUTE_S, y)
        self._ceiling_mm = 0.0
        _range(self, "X", -MINUTE_S, 0.0)

    def paint_in(self, theme: Theme) -> None:
        """Takes the colours of `theme`."""
        _colours(self, theme)
        good = QColor(theme.good)
        self._line.setPen(pg.mkPen(theme.ink, width=1))
        self._band.setBrush(QBrush(_faded(theme.calm, 70)))
        self._band.setPen(QPen(Qt.PenStyle.NoPen))
        self._zone.setOpts(brush=QBrush(_faded(theme.good, 40)), pen=pg.mkPen(None))
        self._holds.setOpts(brush=QBrush(good, Qt.BrushStyle.BDiagPattern), pen=pg.mkPen(good))
        self._ends.setPen(pg.mkPen(theme.faint, style=Qt.PenStyle.DashLine))
        for mark, text in zip(self._marks, self._texts, strict=True):
            mark.setPen(pg.mkPen(theme.faint, style=Qt.PenStyle.DotLine))
            text.setColor(theme.ink)
        for text in self._named:
            text.setColor(theme.faint)

    def draw(self, rows: Floats, board: Board) -> None:
        """Shows (N, 3) rows of time, gap and sd in mm."""
        ago_s = rows[:, 0] - board.now_s
        self._line.setData(ago_s, rows[:, 1])
        x, y, joined = band_outline(ago_s, rows[:, 1], rows[:, 2])
        # Annotated as a word only, it takes an array of joints as well.
        self._band.setPath(pg.arrayToQPath(x, y, joined))  # pyright: ignore[reportArgumentType]
        self._scale(rows[:, 1])
        x0, x1 = hold_bars(board.holds, board.now_s)
        self._holds.setOpts(x0=x0, x1=x1, y0=np.zeros(len(x0)), y1=np.full(len(x0), self._ceiling_mm / 20))
        self._draw_marks(board)

    def _draw_marks(self, board: Board) -> None:
        shown = [m for m in board.marks if m.time_s >= board.now_s - MINUTE_S][-len(self._marks) :]
        for i, (line, text) in enumerate(zip(self._marks, self._texts, strict=True)):
            line.setVisible(i < len(shown))
            text.setVisible(i < len(shown))
            if i < len(shown):
                ago_s = shown[i].time_s - board.now_s
                line.setPos(ago_s)
                text.setAnchor((0, 0) if ago_s < -LABEL_S else (1, 0))
                text.setPos(ago_s, self._ceiling_mm)
                text.setText(shown[i].label)

    def _scale(self, gap_mm: Floats) -> None:
        known = gap_mm[np.isfinite(gap_mm)]
        top_mm = float(known.max()) if len(known) else 0.0
        ceiling_mm = next((c for c in CEILINGS_MM if c > top_mm), CEILINGS_MM[-1])
        if ceiling_mm != self._ceiling_mm:
            self._ceiling_mm = ceiling_mm
            _range(self, "Y", 0.0, 1.06 * ceiling_mm)


class TensionPlot(pg.PlotWidget):
    """The last minute of one strap's tension in % of donning."""

    def __init__(self, name: str) -> None:
        super().__init__()
        _quiet(self, f"{name}, %", "")
        self._line = pg.PlotCurveItem(connect="finite")
        self._donned = pg.InfiniteLine(100.0, angle=0)
        _add(self, self._donned)
        _add(self, self._line)
        _range(self, "X", -MINUTE_S, 0.0)
        _range(self, "Y", 70.0, 115.0)

    def paint_in(self, theme: Theme) -> None:
        """Takes the colours of `theme`."""
        _colours(self, theme)
        self._line.setPen(pg.mkPen(theme.good, width=1))
        self._donned.setPen(pg.mkPen(theme.faint, style=Qt.PenStyle.DashLine))

    def draw(self, rows: Floats, now_s: float) -> None:
        """Shows (N, 2) rows of time and %."""
        self._line.setData(rows[:, 0] - now_s, rows[:, 1])


class SessionPlot(pg.PlotWidget):
    """The whole session: each second's smallest and largest gap."""

    def __init__(self) -> None:
        super().__init__()
        _quiet(self, "gap, mm", "session, minutes")
        self._line = pg.PlotCurveItem(connect="pairs")
        _add(self, self._line)
        _range(self, "Y", 0.0, 85.0)
        _range(self, "X", 0.0, 1.0)

    def paint_in(self, theme: Theme) -> None:
        """Takes the colours of `theme`."""
        _colours(self, theme)
        self._line.setPen(pg.mkPen(theme.ink, width=1))

    def draw(self, rows: Floats) -> None:
        """Shows (N, 3) rows of time, smallest and largest gap."""
        if not len(rows):
            return
        minutes = np.repeat(rows[:, 0] / 60.0, 2)
        # A second whose gap did not change would be a line without length.
        spans = np.column_stack((rows[:, 1], np.maximum(rows[:, 2], rows[:, 1] + 1.0))).ravel()
        known = np.isfinite(spans)
        self._line.setData(minutes[known], spans[known])
        _range(self, "X", min(minutes[0], 0.0), max(minutes[-1], 1.0))


def band_outline(ago_s: Floats, gap_mm: Floats, sd_mm: Floats) -> tuple[Floats, Floats, Ints]:
    """Outline of the 95 % band, one closed piece for each stretch in which it is known.

    Gives x, y and, as `arrayToQPath` wants it, whether each point is joined to the next.
    """
    step = max(len(ago_s) // COLUMNS, 1)
    at_s, gap_mm, sd_mm = ago_s[::step], gap_mm[::step], sd_mm[::step]
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


def hold_bars(holds: tuple[HoldSpan, ...], now_s: float) -> tuple[Floats, Floats]:
    """Starts and ends of the holds of the last minute, relative to `now_s`."""
    spans = [(h.start_s - now_s, (h.end_s if h.end_s is not None else now_s) - now_s) for h in holds]
    seen = [(max(a, -MINUTE_S), b) for a, b in spans if b > -MINUTE_S]
    both = np.array(seen or [(0.0, 0.0)])
    return both[:, 0], both[:, 1]


def _quiet(plot: pg.PlotWidget, left: str, bottom: str) -> None:
    plot.setMenuEnabled(False)
    plot.hideButtons()
    plot.setMouseEnabled(False, False)
    plot.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    plot.setLabel("left", left)
    if bottom:
        plot.setLabel("bottom", bottom)


def _add(plot: pg.PlotWidget, item: QGraphicsItem) -> None:
    """Adds an item whose extent does not move the axes."""
    plot.getViewBox().addItem(item, ignoreBounds=True)


def _range(plot: pg.PlotWidget, axis: str, low: float, high: float) -> None:
    box = plot.getViewBox()
    (box.setXRange if axis == "X" else box.setYRange)(low, high, padding=0.0)


def _colours(plot: pg.PlotWidget, theme: Theme) -> None:
    plot.setBackground(theme.panel)
    for side in ("left", "bottom"):
        axis = plot.getAxis(side)
        axis.setPen(theme.line)
        axis.setTextPen(theme.faint)


def _faded(colour: str, alpha: int) -> QColor:
    faded = QColor(colour)
    faded.setAlpha(alpha)
    return faded
