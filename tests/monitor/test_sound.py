"""Tones can be told apart, do not click, and a machine without audio stays silent."""

import miniaudio
import numpy as np
import pytest

from monitor.coach.plan import Doing, Tone
from monitor.coach.signals import Prompted
from monitor.sound import tones as sound
from monitor.sound.tones import Sound, samples


class Device:
    """An audio device that asks for pieces of 256 frames."""

    def __init__(self) -> None:
        self.heard = np.zeros(0, np.int16)
        self.closed = False

    def start(self, playing: sound.Playing) -> None:
        for _ in range(400):
            self.heard = np.concatenate((self.heard, np.frombuffer(playing.send(256), np.int16)))

    def stop(self) -> None:
        self.heard = np.zeros(0, np.int16)

    def close(self) -> None:
        self.closed = True


@pytest.mark.parametrize("tone", [t for t in Tone if t is not Tone.NONE])
def test_tones_begin_and_end_softly_and_keep_to_the_volume(tone: Tone) -> None:
    made = samples(tone, 0.5)
    assert 0.1 < len(made) / sound.RATE_HZ < 1.5
    assert abs(int(made[0])) < 200
    assert abs(int(made[-1])) < 200
    assert np.abs(made).max() <= 0.5 * 32767


def test_no_two_tones_sound_the_same() -> None:
    assert len({samples(t).tobytes() for t in Tone}) == len(Tone)


def test_a_prompt_plays_its_tone_to_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    device = Device()
    monkeypatch.setattr(sound, "_device", lambda: device)
    playing = Sound()
    playing(Prompted(0.0, Doing.CLOSE, "Close", Tone.START))
    expected = samples(Tone.START)
    np.testing.assert_array_equal(device.heard[: len(expected)], expected)
    assert not device.heard[len(expected) :].any()
    playing.close()
    assert device.closed


def test_a_machine_without_audio_is_silent(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    def none(**_: object) -> None:
        raise miniaudio.MiniaudioError("no device")

    monkeypatch.setattr(miniaudio, "PlaybackDevice", none)
    silent = Sound()
    silent.play(Tone.ALARM)
    silent.close()
    assert capfd.readouterr() == ("", "")
