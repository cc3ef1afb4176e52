"""Which language is spoken, and where that is chosen."""

from pathlib import Path

import pytest

from monitor import language
from monitor.cli.app import language_first
from monitor.coach.plans import load_plan
from tests.monitor.command_line import CommandLine


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty data folder and a system whose user speaks nothing in particular."""
    monkeypatch.setenv("KNEEGAP_HOME", str(tmp_path))
    for variable in language.LOCALE_VARIABLES:
        monkeypatch.delenv(variable, raising=False)
    return tmp_path


@pytest.mark.parametrize(
    ("wish", "meant"),
    [
        ("zh", "zh_CN"),
        ("zh_CN.UTF-8", "zh_CN"),
        ("zh-Hans-CN", "zh_CN"),
        ("zh_TW@radical", "zh_CN"),
        ("ZH-cn", "zh_CN"),
        ("en_GB", "en"),
        ("C.UTF-8", "en"),
        ("POSIX", "en"),
        ("tlh", None),
        ("", None),
    ],
)
def test_a_locale_means_the_language_that_comes_nearest(wish: str, meant: str | None) -> None:
    assert language.fitting(wish) == meant


def test_the_first_wish_that_can_be_met_is_met() -> None:
    assert language.first_fitting(["", "tlh", "zh_CN", "en"]) == "zh_CN"
    assert language.first_fitting(["tlh"]) == "en"


def test_the_option_counts_before_the_settings_and_these_before_the_locale(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    kneegap = CommandLine(monkeypatch, capsys)
    kneegap("history")
    assert language.language() == "en"
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")
    kneegap("history")
    assert language.language() == "zh_CN"
    (home / "settings.toml").write_text('language = "en"\n')
    kneegap("history")
    assert language.language() == "en"
    kneegap("history", "--lang", "zh")
    assert language.language() == "zh_CN"
    assert "choose one of en, zh_CN" in kneegap("history", "--lang", "tlh").err


def test_a_setting_that_does_not_exist_is_refused_by_name(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (home / "settings.toml").write_text('langage = "en"\n')
    assert "langage" in CommandLine(monkeypatch, capsys).fails("history")


@pytest.mark.parametrize(
    ("typed", "understood"),
    [
        (["live", "--sim", "--lang", "zh"], ["--lang", "zh", "live", "--sim"]),
        (["live", "--lang=zh", "--sim"], ["--lang=zh", "live", "--sim"]),
        (["live", "--sim"], ["live", "--sim"]),
        (["report", "--", "--lang", "zh"], ["report", "--", "--lang", "zh"]),
        (["live", "--lang"], ["live", "--lang"]),
    ],
)
def test_the_option_may_stand_behind_the_command(typed: list[str], understood: list[str]) -> None:
    assert language_first(typed) == understood


def test_a_plan_without_a_translation_stays_as_it_was_written(tmp_path: Path) -> None:
    language.use("xx", tmp_path)
    assert load_plan("clamp").title == "Clamp"


def test_what_has_no_translation_is_said_in_english(tmp_path: Path) -> None:
    language.use("xx", tmp_path)
    assert language.gettext("") == ""
    assert language.gettext("one of a kind") == "one of a kind"
    assert language.ngettext("{n} hold", "{n} holds", 2).format(n=2) == "2 holds"
