"""Markers and wearers in and out of their files, and one test for each way in which they can be bad."""

from pathlib import Path

import pytest

from sensor.errors import BadMarkers, BadWearer, NotReadable, UnknownKey
from sensor.markers import Marker
from sensor.tables.marker_table import read_markers, write_markers
from sensor.tables.wearer_file import read_wearer, write_wearer
from sensor.wearer import Wearer

MARKERS = (
    Marker("table", -30.0, -20.0),
    Marker("spacer", 5.0, 7.5, "97"),
    Marker("my own word", 6.0, 6.0, 'with "quotes", commas'),
    Marker("exercise", 10.0, 300.25, "clamp"),
)


def test_markers_there_and_back(tmp_path: Path) -> None:
    write_markers(tmp_path / "m.csv", MARKERS)
    assert read_markers(tmp_path / "m.csv", (-31.0, 301.0)) == MARKERS


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("label,start_s,end_s,value\ntouch,5,3,\n", "line 2: touch ends at 3 s, before it starts"),
        ("label,start_s,end_s,value\ntouch,1,3,\ntouch,90,400,\n", "line 3: touch .* is outside the session"),
        ("label,start_s,end_s,value\ntouch,-90,3,\n", "outside the session"),
        ("label,start_s,end_s,value\ntouch,soon,3,\n", "'soon' is no time"),
        ("label,start_s,end_s,value\ntouch,1,nan,\n", "no time"),
        ("label,start_s,end_s,value\ntouch,1\n", "no time"),
        ("label,start_s,end_s,value\n,1,2,\n", "label is empty"),
        ("label,start_s,end_s,value\nspacer,1,2,\n", "spacer needs its width"),
        ("label,start_s,end_s,value\nspacer,1,2,9000\n", "spacer needs its width"),
        ("label,start_s,end_s,value\nexercise,1,2,crunch\n", "no exercise is called 'crunch', use check, clamp"),
        ("label,start_s,end_s,value\nexercise,1,2,\n", "no exercise is called ''"),
        ("name,from,to\ntouch,1,2\n", "the header must be"),
        ("", "the header must be"),
    ],
)
def test_bad_markers(tmp_path: Path, text: str, words: str) -> None:
    (tmp_path / "m.csv").write_text(text)
    with pytest.raises(BadMarkers, match=words):
        read_markers(tmp_path / "m.csv", (-35.0, 100.0))


def test_markers_that_are_no_text(tmp_path: Path) -> None:
    (tmp_path / "m.csv").write_bytes(b"\xff\xfe\x00\x80" * 9)
    with pytest.raises(BadMarkers):
        read_markers(tmp_path / "m.csv")
    with pytest.raises(NotReadable):
        read_markers(tmp_path / "none.csv")


def test_wearer_there_and_back(tmp_path: Path) -> None:
    wearer = Wearer(0.4325, 0.18, None, 1.7, 'Åse "安" \\ \n')
    write_wearer(tmp_path / "w.toml", wearer)
    assert read_wearer(tmp_path / "w.toml") == wearer


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("femur_mm = 4500", "femur_mm is 4500 mm, but people have"),
        ("femur_mm = 0.45", "femur_mm is 0.45 mm, but people have"),
        ("femur_mm = -450", "but people have"),
        ("femur_mm = nan", "a number of mm is wanted"),
        ("femur_mm = true", "a number of mm is wanted"),
        ('femur_mm = "long"', "a number of mm is wanted"),
        ("femur_mm = 450\nheight_mm = 17", "height_mm is 17 mm"),
        ("femur_mm = 450\nname = 3", "name is no text"),
        ("hip_width_mm = 180", "femur_mm is missing"),
        ("femur_mm 450", "is no TOML"),
    ],
)
def test_bad_wearers(tmp_path: Path, text: str, words: str) -> None:
    (tmp_path / "w.toml").write_text(text)
    with pytest.raises(BadWearer, match=words):
        read_wearer(tmp_path / "w.toml")


def test_an_unknown_size_is_refused_with_the_known_ones(tmp_path: Path) -> None:
    (tmp_path / "w.toml").write_text("femur_mm = 450\nshoe_mm = 270")
    with pytest.raises(UnknownKey, match="'shoe_mm': valid are femur_mm, hip_width_mm"):
        read_wearer(tmp_path / "w.toml")
