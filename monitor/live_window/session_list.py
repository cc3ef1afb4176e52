"""The list of stored sessions, newest first, and which of them a filter leaves.

Invariant: a filter hides rows and forgets none; the chosen session stays chosen while it can be seen.
"""

from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem

from monitor.history.text import exercise_text, result_text
from monitor.history.totals import History
from monitor.language import gettext as _
from monitor.store.entry import Entry

WHEN = "%Y-%m-%d %H:%M"


class SessionList(QTableWidget):
    """One row a session; `chosen` is emitted with its Entry, or None."""

    chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__(0, 3)
        self._entries: list[Entry] = []
        self.setHorizontalHeaderLabels([_("when"), _("exercise"), _("result")])
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.verticalHeader().hide()
        self.horizontalHeader().setSectionResizeMode(2, QHeaderView.ResizeMode.Stretch)
        self.itemSelectionChanged.connect(lambda: self.chosen.emit(self.entry))

    @property
    def entry(self) -> Entry | None:
        """The chosen session."""
        rows = self.selectionModel().selectedRows()
        return self._entries[rows[0].row()] if rows else None

    def show_history(self, history: History) -> None:
        """Shows every session; the one that was chosen stays so."""
        before = self.entry
        self.blockSignals(True)
        self._entries = list(reversed(history.entries))
        self.setRowCount(len(self._entries))
        for row, e in enumerate(self._entries):
            when = e.started.strftime(WHEN) if e.started else e.id
            for column, text in enumerate((when, exercise_text(e), result_text(e))):
                item = QTableWidgetItem(text)
                item.setToolTip(text)
                self.setItem(row, column, item)
        for column in (0, 1):
            self.resizeColumnToContents(column)
        self.blockSignals(False)
        self.choose(before.id if before else (self._entries[0].id if self._entries else ""))

    def choose(self, session: str) -> None:
        """Chooses the session of this id."""
        row = next((i for i, e in enumerate(self._entries) if e.id == session), None)
        if row is not None:
            self.selectRow(row)
        self.chosen.emit(self.entry)

    def choose_day(self, day: date) -> None:
        """Chooses the day's last session."""
        row = next((i for i, e in enumerate(self._entries) if e.day == day and not self.isRowHidden(i)), None)
        if row is not None:
            self.selectRow(row)

    def filter(self, text: str) -> int:
        """Leaves the sessions in which every word of `text` is found; how many they are."""
        sought = text.casefold().split()
        left = 0
        for row, e in enumerate(self._entries):
            found = all(word in searched_text(e) for word in sought)
            self.setRowHidden(row, not found)
            left += found
        return left


def searched_text(entry: Entry) -> str:
    """Everything about a session that can be looked for."""
    when = entry.started.strftime(WHEN) if entry.started else ""
    tags = " ".join(f"#{tag}" for tag in entry.tags)
    parts = (entry.id, when, entry.exercise, exercise_text(entry), result_text(entry), entry.note, tags)
    return " ".join(parts).casefold()
