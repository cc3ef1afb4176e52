"""Speech: the coach's words reach a synthesizer's standard input, in its language, the newest first."""

from pathlib import Path

import pytest

from analysis.exercises.mistakes import Mistake
from monitor import language
from monitor.coach.plan import Tone
from monitor.coach.signals import Counted, Cued
from monitor.sound.speech import Speech, synthesizer


@pytest.fixture
def said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What a stand-in for espeak-ng was told, with its options before; it says so through a pipe that a test reads."""
    program = tmp_path / "espeak-ng"
    program.write_text(f'#!/bin/sh\n( echo "$@"; cat ) > {tmp_path}/part\nmv {tmp_path}/part {tmp_path}/said\n')
    program.chmod(0o700)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    return tmp_path / "said"


def cued(text: str) -> Cued:
    return Cued(1.0, Mistake.APART, text, Tone.CUE)


def spoken(speech: Speech, event: Cued | Counted) -> None:
    speech(event)
    if speech.speaking is not None:
        assert speech.speaking.wait(10.0) == 0


@pytest.mark.parametrize(("name", "options"), [("en", "--stdin"), ("zh_CN", "-v cmn --stdin")])
def test_a_correction_is_spoken_in_the_wearers_language(said: Path, name: str, options: str) -> None:
    language.use(name)
    spoken(Speech(), cued("--help, close your knees 双膝"))
    assert said.read_text() == f"{options}\n--help, close your knees 双膝"


def test_only_words_are_spoken_and_nothing_in_silent_hours(said: Path) -> None:
    spoken(Speech(), Counted(1.0, 3))
    spoken(Speech(lambda: True), cued("close your knees"))
    assert not said.exists()


def test_a_new_word_breaks_off_the_last_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "espeak-ng"
    program.write_text("#!/bin/sh\nexec tail -f /dev/null\n")
    program.chmod(0o700)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    speech = Speech()
    speech(cued("one"))
    first = speech.speaking
    speech(cued("two"))
    assert first is not None
    assert first.returncode is not None
    speech.close()
    assert speech.speaking is None


def test_a_machine_without_a_voice_stays_silent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert synthesizer("en") == ()
    speech = Speech()
    speech(cued("close your knees"))
    assert speech.speaking is None


def test_a_synthesizer_that_cannot_start_ends_speech_not_the_session(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "espeak-ng"
    program.write_text("#!/no/such/shell\n")
    program.chmod(0o700)
    monkeypatch.setenv("PATH", str(tmp_path))
    speech = Speech()
    speech(cued("one"))
    speech(cued("two"))
    assert speech.speaking is None
