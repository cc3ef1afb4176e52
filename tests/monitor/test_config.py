"""TOML onto dataclasses: what is wrong is named, with what it could have been."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from monitor.coach.plan import Plan, Tone
from monitor.coach.plan_files import exercises
from monitor.coach.plans import load_calibration, load_plan
from monitor.config import read_config
from sensor.errors import BadValue, ConfigError, UnknownKey


@dataclass(frozen=True, slots=True)
class Inner:
    width_m: float
    tone: Tone = Tone.CUE


@dataclass(frozen=True, slots=True)
class Outer:
    name: str
    count: int = 3
    inner: tuple[Inner, ...] = ()
    limit_s: float | None = None


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "some.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_file_becomes_its_dataclass(tmp_path: Path) -> None:
    path = written(tmp_path, 'name = "a"\nlimit_s = 4\n[[inner]]\nwidth_m = 1\ntone = "alarm"\n')
    assert read_config(path, Outer) == Outer("a", 3, (Inner(1.0, Tone.ALARM),), 4.0)


@pytest.mark.parametrize(
    ("text", "kind", "words"),
    [
        ('name = "a"\ncolour = 1', UnknownKey, ("'colour'", "name, count, inner, limit_s")),
        ('name = "a"\n[[inner]]\nwidth_m = 1.0\nwidht = 2', UnknownKey, ("inner[1].widht", "inner[1].width_m")),
        ("count = 2", BadValue, ("name", "is missing")),
        ('name = "a"\ncount = "two"', BadValue, ("count", "a whole number")),
        ('name = "a"\ncount = true', BadValue, ("count", "a whole number")),
        ('name = "a"\ninner = 5', BadValue, ("inner", "must be a list")),
        ('name = "a"\n[[inner]]\nwidth_m = 1\ntone = "loud"', BadValue, ("loud", "alarm")),
        ("name = ", ConfigError, ("is no TOML file",)),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, text: str, kind: type[ConfigError], words: tuple[str, ...]) -> None:
    with pytest.raises(kind) as caught:
        read_config(written(tmp_path, text), Outer)
    assert "\n" not in str(caught.value)
    assert all(word in str(caught.value) for word in words)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"none\.toml.*check its name"):
        read_config(tmp_path / "none.toml", Outer)


def test_every_exercise_of_the_contract_has_a_plan() -> None:
    assert set(exercises()) == {"check", "clamp", "knees_in", "seated_twist", "lying_press", "walk", "wrap"}
    assert all(load_plan(name).name == name for name in exercises())
    assert isinstance(load_plan("demo"), Plan)


def test_an_unknown_exercise_is_refused_with_the_choice() -> None:
    with pytest.raises(ConfigError, match=r"choose one of check, clamp"):
        load_plan("juggling")


def test_calibration_starts_on_the_table_and_marks_every_step() -> None:
    for name in ("calibration", "calibration_demo"):
        steps = load_calibration(name).steps
        assert [s.marker for s in steps] == ["table", "", "touch", "spacer", "leg_raise"]
