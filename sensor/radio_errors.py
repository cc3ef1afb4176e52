"""What can stop a command where the machine's Bluetooth or the straps are concerned; the tree is in `errors`."""

from collections.abc import Sequence

from sensor.errors import KneeGapError, one_line


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
        super().__init__(f"Bluetooth failed ({one_line(what)}): run `kneegap doctor`")


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
        super().__init__(one_line(f"{strap} cannot be used: {why}"))


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
        super().__init__(one_line(text))
