"""Runs `kneegap` commands in this process, through the entry that the installed command has."""

import sys
from dataclasses import dataclass

import pytest

from monitor.cli import main


@dataclass(frozen=True, slots=True)
class Ran:
    """How a command ended."""

    status: int
    out: str
    err: str


class CommandLine:
    """Types commands."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self._monkeypatch = monkeypatch
        self._capsys = capsys

    def __call__(self, *words: object) -> Ran:
        """Runs `kneegap` with these words behind it."""
        self._monkeypatch.setattr(sys, "argv", ["kneegap", *[str(word) for word in words]])
        self._capsys.readouterr()
        try:
            status = main()
        except SystemExit as ended:
            status = ended.code if isinstance(ended.code, int) else int(ended.code is not None)
        said = self._capsys.readouterr()
        return Ran(status, said.out, said.err)

    def fails(self, *words: object) -> str:
        """The one line that the command says when it cannot do its job."""
        ran = self(*words)
        assert ran.status == 1, ran
        assert ran.err.count("\n") == 1, ran.err
        assert ran.err.startswith("kneegap: ")
        assert "Traceback" not in ran.err
        assert "fault of this program" not in ran.err
        return ran.err
