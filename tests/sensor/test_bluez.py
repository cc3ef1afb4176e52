"""What is said to BlueZ, by the questions it asks and the objects it shows."""

import pytest

from sensor.drivers.driver import Heard
from sensor.link.bluez import CHARACTERISTIC, DEVICE, Objects, forgotten, says_yes

STRAP = "/org/bluez/hci0/dev_F0_0A_0A_0A_01_01"
OTHER = "/org/bluez/hci0/dev_11_22_33_44_55_66"
ADDRESS = "F0:0A:0A:0A:01:01"


@pytest.mark.parametrize(
    ("member", "body", "answer"),
    [
        ("RequestConfirmation", [STRAP, 123456], True),
        ("RequestAuthorization", [STRAP], True),
        ("AuthorizeService", [STRAP, "0000180f-0000-1000-8000-00805f9b34fb"], True),
        ("RequestConfirmation", [OTHER, 123456], False),
        ("RequestPinCode", [STRAP], False),
        ("RequestPasskey", [STRAP], False),
        ("RequestConfirmation", [], False),
        ("Release", [], True),
        ("Cancel", [], True),
    ],
)
def test_yes_is_said_for_the_one_strap_alone(member: str, body: list[object], answer: bool) -> None:
    assert says_yes(member, body, ADDRESS) is answer
    assert says_yes(member, body, ADDRESS.lower()) is answer


def objects(*, connected: bool = True, notifying: bool = False, name: str = "Knee strap 0001") -> Objects:
    device = {"Connected": connected, "Name": name, "UUIDs": ["a"], "ManufacturerData": {0xFFFF: b"\1\1\0\0"}}
    return {
        "/org/bluez/hci0": {"org.bluez.Adapter1": {"Powered": True}},
        STRAP: {DEVICE: device},
        f"{STRAP}/service0010/char0011": {CHARACTERISTIC: {"Notifying": notifying}},
        OTHER: {DEVICE: {"Connected": True, "Name": "Headphones"}},
        f"{OTHER}/service0010/char0011": {CHARACTERISTIC: {"Notifying": False}},
    }


def is_strap(heard: Heard) -> bool:
    return (
        heard.name.startswith("Knee strap")
        and heard.services == frozenset({"a"})
        and heard.manufacturer == {0xFFFF: b"\1\1\0\0"}
    )


def test_only_straps_that_nobody_listens_to_are_disconnected() -> None:
    assert forgotten(objects(), is_strap) == [STRAP]
    assert forgotten(objects(notifying=True), is_strap) == []
    assert forgotten(objects(connected=False), is_strap) == []
    assert forgotten(objects(name="Headphones"), is_strap) == []
    assert forgotten({}, is_strap) == []
