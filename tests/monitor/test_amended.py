"""A TOML file with other values: all else in it stays to the letter, and it reads as if it had been written anew."""

import tomllib
from datetime import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.amended import SET_ASIDE, Value, amend, amended

WRITTEN = """# mine
volume = 0.3  # not so loud
"language"="a#b"#c
names = [
  "x", # one
]

# the end
"""


def test_values_change_where_they_stand_and_new_ones_come_last() -> None:
    changed: dict[str, Value | None] = {
        "volume": 0.5,
        "language": "zh_CN",
        "speech": True,
        "silent_from": time(22, 30),
    }
    assert amended(WRITTEN, changed) == (
        WRITTEN.replace("0.3", "0.5").replace('"a#b"', '"zh_CN"') + "speech = true\nsilent_from = 22:30:00\n"
    )


def test_what_is_the_same_stays_as_it_was_written() -> None:
    text = "a = 420.0\nb = 1_000 # thousand\nc = '''\nx'''\n"
    assert amended(text, {"a": 420.0, "b": 1000.0, "c": "x"}) == text


def test_a_key_goes_and_one_of_a_table_is_another_key() -> None:
    assert amended("a = 1\nb = 2\n# t\n[t]\na = 3\n", {"a": None, "c": "d"}) == 'b = 2\n# t\nc = "d"\n\n[t]\na = 3\n'
    assert amended("a = 1", {"b": False}) == "a = 1\nb = false\n"
    assert amended("# \u2028 x = 1\n", {}) == "# \u2028 x = 1\n"
    with pytest.raises(ValueError, match="line 1"):
        amended("a =", {"b": 1.0})


VALUES = st.one_of(
    st.booleans(),
    st.floats(-1e6, 1e6).map(lambda x: round(x, 3)),
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x7f"), max_size=9),
    st.times().map(lambda t: t.replace(microsecond=0)),
)
TABLES = st.dictionaries(st.sampled_from("abcdef"), VALUES, max_size=6)


@given(TABLES, TABLES, st.sampled_from(["", "  # note", "\t#\"'"]))
def test_it_reads_as_if_written_anew(was: dict[str, Value], changed: dict[str, Value], comment: str) -> None:
    text = "".join(line + comment + "\n" for line in amended("", was).split("\n")[:-1])
    found = amended(text, changed)
    assert tomllib.loads(found) == {**was, **changed}
    assert found.count("\n") == len(was.keys() | changed.keys())


def test_a_file_that_cannot_be_read_is_set_aside(tmp_path: Path) -> None:
    path = tmp_path / "some.toml"
    path.write_text("a = \n", encoding="utf-8")
    amend(path, {"a": 1.0}, lambda _path, text: tomllib.loads(text))
    assert path.read_text(encoding="utf-8") == "a = 1\n"
    assert path.with_name("some.toml" + SET_ASIDE).read_text(encoding="utf-8") == "a = \n"
    assert path.stat().st_mode & 0o777 == 0o600
