"""Everything that can stop a command, in one tree; each class carries its data and says what to do, in one line.

KneeGapError
|- RadioError             the machine's Bluetooth or the straps
|  |- NoAdapter  AdapterOff  NoPermission  AdapterBusy  BluetoothFailed
|  |- NoStrapFound  OnlyOneStrap  SamePlacementTwice  StrapUnreachable  NotPlaced  OtherStrap
|  |- NoSuchStrap  SameName
|  |- OtherProtocol  StrapRefused  StrapTimeout  StrapCannot  UnsuitableDevice
|- PacketError            bytes that are no message of the protocol; counted by the decoder, never shown
|- RecordingError         a session's files
|  |- NotWritable  DiskFull  ForeignRecording  EmptySession  NoSuchSession  NotReadable
|- TableError             an imported recording table, its markers or its wearer
|  |- MissingColumns  UnusableColumn  BadPlacement  BadMarkers  BadWearer  UnreadableTable
|- ConfigError            settings
   |- UnknownKey  BadValue
"""

import errno
from collections.abc import Sequence
from pathlib import Path


class KneeGapError(Exception):
    """A command cannot do its job; the text is one line: what is wrong, and what to do."""


class RadioError(KneeGapError):
    """Bluetooth or a strap does not work."""


class NoAdapter(RadioError):
    """The machine has no Bluetooth adapter."""

    def __init__(self) -> None:
        super().__init__("no Bluetooth adapter found: plug one in, or try `kneegap live --sim`")


class NoBluetoothService(RadioError):
    """The system's Bluetooth service does not answer."""

    def __init__(self) -> None:
        super().__init__(
            "the Bluetooth service does not run: start it (`sudo systemctl start bluetooth`), or try `live --sim`"
        )


class AdapterOff(RadioError):
    """The adapter is switched off."""

    def __init__(self) -> None:
        super().__init__("Bluetooth is switched off: switch it on and try again")


class NoPermission(RadioError):
    """This user may not use Bluetooth."""

    def __init__(self) -> None:
        super().__init__("no permission to use Bluetooth: allow it in the system's settings (`kneegap doctor` helps)")


class AdapterBusy(RadioError):
    """Another program holds the adapter."""

    def __init__(self) -> None:
        super().__init__("another program uses the Bluetooth adapter: end it and try again")


class BluetoothFailed(RadioError):
    """The Bluetooth system reported something else."""

    def __init__(self, what: str) -> None:
        self.what = what
        super().__init__(f"Bluetooth failed ({_one_line(what)}): run `kneegap doctor`")


class NoStrapFound(RadioError):
    """No strap advertised while scanning."""

    def __init__(self, waited_s: float) -> None:
        self.waited_s = waited_s
        super().__init__(f"no strap found in {waited_s:.0f} s: switch the straps on and bring them closer")


class OnlyOneStrap(RadioError):
    """Only one thigh strap was found."""

    def __init__(self, found: str) -> None:
        self.found = found
        super().__init__(f"only one strap found ({found}): switch the other one on and bring it closer")


class SamePlacementTwice(RadioError):
    """Two straps claim one placement."""

    def __init__(self, placement: str, straps: Sequence[str]) -> None:
        self.placement, self.straps = placement, tuple(straps)
        super().__init__(f"straps {' and '.join(straps)} both say {placement}: set one with `kneegap scan --place`")


class NotPlaced(RadioError):
    """Devices are there that could be straps, but nobody has said where they are worn."""

    def __init__(self, placement: str, devices: Sequence[str]) -> None:
        self.placement, self.devices = placement, tuple(devices)
        super().__init__(
            f"no strap for {placement}: say which of {', '.join(devices)} it is with `kneegap scan --place`"
        )


class OtherStrap(RadioError):
    """Another strap than the remembered one is in range."""

    def __init__(self, placement: str, remembered: str, there: Sequence[str]) -> None:
        self.placement, self.remembered, self.there = placement, remembered, tuple(there)
        super().__init__(
            f"your {placement} strap {remembered} was not found: switch it on, "
            f"or take {' or '.join(there)} with `kneegap scan --place`"
        )


class NoSuchStrap(RadioError):
    """Nothing of a known type in range has this name or address."""

    def __init__(self, strap: str, types: Sequence[str]) -> None:
        self.strap = strap
        super().__init__(
            f"no strap {strap} of a known type ({', '.join(types)}) in range: switch it on, check its name"
        )


class SameName(RadioError):
    """Several straps in range have one name."""

    def __init__(self, name: str, addresses: Sequence[str]) -> None:
        self.name, self.addresses = name, tuple(addresses)
        super().__init__(f"{len(addresses)} straps are called {name}: give one of {', '.join(addresses)}")


class StrapUnreachable(RadioError):
    """A strap does not accept a connection."""

    def __init__(self, strap: str) -> None:
        self.strap = strap
        super().__init__(f"cannot connect to strap {strap}: bring it closer, or end the program that uses it")


class OtherProtocol(RadioError):
    """The strap speaks another version of the protocol."""

    def __init__(self, strap: str, version: int, known: int) -> None:
        self.strap, self.version, self.known = strap, version, known
        newer = "update this program" if version > known else "update the strap's firmware"
        super().__init__(f"strap {strap} speaks protocol version {version}, this program {known}: {newer}")


class StrapRefused(RadioError):
    """The strap answered a control write with an error code."""

    def __init__(self, request: str, code: int, meaning: str) -> None:
        self.request, self.code, self.meaning = request, code, meaning
        super().__init__(f"the strap refused {request}: {meaning} (code {code})")


class StrapTimeout(RadioError):
    """The strap did not answer in time."""

    def __init__(self, request: str, waited_s: float) -> None:
        self.request, self.waited_s = request, waited_s
        super().__init__(f"the strap did not answer {request} in {waited_s:.0f} s: bring it closer and try again")


class StrapCannot(RadioError):
    """The device has nothing for a request."""

    def __init__(self, strap: str, request: str) -> None:
        self.strap, self.request = strap, request
        super().__init__(f"strap {strap} cannot {request}: try it with another strap")


class UnsuitableDevice(RadioError):
    """A device that is in a mode, or has a firmware, with which it is no strap."""

    def __init__(self, strap: str, why: str) -> None:
        self.strap, self.why = strap, why
        super().__init__(_one_line(f"{strap} cannot be used: {why}"))


class NotPaired(RadioError):
    """The strap speaks only over an encrypted link."""

    def __init__(self, strap: str) -> None:
        self.strap = strap
        super().__init__(f"strap {strap} wants to be paired: pair it in the system's Bluetooth settings")


class TransportFailed(RadioError):
    """Simulated straps cannot be put on this transport."""

    def __init__(self, transport: str, why: str) -> None:
        self.transport = transport
        text = f"cannot use transport {transport} ({why}): give one such as usb:0, tcp-server:_:9001 or vhci"
        super().__init__(_one_line(text))


class PacketError(KneeGapError):
    """Bytes that are no valid message of the strap protocol; `reason` is for the log."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(f"bad packet: {reason}")


class RecordingError(KneeGapError):
    """A session cannot be written or read."""

    def __init__(self, path: Path, text: str) -> None:
        self.path = path
        super().__init__(_one_line(f"{path}: {text}"))


class NotWritable(RecordingError):
    """The session's folder or file cannot be written."""

    def __init__(self, path: Path, why: str) -> None:
        super().__init__(path, f"cannot write here ({why}): choose another folder or change its permissions")


class NotReadable(RecordingError):
    """A file cannot be read."""

    def __init__(self, path: Path, why: str) -> None:
        super().__init__(path, f"cannot read this ({why}): check its name and its permissions")


class DiskFull(RecordingError):
    """The disk is full; what was written before stays readable."""

    def __init__(self, path: Path, so: str = "recording stopped; all up to here is kept") -> None:
        super().__init__(path, f"the disk is full, {so}: free some space")


class ForeignRecording(RecordingError):
    """A file that is no recording of this program."""

    def __init__(self, path: Path, why: str) -> None:
        super().__init__(path, f"not a recording of this program ({why}): give a session folder or `kneegap import`")


class EmptySession(RecordingError):
    """A session without a single usable sample."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, "the session holds no samples: record or import it again")


class NoSuchSession(RecordingError):
    """Neither a folder nor the id of a stored session."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, "no such session: give a session folder or an id that `kneegap history` lists")


class TableError(KneeGapError):
    """An imported file does not hold what the contract requires."""

    def __init__(self, path: Path, text: str) -> None:
        self.path = path
        super().__init__(_one_line(f"{path}: {text}"))


class UnreadableTable(TableError):
    """The file is no table of the kind its name says."""

    def __init__(self, path: Path, why: str) -> None:
        super().__init__(path, f"cannot read this as a table ({why}): give a .parquet file, or a .csv file with commas")


class TooFewRows(TableError):
    """No strap has two samples."""

    def __init__(self, path: Path, rows: int) -> None:
        self.rows = rows
        text = "the table has no rows" if not rows else f"no strap has two rows with a time ({rows} in all)"
        super().__init__(path, f"{text}: give a row per strap sample")


_REQUIRED_COLUMNS = (
    "a table has strap, arrival_s and device_s (or time_s), and acc_x_m_s2 to acc_z_m_s2 with gyr_x_rad_s to "
    "gyr_z_rad_s, flex or range_mm"
)


class MissingColumns(TableError):
    """Columns that the contract requires are absent."""

    def __init__(self, path: Path, need: str) -> None:
        self.need = need
        super().__init__(path, f"the table lacks {need}: add it; {_REQUIRED_COLUMNS}")


class UnusableColumn(TableError):
    """A column holds nothing that can be used."""

    def __init__(self, path: Path, column: str, why: str) -> None:
        self.column = column
        super().__init__(path, f"column {column} {why}: correct or remove it")


class BadPlacement(TableError):
    """A strap's name is no placement."""

    def __init__(self, path: Path, name: str, known: Sequence[str]) -> None:
        self.name = name
        super().__init__(path, f"no placement is called {name!r}: use {', '.join(known)}")


class BadMarkers(TableError):
    """Markers that are reversed, outside the session or not in the contract's form."""

    def __init__(self, path: Path, line: int, why: str) -> None:
        self.line = line
        super().__init__(path, f"line {line}: {why}: correct this marker")


class BadWearer(TableError):
    """Sizes that are missing or that no person has."""

    def __init__(self, path: Path, key: str, why: str) -> None:
        self.key = key
        super().__init__(path, f"{key} {why}: measure again and correct it")


class ConfigError(KneeGapError):
    """Settings that cannot be used."""

    def __init__(self, path: Path, text: str) -> None:
        self.path = path
        super().__init__(_one_line(f"{path}: {text}"))


class UnknownKey(ConfigError):
    """A setting that does not exist."""

    def __init__(self, path: Path, key: str, known: Sequence[str]) -> None:
        self.key, self.known = key, tuple(known)
        super().__init__(path, f"unknown setting {key!r}: valid are {', '.join(known)}")


class BadValue(ConfigError):
    """A setting with a value it cannot have."""

    def __init__(self, path: Path, key: str, why: str) -> None:
        self.key = key
        super().__init__(path, f"setting {key} {why}: correct it")


def is_disk_full(error: OSError) -> bool:
    """Whether the system refused to write for want of room."""
    return error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def _one_line(text: str) -> str:
    return " ".join(text.split())
