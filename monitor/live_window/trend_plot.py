"""The knee gap of the check measurements over the weeks with their uncertainty, and the trend in words."""

from collections.abc import Sequence
from datetime import date

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from monitor.history.text import trend_words
from monitor.history.totals import History
from monitor.history.trends import Trend
from monitor.language import gettext as _
from monitor.live_window.labels import label, set_text
from monitor.live_window.plot_items import BAND, LABEL_SIZE, colour_axes
from monitor.live_window.theme import DARK, Theme
from monitor.store.entry import Measured
from monitor.store.tape import Quantity

# Filled for relaxed, open for squeezed; what was measured with a tape is a cross.
RELAXED_SIGN, SQUEEZED_SIGN = "●", "○"
SIZE_PX = 9
LONG_DAYS = 330

Points = Sequence[tuple[date, Measured]]


class DayAxis(pg.AxisItem):
    """Days, from their ordinals."""

    def tickStrings(self, values: list[float], scale: float, spacing: float) -> list[str]:  # noqa: N802 (pyqtgraph's name)
        """The ticks' words; the year, too, where there is more than one."""
        del scale, spacing
        days = [date.fromordinal(int(v)) if v >= 1 and v == int(v) else None for v in values]
        low, high = self.range
        words = "%Y-%m" if high - low > LONG_DAYS else "%m-%d"
        return [f"{day:{words}}" if day else "" for day in days]


class TrendPlot(QWidget):
    """Relaxed and squeezed gap of each check, and what a tape said."""

    def __init__(self) -> None:
        super().__init__()
        self.plot = pg.PlotWidget(axisItems={"bottom": DayAxis("bottom")})
        self.plot.setMenuEnabled(False)
        self.plot.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.plot.setAccessibleName(_("gap, mm"))
        self.plot.hideButtons()
        self.plot.getAxis("left").enableAutoSIPrefix(False)
        self.plot.getAxis("left").setLabel(_("gap, mm"), **{"font-size": LABEL_SIZE})
        self._bars = [pg.ErrorBarItem(beam=0.4) for _i in range(2)]
        self._points = [pg.ScatterPlotItem(symbol="o", size=SIZE_PX) for _i in range(2)]
        self._tape = pg.ScatterPlotItem(symbol="+", size=SIZE_PX)
        for item in (*self._bars, *self._points, self._tape):
            self.plot.addItem(item)
        self.words = [label("faint"), label("faint")]
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.plot, 1)
        for said in self.words:
            said.setWordWrap(True)
            layout.addWidget(said)
        # Where there is no plot the words stay together.
        layout.addStretch()
        self.paint_in(DARK)

    def paint_in(self, theme: Theme) -> None:
        """Takes the colours of `theme`."""
        colour_axes(self.plot, theme)
        for bars, points, colour, filled in zip(
            self._bars, self._points, (theme.good, theme.bad), (True, False), strict=True
        ):
            bars.setOpts(pen=pg.mkPen(colour))
            points.setPen(pg.mkPen(colour, width=2))
            points.setBrush(pg.mkBrush(colour if filled else theme.panel))
        self._tape.setPen(pg.mkPen(theme.ink))

    def show_history(self, history: History) -> None:
        """Shows every check that counts."""
        counted = [e for e in history.entries if e.counts and e.day is not None]
        relaxed = [(e.day, e.relaxed) for e in counted if e.day and e.relaxed]
        squeezed = [(e.day, e.squeezed) for e in counted if e.day and e.squeezed]
        for bars, points, rows in zip(self._bars, self._points, (relaxed, squeezed), strict=True):
            _show(bars, points, rows)
        taped = [t for t in history.tape if t.quantity in (Quantity.RELAXED_GAP, Quantity.SQUEEZED_GAP)]
        self._tape.setData(x=[t.day.toordinal() for t in taped], y=[t.value_mm for t in taped])
        # Axes without a point on them say nothing.
        self.plot.setVisible(bool(relaxed or squeezed or taped))
        for said, text in zip(self.words, _texts(history.relaxed, history.squeezed), strict=True):
            set_text(said, text)


def _texts(relaxed: Trend | None, squeezed: Trend | None) -> tuple[str, str]:
    return (
        _("{sign} relaxed: {trend}").format(sign=RELAXED_SIGN, trend=trend_words(relaxed)),
        _("{sign} squeezed: {trend}").format(sign=SQUEEZED_SIGN, trend=trend_words(squeezed)),
    )


def _show(bars: pg.ErrorBarItem, points: pg.ScatterPlotItem, rows: Points) -> None:
    x = np.array([day.toordinal() for day, _m in rows], dtype=np.float64)
    y = np.array([m.value_mm for _day, m in rows], dtype=np.float64)
    reach = np.array([BAND * m.sd_mm for _day, m in rows], dtype=np.float64)
    bars.setData(x=x, y=y, height=2 * reach)
    points.setData(x=x, y=y)
