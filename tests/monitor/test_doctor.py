"""The doctor names what is wrong and what to do, in one line each, on machines of every kind as they were recorded."""

import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from bleak.exc import BleakBluetoothNotAvailableError, BleakDBusError, BleakError
from bleak.exc import BleakBluetoothNotAvailableReason as Reason

from monitor.doctor import Finding, Machine, findings
from sensor.link.bleak_errors import translated
from sensor.link.bluez import DEVICE, Objects
from sensor.radio_errors import RadioError

SCAN, ADAPTER, SWITCH = "scanning", "Bluetooth adapter", "Bluetooth radio switch"
SERVICE, POWER, PERMISSION = "Bluetooth service", "Bluetooth power", "Bluetooth permission"
HELD = "straps held by other programs"


def raising(error: Exception) -> Callable[[], RadioError | None]:
    """What scanning comes to where the system's Bluetooth says this."""

    def scanned() -> RadioError | None:
        try:
            with translated():
                raise error
        except RadioError as ours:
            return ours

    return scanned


@pytest.fixture
def healthy(tmp_path: Path) -> Machine:
    """A Linux machine on which everything works."""
    (tmp_path / "bluetooth" / "hci0").mkdir(parents=True)
    (tmp_path / "bluetooth" / "hci0:64").mkdir()
    return Machine(
        system="linux",
        sysfs=tmp_path,
        scanned=lambda: None,
        bluez_version=lambda: "bluetoothctl: 5.82\n",
        objects=dict,
        why_no_window=lambda: None,
        sounds=lambda: 0,
    )


def looked(machine: Machine) -> dict[str, Finding]:
    found = findings(machine)
    assert all("\n" not in finding.line for finding in found)
    assert len({finding.what for finding in found}) == len(found) == 9
    return {finding.what: finding for finding in found}


def wrong(machine: Machine) -> dict[str, str]:
    return {what: finding.wrong for what, finding in looked(machine).items() if finding.wrong}


@pytest.mark.parametrize("system", ["linux", "darwin", "win32"])
def test_a_healthy_machine(healthy: Machine, system: str) -> None:
    found = looked(replace(healthy, system=system))
    assert [f.what for f in found.values() if f.wrong] == []
    if system == "linux":
        assert (found[ADAPTER].known, found[SERVICE].known) == ("hci0", "BlueZ 5.82")
        assert not any(f.skipped for f in found.values())


# What bleak raises on each system, as its backends do.
RECORDED = {
    "Linux, no daemon": (
        "linux",
        BleakDBusError("org.freedesktop.DBus.Error.ServiceUnknown", []),
        SERVICE,
        "systemctl",
    ),
    "Linux, no bus": ("linux", FileNotFoundError(2, "No such file or directory"), SERVICE, "systemctl"),
    "Linux, off": ("linux", BleakDBusError("org.bluez.Error.NotReady", []), POWER, "bluetoothctl power on"),
    "Linux, powered off": (
        "linux",
        BleakBluetoothNotAvailableError("No powered Bluetooth adapters found.", Reason.POWERED_OFF),
        POWER,
        "bluetoothctl power on",
    ),
    "Linux, denied": ("linux", BleakDBusError("org.freedesktop.DBus.Error.AccessDenied", []), PERMISSION, "usermod"),
    "Linux, socket denied": ("linux", PermissionError(13, "Permission denied"), PERMISSION, "usermod"),
    "Linux, busy": ("linux", BleakDBusError("org.bluez.Error.InProgress", []), SCAN, "end it and try again"),
    "Linux, strange": ("linux", BleakDBusError("org.bluez.Error.Failed", ["strange\nthing"]), SCAN, "strange thing"),
    "Windows, none": (
        "win32",
        BleakBluetoothNotAvailableError("No Bluetooth adapter found", Reason.NO_BLUETOOTH),
        ADAPTER,
        "Device Manager",
    ),
    "Windows, off": (
        "win32",
        BleakBluetoothNotAvailableError("Bluetooth radio is not powered on", Reason.POWERED_OFF),
        POWER,
        "Settings > Bluetooth & devices",
    ),
    "Windows, denied": (
        "win32",
        BleakBluetoothNotAvailableError("denied", Reason.DENIED_BY_USER),
        PERMISSION,
        "Privacy & security > Radios",
    ),
    "macOS, none": (
        "darwin",
        BleakBluetoothNotAvailableError("Bluetooth is unsupported", Reason.NO_BLUETOOTH),
        ADAPTER,
        "plug one in",
    ),
    "macOS, off": (
        "darwin",
        BleakBluetoothNotAvailableError("Bluetooth device is turned off", Reason.POWERED_OFF),
        POWER,
        "System Settings > Bluetooth",
    ),
    "macOS, denied": (
        "darwin",
        BleakBluetoothNotAvailableError("BLE is not authorized", Reason.DENIED_BY_USER),
        PERMISSION,
        "Privacy & Security > Bluetooth",
    ),
    "macOS, odd": ("darwin", BleakError("Bluetooth manager is in state resetting"), SCAN, "resetting"),
}


@pytest.mark.parametrize("name", RECORDED)
def test_what_each_system_says(healthy: Machine, name: str) -> None:
    system, error, what, word = RECORDED[name]
    found = wrong(replace(healthy, system=system, scanned=raising(error)))
    assert list(found) == [what]
    assert word in found[what]


@pytest.mark.parametrize("system", ["linux", "darwin", "win32"])
def test_without_an_adapter_nothing_else_of_bluetooth_is_judged(healthy: Machine, tmp_path: Path, system: str) -> None:
    none = BleakBluetoothNotAvailableError("none", Reason.NO_BLUETOOTH)
    machine = replace(healthy, system=system, sysfs=tmp_path / "empty", scanned=raising(none))
    found = looked(machine)
    assert list(wrong(machine)) == [ADAPTER]
    assert {f.what for f in found.values() if f.skipped} == {SWITCH, SERVICE, POWER, PERMISSION, SCAN, HELD}
    assert {f.known for f in found.values() if f.skipped} == {"there is no adapter"}
    # The same where the system lists one that bleak cannot use.
    assert list(wrong(replace(machine, sysfs=healthy.sysfs))) == [ADAPTER]


@pytest.mark.parametrize(
    ("told", "word"), [("bluetoothctl: 5.43", "5.55 or newer"), ("5.82", ""), ("", ""), ("nonsense", "")]
)
def test_an_old_bluez(healthy: Machine, told: str, word: str) -> None:
    found = wrong(replace(healthy, bluez_version=lambda: told))
    assert list(found) == ([SERVICE] if word else [])
    assert word in found.get(SERVICE, "")


@pytest.mark.parametrize(("switch", "word"), [("hard", "press it"), ("soft", "rfkill unblock")])
def test_a_radio_switch_that_is_off(healthy: Machine, switch: str, word: str) -> None:
    radio = healthy.sysfs / "rfkill" / "rfkill0"
    radio.mkdir(parents=True)
    values = {"type": "bluetooth", "hard": "0", "soft": "0", switch: "1"}
    for name, value in values.items():
        (radio / name).write_text(value + "\n", encoding="ascii")
    wifi = healthy.sysfs / "rfkill" / "rfkill1"
    wifi.mkdir()
    (wifi / "type").write_text("wlan\n", encoding="ascii")
    found = wrong(replace(healthy, scanned=raising(BleakDBusError("org.bluez.Error.NotReady", []))))
    assert list(found) == [SWITCH, POWER]
    assert word in found[SWITCH]


def test_a_strap_that_another_program_holds(healthy: Machine) -> None:
    strap = {"Connected": True, "Name": "Knee strap 0001", "ManufacturerData": {0xFFFF: b"\1\1\x50\0"}}
    strap |= {"UUIDs": ["9a3f0001-5c2e-4b7d-8e16-2f7c6b1d40aa"]}
    objects: Objects = {"/org/bluez/hci0/dev_1": {DEVICE: strap}, "/org/bluez/hci0/dev_2": {DEVICE: {"Name": "Mouse"}}}
    found = wrong(replace(healthy, objects=lambda: objects))
    assert list(found) == [HELD]
    assert found[HELD].startswith("Knee strap 0001: end the program")


def test_no_display_and_no_sound_are_no_obstacle(healthy: Machine) -> None:
    found = wrong(replace(healthy, why_no_window=lambda: "there is no display", sounds=lambda: 1))
    assert found["live window"] == "there is no display: sessions run in the terminal"
    assert "cues are shown only" in found["sound"]


def test_a_sound_system_that_hangs(healthy: Machine) -> None:
    def hangs() -> int:
        raise subprocess.TimeoutExpired("sound", 15.0)

    assert "does not answer (TimeoutExpired)" in wrong(replace(healthy, sounds=hangs))["sound"]


def test_lines_for_people() -> None:
    assert Finding("sound").line == "ok     sound"
    assert Finding("sound", "none").line == "wrong  sound: none"
    assert Finding(SCAN, known="why", skipped=True).line == "-      scanning: why"


def test_this_machine_is_examined_to_the_end() -> None:
    assert len(findings(replace(Machine(), sounds=lambda: 0, why_no_window=lambda: None))) == 9
