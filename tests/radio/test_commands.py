"""`kneegap scan`, `doctor` and `simulate`: what they print, and the one line where they cannot do their job."""

from collections.abc import Sequence
from pathlib import Path

import pytest

import sensor.link.scan
import sensor.link.strap
from firmware_sim.air.radio import SimulatedAir
from firmware_sim.air.virtual_time import run
from monitor import doctor
from monitor.doctor import Finding
from sensor.link.scan import Sighting
from sensor.samples import Placement
from tests.monitor.command_line import CommandLine
from tests.radio.sessions import LEFT, RIGHT, thighs


@pytest.fixture
def kneegap(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> CommandLine:
    return CommandLine(monkeypatch, capsys)


@pytest.fixture
def in_range(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[tuple[str, Placement]]:
    """Two straps that `scan` finds; what they are told to remember."""

    async def seen() -> Sequence[Sighting]:
        async with SimulatedAir(thighs()) as air:
            return await sensor.link.scan.scan(1.0, air.scanner_backend)

    found = run(seen())
    placed: list[tuple[str, Placement]] = []

    monkeypatch.setenv("KNEEGAP_HOME", str(tmp_path))

    async def scan(_seconds: float) -> Sequence[Sighting]:
        return found

    async def place(sighting: Sighting, placement: Placement) -> None:
        placed.append((sighting.name, placement))

    monkeypatch.setattr(sensor.link.scan, "scan", scan)
    monkeypatch.setattr(sensor.link.strap, "place", place)
    return placed


def test_scan_lists_what_is_in_range(kneegap: CommandLine, in_range: list[tuple[str, Placement]]) -> None:
    ran = kneegap("scan")
    assert (ran.status, in_range) == (0, [])
    told = [line.split("  ") for line in ran.out.splitlines()]
    assert [fields[1:3] for fields in told] == [[LEFT, "battery 93 %"], [RIGHT, "battery 93 %"]]
    assert {fields[5] for fields in told} == {"knee strap"}


def test_scan_lets_a_strap_remember_its_place(kneegap: CommandLine, in_range: list[tuple[str, Placement]]) -> None:
    assert kneegap("scan", "--place", "_thi=pelvis").status == 0
    assert in_range == [("Knee strap _thi", Placement.PELVIS)]
    assert "no strap 0815 of a known type" in kneegap.fails("scan", "--place", "0815=pelvis")
    assert kneegap("scan", "--place", "_thi=head").status == 2


def test_scan_without_straps_or_bluetooth(kneegap: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    async def nothing(_seconds: float) -> Sequence[Sighting]:
        return []

    monkeypatch.setattr(sensor.link.scan, "scan", nothing)
    assert "switch the straps on" in kneegap.fails("scan", "--seconds", 1)


def test_the_doctor_says_each_thing_in_a_line(kneegap: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        doctor, "findings", lambda: [Finding("sound"), Finding("Bluetooth adapter", "none: plug one in")]
    )
    ran = kneegap("doctor")
    assert ran.status == 0
    assert ran.out.splitlines() == ["ok     sound", "wrong  Bluetooth adapter: none: plug one in"]


def test_simulate_writes_a_session_with_its_truth(kneegap: CommandLine, tmp_path: Path) -> None:
    folder = tmp_path / "person"
    assert kneegap("simulate", "--to", folder, "--exercise", "check", "--seed", 3).status == 0
    assert {"recording.parquet", "markers.csv", "wearer.toml", "check.csv", "truth.parquet"} <= {
        file.name for file in folder.iterdir()
    }


def test_simulate_serves_straps_and_says_what_it_cannot(kneegap: CommandLine) -> None:
    ran = kneegap("simulate", "--transport", "tcp-server:127.0.0.1:0", "--seconds", 0.3)
    assert ran.status == 0
    assert "2 straps advertise" in ran.out
    assert "cannot use transport" in kneegap.fails("simulate", "--transport", "carrier-pigeon")
    devices = ("--device", "movella_dot", "--device", "phyphox")
    ran = kneegap("simulate", "--transport", "tcp-server:127.0.0.1:0", "--seconds", 0.3, *devices)
    assert ran.status == 0
    assert "3 straps advertise" in ran.out  # a band beside the left strap
    assert "waits for a host" in kneegap.fails("simulate", "--transport", "usb:0", *devices)
    assert kneegap("simulate", "--transport", "usb:0", "--device", "toaster").status == 2
    assert kneegap("simulate").status == 2
