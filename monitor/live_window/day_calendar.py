"""A month of days: what was done on each, and whether the plan was fulfilled.

Invariant: nothing is told by colour alone; minutes and signs stand in the cell.
"""

from datetime import date

from PySide6.QtCore import QDate, QLocale, QPoint, QRect, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QTextCharFormat
from PySide6.QtWidgets import QCalendarWidget, QToolButton, QWidget

from monitor.history.totals import CLAMP, History
from monitor.language import language
from monitor.live_window.theme import DARK, Theme

REACHED_SIGN, OTHER_SIGN = "✓", "+"
SMALLEST_TYPE_PX, LARGEST_TYPE_PX = 8, 15


class DayCalendar(QCalendarWidget):
    """Shows `history` by days; a day can be chosen by mouse and arrow keys."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._texts: dict[date, str] = {}
        self._theme = DARK
        self.setLocale(QLocale(language()))
        self.setFirstDayOfWeek(Qt.DayOfWeek.Monday)
        self.setVerticalHeaderFormat(QCalendarWidget.VerticalHeaderFormat.NoVerticalHeader)
        self.setGridVisible(True)
        # The widget's own arrows are black, whatever the ground.
        for name, sign in (("qt_calendar_prevmonth", "◀"), ("qt_calendar_nextmonth", "▶")):
            for arrow in self.findChildren(QToolButton, name):
                arrow.setIcon(QIcon())
                arrow.setText(sign)

    def paint_in(self, theme: Theme) -> None:
        """Takes the colours of `theme`."""
        self._theme = theme
        head = QTextCharFormat()
        head.setForeground(QColor(theme.faint))
        head.setBackground(QColor(theme.ground))
        self.setHeaderTextFormat(head)
        for day in Qt.DayOfWeek:
            self.setWeekdayTextFormat(day, head)
        self.updateCells()

    def show_history(self, history: History) -> None:
        """Takes over what was done on each day."""
        self._texts = {day: day_text(history, day) for day in history.days}
        self.updateCells()

    def paintCell(self, painter: QPainter, rect: QRect, day: QDate | date) -> None:  # noqa: N802 (Qt's name)
        """Draws a day: its number, the minutes below, a frame if it is chosen."""
        there = day if isinstance(day, date) else date(day.year(), day.month(), day.day())
        theme = self._theme
        painter.save()
        shown_month = (there.year, there.month) == (self.yearShown(), self.monthShown())
        painter.fillRect(rect, QColor(theme.panel if shown_month else theme.ground))
        font = painter.font()
        font.setPixelSize(cell_px(rect))
        painter.setFont(font)
        painter.setPen(QColor(theme.ink if shown_month else theme.faint))
        painter.drawText(rect.adjusted(4, 1, -4, -1), _ABOVE, str(there.day))
        text = self._texts.get(there, "")
        painter.setPen(QColor(theme.good))
        painter.drawText(rect.adjusted(2, 1, -4, -1), _BELOW, text)
        if there == self.selectedDate().toPython():
            painter.setPen(QColor(theme.ink))
            painter.drawRect(QRect(rect.topLeft() + QPoint(1, 1), rect.size()).adjusted(0, 0, -3, -3))
        painter.restore()


def day_text(history: History, day: date) -> str:
    """Clamp minutes of a day, a plus for other exercises, a tick where the plan's clamps were done."""
    done = history.days.get(day)
    if done is None:
        return ""
    reached = any(g.reached for g in history.standing(day).goals if g.goal.exercise == CLAMP)
    others = any(exercise != CLAMP for exercise in done.done)
    minutes = f"{done.clamp_min:.0f}" if CLAMP in done.done else ""
    return f"{minutes}{OTHER_SIGN if others else ''}{REACHED_SIGN if reached else ''}"


def cell_px(cell: QRect) -> int:
    """A day's type, so that number and minutes have room: one above the other, or else beside each other."""
    above = (cell.height() - 2) * 2 // 5
    beside = min(cell.height() - 2, cell.width() * 2 // 11)
    return min(max(above, beside, SMALLEST_TYPE_PX), LARGEST_TYPE_PX)


_ABOVE = Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft
_BELOW = Qt.AlignmentFlag.AlignBottom | Qt.AlignmentFlag.AlignRight
