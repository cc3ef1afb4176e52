"""A session on a machine with nothing: no display, no adapter."""

from pathlib import Path

import pytest

from monitor.guided import guide as guided
from monitor.live_window import display
from monitor.store import HOME_VARIABLE
from sensor.radio_errors import NoAdapter
from tests.monitor.command_line import CommandLine


def test_what_a_session_lacks_is_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    def refuse(*given: object) -> None:
        del given
        raise NoAdapter

    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path))
    monkeypatch.setattr(display, "why_no_window", lambda: "libEGL.so.1 is missing")
    monkeypatch.setattr(guided, "guide", refuse)
    said = CommandLine(monkeypatch, capsys).fails("live", "--exercise", "clamp")
    assert "no Bluetooth adapter" in said
