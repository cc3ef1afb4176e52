"""What is wrong with this machine's Bluetooth, display and sound, each with one line of remedy.

Invariant: every check ends, and none of them disturbs the others; what may end a process is tried in a child.
"""

import asyncio
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bleak.backends.scanner import BaseBleakScanner

from monitor.live_window.display import why_no_window
from sensor.errors import NoAdapter, RadioError
from sensor.scan import Lookout

SYSFS = Path("/sys/class")
# Where there is no other device, ALSA offers one that discards everything.
SOUND = """
import miniaudio
names = [device["name"] for device in miniaudio.Devices().get_playbacks()]
raise SystemExit(all(name.startswith(("Discard all samples", "NULL")) for name in names))
"""
SOUND_WITHIN_S = 15.0
SCAN_WITHIN_S = 15.0


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at; `wrong` is empty where it works, else what is wrong and what to do."""

    what: str
    wrong: str = ""


def findings(scanner_backend: type[BaseBleakScanner] | None = None, sysfs: Path = SYSFS) -> list[Finding]:
    """Everything that a session needs of this machine."""
    checks: list[tuple[str, Callable[[], str]]] = [
        ("Bluetooth adapter", lambda: _adapter(sysfs) if scanner_backend is None else ""),
        ("Bluetooth radio switch", lambda: _blocked(sysfs) if scanner_backend is None else ""),
        ("Bluetooth scanning", lambda: asyncio.run(_scanning(scanner_backend))),
        ("live window", _window),
        ("sound", _sound),
    ]
    return [Finding(what, check()) for what, check in checks]


def _adapter(sysfs: Path) -> str:
    if not sys.platform.startswith("linux"):
        return ""
    adapters = sysfs / "bluetooth"
    return "" if adapters.is_dir() and any(adapters.iterdir()) else str(NoAdapter())


def _blocked(sysfs: Path) -> str:
    """Whether rfkill holds the radio off, by a key of the machine or by a program."""
    for switch in sorted((sysfs / "rfkill").glob("*")) if (sysfs / "rfkill").is_dir() else ():
        if _text(switch / "type") != "bluetooth":
            continue
        if _text(switch / "hard") == "1":
            return "the machine's radio switch is off: press it (or the key with the aeroplane)"
        if _text(switch / "soft") == "1":
            return "Bluetooth is blocked by software: run `rfkill unblock bluetooth`"
    return ""


async def _scanning(scanner_backend: type[BaseBleakScanner] | None) -> str:
    lookout = Lookout(scanner_backend)
    try:
        async with asyncio.timeout(SCAN_WITHIN_S):
            await lookout.start()
            await lookout.stop()
    except RadioError as error:
        return str(error)
    except TimeoutError:
        return f"no answer in {SCAN_WITHIN_S:.0f} s: restart the Bluetooth service"
    return ""


def _window() -> str:
    why = why_no_window()
    return "" if why is None else f"{why}: sessions run in the terminal"


def _sound() -> str:
    try:
        tried = subprocess.run([sys.executable, "-c", SOUND], capture_output=True, timeout=SOUND_WITHIN_S, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        return f"the sound system does not answer ({type(error).__name__}): cues are shown only"
    return "" if tried.returncode == 0 else "no sound output found: cues are shown only"


def _text(path: Path) -> str:
    return path.read_text(encoding="ascii").strip() if path.is_file() else ""
