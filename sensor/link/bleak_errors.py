"""Bleak's errors, and those of the system below it, as this program's own: the only place where they are known.

Invariant: nothing of bleak's error tree leaves a `translated` block.
"""

from collections.abc import Generator
from contextlib import contextmanager

from bleak.exc import (
    BleakBluetoothNotAvailableError,
    BleakBluetoothNotAvailableReason,
    BleakCharacteristicNotFoundError,
    BleakDBusError,
    BleakError,
    BleakGATTProtocolError,
    BleakGATTProtocolErrorCode,
)

from sensor.radio_errors import (
    AdapterBusy,
    AdapterOff,
    BluetoothFailed,
    NoAdapter,
    NoBluetoothService,
    NoPermission,
    NotPaired,
    RadioError,
    StrapUnreachable,
)

Reason = BleakBluetoothNotAvailableReason

_UNAVAILABLE: dict[Reason, type[NoAdapter | AdapterOff | NoPermission]] = {
    Reason.NO_BLUETOOTH: NoAdapter,
    Reason.NO_BLE_CENTRAL_ROLE: NoAdapter,
    Reason.POWERED_OFF: AdapterOff,
    Reason.DENIED_BY_USER: NoPermission,
    Reason.DENIED_BY_SYSTEM: NoPermission,
    Reason.DENIED_BY_UNKNOWN: NoPermission,
}
_DBUS: dict[str, type[AdapterOff | AdapterBusy | NoPermission | NoBluetoothService]] = {
    "org.bluez.Error.NotReady": AdapterOff,
    "org.bluez.Error.InProgress": AdapterBusy,
    "org.bluez.Error.NotAuthorized": NoPermission,
    "org.bluez.Error.NotPermitted": NoPermission,
    "org.freedesktop.DBus.Error.AccessDenied": NoPermission,
    "org.freedesktop.DBus.Error.ServiceUnknown": NoBluetoothService,
    "org.freedesktop.DBus.Error.NameHasNoOwner": NoBluetoothService,
}

_NOT_PAIRED = (
    BleakGATTProtocolErrorCode.INSUFFICIENT_AUTHENTICATION,
    BleakGATTProtocolErrorCode.INSUFFICIENT_ENCRYPTION,
)


@contextmanager
def translated(strap: str = "") -> Generator[None]:
    """Raise what happens inside as `RadioError`; `strap` is the one that is spoken to, empty for the adapter."""
    try:
        yield
    except (BleakError, TimeoutError, OSError, EOFError) as error:
        raise _radio_error(error, strap) from error


def _radio_error(error: Exception, strap: str) -> RadioError:
    match error:
        case BleakBluetoothNotAvailableError():
            known = _UNAVAILABLE.get(error.reason)
            return known() if known else BluetoothFailed(str(error.args[0]))
        case BleakDBusError() if error.dbus_error in _DBUS:
            return _DBUS[error.dbus_error]()
        case BleakGATTProtocolError() if error.code in _NOT_PAIRED:
            return NotPaired(strap)
        case BleakCharacteristicNotFoundError() | BleakGATTProtocolError():
            return BluetoothFailed(f"strap {strap}: {error}")
        case TimeoutError() if not strap:
            return NoBluetoothService()
        case PermissionError():
            return NoPermission()
        case FileNotFoundError() | ConnectionRefusedError():
            return NoBluetoothService()
        case _:
            return StrapUnreachable(strap) if strap else BluetoothFailed(str(error) or type(error).__name__)
