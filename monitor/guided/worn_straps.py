"""The devices that one wearer wears: `straps.toml` in his folder, to be read, changed and deleted by hand, too.

Invariant: a slot is remembered once, and so is a device.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from monitor.coach.signals import Swapped
from monitor.config import read_config
from monitor.owner_files import make_folder, remove, write_text
from monitor.session.legs import devices_as_worn
from sensor.errors import BadValue
from sensor.slots import SLOTS, Remembered

FILE = "straps.toml"


@dataclass(frozen=True, slots=True)
class KeptStrap:
    """A device as its file has it."""

    worn: str
    name: str
    type: str
    address: str


@dataclass(frozen=True, slots=True)
class KeptStraps:
    """The file."""

    strap: tuple[KeptStrap, ...] = ()


class WornStraps:
    """What is remembered in a wearer's folder."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / FILE

    def known(self) -> Sequence[Remembered]:
        """The remembered devices; a `ConfigError` where the file says what cannot be."""
        if not self.path.exists():
            return ()
        kept = read_config(self.path, KeptStraps).strap
        for strap in kept:
            if strap.worn not in SLOTS:
                raise BadValue(self.path, "strap.worn", f"is {strap.worn!r}, not one of {', '.join(SLOTS)}")
        return tuple(Remembered(SLOTS[s.worn], s.address, s.type, s.name) for s in kept)

    def place(self, device: Remembered) -> None:
        """This device is worn here from now on, in place of any other."""
        others = (d for d in self.known() if d.slot != device.slot and d.address != device.address)
        self._keep([*others, device])

    def add(self, devices: Iterable[Remembered]) -> None:
        """These are worn, too, where nothing else is remembered."""
        known = list(self.known())
        new = [d for d in devices if all(k.slot != d.slot and k.address != d.address for k in known)]
        if new:
            self._keep([*known, *new])

    def forget(self) -> None:
        """No device is remembered any more."""
        remove(self.path)

    def _keep(self, devices: Iterable[Remembered]) -> None:
        make_folder(self.path.parent)
        write_text(self.path, "\n".join(_table(d) for d in sorted(devices, key=lambda d: str(d.slot))))


class StrapKeeper:
    """An observer of a session that remembers its devices, where each of them sat."""

    def __init__(self, worn: WornStraps) -> None:
        self._worn = worn
        self._swapped = False

    def __call__(self, event: object) -> None:
        """Notes that the straps sat on each other's legs."""
        self._swapped = self._swapped or isinstance(event, Swapped)

    def keep(self, devices: Sequence[Remembered]) -> None:
        """What of the session's devices is remembered for the next one."""
        if not self._swapped:
            self._worn.add(devices)
            return
        for device in devices_as_worn(devices):
            self._worn.place(device)


def _table(device: Remembered) -> str:
    fields = {"worn": str(device.slot), "name": device.name, "type": device.driver, "address": device.address}
    # A JSON string is a TOML string.
    return "\n".join(
        ["[[strap]]", *(f"{key} = {json.dumps(text, ensure_ascii=False)}" for key, text in fields.items()), ""]
    )
