"""What the history page can do with stored sessions; no Qt here.

Invariant: every method may take long and is called off the window's thread; each opens the store anew.
"""

from datetime import datetime
from pathlib import Path

from monitor.day_plan.reminders import Reminder
from monitor.history.totals import History, history
from monitor.settings import read_settings
from monitor.store import Session, Store
from monitor.store.notes import Note, write_note

REPORT = "report.html"


class KeptSessions:
    """The sessions in `store` of one wearer, of the last one without an id."""

    def __init__(self, store: Store, wearer: str | None = None) -> None:
        self._store, self._wearer = store, wearer

    def load(self) -> History:
        """Everything there is."""
        return history(self._store, self._wearer)

    def keep_note(self, session: str, text: str, tags: tuple[str, ...]) -> History:
        """Keeps what was written about a session."""
        write_note(self._store.find(session), Note(text, tags))
        return self.load()

    def report(self, session: str) -> Path:
        """The session's report, written now if there is none."""
        found = self._store.find(session)
        path = found.folder / REPORT
        if not path.exists():
            # Slow to load, and seldom needed.
            from monitor.report.written import write_report
            from monitor.results.analyzed import analyzed

            results = analyzed(session, self._store)
            results.write()
            write_report(results, path)
        return path

    def remind(self, reminder: Reminder, now: datetime) -> bool:
        """Whether the wearer was reminded of what is due; nobody is in the silent hours."""
        if read_settings(self._store.home).silent_at(now.time()):
            return False
        found = self.load()
        return reminder.look(found.plan, found.practised, now)

    def find(self, session: str) -> Session:
        """A session, to be shown again."""
        return self._store.find(session)
