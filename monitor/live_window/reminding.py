"""Reminders of the day plan while the window waits for the wearer; none while a session runs.

Invariant: the store is read and the desktop told off the window's thread, and nothing takes the focus.
"""

from collections.abc import Callable
from datetime import date, datetime

from PySide6.QtCore import QObject, QTimer, Signal

from monitor.day_plan.reminders import Reminder
from monitor.live_window.background import Work
from monitor.live_window.kept_sessions import KeptSessions

LOOK_MS = 60_000


class Reminding(QObject):
    """Looks once a minute what `kept` says is due; `new_day` when what is on the screen is yesterday's.

    Nobody is reminded who is `there` before the window, with the day's plan before his eyes.
    """

    new_day = Signal()

    def __init__(
        self, kept: Callable[[], KeptSessions], there: Callable[[], bool], reminder: Reminder | None = None
    ) -> None:
        super().__init__()
        self._kept, self._there = kept, there
        self._reminder = reminder or Reminder(_notify)
        self._day = date.today()
        # One look at a time.
        self.busy = False
        self._work: Work[bool] | None = None
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.look)
        self._timer.start(LOOK_MS)

    def look(self) -> None:
        """Reminds of what is due by now, off this thread."""
        now = datetime.now().astimezone()
        if now.date() != self._day:
            self._day = now.date()
            self.new_day.emit()
        if not self.busy and not self._there():
            self.busy = True
            self._work = Work(self, lambda: self._kept().remind(self._reminder, now), self._done, self._done)

    def _done(self, outcome: bool | str) -> None:
        # A store that cannot be read is told of where the wearer asks for it.
        del outcome
        self.busy = False

    def close(self) -> None:
        """No more reminders."""
        self._timer.stop()


def _notify(title: str, text: str) -> None:
    # Slow to load, and seldom needed.
    from monitor.day_plan.notification import notify

    notify(title, text)
