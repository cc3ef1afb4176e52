"""What has to be said to BlueZ beside bleak: yes to pairing with a strap, and goodbye for a program that was killed.

Invariant: elsewhere than on Linux, and on simulated radios, nothing happens; trouble here stops nobody.
"""

import logging
import sys
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, cast

from bleak.backends.client import BaseBleakClient

from sensor.drivers.driver import Heard

if TYPE_CHECKING:
    from dbus_fast import Message
    from dbus_fast.aio import MessageBus

log = logging.getLogger(__name__)

BLUEZ, AGENT_PATH = "org.bluez", "/kneegap/agent"
DEVICE, CHARACTERISTIC = "org.bluez.Device1", "org.bluez.GattCharacteristic1"
ASKS_FOR_YES = ("RequestConfirmation", "RequestAuthorization", "AuthorizeService")
TOLD = ("Release", "Cancel")

# Objects of BlueZ by path: the properties of each of their interfaces.
Objects = Mapping[str, Mapping[str, Mapping[str, object]]]


@asynccontextmanager
async def pairing_allowed(address: str, backend: type[BaseBleakClient] | None) -> AsyncGenerator[None]:
    """Inside, BlueZ may pair with this strap, where no desktop is there to say so; it asks only then."""
    bus = await _bus() if _is_bluez(backend) else None
    if bus is None:
        yield
        return
    from dbus_fast import Message, MessageType

    def answered(message: Message) -> Message | None:
        if message.message_type is not MessageType.METHOD_CALL or message.path != AGENT_PATH:
            return None
        if says_yes(message.member or "", message.body, address):
            return Message.new_method_return(message)
        return Message.new_error(message, "org.bluez.Error.Rejected", "not asked for")

    try:
        bus.add_message_handler(answered)
        await _call(
            bus, "/org/bluez", "org.bluez.AgentManager1", "RegisterAgent", "os", [AGENT_PATH, "NoInputNoOutput"]
        )
        yield
    finally:
        # BlueZ forgets the agent of a program that has left the bus.
        bus.disconnect()


def says_yes(member: str, body: list[object], address: str) -> bool:
    """Whether a question of BlueZ is answered with yes: of this strap alone, and never with a code."""
    if member in TOLD:
        return True
    device = str(body[0]) if body else ""
    return member in ASKS_FOR_YES and device.endswith("dev_" + address.replace(":", "_").upper())


async def bluez_objects() -> Objects:
    """Everything that BlueZ shows; nothing where it does not run."""
    bus = await _bus() if _is_bluez(None) else None
    if bus is None:
        return {}
    try:
        return await _objects(bus)
    finally:
        bus.disconnect()


async def _objects(bus: "MessageBus") -> Objects:
    reply = await _call(bus, "/", "org.freedesktop.DBus.ObjectManager", "GetManagedObjects", "", [])
    return _plain(reply.body[0]) if reply and reply.body else {}


async def end_forgotten_links(is_strap: Callable[[Heard], bool], backend: type[BaseBleakClient] | None) -> None:
    """Disconnect straps that nobody listens to: BlueZ keeps a killed program's link, and the strap stays mute."""
    bus = await _bus() if _is_bluez(backend) else None
    if bus is None:
        return
    try:
        for path in forgotten(await _objects(bus), is_strap):
            log.info("ending a link that nobody uses: %s", path)
            await _call(bus, path, DEVICE, "Disconnect", "", [])
    finally:
        bus.disconnect()


def connected(objects: Objects, is_strap: Callable[[Heard], bool]) -> list[str]:
    """Names of the straps that this machine is connected to."""
    devices = (interfaces.get(DEVICE, {}) for interfaces in objects.values())
    return [_heard(device).name for device in devices if device.get("Connected") is True and is_strap(_heard(device))]


def forgotten(objects: Objects, is_strap: Callable[[Heard], bool]) -> list[str]:
    """The connected straps of which no program has notifications."""
    return [
        path
        for path, interfaces in objects.items()
        if interfaces.get(DEVICE, {}).get("Connected") is True
        and is_strap(_heard(interfaces[DEVICE]))
        and not _is_listened_to(objects, path)
    ]


def _is_listened_to(objects: Objects, device: str) -> bool:
    return any(
        interfaces.get(CHARACTERISTIC, {}).get("Notifying") is True
        for path, interfaces in objects.items()
        if path.startswith(device + "/")
    )


def _heard(device: Mapping[str, object]) -> Heard:
    services = cast("list[str]", device.get("UUIDs") or [])
    manufacturer = cast("Mapping[int, bytes]", device.get("ManufacturerData") or {})
    return Heard(str(device.get("Name") or ""), frozenset(services), {k: bytes(v) for k, v in manufacturer.items()})


def _plain(packed: object) -> Objects:
    from dbus_fast import unpack_variants

    return cast(Objects, unpack_variants(cast("dict[str, object]", packed)))


def _is_bluez(backend: type[BaseBleakClient] | None) -> bool:
    return backend is None and sys.platform.startswith("linux")


async def _bus() -> "MessageBus | None":
    from dbus_fast import BusType, DBusError
    from dbus_fast.aio import MessageBus

    try:
        return await MessageBus(bus_type=BusType.SYSTEM).connect()
    except (DBusError, OSError, EOFError) as error:
        log.info("no system bus: %s", error)
        return None


async def _call(
    bus: "MessageBus", path: str, interface: str, member: str, signature: str, body: list[str]
) -> "Message | None":
    """The reply; errors are logged, since nothing here is worth stopping for."""
    from dbus_fast import Message, MessageType

    call = Message(
        destination=BLUEZ, path=path, interface=interface, member=member, signature=signature, body=list(body)
    )
    reply = await bus.call(call)
    if reply.message_type is MessageType.ERROR:
        log.info("%s: %s", member, reply.error_name)
        return None
    return reply
