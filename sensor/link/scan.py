"""Straps that advertise, as the scanner sees them.

Invariant: only devices that a driver recognises are remembered; times are the loop's.
"""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass

from bleak import BleakScanner
from bleak.backends.device import BLEDevice
from bleak.backends.scanner import AdvertisementData, BaseBleakScanner

from sensor.drivers.driver import Driver, Heard
from sensor.drivers.known import OWN, recognised
from sensor.link.bleak_errors import translated
from sensor.packet import Advertised
from sensor.radio_errors import RadioError

log = logging.getLogger(__name__)

FRESH_S = 2.0
# A scan that hears nobody at all for so long is begun afresh.
DEAF_S = 2.0
# A system that does not begin to scan within this time does not work.
START_WITHIN_S = 10.0


@dataclass(frozen=True, slots=True)
class Sighting:
    """The last advertisement of a strap."""

    device: BLEDevice
    name: str
    advertised: Advertised
    rssi_dbm: int
    seen_s: float
    driver: Driver = OWN

    @property
    def address(self) -> str:
        """The strap's address on this machine (a random name of its own on macOS)."""
        return self.device.address


class Lookout:
    """Scans while it is told to, and remembers what it saw."""

    def __init__(self, scanner_backend: type[BaseBleakScanner] | None = None) -> None:
        self._backend = scanner_backend
        self._scanner: BleakScanner | None = None
        self._seen: dict[str, Sighting] = {}
        self._news = asyncio.Event()
        self._heard_s = 0.0

    async def start(self) -> None:
        """Begin to scan, or scan afresh where nothing is heard any more; a `RadioError` where the adapter cannot."""
        now_s = asyncio.get_running_loop().time()
        if self._scanner is not None:
            if now_s - self._heard_s < DEAF_S:
                return
            await self.give_up()
        self._heard_s = now_s
        with translated():
            # Not filtered by service: other makers' devices do not tell theirs.
            scanner = BleakScanner(self._on_advertisement, backend=self._backend)
            async with asyncio.timeout(START_WITHIN_S):
                await scanner.start()
        self._scanner = scanner

    async def stop(self) -> None:
        """Scan no longer."""
        scanner, self._scanner = self._scanner, None
        if scanner is not None:
            with translated():
                async with asyncio.timeout(START_WITHIN_S):
                    await scanner.stop()

    async def give_up(self) -> None:
        """Scan no longer, whatever the adapter says: one that was switched off or pulled out cannot stop cleanly."""
        try:
            await self.stop()
        except RadioError as error:
            log.info("scanning did not stop cleanly: %s", error)

    async def news(self, within_s: float) -> None:
        """Wait for an advertisement, but not longer than this."""
        self._news.clear()
        try:
            async with asyncio.timeout(within_s):
                await self._news.wait()
        except TimeoutError:
            return

    def all(self) -> Sequence[Sighting]:
        """The last advertisement of every strap seen so far."""
        return tuple(self._seen.values())

    def fresh(self, now_s: float) -> Sequence[Sighting]:
        """The straps that advertised within the last 2 s."""
        return [s for s in self._seen.values() if now_s - s.seen_s <= FRESH_S]

    def forget(self, address: str) -> None:
        """What was seen of this strap is no longer true."""
        self._seen.pop(address, None)

    def _on_advertisement(self, device: BLEDevice, data: AdvertisementData) -> None:
        self._heard_s = now_s = asyncio.get_running_loop().time()
        name = _printable(data.local_name or device.name or "") or device.address
        found = recognised(Heard(name, frozenset(data.service_uuids), data.manufacturer_data))
        if found is None:
            return
        driver, advertised = found
        self._seen[device.address] = Sighting(device, name, advertised, data.rssi, now_s, driver)
        self._news.set()


def _printable(name: str) -> str:
    """A name from the air without what could play tricks on a terminal or a file."""
    return "".join(character for character in name if character.isprintable()).strip()


async def scan(duration_s: float, scanner_backend: type[BaseBleakScanner] | None = None) -> Sequence[Sighting]:
    """The straps that advertise within this time."""
    lookout = Lookout(scanner_backend)
    await lookout.start()
    try:
        await asyncio.sleep(duration_s)
    finally:
        await lookout.stop()
    return lookout.all()
