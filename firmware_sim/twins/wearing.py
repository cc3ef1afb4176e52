"""A virtual person who wears other makers' devices, in an air with a host's adapter."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from bumble.device import Device

from firmware_sim.air.link import Path
from firmware_sim.air.radio import SimulatedAir
from firmware_sim.twins.dot_twin import DotTwin
from firmware_sim.twins.measured import Reader, Shared
from firmware_sim.twins.metawear_twin import MetaWearTwin
from firmware_sim.twins.phyphox_twin import PhyphoxTwin
from firmware_sim.twins.twin import Model, Twin
from firmware_sim.twins.witmotion_twin import WitMotionTwin

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
