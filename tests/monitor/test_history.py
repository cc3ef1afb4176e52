"""The history counts every session once, on the wearer's own day, and says only what it knows."""

from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from pathlib import Path

import pytest
from rich.console import Console

from monitor.history.text import history_view, result_text
from monitor.history.totals import history
from monitor.store import HOME_VARIABLE, Store
from monitor.store.notes import set_note
from monitor.store.wearers import Wearers
from sensor.wearer import Wearer
from tests.monitor.command_line import CommandLine
from tests.monitor.stores import check, clamp, stored

TODAY = date(2026, 3, 20)


def at(day: date, hour: int = 9, offset_h: int = 1) -> datetime:
    zone = timezone(timedelta(hours=offset_h))
    return datetime(day.year, day.month, day.day, hour, tzinfo=zone)


def shown(store: Store, width: int = 100) -> str:
    console = Console(width=width, record=True, file=Path("/dev/null").open("w"))  # noqa: SIM115
    with console.file:
        console.print(history_view(history(store), TODAY))
        return console.export_text()


def test_days_goals_and_streak(tmp_path: Path) -> None:
    store = Store(tmp_path)
    for hour in (8, 12, 18):
        stored(store, at(TODAY - timedelta(days=1), hour), "clamp", clamp(900))
    stored(store, at(TODAY - timedelta(days=2)), "clamp", clamp(600))
    found = history(store)
    assert found.days[TODAY - timedelta(days=1)].clamp_min == 45
    assert found.standing(TODAY - timedelta(days=1)).goals[0].reached
    assert not found.standing(TODAY - timedelta(days=2)).goals[0].reached
    assert "45✓" in shown(store)


def test_the_day_is_the_wearers_own(tmp_path: Path) -> None:
    store = Store(tmp_path)
    stored(store, at(TODAY, 23, offset_h=8), "clamp", clamp(900))
    assert list(history(store).days) == [TODAY]


def test_a_session_without_results_is_listed(tmp_path: Path) -> None:
    store = Store(tmp_path)
    session = stored(store, at(TODAY), "clamp", None)
    broken = stored(store, at(TODAY, 10), "clamp", clamp(60))
    (broken.results / "summary.json").write_text("{", encoding="utf-8")
    (broken.folder / "session.toml").unlink()
    found = history(store)
    assert [e.analyzed for e in found.entries] == [False, False]
    assert found.entries[1].day is None
    assert f"  kneegap analyze {session.folder.name}" in shown(store, 80).splitlines()


@pytest.mark.parametrize(("exercise", "said"), [("wrap", "14.5 min exercised"), ("clamp", "nothing counted")])
def test_of_what_is_not_counted_the_time_is_told(tmp_path: Path, exercise: str, said: str) -> None:
    stored(Store(tmp_path), at(TODAY), exercise, {"exercise_s": 870.0})
    assert result_text(history(Store(tmp_path)).entries[0]) == said


def test_a_sessions_id_is_whole_at_eighty_columns(tmp_path: Path) -> None:
    store = Store(tmp_path)
    session = stored(store, at(TODAY), "seated_twist", None)
    session.write_meta(replace(session.meta, simulated=True))
    assert any(line.startswith(session.folder.name) for line in shown(store, 80).splitlines())


def test_simulated_sessions_are_shown_and_count_nowhere(tmp_path: Path) -> None:
    store = Store(tmp_path)
    session = stored(store, at(TODAY), "clamp", clamp(900))
    session.write_meta(replace(session.meta, simulated=True))
    found = history(store)
    assert len(found.entries) == 1
    assert not found.days
    assert "Clamp (simulated)" in shown(store)


def test_trend_of_checks(tmp_path: Path) -> None:
    store = Store(tmp_path)
    for week in range(8):
        stored(store, at(TODAY - timedelta(days=7 * (8 - week))), "check", check(50 - 2 * week, 20 + week % 2))
    found = history(store)
    assert found.relaxed is not None
    assert found.squeezed is not None
    assert abs(7 * found.relaxed.slope_per_day + 2) < 1e-6
    assert found.relaxed.announced
    assert not found.squeezed.announced
    text = shown(store)
    assert "smaller by 14 mm" in text
    assert "no change beyond" in text


def test_an_empty_store_says_how_to_begin(tmp_path: Path) -> None:
    assert "kneegap live" in shown(Store(tmp_path))


def test_what_people_wrote_steers_no_terminal(tmp_path: Path) -> None:
    store = Store(tmp_path)
    session = stored(store, at(TODAY), "clamp", clamp(900))
    set_note(session, "red \x1b[31m[bold]note[/bold]\r\nbehind " + "a" * 1000)
    wearers = Wearers(tmp_path)
    wearers.use(wearers.add(Wearer(0.43, name="\x1b]0;title\x07Kim [/]")))
    text = shown(store)
    assert "\x1b" not in text
    assert "\x07" not in text
    assert "[bold]note[/bold]" in text
    assert "Kim [/]" in text
    assert text.count("a" * 20) < 20


def test_all_sessions_are_listed_where_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    store = Store(tmp_path)
    for day in range(20):
        stored(store, at(TODAY - timedelta(days=day)), "clamp", clamp(900))
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path))
    kneegap = CommandLine(monkeypatch, capsys)
    assert kneegap("history").out.count("_clamp ") == 15
    assert kneegap("history", "--all").out.count("_clamp ") == 20
