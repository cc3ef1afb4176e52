"""The drivers there are: by a recording's name, and by what an advertisement tells."""

from collections.abc import Sequence

from sensor.drivers.driver import Driver, Heard
from sensor.drivers.kneegap import KneegapDriver
from sensor.drivers.metawear import METAWEAR
from sensor.drivers.movella_dot import DotDriver
from sensor.drivers.phyphox import PhyphoxDriver
from sensor.drivers.witmotion import WitMotionDriver
from sensor.packet import Advertised

OWN = KneegapDriver()
DRIVERS: Sequence[Driver] = (OWN, DotDriver(), WitMotionDriver(), METAWEAR, PhyphoxDriver())


def driver_named(name: str) -> Driver | None:
    """The driver that a recording or a remembered pair names; None where this program has none."""
    return next((driver for driver in DRIVERS if driver.name == name), None)


def recognised(heard: Heard) -> tuple[Driver, Advertised] | None:
    """Whose device advertises this, and what it tells; None where it is none that we know."""
    for driver in DRIVERS:
        advertised = driver.recognise(heard)
        if advertised is not None:
            return driver, advertised
    return None
