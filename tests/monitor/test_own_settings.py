"""Sizes and settings as a form: what is refused, and what stands in which file afterwards."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import time
from pathlib import Path

import pytest

from monitor import language
from monitor.guided.own_settings import OwnSettings
from monitor.guided.own_texts import time_of_day
from monitor.guided.spacer import own_spacer_mm
from monitor.live_window.settings_form import PERSON, Field, SettingsForm
from monitor.settings import CueBy, read_settings
from monitor.store import Store
from monitor.store.wearers import Wearers
from sensor.errors import ConfigError
from sensor.tables.wearer_file import PLAUSIBLE_MM
from sensor.wearer import Wearer

KIM = Wearer(0.4215, hip_width_m=0.17, name="Kim")


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """Nothing in it."""
    return Store(tmp_path / "home")


def filled(own: OwnSettings, changed: dict[Field, str], *, new: bool = False) -> SettingsForm:
    """The form as offered, or of somebody new, with these texts."""
    texts = {**own.offer.form.texts, **(own.offer.blank if new else {}), **changed}
    return replace(own.offer.form, texts=texts, new=new)


def keep(own: OwnSettings, form: SettingsForm) -> None:
    assert own.problems(form) == {}
    own.keep(form)


def files(home: Path) -> Iterator[Path]:
    return (path for path in home.rglob("*") if path.is_file() and path.suffix != ".lock")


def test_the_first_form_is_empty_but_for_what_is_taken_without_it(store: Store) -> None:
    offer = OwnSettings(store).offer
    assert {f: t for f, t in offer.form.texts.items() if t} == {
        Field.SPACER: "67",
        Field.SILENT_FROM: "22:00",
        Field.SILENT_UNTIL: "07:00",
    }
    assert (offer.form.sound, offer.form.buzz, offer.form.speech, offer.form.volume_pct) == (True, True, False, 30)
    assert (offer.known, offer.people, offer.message) == (False, True, "")
    assert offer.languages == language.languages()


def test_the_first_person_is_kept_where_commands_find_him(store: Store) -> None:
    own = OwnSettings(store)
    keep(
        own,
        filled(own, {Field.NAME: " Kim ", Field.FEMUR: "421 mm", Field.HEIGHT: "1740", Field.SPACER: "\uff18\uff10"}),
    )
    assert own.kept
    known = Wearers(store.home).last()
    assert known is not None
    assert (known.id, known.sizes) == (own.wearer, Wearer(0.421, height_m=1.74, name="Kim"))
    assert own_spacer_mm(Wearers(store.home).folder(known.id)) == 80.0
    again = OwnSettings(store, known.id).offer
    assert again.known
    kept = {Field.NAME: "Kim", Field.FEMUR: "421", Field.HEIGHT: "1740", Field.SPACER: "80"}
    assert again.form == filled(own, kept)
    assert not (store.home / "settings.toml").exists()
    assert {path.stat().st_mode & 0o077 for path in files(store.home)} == {0}


def test_only_what_was_changed_is_written_and_what_stood_beside_it_stays(store: Store) -> None:
    wearers = Wearers(store.home)
    kim = wearers.add(KIM)
    file = wearers.folder(kim.id) / "wearer.toml"
    file.write_text("# taped by Ann\n" + file.read_text(encoding="utf-8") + "# 2026\n", encoding="utf-8")
    settings = store.home / "settings.toml"
    settings.write_text('grading = "mine" # see there\nvolume = 0.333\nsilent_from = 22:15:30\n', encoding="utf-8")
    own = OwnSettings(store)
    # Shown in whole mm, kept as measured.
    assert own.offer.form.texts[Field.FEMUR] == "422"
    keep(own, replace(filled(own, {Field.KNEE_WIDTH: "105", Field.HIP_WIDTH: ""}), speech=True))
    assert (
        file.read_text(encoding="utf-8")
        == '# taped by Ann\nfemur_mm = 421.5\nname = "Kim"\n# 2026\nknee_width_mm = 105\n'
    )
    assert settings.read_text(encoding="utf-8") == (
        'grading = "mine" # see there\nvolume = 0.333\nsilent_from = 22:15:30\nspeech = true\n'
    )
    assert not (wearers.folder(kim.id) / "spacer.toml").exists()


def test_an_unchanged_form_writes_nothing(store: Store) -> None:
    Wearers(store.home).add(KIM)
    before = {path: path.stat().st_mtime_ns for path in files(store.home)}
    own = OwnSettings(store)
    keep(own, own.offer.form)
    assert not own.kept
    assert {path: path.stat().st_mtime_ns for path in files(store.home)} == before


@pytest.mark.parametrize(("sound", "buzz"), [(True, True), (True, False), (False, True), (False, False)])
def test_every_setting_comes_back(store: Store, *, sound: bool, buzz: bool) -> None:
    own = OwnSettings(store)
    texts = {Field.SILENT_FROM: "23", Field.SILENT_UNTIL: "6.45"}
    form = replace(filled(own, texts), sound=sound, buzz=buzz, volume_pct=55, speech=True, language="zh_CN")
    keep(own, form)
    found = read_settings(store.home)
    assert (found.cue.sounds, found.cue.buzzes) == (sound, buzz)
    assert (found.volume, found.speech, found.language) == (0.55, True, "zh_CN")
    assert (found.silent_from, found.silent_until) == (time(23), time(6, 45))
    assert OwnSettings(store).offer.form == replace(
        form, texts={**form.texts, Field.SILENT_FROM: "23:00", Field.SILENT_UNTIL: "06:45"}
    )
    assert Wearers(store.home).known() == ()


def test_another_language_is_spoken_at_once(store: Store) -> None:
    own = OwnSettings(store)
    keep(own, replace(own.offer.form, language="zh_CN"))
    assert language.language() == "zh_CN"
    own = OwnSettings(store)
    keep(own, replace(own.offer.form, language=""))
    assert (language.language(), read_settings(store.home).language) == ("en", "")


def test_a_setting_alone_leaves_the_language_that_the_command_was_given(store: Store) -> None:
    language.use("zh_CN")
    own = OwnSettings(store)
    keep(own, replace(own.offer.form, buzz=False))
    assert (language.language(), read_settings(store.home).cue) == ("zh_CN", CueBy.SOUND)


def test_somebody_new_is_added_and_wears_the_straps_from_now(store: Store) -> None:
    wearers = Wearers(store.home)
    kim = wearers.add(KIM)
    own = OwnSettings(store)
    keep(own, filled(own, {Field.NAME: "Lee", Field.FEMUR: "400", Field.SPACER: "91"}, new=True))
    assert [w.name for w in wearers.known()] == ["Kim", "Lee"]
    last = wearers.last()
    assert last is not None
    assert (last.name, last.id) == ("Lee", own.wearer)
    assert own_spacer_mm(wearers.folder(own.wearer)) == 91.0
    assert own_spacer_mm(wearers.folder(kim.id)) == 67.0
    assert wearers.find("Kim").sizes == KIM


@pytest.mark.parametrize("field", PLAUSIBLE_MM)
def test_sizes_have_the_limits_of_their_file(store: Store, field: str) -> None:
    own, (low, high) = OwnSettings(store), PLAUSIBLE_MM[field]
    for text, wrong in ((low - 1, True), (low, False), (high, False), (high + 1, True)):
        told = own.problems(filled(own, {Field.FEMUR: "420", Field(field): f"{text:.0f}"}))
        assert (Field(field) in told) == wrong
        assert set(told) <= {Field(field)}


@pytest.mark.parametrize(
    ("field", "text", "words"),
    [
        (Field.FEMUR, "42", "Is it 420?"),
        (Field.FEMUR, "42,5", "whole millimetres"),
        (Field.HIP_WIDTH, "wide", "whole millimetres"),
        (Field.KNEE_WIDTH, "-100", "whole millimetres"),
        (Field.HEIGHT, "174", "Is it 1740?"),
        (Field.HEIGHT, "99999", "800 to 2500"),
        (Field.SPACER, "", "such as 67"),
        (Field.SPACER, "19", "20 to 300"),
        (Field.SPACER, "301", "20 to 300"),
        (Field.SILENT_FROM, "", "such as 22:30"),
        (Field.SILENT_FROM, "24:00", "such as 22:30"),
        (Field.SILENT_UNTIL, "7:5", "such as 22:30"),
        (Field.SILENT_UNTIL, "early", "such as 22:30"),
    ],
)
def test_what_cannot_be_kept_is_told_in_one_line_at_its_field(
    store: Store, field: Field, text: str, words: str
) -> None:
    own = OwnSettings(store)
    told = own.problems(filled(own, {Field.FEMUR: "420", field: text}))
    assert set(told) == {field}
    assert words in told[field]
    assert "\n" not in told[field]


def test_without_a_femur_nobody_is_kept(store: Store) -> None:
    own = OwnSettings(store)
    for field in (Field.NAME, Field.HIP_WIDTH, Field.KNEE_WIDTH):
        assert set(own.problems(filled(own, {field: "120"}))) == {Field.FEMUR}
    assert own.problems(filled(own, {Field.SPACER: "90"})) == {}
    Wearers(store.home).add(KIM)
    own = OwnSettings(store)
    assert set(own.problems(filled(own, {Field.FEMUR: ""}))) == {Field.FEMUR}
    assert set(own.problems(filled(own, {}, new=True))) == {Field.FEMUR, Field.NAME}


def test_two_people_can_be_told_apart_by_name(store: Store) -> None:
    wearers = Wearers(store.home)
    wearers.add(KIM)
    lee = wearers.add(Wearer(0.4, name="Lee"))
    own = OwnSettings(store, lee.id)
    for name in ("kim", "unnamed", ""):
        assert set(own.problems(filled(own, {Field.NAME: name}))) == {Field.NAME}
    assert set(own.problems(filled(own, {Field.NAME: "Lee", Field.FEMUR: "400"}, new=True))) == {Field.NAME}
    assert own.problems(filled(own, {Field.NAME: "LEE"})) == {}
    wearers.add(Wearer(0.41, name="Kim"))
    assert set(own.problems(filled(own, {Field.NAME: "Kim"}))) == {Field.NAME}


def test_who_had_no_sizes_keeps_his_spacer(store: Store) -> None:
    own = OwnSettings(store)
    keep(own, filled(own, {Field.SPACER: "90"}))
    assert OwnSettings(store).offer.form.texts[Field.SPACER] == "90"
    own = OwnSettings(store)
    keep(own, filled(own, {Field.FEMUR: "420"}))
    assert own_spacer_mm(Wearers(store.home).folder(own.wearer)) == 90.0


def test_simulated_straps_are_nobody_s(store: Store) -> None:
    wearers = Wearers(store.home)
    kim = wearers.add(KIM)
    own = OwnSettings(store, simulated=True)
    assert not own.offer.people
    assert "without --sim" in own.offer.message
    texts = {**dict.fromkeys(PERSON, "300"), Field.SILENT_FROM: "21"}
    keep(own, replace(filled(own, texts), volume_pct=10))
    assert wearers.known() == (kim,)
    assert not (wearers.folder(kim.id) / "spacer.toml").exists()
    assert (read_settings(store.home).volume, read_settings(store.home).silent_from) == (0.1, time(21))


def test_a_file_of_sizes_that_cannot_be_read_is_said_and_set_aside(store: Store) -> None:
    wearers = Wearers(store.home)
    file = wearers.folder(wearers.add(KIM).id) / "wearer.toml"
    file.write_text("femur_mm = 421.5\nshoe_size = 43\n", encoding="utf-8")
    own = OwnSettings(store)
    assert "cannot be read" in own.offer.message
    assert set(own.problems(filled(own, {Field.NAME: "Kim"}))) == {Field.FEMUR}
    keep(own, filled(own, {Field.NAME: "Kim", Field.FEMUR: "421"}))
    assert wearers.find("Kim").sizes == Wearer(0.421, name="Kim")
    assert "shoe_size" in file.with_name("wearer.toml.set_aside").read_text(encoding="utf-8")


def test_settings_with_a_mistake_are_refused_before_anything_is_written(store: Store) -> None:
    own = OwnSettings(store)
    store.home.mkdir(exist_ok=True)
    (store.home / "settings.toml").write_text("volume = \n", encoding="utf-8")
    with pytest.raises(ConfigError, match="correct that line"):
        own.keep(replace(filled(own, {Field.FEMUR: "420"}), speech=True))
    assert Wearers(store.home).known() == ()
    assert (store.home / "settings.toml").read_text(encoding="utf-8") == "volume = \n"


@pytest.mark.parametrize(
    ("text", "found"), [("7", time(7)), ("07:30", time(7, 30)), ("2230", time(22, 30)), ("22\uff1a30", time(22, 30))]
)
def test_a_time_of_day_can_be_typed_in_many_ways(text: str, found: time) -> None:
    assert time_of_day(text) == found
