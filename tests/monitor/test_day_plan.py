"""The day plan counts what was done on the wearer's own days and reminds only of what is due."""

from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from monitor.day_plan.goals import PLAN_FILE, DayPlan, Goal, Reminders, read_plan
from monitor.day_plan.notification import notify
from monitor.day_plan.practised import Practised, practised_of
from monitor.day_plan.reminders import Reminder, due_goals, next_reminder
from monitor.day_plan.standing import day_standing
from monitor.day_plan.streak import Streak, streak
from sensor.errors import ConfigError

ZONE = timezone(timedelta(hours=1))
DAY = date(2026, 3, 20)
CLAMP = DayPlan((Goal("clamp", minutes=15, times=3, most_times=5),))


def at(hour: float, day: date = DAY, zone: timezone | ZoneInfo = ZONE) -> datetime:
    return datetime(day.year, day.month, day.day, int(hour), round(hour % 1 * 60), tzinfo=zone)


def clamped(hour: float, minutes: float = 15.0, day: date = DAY) -> Practised:
    return Practised("clamp", at(hour, day), minutes)


def days_before(*ago: int) -> list[date]:
    return [DAY - timedelta(days=n) for n in ago]


def test_the_default_is_the_method() -> None:
    goals = {g.exercise: g for g in read_plan(Path("/nowhere")).goals}
    assert (goals["clamp"].times, goals["clamp"].most_times, goals["clamp"].minutes) == (3, 5, 15)
    assert goals["check"].every_days == 7
    assert goals["seated_twist"].repetitions == 20
    assert "wrap" not in goals


def test_minutes_add_up_to_times() -> None:
    standing = day_standing(CLAMP, [clamped(8), clamped(9, 7.5), clamped(12, 5.5)], DAY).goals[0]
    assert standing.times == 1
    assert standing.amount == pytest.approx(28.0)
    assert standing.share == pytest.approx(28 / 45)
    assert day_standing(CLAMP, [clamped(8, 14.5)], DAY).goals[0].times == 1
    assert day_standing(CLAMP, [clamped(8, 14.0)], DAY).goals[0].times == 0
    assert day_standing(CLAMP, [clamped(h) for h in (8, 12, 18)], DAY).missing == ()


def test_a_weekly_goal_counts_the_last_seven_days() -> None:
    plan = DayPlan((Goal("check", repetitions=3, every_days=7),))
    done = Practised("check", at(9, DAY - timedelta(days=6)), repetitions=3)
    assert day_standing(plan, [done], DAY).goals[0].reached
    later = day_standing(plan, [done], DAY + timedelta(days=1)).goals[0]
    assert not later.reached
    assert later.last == done.day


def test_a_session_stays_on_the_day_the_wearer_had_then() -> None:
    tokyo = Practised("clamp", datetime(2026, 3, 20, 0, 30, tzinfo=ZoneInfo("Asia/Tokyo")), 15.0)
    assert day_standing(CLAMP, [tokyo], DAY).goals[0].times == 1
    assert day_standing(CLAMP, [tokyo], DAY - timedelta(days=1)).goals[0].times == 0
    before_midnight = clamped(23.9)
    assert day_standing(CLAMP, [before_midnight], DAY + timedelta(days=1)).goals[0].times == 0


@pytest.mark.parametrize(
    ("ago", "expected"),
    [
        ((), Streak()),
        ((0,), Streak(1, 1)),
        ((1,), Streak(1, 1)),
        ((0, 1, 2), Streak(3, 3)),
        ((1, 2, 3), Streak(3, 3)),
        ((0, 2, 3), Streak(4, 3)),
        ((2, 3), Streak(3, 2)),
        ((3, 4), Streak()),
        ((0, 3, 4), Streak(1, 1)),
        ((0, 2, 4, 6), Streak(7, 4)),
    ],
)
def test_a_missed_day_is_told_and_two_end_the_streak(ago: tuple[int, ...], expected: Streak) -> None:
    assert streak(days_before(*ago), DAY) == expected


def test_a_day_counts_when_a_daily_goal_was_done_once() -> None:
    plan = DayPlan((*CLAMP.goals, Goal("check", repetitions=3, every_days=7)))
    sessions = [clamped(9), clamped(9, 4.0, DAY - timedelta(days=1))]
    assert day_standing(plan, sessions, DAY).streak == Streak(1, 1)
    checked = Practised("check", at(9, DAY - timedelta(days=1)), repetitions=3)
    assert day_standing(plan, [clamped(9), checked], DAY).streak == Streak(1, 1)


def test_reminders_are_spread_over_the_day() -> None:
    assert next_reminder(CLAMP, [], at(7)) == at(9)
    assert next_reminder(CLAMP, [], at(10.5)) == at(10.5)
    assert next_reminder(CLAMP, [clamped(9)], at(9.5)) == at(13)
    assert next_reminder(CLAMP, [clamped(9), clamped(10)], at(10.5)) == at(17)
    assert next_reminder(CLAMP, [clamped(h) for h in (9, 10, 11)], at(11.5)) is None


def test_no_reminder_soon_after_a_session_or_at_night_or_when_off() -> None:
    assert next_reminder(CLAMP, [clamped(13.5, 5)], at(14)) == at(14.5)
    assert next_reminder(CLAMP, [], at(21.5)) is None
    assert next_reminder(CLAMP, [clamped(20.5, 5)], at(20.75)) is None
    assert next_reminder(DayPlan(CLAMP.goals, Reminders(on=False)), [], at(10)) is None


def test_a_clock_that_was_put_back_reminds_neither_in_the_past_nor_never() -> None:
    assert next_reminder(CLAMP, [clamped(18)], at(10)) == at(13)
    assert next_reminder(CLAMP, [clamped(9, day=DAY + timedelta(days=1))], at(10)) == at(10)


def test_a_day_of_23_hours_has_its_reminders() -> None:
    zone = ZoneInfo("Europe/Berlin")
    spring = date(2026, 3, 29)
    assert next_reminder(CLAMP, [], at(1, spring, zone)) == at(9, spring, zone)


def test_due_is_what_the_time_of_day_asks_for() -> None:
    standing = day_standing(CLAMP, [clamped(9)], DAY)
    assert due_goals(CLAMP, standing, at(12)) == ()
    assert due_goals(CLAMP, standing, at(13)) == CLAMP.goals


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ('[[goals]]\nexercise = "clamp"\nminute = 3', "minute"),
        ('[[goals]]\nexercise = "clamp"', "minutes or repetitions"),
        ('[[goals]]\nexercise = "clamp"\nminutes = 3\nrepetitions = 3', "minutes or repetitions"),
        ('[[goals]]\nexercise = "clamp"\nminutes = 3\ntimes = 0', "at least 1"),
        ('[[goals]]\nexercise = "clamp"\nminutes = 3\ntimes = 3\nmost_times = 2', "most_times"),
        ("goals = []\n[reminders]\nfirst = 22:00:00", "later in the day"),
        ('goals = []\n[reminders]\nfirst = "nine"', "reminders.first"),
    ],
)
def test_a_plan_that_cannot_be_is_refused_in_one_line(tmp_path: Path, text: str, word: str) -> None:
    (tmp_path / PLAN_FILE).write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match=word):
        read_plan(tmp_path)


def test_an_own_plan_takes_the_place_of_the_default(tmp_path: Path) -> None:
    (tmp_path / PLAN_FILE).write_text('[[goals]]\nexercise = "walk"\nminutes = 20\n', encoding="utf-8")
    assert [g.exercise for g in read_plan(tmp_path).goals] == ["walk"]


def test_a_session_adds_what_its_summary_says() -> None:
    clamp = {"holds": {"net_s": 600.0}, "exercise_s": 900.0, "check": []}
    assert practised_of("clamp", at(9), clamp) == Practised("clamp", at(9), 10.0, 0)
    twist = {"exercise_s": 120.0, "repetitions": {"seated_twist": {"left": {"ok": 9, "short": 1}, "right": {"ok": 10}}}}
    assert practised_of("seated_twist", at(9), twist) == Practised("seated_twist", at(9), 2.0, 19)
    assert practised_of("check", at(9), {"check": [{}, {}, {}]}).repetitions == 3
    assert practised_of("walk", at(9), {"length_s": 300.0}).minutes == 5.0
    assert practised_of("clamp", at(9), {"holds": None, "repetitions": [1]}) == Practised("clamp", at(9))


def test_the_wearer_is_reminded_once_in_a_pause_and_not_when_done() -> None:
    said: list[str] = []
    reminder = Reminder(lambda _title, text: said.append(text))
    assert not reminder.look(CLAMP, [], at(8))
    assert [reminder.look(CLAMP, [], at(h)) for h in (9, 9.5, 10, 10.5)] == [True, False, True, False]
    assert said[0] == "Now due: Clamp"
    assert not reminder.look(CLAMP, [clamped(h) for h in (9, 10, 11)], at(18))
    assert reminder.look(CLAMP, [], at(9))


def test_a_machine_without_a_desktop_is_silent(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    for name in ("DBUS_SESSION_BUS_ADDRESS", "DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    notify("Knees together", "Clamp")
    assert capfd.readouterr() == ("", "")
