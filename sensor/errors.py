"""Everything that can stop a command, in one tree; each class carries its data and says what to do, in one line.

KneeGapError
|- RadioError             the machine's Bluetooth or the straps (`radio_errors`)
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


class PacketError(KneeGapError):
    """Bytes that are no valid message of the strap protocol; `reason` is for the log."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(f"bad packet: {reason}")


class RecordingError(KneeGapError):
    """A session cannot be written or read."""

    def __init__(self, path: Path, text: str) -> None:
        self.path = path
        super().__init__(one_line(f"{path}: {text}"))


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
        super().__init__(one_line(f"{path}: {text}"))


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
        super().__init__(one_line(f"{path}: {text}"))


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


def one_line(text: str) -> str:
    return " ".join(text.split())
