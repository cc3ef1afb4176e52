"""What is wrong with this machine's Bluetooth, display and sound, each with one line of remedy.

Invariant: every check ends, and what one of them rules out is not looked at by the others; what may end a process is
tried in a child. Everything that is asked of the machine is in `Machine`, so that other machines can be examined here.
"""

import asyncio
import re
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from monitor.live_window.display import why_no_window
from sensor.drivers.known import recognised
from sensor.link.bluez import Objects, bluez_objects, connected
from sensor.link.scan import Lookout
from sensor.radio_errors import AdapterOff, NoAdapter, NoBluetoothService, NoPermission, RadioError

# Where there is no other device, ALSA offers one that discards everything.
SOUND = """
import miniaudio
names = [device["name"] for device in miniaudio.Devices().get_playbacks()]
raise SystemExit(all(name.startswith(("Discard all samples", "NULL")) for name in names))
"""
SOUND_WITHIN_S = 15.0
SCAN_WITHIN_S = 15.0
# What bleak asks of BlueZ.
OLDEST_BLUEZ = (5, 55)

LINUX, MACOS, WINDOWS = "linux", "darwin", "win32"
_SWITCH_ON = {
    LINUX: "run `bluetoothctl power on`",
    MACOS: "switch it on in System Settings > Bluetooth",
    WINDOWS: "switch it on in Settings > Bluetooth & devices",
}
_PERMIT = {
    LINUX: "add yourself to the group bluetooth (`sudo usermod -aG bluetooth $USER`) and log in again",
    MACOS: "allow this terminal in System Settings > Privacy & Security > Bluetooth",
    WINDOWS: "let desktop apps use radios in Settings > Privacy & security > Radios",
}
_START = {
    LINUX: "run `sudo systemctl enable --now bluetooth`; without BlueZ install the package bluez",
    WINDOWS: "start the service Bluetooth Support Service (services.msc)",
}
_NO_ADAPTER = {
    LINUX: "plug one in (`lsusb` shows whether the system sees it)",
    MACOS: "this Mac shows none: plug one in",
    WINDOWS: "plug one in, or install its driver (Device Manager)",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at; `wrong` is empty where it works, else what is wrong and what to do.

    `known` is what is worth knowing where it works, and why it was not looked at where `skipped`.
    """

    what: str
    wrong: str = ""
    known: str = ""
    skipped: bool = False

    @property
    def line(self) -> str:
        """For people."""
        if self.wrong:
            return f"wrong  {self.what}: {self.wrong}"
        word = "-     " if self.skipped else "ok    "
        return f"{word} {self.what}" + (f": {self.known}" if self.known else "")


def _scanned() -> RadioError | None:
    return asyncio.run(_try_to_scan())


def _objects() -> Objects:
    return asyncio.run(bluez_objects())


def _bluez_version() -> str:
    try:
        told = subprocess.run(["bluetoothctl", "--version"], capture_output=True, text=True, timeout=5.0, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return told.stdout


def _sounds() -> int:
    tried = subprocess.run([sys.executable, "-c", SOUND], capture_output=True, timeout=SOUND_WITHIN_S, check=False)
    return tried.returncode


@dataclass(frozen=True, slots=True)
class Machine:
    """What the doctor asks of a machine; the defaults ask this one."""

    system: str = sys.platform
    sysfs: Path = Path("/sys/class")
    scanned: Callable[[], RadioError | None] = _scanned
    bluez_version: Callable[[], str] = _bluez_version
    objects: Callable[[], Objects] = _objects
    why_no_window: Callable[[], str | None] = why_no_window
    sounds: Callable[[], int] = field(default=_sounds)


def findings(machine: Machine | None = None) -> Sequence[Finding]:
    """Everything that a session needs of this machine."""
    machine = machine or Machine()
    return [*_bluetooth(machine), _window(machine), _sound(machine)]


def _bluetooth(machine: Machine) -> Sequence[Finding]:
    linux = machine.system.startswith(LINUX)
    adapter = "Bluetooth adapter"
    if linux and not _adapters(machine.sysfs):
        return [_wrong(adapter, "there is none", _NO_ADAPTER, machine), *_not_looked_at("there is no adapter")]
    trouble = machine.scanned()
    if isinstance(trouble, NoAdapter):
        return [_wrong(adapter, "there is none", _NO_ADAPTER, machine), *_not_looked_at("there is no adapter")]
    found = [Finding(adapter, known=", ".join(_adapters(machine.sysfs)) if linux else "")]
    found.append(_switch(machine) if linux else Finding("Bluetooth radio switch", known="see power", skipped=True))
    found += [_service(machine, trouble), _power(machine, trouble), _permission(machine, trouble)]
    blocked = any(finding.wrong for finding in found)
    found.append(_scanning(trouble, blocked=blocked))
    return [*found, _held(machine) if linux and not blocked else Finding(_HELD, known="cannot be seen", skipped=True)]


_SERVICE, _POWER, _PERMISSION, _SCANNING = "Bluetooth service", "Bluetooth power", "Bluetooth permission", "scanning"
_HELD = "straps held by other programs"


def _not_looked_at(why: str) -> Sequence[Finding]:
    names = ("Bluetooth radio switch", _SERVICE, _POWER, _PERMISSION, _SCANNING, _HELD)
    return [Finding(name, known=why, skipped=True) for name in names]


def _wrong(what: str, why: str, remedies: dict[str, str], machine: Machine) -> Finding:
    remedy = next((text for system, text in remedies.items() if machine.system.startswith(system)), "")
    return Finding(what, f"{why}: {remedy or 'see the system settings'}")


def _adapters(sysfs: Path) -> Sequence[str]:
    folder = sysfs / "bluetooth"
    # Connections are listed beside adapters, as hci0:64.
    return sorted(p.name for p in folder.iterdir() if ":" not in p.name) if folder.is_dir() else []


def _switch(machine: Machine) -> Finding:
    """Whether rfkill holds the radio off, by a key of the machine or by a program."""
    what, folder = "Bluetooth radio switch", machine.sysfs / "rfkill"
    for switch in sorted(folder.glob("*")) if folder.is_dir() else ():
        if _text(switch / "type") != "bluetooth":
            continue
        if _text(switch / "hard") == "1":
            return Finding(what, "the machine's radio switch is off: press it (or the key with the aeroplane)")
        if _text(switch / "soft") == "1":
            return Finding(what, "Bluetooth is blocked by software: run `rfkill unblock bluetooth`")
    return Finding(what)


def _service(machine: Machine, trouble: RadioError | None) -> Finding:
    if isinstance(trouble, NoBluetoothService):
        return _wrong(_SERVICE, "it does not run", _START, machine)
    if not machine.system.startswith(LINUX):
        return Finding(_SERVICE)
    version = re.search(r"(\d+)\.(\d+)", machine.bluez_version())
    if version is None:
        return Finding(_SERVICE, known="BlueZ, version unknown")
    told = f"BlueZ {version.group()}"
    if (int(version[1]), int(version[2])) < OLDEST_BLUEZ:
        oldest = ".".join(map(str, OLDEST_BLUEZ))
        return Finding(_SERVICE, f"{told} is too old, straps need {oldest} or newer: update the system")
    return Finding(_SERVICE, known=told)


def _power(machine: Machine, trouble: RadioError | None) -> Finding:
    return _wrong(_POWER, "it is off", _SWITCH_ON, machine) if isinstance(trouble, AdapterOff) else Finding(_POWER)


def _permission(machine: Machine, trouble: RadioError | None) -> Finding:
    refused = isinstance(trouble, NoPermission)
    return _wrong(_PERMISSION, "this user has none", _PERMIT, machine) if refused else Finding(_PERMISSION)


def _scanning(trouble: RadioError | None, *, blocked: bool) -> Finding:
    if blocked:
        return Finding(_SCANNING, known="mend the above first", skipped=True)
    return Finding(_SCANNING, wrong="" if trouble is None else str(trouble))


def _held(machine: Machine) -> Finding:
    names = connected(machine.objects(), lambda heard: recognised(heard) is not None)
    if not names:
        return Finding(_HELD, known="none")
    return Finding(_HELD, f"{', '.join(names)}: end the program that uses it, or run `bluetoothctl disconnect`")


def _window(machine: Machine) -> Finding:
    why = machine.why_no_window()
    return Finding("live window", "" if why is None else f"{why}: sessions run in the terminal")


def _sound(machine: Machine) -> Finding:
    try:
        silent = machine.sounds() != 0
    except (OSError, subprocess.TimeoutExpired) as error:
        return Finding("sound", f"the sound system does not answer ({type(error).__name__}): cues are shown only")
    return Finding("sound", "no sound output found: cues are shown only" if silent else "")


async def _try_to_scan() -> RadioError | None:
    lookout = Lookout()
    try:
        async with asyncio.timeout(SCAN_WITHIN_S):
            await lookout.start()
            await lookout.stop()
    except RadioError as error:
        return error
    except TimeoutError:
        return NoBluetoothService()
    return None


def _text(path: Path) -> str:
    return path.read_text(encoding="ascii").strip() if path.is_file() else ""
