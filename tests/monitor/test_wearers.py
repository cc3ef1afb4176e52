"""Several people share one store: told apart by id, found by name, with their own history."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from monitor.history.totals import history
from monitor.store import HOME_VARIABLE, Store
from monitor.store.wearers import OtherSizes, SameName, UnknownWearer, Wearers
from sensor.wearer import Wearer
from tests.monitor.command_line import CommandLine
from tests.monitor.stores import clamp, stored

NOON = datetime(2026, 3, 20, 12, tzinfo=UTC)
NAMES = ("Zoë", "王小明", "Ольга", "أحمد", 'O\'Neil "Bob"', "a/b\\c", "👩‍🦽", "  ", "..", "CON")


@pytest.fixture
def kneegap(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> CommandLine:
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path / "home"))
    return CommandLine(monkeypatch, capsys)


def sizes_file(folder: Path, name: str, femur_mm: float = 430) -> Path:
    path = folder / f"{name}.toml"
    path.write_text(f'femur_mm = {femur_mm}\nname = "{name}"\n', encoding="utf-8")
    return path


@pytest.mark.parametrize("name", NAMES)
def test_a_name_in_any_script_is_kept_and_found(tmp_path: Path, name: str) -> None:
    wearers = Wearers(tmp_path)
    added = wearers.add(Wearer(0.43, name=name))
    assert Wearers(tmp_path).known() == (added,)
    assert wearers.find(name) == added
    assert wearers.find(added.id) == added
    assert wearers.folder(added.id).parent == tmp_path / "wearers"


def test_a_name_is_found_however_it_is_typed(tmp_path: Path) -> None:
    wearers = Wearers(tmp_path)
    added = wearers.add(Wearer(0.43, name="Zo\u00eb"))
    assert wearers.find("zoe\u0308") == added


def test_two_of_one_name_have_their_own_histories(tmp_path: Path) -> None:
    store = Store(tmp_path)
    wearers = Wearers(tmp_path)
    one, two = wearers.add(Wearer(0.43, name="Kim")), wearers.add(Wearer(0.40, name="Kim"))
    stored(store, NOON, "clamp", clamp(600), one.id)
    stored(store, NOON, "clamp", clamp(1200), two.id)
    with pytest.raises(SameName, match=one.id):
        wearers.find("kim")
    shown = history(store, one.id).wearer
    assert shown is not None
    assert shown.shown == f"Kim ({one.id})"
    assert history(store, one.id).days[NOON.date()].clamp_min == 10
    assert history(store, two.id).days[NOON.date()].clamp_min == 20


def test_the_only_wearer_has_what_names_nobody_and_the_second_does_not(tmp_path: Path) -> None:
    store, wearers = Store(tmp_path), Wearers(tmp_path)
    stored(store, NOON, "clamp", clamp(600))
    one = wearers.add(Wearer(0.43, name="Kim"))
    assert len(history(store).entries) == 1
    two = wearers.add(Wearer(0.40, name="Lee"))
    assert not history(store, two.id).entries
    assert any("names none of the wearers" in notice for notice in history(store, one.id).notices)
    assert len(history(store, wearers.find("unnamed").id).entries) == 1


def test_a_file_given_again_is_the_same_person_and_other_sizes_are_asked_about(tmp_path: Path) -> None:
    wearers = Wearers(tmp_path / "home")
    first = wearers.given(str(sizes_file(tmp_path, "Kim")))
    assert wearers.given(str(sizes_file(tmp_path, "Kim"))) == first
    assert wearers.given("Kim") == first
    assert wearers.last() == first
    with pytest.raises(OtherSizes, match=f"wearers {first.id} --sizes"):
        wearers.given(str(sizes_file(tmp_path, "Kim", 410)))
    with pytest.raises(UnknownWearer, match="Kim"):
        wearers.given("Lee")


def test_the_command_adds_changes_and_lists(tmp_path: Path, kneegap: CommandLine) -> None:
    kneegap("wearers", "--new", sizes_file(tmp_path, "Kim"))
    assert kneegap("wearers", "--new", sizes_file(tmp_path, "Kim", 410)).out.count("Kim") == 2
    ids = [line.split()[0] for line in kneegap("wearers").out.splitlines()]
    assert "ids" in kneegap.fails("history", "--wearer", "Kim")
    kneegap("wearers", ids[0], "--sizes", sizes_file(tmp_path, "Lee", 390))
    assert "390 mm" in kneegap("wearers").out
    assert "no wearer is called" in kneegap.fails("history", "--wearer", "Max")
    assert kneegap("wearers", "Kim").status == 2
    kneegap("wearers", "unnamed", "--sizes", sizes_file(tmp_path, "Max"))
    assert "Max" in kneegap("wearers").out
    assert "deleted unnamed and 0 sessions" in kneegap("delete", "--wearer", "unnamed", "--yes").out
    assert len(kneegap("wearers").out.splitlines()) == 3


def test_the_first_wearer_takes_over_what_was_measured_before(tmp_path: Path, kneegap: CommandLine) -> None:
    kneegap("measure", "--gap", 38, "--left-thigh", 520, "--date", "2026-03-01")
    kneegap("measure", "--gap", 36.5, "--date", "2026-03-15")
    kneegap("wearers", "--new", sizes_file(tmp_path, "Kim"))
    listed = kneegap("measure").out
    assert "2026-03-01  relaxed_gap        38 mm" in listed
    shown = kneegap("history").out
    assert "measured with a tape" in shown
    assert "left thigh: 520 mm on 2026-03-01" in shown


def test_a_tape_value_is_corrected_and_taken_back(tmp_path: Path, kneegap: CommandLine) -> None:
    kneegap("measure", "--gap", 38, "--date", "2026-03-01")
    assert kneegap("measure", "--gap", 37, "--date", "2026-03-01").out == "2026-03-01  relaxed_gap        37 mm\n"
    file = tmp_path / "home" / "wearers" / "unnamed" / "measurements.csv"
    file.write_text(file.read_text() + "2026-03-02,waist,700\n", encoding="utf-8")
    kneegap("measure", "--remove", "--date", "2026-03-01")
    assert file.read_text().splitlines()[1:] == ["2026-03-02,waist,700"]
    assert "people have 0 to 250 mm" in kneegap.fails("measure", "--gap", 700)
    assert kneegap("measure", "--gap", 30, "--date", "2999-01-01").status == 2
    assert kneegap("measure", "--gap", 30, "--date", "yesterday").status == 2
