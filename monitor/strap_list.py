"""The straps in range as `kneegap scan` lists them: type, place, battery, signal, and what is missing.

Invariant: what is remembered for the wearer comes before what a strap says of itself.
"""

from collections.abc import Sequence

from sensor import gatt
from sensor.drivers.known import DRIVERS
from sensor.link.scan import Sighting
from sensor.radio_errors import NoSuchStrap, SameName
from sensor.samples import THIGHS
from sensor.slots import Part, Remembered, Slot

LOW_BATTERY_PCT = 15
WEAK_DBM = -85


def lines(found: Sequence[Sighting], pair: Sequence[Remembered]) -> list[str]:
    """A line for each strap, and one for what a session still lacks."""
    return [*(_line(sighting, pair) for sighting in found), *_lacking(found, pair)]


def find(found: Sequence[Sighting], strap: str) -> Sighting:
    """The strap whose name ends so, or whose address this is; `NoSuchStrap` or `SameName`."""
    by_address = [s for s in found if s.address == strap]
    named = by_address or [s for s in found if strap and s.name.endswith(strap)]
    if not named:
        raise NoSuchStrap(strap, [driver.title for driver in DRIVERS])
    if len(named) > 1:
        raise SameName(strap, [s.address for s in named])
    return named[0]


def _line(sighting: Sighting, pair: Sequence[Remembered]) -> str:
    told = sighting.advertised
    battery = "battery ?" if told.battery_pct is None else f"battery {told.battery_pct} %"
    slot = _slot(sighting, pair)
    yours = ["yours"] if any(device.address == sighting.address for device in pair) else []
    fields = [sighting.name, str(slot) if slot else "not placed", battery, f"{sighting.rssi_dbm} dBm", sighting.address]
    return "  ".join([*fields, sighting.driver.title, *yours, *_missing(sighting, slot)])


def _missing(sighting: Sighting, slot: Slot | None) -> list[str]:
    """What keeps this strap from a session, or soon will."""
    told = sighting.advertised
    out: list[str] = []
    if told.version != gatt.PROTOCOL_VERSION:
        newer = "update this program" if told.version > gatt.PROTOCOL_VERSION else "update its firmware"
        out.append(f"speaks protocol version {told.version}: {newer}")
    if slot is None:
        out.append(f"say where it is worn: --place {sighting.address}=left_thigh")
    if told.battery_pct is not None and told.battery_pct <= LOW_BATTERY_PCT:
        out.append("charge it")
    if sighting.rssi_dbm < WEAK_DBM:
        out.append("weak signal: bring it closer")
    if not sighting.driver.clock:
        out.append("no clock: sample times are made regular from arrivals")
    return out


def _slot(sighting: Sighting, pair: Sequence[Remembered]) -> Slot | None:
    own = next((device.slot for device in pair if device.address == sighting.address), None)
    if own is not None:
        return own
    told = sighting.advertised.placement
    return Slot(told) if told is not None and all(device.slot != Slot(told) for device in pair) else None


def _lacking(found: Sequence[Sighting], pair: Sequence[Remembered]) -> list[str]:
    there = {_slot(sighting, pair) for sighting in found}
    wanted = [Slot(p) for p in THIGHS] + [d.slot for d in pair if d.slot.part is Part.BAND]
    names = {device.slot: f" (yours: {device.name})" for device in pair}
    return [f"missing  {slot}{names.get(slot, '')}" for slot in wanted if slot not in there]
