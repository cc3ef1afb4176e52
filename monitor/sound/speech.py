"""The coach's words, spoken by whatever synthesizer this machine has; silent without one.

The synthesizer is a program of its own that gets the text on its standard input, so that no text can be an option.
"""

import logging
import shutil
import subprocess
from collections.abc import Callable, Sequence

from analysis.update import LiveUpdate
from monitor.coach.signals import CoachEvent, Cued, Prompted, Reached
from monitor.language import language
from monitor.session.heard import Heard

_WINDOWS = (
    "Add-Type -AssemblyName System.Speech; "
    "(New-Object System.Speech.Synthesis.SpeechSynthesizer).Speak([Console]::In.ReadToEnd())"
)
# The names of their Chinese voices; English is what they speak by themselves.
_CHINESE = {"espeak-ng": ("-v", "cmn"), "espeak": ("-v", "zh"), "say": ("-v", "Tingting")}
_PROGRAMS = {
    "espeak-ng": ("--stdin",),
    "espeak": ("--stdin",),
    "say": ("-f", "-"),
    "powershell": ("-NoProfile", "-Command", _WINDOWS),
}

_log = logging.getLogger(__name__)


class Speech:
    """Speaks prompts and corrections; an observer of a session."""

    def __init__(self, silent: Callable[[], bool] = lambda: False) -> None:
        self._command = synthesizer(language())
        self._silent = silent
        self.speaking: subprocess.Popen[bytes] | None = None

    def __call__(self, event: CoachEvent | LiveUpdate | Heard) -> None:
        """Says what belongs to the event, in place of what is still being said."""
        if isinstance(event, Prompted | Cued | Reached) and self._command and event.text and not self._silent():
            self.close()
            self._say(event.text)

    def close(self) -> None:
        """Breaks off what is being said."""
        if self.speaking is not None:
            self.speaking.terminate()
            self.speaking.wait()
            self.speaking = None

    def _say(self, text: str) -> None:
        try:
            self.speaking = subprocess.Popen(
                self._command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            )
            if self.speaking.stdin is not None:
                self.speaking.stdin.write(text.encode())
                self.speaking.stdin.close()
        except OSError as error:
            _log.info("speech failed, silent from now on: %s", error)
            self._command = ()


def synthesizer(spoken: str) -> Sequence[str]:
    """The command that speaks this language on this machine; empty where there is none."""
    for program, options in _PROGRAMS.items():
        found = shutil.which(program)
        if found:
            return (found, *(_CHINESE.get(program, ()) if spoken.startswith("zh") else ()), *options)
    return ()
