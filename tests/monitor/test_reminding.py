"""Reminders from the window that waits: once, at their time, and none in the silent hours."""

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from datetime import datetime, time, timedelta
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from monitor.day_plan.reminders import Reminder
from monitor.live_window.kept_sessions import KeptSessions
from monitor.live_window.reminding import Reminding
from monitor.settings import SETTINGS
from monitor.store import Store
from tests.monitor.stores import clamp, stored

AFTERNOON = datetime(2026, 3, 30, 15, 0).astimezone()


class Told:
    """What the desktop would have shown."""

    def __init__(self, home: Path) -> None:
        self.said: list[tuple[str, str]] = []
        self.store = Store(home)
        self.kept = KeptSessions(self.store)
        self.reminder = Reminder(lambda title, text: self.said.append((title, text)))


@pytest.fixture
def told(tmp_path: Path) -> Told:
    """A wearer whose last clamp was yesterday."""
    made = Told(tmp_path)
    stored(made.store, AFTERNOON - timedelta(days=1), "clamp", clamp(900.0))
    return made


def test_what_is_due_is_said_once(told: Told) -> None:
    assert told.kept.remind(told.reminder, AFTERNOON)
    assert not told.kept.remind(told.reminder, AFTERNOON + timedelta(minutes=1))
    (title, text) = told.said[0]
    assert (title, len(told.said)) == ("Knees together", 1)
    assert "Clamp" in text


def test_silent_hours_are_silent(told: Told) -> None:
    (told.store.home / SETTINGS).write_text(f"silent_from = {time(14)}\nsilent_until = {time(16)}\n")
    assert not told.kept.remind(told.reminder, AFTERNOON)
    assert told.said == []
    assert told.kept.remind(told.reminder, AFTERNOON + timedelta(hours=1))


def test_the_window_looks_off_its_own_thread(told: Told, qtbot: QtBot) -> None:
    looked: list[datetime] = []

    class Kept(KeptSessions):
        def remind(self, reminder: Reminder, now: datetime) -> bool:
            looked.append(now)
            return super().remind(reminder, now)

    before = [True]
    waiting = Reminding(lambda: Kept(told.store), lambda: before[0], told.reminder)
    waiting.look()
    # Who sits before the plan needs nobody to remind him of it.
    assert not waiting.busy
    before[0] = False
    waiting.look()
    qtbot.waitUntil(lambda: len(looked) == 1)
    waiting.close()
    assert abs(looked[0] - datetime.now().astimezone()) < timedelta(minutes=1)


def test_a_store_that_cannot_be_read_does_not_end_the_reminders(told: Told, qtbot: QtBot) -> None:
    (told.store.home / SETTINGS).write_text("nonsense = 1\n")
    waiting = Reminding(lambda: told.kept, lambda: False, told.reminder)
    waiting.look()
    qtbot.waitUntil(lambda: not waiting.busy)
    (told.store.home / SETTINGS).unlink()
    waiting.look()
    qtbot.waitUntil(lambda: not waiting.busy)
    waiting.close()
