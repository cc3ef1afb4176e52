"""A simulated person in simulated straps, or in other makers' devices as they behave: the radio of `live --sim`.

Invariant: product code meets them through bleak; who wears which device is remembered as it would be of real ones.
"""

from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from functools import partial

from firmware_sim.air.radio import SimulatedAir
from firmware_sim.person.virtual_person import VirtualPerson
from firmware_sim.twins.measured import Shared
from firmware_sim.twins.phyphox_twin import PhyphoxTwin
from firmware_sim.twins.wearing import TWINS, Make, wear
from firmware_sim.worn.module import thigh_channels
from monitor.coach.signals import Action
from monitor.guided.guide import Guided, Radio
from monitor.guided.key_presser import KeyPresser
from monitor.guided.simulated_wearer import SimulatedWearer
from monitor.session.live import Observer
from sensor.gatt import Channel
from sensor.link.straps import Straps
from sensor.samples import THIGHS, Placement
from sensor.slots import Part, Remembered, Slot
from sensor.wearer import Wearer

BAND = "phyphox"
_MEASURED = {"flex": Channel.FLEX, "tension": Channel.TENSION, "range": Channel.RANGE}


def simulated(seed: int, guided: Guided, put_on_s: float, devices: tuple[str, ...] = ()) -> tuple[Wearer, Radio]:
    """A person's sizes, and the radio through which what he wears is met; he follows the coach.

    Of `devices` (names of drivers) he wears the first on each thigh, the others beside the first on the left; without
    any he wears straps of our own.
    """
    optional = () if devices else guided.plan.optional
    person = VirtualPerson(seed, straps={p: thigh_channels(p) for p in (*THIGHS, *optional)})
    build = person.build

    @asynccontextmanager
    async def radio(act: Callable[[Action], None]) -> AsyncGenerator[tuple[Straps, Sequence[Observer]]]:
        async with SimulatedAir({} if devices else person.sensors, seed) as air:
            pair = worn_devices(air, {p: Shared(person.sensors[p]) for p in THIGHS}, devices) if devices else ()
            wearer = SimulatedWearer(person, air.now_s, guided.plan.name, guided.spacer_mm, put_on_s, act)
            backends = air.client_backend, air.scanner_backend
            straps = Straps(optional=optional, pair=pair, backend=backends[0], scanner_backend=backends[1])
            yield straps, (wearer, KeyPresser(act, put_on_s)) if devices[:1] == (BAND,) else (wearer,)

    return Wearer(build.femur_m, build.hip_width_m, build.knee_width_m), radio


def worn_devices(
    air: SimulatedAir, sensors: Mapping[Placement, Shared], devices: Sequence[str]
) -> Sequence[Remembered]:
    """Switches on the twins of these devices, the first on each strap's place, the others beside the first strap."""
    pair: list[Remembered] = []
    for placement, shared in sensors.items():
        worn = devices if not pair else devices[:1]
        twins = wear(air, shared, [twin_of(device, shared) for device in worn])
        for i, (device, twin) in enumerate(zip(worn, twins, strict=True)):
            slot = Slot(placement, Part.BAND if i else Part.STRAP)
            pair.append(Remembered(slot, twin.address, device, twin.model.name))
    return pair


def twin_of(device: str, shared: Shared) -> Make:
    """How a device at this place is made; a band says in its name what there is to measure."""
    if device != BAND:
        return TWINS[device]
    measured = [word for word, channel in _MEASURED.items() if channel in shared.info.channels]
    return partial(PhyphoxTwin, name=" ".join(["knee band", *measured]))
