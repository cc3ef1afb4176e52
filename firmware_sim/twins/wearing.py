"""A virtual person who wears other makers' devices, in an air with a host's adapter."""

from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from bumble.device import Device

from firmware_sim.air.link import Path
from firmware_sim.air.open_air import WAIT_FOR_A_HOST, opened
from firmware_sim.air.radio import SimulatedAir
from firmware_sim.air.sampling import Sensors
from firmware_sim.twins.dot_twin import DotTwin
from firmware_sim.twins.measured import Reader, Shared
from firmware_sim.twins.metawear_twin import MetaWearTwin
from firmware_sim.twins.phyphox_twin import PhyphoxTwin
from firmware_sim.twins.twin import Model, Twin
from firmware_sim.twins.witmotion_twin import WitMotionTwin
from sensor.radio_errors import TransportFailed
from sensor.samples import Placement

Make = Callable[[Reader], Model]

TWINS: Mapping[str, Make] = {
    "movella_dot": DotTwin,
    "witmotion": WitMotionTwin,
    "metawear": MetaWearTwin,
    "phyphox": PhyphoxTwin,
}


@dataclass(frozen=True, slots=True)
class WornTwin:
    """A device on the air: what it is, and what can be done to it."""

    twin: Twin
    path: Path
    address: str

    @property
    def model(self) -> Model:
        """How the device behaves."""
        return self.twin.model


@asynccontextmanager
async def twins_on_transport(
    sensors: Mapping[Placement, Sensors], devices: Sequence[str], transport: str, seed: int = 0
) -> AsyncGenerator[Mapping[str, Twin]]:
    """Devices that run while the context lasts, by placement: the first at each, the others beside the first strap."""
    if transport.split(":")[0] not in WAIT_FOR_A_HOST:
        raise TransportFailed(transport, "other makers' devices need one that waits for a host")
    async with AsyncExitStack() as stack:
        air = await stack.enter_async_context(SimulatedAir({}, seed))
        its = await opened(transport, stack)
        air.admit(its.source, its.sink)
        twins: dict[str, Twin] = {}
        for placement, strap in sensors.items():
            worn = devices if not twins else devices[:1]
            for device, twin in zip(worn, wear(air, Shared(strap), [TWINS[d] for d in worn]), strict=True):
                twins[f"{placement} {device}"] = twin.twin
        yield twins


def wear(air: SimulatedAir, shared: Shared, makes: Sequence[Make]) -> Sequence[WornTwin]:
    """Switch on devices that sit where one strap's sensors are."""
    return [switch_on(air, make(shared.reader())) for make in makes]


def switch_on(air: SimulatedAir, model: Model) -> WornTwin:
    """Switch on one device."""
    made: list[tuple[Twin, Device]] = []

    def run(device: Device) -> Twin:
        made.append((Twin(model, device, air.now_s), device))
        return made[0][0]

    path = air.add_device(model.name, run)
    twin, device = made[0]
    return WornTwin(twin, path, device.random_address.to_string(False))
