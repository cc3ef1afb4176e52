"""Names and numbers of the strap protocol, as `docs/protocol.md` fixes them.

Invariant: a number once published never changes its meaning; new ones are added at the end.
"""

from enum import IntEnum, IntFlag
from typing import Final

from sensor.samples import Placement

PROTOCOL_VERSION: Final = 1
# Names the protocol in recordings; those that name none hold it, too.
OWN_DRIVER: Final = "kneegap"

STRAP_SERVICE: Final = "9a3f0001-5c2e-4b7d-8e16-2f7c6b1d40aa"
INFORMATION: Final = "9a3f0002-5c2e-4b7d-8e16-2f7c6b1d40aa"
STREAM: Final = "9a3f0003-5c2e-4b7d-8e16-2f7c6b1d40aa"
CONTROL: Final = "9a3f0004-5c2e-4b7d-8e16-2f7c6b1d40aa"

BATTERY_SERVICE: Final = "0000180f-0000-1000-8000-00805f9b34fb"
BATTERY_LEVEL: Final = "00002a19-0000-1000-8000-00805f9b34fb"
DEVICE_INFORMATION_SERVICE: Final = "0000180a-0000-1000-8000-00805f9b34fb"
MANUFACTURER_NAME: Final = "00002a29-0000-1000-8000-00805f9b34fb"
MODEL_NUMBER: Final = "00002a24-0000-1000-8000-00805f9b34fb"
SERIAL_NUMBER: Final = "00002a25-0000-1000-8000-00805f9b34fb"
FIRMWARE_REVISION: Final = "00002a26-0000-1000-8000-00805f9b34fb"

# The Bluetooth SIG's number for "no company": a strap of our own has no assigned one.
COMPANY: Final = 0xFFFF

KEPT_S: Final = 30
SMALLEST_MTU: Final = 23
ATT_HEADER: Final = 3
MOST_SAMPLES: Final = 15
ORIENTATION_EVERY_S: Final = 0.5
LONGEST_PACKET_S: Final = 0.1

COUNTER_MODULUS: Final = 1 << 24
CLOCK_MODULUS: Final = 1 << 32
FULL_SCALE_COUNTS: Final = 32768
QUATERNION_COUNTS: Final = 32767
# Squared length of a rotation in counts, 1 % of length to either side.
QUATERNION_NORM: Final = ((0.99 * QUATERNION_COUNTS) ** 2, (1.01 * QUATERNION_COUNTS) ** 2)
NO_COUNT: Final = 0xFFFF
NO_TEMPERATURE: Final = -32768


class Channel(IntFlag):
    """What a strap measures, and what a stream packet holds; RESENT is set in packets only."""

    ACC = 0x01
    GYR = 0x02
    TEMPERATURE = 0x04
    FLEX = 0x08
    TENSION = 0x10
    RANGE = 0x20
    ORIENTATION = 0x40
    RESENT = 0x80


PER_SAMPLE: Final = Channel.ACC | Channel.GYR | Channel.FLEX | Channel.TENSION | Channel.RANGE
MEASURED: Final = PER_SAMPLE | Channel.TEMPERATURE | Channel.ORIENTATION


class Ability(IntFlag):
    """What a strap can do besides measuring."""

    BLINK = 0x01
    BUZZ = 0x02
    BUTTON = 0x04
    TAP = 0x08


class Opcode(IntEnum):
    """Requests that the host writes to Control."""

    START = 0x01
    STOP = 0x02
    RATE = 0x03
    PLACEMENT = 0x04
    IDENTIFY = 0x05
    HAPTIC = 0x06
    RESEND = 0x07
    STATUS = 0x08


ANSWER: Final = 0x80


class EventCode(IntEnum):
    """What the strap tells by itself on Control."""

    TAP = 0xC1
    BUTTON = 0xC2


class Status(IntEnum):
    """How a request ended."""

    OK = 0
    UNKNOWN_REQUEST = 1
    BAD_LENGTH = 2
    BAD_VALUE = 3
    NOT_STREAMING = 4
    NOT_KEPT = 5
    UNSUPPORTED = 6
    BUSY = 7
    MTU_TOO_SMALL = 8
    SENSOR_FAILED = 9


MEANING: Final = {
    Status.OK: "done",
    Status.UNKNOWN_REQUEST: "it does not know this request",
    Status.BAD_LENGTH: "the request has a wrong length",
    Status.BAD_VALUE: "a value is out of its range",
    Status.NOT_STREAMING: "it is not streaming",
    Status.NOT_KEPT: "it no longer keeps these samples",
    Status.UNSUPPORTED: "it cannot do this",
    Status.BUSY: "it is busy",
    Status.MTU_TOO_SMALL: "the link's packets are too small",
    Status.SENSOR_FAILED: "its sensor does not work",
}


class Haptic(IntEnum):
    """Cues that a strap can buzz."""

    OFF = 0
    SHORT = 1
    DOUBLE = 2
    LONG = 3
    WARNING = 4


PLACEMENT_CODES: Final = {
    Placement.LEFT_THIGH: 1,
    Placement.RIGHT_THIGH: 2,
    Placement.LEFT_SHANK: 3,
    Placement.RIGHT_SHANK: 4,
    Placement.LEFT_FOOT: 5,
    Placement.RIGHT_FOOT: 6,
    Placement.PELVIS: 7,
}
NO_PLACEMENT: Final = 0
PLACEMENTS: Final = {code: placement for placement, code in PLACEMENT_CODES.items()}
