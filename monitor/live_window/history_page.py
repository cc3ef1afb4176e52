"""Looking back: calendar, sessions, trends; notes and tags; a session or its report opened again.

Invariant: the store is read and written off the window's thread; a page that waits says so.
"""

from datetime import date
from pathlib import Path

from PySide6.QtCore import QDate, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from monitor.history.totals import History
from monitor.language import gettext as _
from monitor.language import ngettext
from monitor.live_window.background import Work
from monitor.live_window.day_calendar import DayCalendar
from monitor.live_window.flow import FlowLayout
from monitor.live_window.kept_sessions import KeptSessions
from monitor.live_window.keys_help import HISTORY_KEYS
from monitor.live_window.labels import bind, button, enter_presses, label, set_text
from monitor.live_window.opened import open_file
from monitor.live_window.session_list import SessionList
from monitor.live_window.theme import DARK, Theme, scale_for, style_sheet
from monitor.live_window.trend_plot import TrendPlot
from monitor.store.entry import Entry

# Narrower than this (px) list and calendar stand below one another.
NARROW_PX = 900


class HistoryPage(QWidget):
    """Shows `kept` and, first, a `message`; `replay` is emitted with the id of a session to be shown again."""

    left = Signal()
    replay = Signal(str)
    loaded = Signal()

    def __init__(self, kept: KeptSessions, theme: Theme = DARK, message: str = "") -> None:
        super().__init__()
        self._kept, self._message = kept, message
        self.calendar, self.list, self.trends = DayCalendar(), SessionList(), TrendPlot()
        self.filter, self.note, self.tags = QLineEdit(), QLineEdit(), QLineEdit()
        self.buttons: dict[str, QPushButton] = {}
        self._title, self._says = label("prompt"), label("title")
        self.keys = HISTORY_KEYS
        self._theme, self._scale = theme, 1.0
        self._working: Work[History] | Work[Path] | None = None
        self._arrange()
        self.paint_in(theme)
        self.list.chosen.connect(self._on_chosen)
        self.filter.textChanged.connect(self._on_filter)
        self.calendar.clicked.connect(self._on_day)
        self.calendar.activated.connect(self._on_day)
        for field in (self.note, self.tags):
            field.editingFinished.connect(self._on_edited)
        self._on_chosen(None)
        self._say(_("Reading sessions …"))
        self._working = Work(self, kept.load, self._show, self._fail)

    def paint_in(self, theme: Theme) -> None:
        """Takes the colours of `theme`."""
        self._theme = theme
        self.setStyleSheet(style_sheet(theme, self._scale))
        self.calendar.paint_in(theme)
        self.trends.paint_in(theme)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 (Qt's name)
        """Type grows with the window; in a narrow one the list comes first, and the plots go."""
        size = event.size()
        narrow = size.width() < NARROW_PX
        scale = scale_for(size.width(), size.height())
        if scale != self._scale:
            self._scale = scale
            self.paint_in(self._theme)
        self._looking_back.setVisible(not narrow)
        super().resizeEvent(event)

    @property
    def says(self) -> str:
        """What the page has to tell."""
        return self._says.text()

    def _show(self, history: History) -> None:
        name = history.wearer.shown if history.wearer else ""
        set_text(self._title, _("History of {name}").format(name=name) if name else _("History"))
        self.calendar.show_history(history)
        self.trends.show_history(history)
        self.list.show_history(history)
        notices = " ".join(history.notices)
        none = "" if history.entries else _("No sessions yet.")
        self._say(self._message or notices or none)
        self._on_filter(self.filter.text())
        self.loaded.emit()

    def _say(self, text: str) -> None:
        set_text(self._says, text)
        self._says.setVisible(bool(text))

    def _fail(self, sentence: str) -> None:
        self._say(sentence)
        self.loaded.emit()

    def _on_chosen(self, entry: Entry | None) -> None:
        for field, text in (
            (self.note, entry.note if entry else ""),
            (self.tags, " ".join(entry.tags) if entry else ""),
        ):
            field.setText(text)
            field.setEnabled(entry is not None)
        for made in (self.buttons["R"], self.buttons["P"]):
            made.setEnabled(entry is not None)
        if entry is not None and entry.day is not None:
            self.calendar.setSelectedDate(QDate(entry.day.year, entry.day.month, entry.day.day))

    def _on_day(self, day: QDate) -> None:
        self.list.choose_day(date(day.year(), day.month(), day.day()))

    def _on_filter(self, text: str) -> None:
        left = self.list.filter(text)
        if text:
            self._say(ngettext("{n} session fits.", "{n} sessions fit.", left).format(n=left))

    def _on_edited(self) -> None:
        entry = self.list.entry
        text, tags = self.note.text(), tuple(tag.lstrip("#") for tag in self.tags.text().split())
        if entry is None or (text, tags) == (entry.note, entry.tags):
            return
        self._working = Work(self, lambda: self._kept.keep_note(entry.id, text, tags), self._show, self._fail)

    def _report(self) -> None:
        entry = self.list.entry
        if entry is not None:
            self._say(_("Opening the report …"))
            self._working = Work(self, lambda: self._kept.report(entry.id), self._open, self._fail)

    def _open(self, path: Path) -> None:
        opened = open_file(str(path))
        self._say("" if opened else _("The report is in {path}").format(path=path))
        self.loaded.emit()

    def _replay(self) -> None:
        entry = self.list.entry
        if entry is not None:
            self.replay.emit(entry.id)

    def _arrange(self) -> None:
        head = QHBoxLayout()
        head.addWidget(self._title, 1)
        head.addWidget(label("faint", _("F: filter   N: note   T: tags   D: dark or light   F1: keys")))
        self._looking_back = QWidget()
        looking_back = QVBoxLayout(self._looking_back)
        looking_back.setContentsMargins(0, 0, 0, 0)
        looking_back.addWidget(self.calendar, 3)
        looking_back.addWidget(self.trends, 3)
        sessions = QVBoxLayout()
        sessions.addWidget(self.filter)
        sessions.addWidget(self.list, 1)
        for text, field in ((_("Note"), self.note), (_("Tags"), self.tags)):
            row = QHBoxLayout()
            row.addWidget(label("", text))
            row.addWidget(field, 1)
            sessions.addLayout(row)
        parts = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        parts.addLayout(sessions, 3)
        parts.addWidget(self._looking_back, 2)
        self._says.setWordWrap(True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(head)
        layout.addWidget(self._says)
        layout.addLayout(parts, 1)
        layout.addLayout(self._bottom())
        self._bind_fields()

    def _bottom(self) -> FlowLayout:
        row = FlowLayout()
        for key, text, do in (
            ("R", _("Open the report"), self._report),
            ("P", _("Replay"), self._replay),
            ("Q", _("Back"), self.left.emit),
        ):
            self.buttons[key] = button(text, key, do)
            row.addWidget(self.buttons[key])
        return row

    def _bind_fields(self) -> None:
        """A letter that is typed into a field is text; outside of it leads there."""
        enter_presses(self)
        bind(self, "Esc", self._escape)
        for key, field in (("F", self.filter), ("N", self.note), ("T", self.tags)):
            bind(self, key, lambda field=field: field.setFocus(Qt.FocusReason.ShortcutFocusReason))
        for named, text in (
            (self.filter, _("Filter: words, dates, #tags")),
            (self.note, _("Note")),
            (self.tags, _("Tags")),
            (self.list, _("Last sessions")),
            (self.calendar, _("days")),
        ):
            named.setAccessibleName(text)
        self.filter.setPlaceholderText(_("Filter: words, dates, #tags"))
        self.note.setPlaceholderText(_("What there is to say about this session"))
        self.tags.setPlaceholderText(_("tags, with blanks between"))
        self.filter.setClearButtonEnabled(True)

    def _escape(self) -> None:
        """Out of a field first, then off the page."""
        if any(field.hasFocus() for field in (self.filter, self.note, self.tags)):
            self.list.setFocus()
        else:
            self.left.emit()
