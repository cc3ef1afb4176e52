"""Gentle tones for what the coach says; a machine without audio stays silent.

Invariant: sound is never needed and never in the way: it makes no error, waits for nothing and says nothing.
"""

import logging
import os
import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager

import miniaudio
import numpy as np
from numpy.typing import NDArray

from analysis.chain import LiveUpdate
from monitor.coach.plan import Tone
from monitor.coach.signals import CoachEvent, Counted, Cued, Judged, Prompted, Reached
from monitor.session.heard import Heard

RATE_HZ = 44_100
VOLUME = 0.3
FADE_S = 0.015
GAP_S = 0.05
# Notes (Hz, s) of each tone: rising to begin, falling to end, one high for what was good, short ones to count, repeated
# low to correct, insistent to stop.
NOTES: dict[Tone, tuple[tuple[float, float], ...]] = {
    Tone.NONE: (),
    Tone.START: ((523.0, 0.12), (659.0, 0.18)),
    Tone.DONE: ((659.0, 0.15), (523.0, 0.15), (392.0, 0.3)),
    Tone.GOOD: ((880.0, 0.22),),
    Tone.COUNT: ((440.0, 0.08),),
    Tone.CUE: ((294.0, 0.14), (294.0, 0.14)),
    Tone.ASK: ((440.0, 0.15), (554.0, 0.15), (440.0, 0.25)),
    Tone.ALARM: ((784.0, 0.2), (392.0, 0.2), (784.0, 0.2), (392.0, 0.4)),
}

_log = logging.getLogger(__name__)
Playing = Generator[bytes, int, None]


def samples(tone: Tone, volume: float = VOLUME) -> NDArray[np.int16]:
    """A tone as 16-bit samples; `volume` from 0 to 1."""
    parts = [np.zeros(0)]
    for frequency_hz, seconds in NOTES[tone]:
        time_s = np.arange(round(seconds * RATE_HZ)) / RATE_HZ
        # Without a fade at both ends a note begins and ends with a click.
        fade = np.minimum(np.minimum(time_s, time_s[-1] - time_s) / FADE_S, 1.0)
        parts += [np.sin(2 * np.pi * frequency_hz * time_s) * fade, np.zeros(round(GAP_S * RATE_HZ))]
    return (np.concatenate(parts) * volume * 32767).astype(np.int16)


class Sound:
    """Plays the tones of coach events, but while it is `silent`; an observer of a session.

    At volume 0 it opens no device.
    """

    def __init__(self, volume: float = VOLUME, silent: Callable[[], bool] = lambda: False) -> None:
        self._silent = silent
        self._tones = {tone: samples(tone, volume) for tone in Tone}
        self._device = _device() if volume > 0 else None

    def __call__(self, event: CoachEvent | LiveUpdate | Heard) -> None:
        """Plays what belongs to the event, over what still plays."""
        if isinstance(event, Prompted | Cued | Counted | Judged | Reached):
            self.play(event.tone)

    def play(self, tone: Tone) -> None:
        """Plays a tone, if this machine can."""
        if self._device is None or not len(self._tones[tone]) or self._silent():
            return
        try:
            self._device.stop()
            playing = _frames(self._tones[tone])
            next(playing)
            self._device.start(playing)
        except miniaudio.MiniaudioError as error:
            _log.info("sound failed, silent from now on: %s", error)
            self._device = None

    def close(self) -> None:
        """Gives the audio device back."""
        if self._device is not None:
            self._device.close()
            self._device = None


def _frames(tone: NDArray[np.int16]) -> Playing:
    """The tone piece by piece as the device asks for it, then silence."""
    at = 0
    wanted = yield b""
    while True:
        piece = tone[at : at + wanted]
        at += wanted
        wanted = yield np.pad(piece, (0, wanted - len(piece))).tobytes()


def _device() -> miniaudio.PlaybackDevice | None:
    try:
        with _quiet():
            return miniaudio.PlaybackDevice(nchannels=1, sample_rate=RATE_HZ, app_name="kneegap")
    except miniaudio.MiniaudioError as error:
        _log.info("no sound: %s", error)
        return None


@contextmanager
def _quiet() -> Generator[None]:
    """Keeps what audio libraries write to the terminal from it; they do so below Python."""
    sys.stderr.flush()
    kept = os.dup(2)
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, 2)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(null)
