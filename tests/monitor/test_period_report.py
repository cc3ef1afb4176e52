"""A period's report says what was practised, and of the outcome only what the measurements bear out."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from monitor import language
from monitor.history.totals import history
from monitor.report.document import Bullets, Document, Figure, Paragraph, Table
from monitor.report.grading import gradings, read_grading
from monitor.report.html import render
from monitor.report.period import Period, practice
from monitor.report.period_document import PeriodFacts, period_document
from monitor.store import Store
from tests.monitor.command_line import CommandLine
from tests.monitor.practised_weeks import practised_weeks

LAST = date(2026, 3, 22)
WEEKS = Period(LAST - timedelta(days=83), LAST)
MONTH = Period(LAST - timedelta(days=27), LAST)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """Twelve weeks in which the gap became smaller by 10 mm."""
    made = Store(tmp_path_factory.mktemp("weeks"))
    practised_weeks(made, LAST, 12)
    return made


def reported(store: Store, period: Period, grading: str = "") -> Document:
    scheme = read_grading(grading, store.home) if grading else None
    return period_document(PeriodFacts(history(store), period, LAST, scheme))


def said(document: Document) -> str:
    """All words of a report."""
    words = [document.headline, *(f"{t.name} {t.value}" for t in document.tiles)]
    for part in document.parts:
        if isinstance(part, Paragraph):
            words.append(part.text)
        elif isinstance(part, Bullets):
            words += part.items
        elif isinstance(part, Table):
            words += [" | ".join(row) for row in part.rows]
    return "\n".join(words)


def test_a_true_change_is_said_with_its_interval(store: Store) -> None:
    assert "Relaxed gap: smaller by" in said(reported(store, WEEKS))


def test_without_a_change_none_is_said(tmp_path: Path) -> None:
    store = Store(tmp_path)
    practised_weeks(store, LAST, 12, change_mm=0.0)
    words = said(reported(store, WEEKS))
    assert "Relaxed gap: no change beyond the measurement's own uncertainty" in words
    assert "smaller by" not in words


def test_few_measurements_are_given_without_a_trend(store: Store) -> None:
    assert "in 2 measurements, too few for a trend" in said(reported(store, Period(LAST - timedelta(days=26), LAST)))


def test_practice_is_held_against_the_plan(store: Store) -> None:
    found = practice(history(store), MONTH, LAST)
    clamp = next(a for a in found.adherence if a.goal.exercise == "clamp")
    counted = [d for day, d in history(store).days.items() if day in MONTH]
    assert clamp.spans == 28
    assert clamp.times == sum(int(d.done["clamp"].minutes / 15 + 0.05) for d in counted)
    assert clamp.reached == sum(d.done["clamp"].minutes >= 3 * 15 * 0.984 for d in counted)
    check = next(a for a in found.adherence if a.goal.exercise == "check")
    assert (check.spans, check.asked) == (4, 4)
    assert check.reached == len([e for e in found.entries if e.check])


def test_days_that_have_not_come_are_not_asked_for(store: Store) -> None:
    ahead = practice(history(store), Period(LAST - timedelta(days=6), LAST + timedelta(days=20)), LAST)
    assert ahead.asked == 7
    began = practice(history(store), Period(WEEKS.first - timedelta(days=300), LAST), LAST)
    assert began.asked == WEEKS.length


def test_periods_are_compared(store: Store) -> None:
    words = said(reported(store, MONTH))
    assert "days practised | 23/28 | " in words
    first = said(reported(store, WEEKS))
    assert "There is no session from the time before." in first


def test_a_difference_within_the_uncertainty_is_no_change(store: Store) -> None:
    assert "none beyond the measurement's uncertainty" in said(reported(store, MONTH))


def test_the_tape_stands_beside_it(store: Store) -> None:
    assert f"girth of the left thigh | 561 mm on {WEEKS.first} | 556 mm on" in said(reported(store, WEEKS))
    # What it was before the period is what a change in it is told from.
    assert f"gap relaxed, by tape | 56 mm on {WEEKS.first} | 47 mm on" in said(reported(store, MONTH))


def test_the_gap_of_a_clamp_is_no_outcome(tmp_path: Path) -> None:
    store = Store(tmp_path)
    practised_weeks(store, LAST, 1)
    only_clamps = Period(LAST - timedelta(days=5), LAST)
    words = said(reported(store, only_clamps))
    assert "No check in this time" in words
    assert "elaxed gap:" not in words


def test_no_grade_unless_it_is_asked_for(store: Store) -> None:
    assert "scheme" not in said(reported(store, MONTH))
    for name in gradings():
        words = said(reported(store, MONTH, name))
        assert read_grading(name, store.home).source in words
        assert "this is no diagnosis" in words


def test_an_empty_period_says_so(store: Store) -> None:
    long_ago = Period(date(2020, 1, 1), date(2020, 1, 7))
    document = reported(store, long_ago)
    assert document.headline == "No session in this time."
    assert "<svg" in render(document)


def test_all_figures_name_themselves(store: Store) -> None:
    drawn = [part.svg for part in reported(store, WEEKS).parts if isinstance(part, Figure)]
    assert len(drawn) == 2
    assert all('role="img" aria-label="' in svg for svg in drawn)
    assert drawn[0].count("<title>") == 2 * len([e for e in history(store).entries if e.check])


def test_reports_of_days_from_the_command_line(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("KNEEGAP_HOME", str(store.home))
    kneegap = CommandLine(monkeypatch, capsys)
    page = tmp_path / "month.html"
    assert kneegap("report", "--from", MONTH.first, "--to", LAST, "-o", page, "--lang", "zh").status == 0
    assert language.language() == "zh_CN"
    assert 'lang="zh-CN"' in page.read_text(encoding="utf-8")
    assert str(store.home) not in page.read_text(encoding="utf-8")
    assert kneegap("report", "--from", LAST, "--to", MONTH.first, "-o", page).status == 2
    assert kneegap("report", "-o", page).status == 2
    assert kneegap("report", "some session", "--from", LAST, "-o", page).status == 2


def test_a_grading_that_does_not_exist_is_refused_by_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("KNEEGAP_HOME", str(tmp_path))
    (tmp_path / "settings.toml").write_text('grading = "mine"\n')
    line = CommandLine(monkeypatch, capsys).fails("report", "--to", LAST, "-o", tmp_path / "x.html")
    assert "four_grades" in line
