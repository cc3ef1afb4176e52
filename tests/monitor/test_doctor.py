"""The doctor names what is wrong and what to do, in one line each."""

from pathlib import Path

import pytest
from bleak.exc import BleakBluetoothNotAvailableError, BleakBluetoothNotAvailableReason, BleakDBusError

from firmware_sim.air.bleak_backend import BumbleScanner
from monitor import doctor
from monitor.doctor import findings


class Works(BumbleScanner):
    """A scanner whose adapter works."""

    async def start(self) -> None:
        pass

    async def stop(self) -> None:
        pass


def scanner_that_raises(error: Exception) -> type[BumbleScanner]:
    """A scanner whose adapter does not."""

    class Fails(Works):
        async def start(self) -> None:
            raise error

    return Fails


@pytest.fixture(autouse=True)
def _no_child_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "why_no_window", lambda: None)
    monkeypatch.setattr(doctor, "SOUND", "")


def wrong(scanner: type[BumbleScanner] | None, sysfs: Path) -> dict[str, str]:
    return {f.what: f.wrong for f in findings(scanner, sysfs) if f.wrong}


def test_a_healthy_machine(tmp_path: Path) -> None:
    assert wrong(Works, tmp_path) == {}


@pytest.mark.parametrize(
    ("error", "word"),
    [
        (BleakBluetoothNotAvailableError("no", BleakBluetoothNotAvailableReason.NO_BLUETOOTH), "plug one in"),
        (BleakBluetoothNotAvailableError("off", BleakBluetoothNotAvailableReason.POWERED_OFF), "switch it on"),
        (BleakBluetoothNotAvailableError("denied", BleakBluetoothNotAvailableReason.DENIED_BY_SYSTEM), "permission"),
        (BleakDBusError("org.freedesktop.DBus.Error.ServiceUnknown", []), "start it"),
        (BleakDBusError("org.freedesktop.DBus.Error.AccessDenied", []), "permission"),
        (BleakDBusError("org.bluez.Error.NotReady", []), "switch it on"),
        (BleakDBusError("org.bluez.Error.InProgress", []), "another program"),
        (BleakDBusError("org.bluez.Error.Failed", ["strange\nthing"]), "kneegap doctor"),
        (FileNotFoundError(2, "No such file or directory"), "start it"),
        (PermissionError(13, "Permission denied"), "permission"),
    ],
)
def test_what_the_bluetooth_system_says(error: Exception, word: str, tmp_path: Path) -> None:
    found = wrong(scanner_that_raises(error), tmp_path)
    assert list(found) == ["Bluetooth scanning"]
    assert word in found["Bluetooth scanning"]
    assert "\n" not in found["Bluetooth scanning"]


def test_a_machine_without_adapter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor.sys, "platform", "linux")
    assert "plug one in" in wrong(None, tmp_path)["Bluetooth adapter"]


@pytest.mark.parametrize(("switch", "word"), [("hard", "press it"), ("soft", "rfkill unblock")])
def test_a_radio_switch_that_is_off(switch: str, word: str, tmp_path: Path) -> None:
    radio = tmp_path / "rfkill" / "rfkill0"
    radio.mkdir(parents=True)
    (tmp_path / "bluetooth" / "hci0").mkdir(parents=True)
    values = {"type": "bluetooth", "hard": "0", "soft": "0", switch: "1"}
    for name, value in values.items():
        (radio / name).write_text(value + "\n", encoding="ascii")
    assert word in wrong(None, tmp_path)["Bluetooth radio switch"]


def test_no_display_and_no_sound_are_no_obstacle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "why_no_window", lambda: "there is no display")
    monkeypatch.setattr(doctor, "SOUND", "raise SystemExit(1)")
    found = wrong(Works, tmp_path)
    assert found["live window"] == "there is no display: sessions run in the terminal"
    assert "cues are shown only" in found["sound"]
