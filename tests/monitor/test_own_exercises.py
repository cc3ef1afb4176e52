"""Exercises described anew, as by a physiotherapist, in files of one's own in the data folder."""

from collections.abc import Callable
from pathlib import Path

import pytest

from monitor.coach.plan_files import exercises, own_copy, own_file, program_file
from monitor.coach.plans import load_plan
from monitor.guided.start import start_offer
from monitor.store import Store
from monitor.store.home import HOME_VARIABLE
from sensor.errors import ConfigError
from tests.monitor.command_line import CommandLine


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path))
    return tmp_path


@pytest.fixture
def kneegap(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> CommandLine:
    return CommandLine(monkeypatch, capsys)


def described(name: str, change: Callable[[str], str]) -> Path:
    path = own_copy(name)
    path.write_text(change(path.read_text(encoding="utf-8")), encoding="utf-8")
    return path


def test_one_s_own_file_takes_the_place_of_the_program_s_until_it_is_deleted(home: Path) -> None:
    path = described("clamp", lambda text: text.replace("seconds = 900", "seconds = 300"))
    assert path == home / "exercises" / "clamp.toml"
    assert path.stat().st_mode & 0o077 == 0
    assert load_plan("clamp").round[0].seconds == 300
    assert own_copy("clamp").read_text(encoding="utf-8") != program_file("clamp").read_text(encoding="utf-8")
    path.unlink()
    assert load_plan("clamp").round[0].seconds == 900


@pytest.mark.parametrize("name", exercises())
@pytest.mark.usefixtures("home")
def test_every_exercise_can_be_begun_anew_and_is_whole(name: str) -> None:
    own_copy(name)
    assert load_plan(name).name == name


WRAP_WITHOUT: dict[str, tuple[Callable[[str], str], str]] = {
    "its first question": (lambda text: text.replace("stop_on_yes = true", ""), "stop_on_yes"),
    "a wall": (lambda text: text.replace("stop_on_no = true", ""), "stop_on_no"),
    "questions every five minutes": (lambda text: text.replace("every_s = 300", "every_s = 900"), "every 300 s"),
    "a quick answer": (lambda text: text.replace("wait_s = 20", "wait_s = 200"), "within 20 s"),
}


@pytest.mark.parametrize("without", WRAP_WITHOUT)
@pytest.mark.usefixtures("home")
def test_no_file_takes_the_questions_of_safety_out_of_a_wrap(without: str) -> None:
    change, said = WRAP_WITHOUT[without]
    described("wrap", change)
    with pytest.raises(ConfigError, match=said) as caught:
        load_plan("wrap")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        ('name = "clamp"', 'name = "squeeze"', "write 'clamp'"),
        ("[[round]]", "[[after]]", "has no [[round]]"),
        ("limit_s", "limt_s", "round[1].limit_s"),
    ],
)
def test_a_mistake_in_a_file_is_named_and_closes_that_exercise_alone(
    home: Path, right: str, wrong: str, said: str
) -> None:
    described("clamp", lambda text: text.replace(right, wrong))
    with pytest.raises(ConfigError) as caught:
        load_plan("clamp")
    assert said in str(caught.value)
    offers = {e.name: e.refused for e in start_offer(Store(home)).exercises}
    assert said in offers.pop("clamp")
    assert not any(offers.values())


@pytest.mark.usefixtures("home")
def test_the_command_lists_them_and_begins_one(kneegap: CommandLine) -> None:
    assert kneegap("exercises").out.count("as the program describes it") == 7
    assert str(own_file("walk")) in kneegap("exercises", "walk").out
    listed = kneegap("exercises").out
    assert (listed.count("as the program describes it"), str(own_file("walk")) in listed) == (6, True)
    own_file("walk").write_text("nonsense", encoding="utf-8")
    broken = kneegap("exercises")
    assert (broken.status, "cannot be used" in broken.out) == (0, True)
    assert "choose one of check, clamp" in kneegap.fails("exercises", "juggling")
