"""Golden bytes of public examples through every driver's decoder; random cuts and random bytes change nothing."""

import itertools
import struct
from collections.abc import Callable, Sequence
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sensor.decoding.stream_batch import Notification
from sensor.drivers.driver import Decoder, Driver
from sensor.drivers.known import DRIVERS, OWN, driver_named
from sensor.drivers.phyphox import values_of
from sensor.drivers.plain_talk import device_info
from sensor.drivers.witmotion import charge_pct
from sensor.gatt import Channel
from sensor.packet import StrapInfo, decode_info, encode_info
from sensor.samples import ARRAYS, Placement, SampleBlock, join

LEFT = Placement.LEFT_THIGH
G = 9.80665
IMU = Channel.ACC | Channel.GYR
# What each driver's devices say of themselves, as recordings keep it.
INFOS = {
    "movella_dot": device_info(IMU | Channel.ORIENTATION, 60.0, clock_hz=1_000_000),
    "witmotion": device_info(IMU, 100.0),
    "metawear": device_info(IMU, 100.0),
    "phyphox": device_info(Channel.FLEX | Channel.RANGE, 50.0),
}

# obedier/vib: printed from a WT901BLE68, 16 of 20 bytes; the rest (pitch and yaw) is not used.
WIT_REAL = bytes.fromhex("556135ff59ff0a08000000000000b9fc00000000")
WIT_TURNING = bytes.fromhex("556122ff3aff5b074300ffff02004bfe00000000")
# The vendor's example of a register's answer.
WIT_REPLY = bytes.fromhex("55713a00680169007a0000000000000000000000")


def decoder(driver: str, info: StrapInfo | None = None) -> Decoder:
    found = driver_named(driver)
    assert found is not None
    return found.decoder(info or INFOS[driver], LEFT)


def decoded(driver: str, data: Sequence[bytes], step_s: float = 0.01) -> SampleBlock:
    """Everything from these notifications, which come one step after another."""
    it = decoder(driver)
    sent = [Notification(5.0 + i * step_s, one) for i, one in enumerate(data)]
    return join([it.push(sent), it.finish()])


def test_witmotion_frames_of_public_examples() -> None:
    block = decoded("witmotion", [WIT_REAL + WIT_TURNING[:7], WIT_TURNING[7:] + WIT_REPLY])
    np.testing.assert_allclose(block.acc_m_s2[0] / G, [-0.0991, -0.0815, 1.0049], atol=5e-5)
    np.testing.assert_array_equal(block.gyr_rad_s[0], 0.0)
    np.testing.assert_allclose(block.acc_m_s2[1] / G, [-0.1084, -0.0967, 0.9194], atol=5e-5)
    np.testing.assert_allclose(np.rad2deg(block.gyr_rad_s[1]), [4.089, -0.061, 0.122], atol=5e-4)
    assert len(block) == 2


def test_a_witmotion_frame_may_carry_its_date() -> None:
    date = bytes([26, 11, 22, 20, 31, 5, 0xFA, 0])
    block = decoded("witmotion", [(WIT_REAL + date) * 3 + WIT_REPLY + (WIT_TURNING + date) * 2])
    assert len(block) == 5
    np.testing.assert_allclose(block.gyr_rad_s[:3], 0.0)
    np.testing.assert_allclose(np.rad2deg(block.gyr_rad_s[3:, 0]), 4.089, atol=5e-4)


def dot_payload(us: int, turn_deg_s: float = 0.0) -> bytes:
    """A payload of custom mode 5 as the specification lays it out, filled up to 63 bytes."""
    q, acc, gyr = (1.0, 0.0, 0.0, 0.0), (3.009197, 5.223928, -2.3260102), (turn_deg_s, 0.0, -90.0)
    return struct.pack("<I10f", us % (1 << 32), *q, *acc, *gyr).ljust(63, b"\0")


def test_a_dot_s_real_time_and_floats() -> None:
    # protobioengineering/xsens-dot-python-examples: two real packets, 16667 us apart, their floats in mode 5's places.
    first = (
        bytes.fromhex("d8052244")
        + struct.pack("<4f", 1, 0, 0, 0)
        + bytes.fromhex("af9640406b2aa7405add14c0")
        + bytes(12)
    )
    second = (
        bytes.fromhex("f3462244")
        + struct.pack("<4f", 1, 0, 0, 0)
        + bytes.fromhex("0da53c409c13a640f01009c0")
        + bytes(12)
    )
    block = decoded("movella_dot", [first, second.ljust(63, b"\0")], 1 / 60)
    np.testing.assert_allclose(block.acc_m_s2[0], [3.009197, 5.223928, -2.3260102], rtol=1e-6)
    np.testing.assert_allclose(block.acc_m_s2[1], [2.947574, 5.1898937, -2.1416588], rtol=1e-6)
    np.testing.assert_array_equal(np.diff(block.sample), 1)
    np.testing.assert_allclose(np.diff(block.device_s), 0.016667, atol=1e-9)
    np.testing.assert_allclose(
        np.rad2deg(decoded("movella_dot", [dot_payload(0, 30.0)]).gyr_rad_s), [[30.0, 0.0, -90.0]]
    )


def test_a_dot_s_clock_wraps_and_its_holes_show() -> None:
    start = (1 << 32) - 40_000
    sent = [dot_payload(start + round(i * 1e6 / 60)) for i in range(300) if i not in (100, 101, 250)]
    block = decoded("movella_dot", sent, 1 / 60)
    numbers = block.sample - block.sample[0]
    assert numbers[-1] == 299
    assert set(range(300)) - set(numbers.tolist()) == {100, 101, 250}
    np.testing.assert_allclose(block.device_s - block.device_s[0], numbers / 60, atol=2e-6)


def test_a_dot_away_for_longer_than_its_clock_lasts() -> None:
    it = decoder("movella_dot")
    away_s = 3 * (1 << 32) / 1e6 + 100.0
    first = it.push([Notification(10.0, dot_payload(5_000_000))])
    later = it.push([Notification(10.0 + away_s, dot_payload(5_000_000 + round(away_s * 1e6)))])
    assert later.device_s[0] - first.device_s[0] == pytest.approx(away_s, abs=1e-5)
    assert int(later.sample[0] - first.sample[0]) == round(away_s * 60)
    assert it.counts.restarts == 0
    again = it.push([Notification(20.0 + away_s, dot_payload(77))])  # switched off and on
    assert int(again.sample[0] - later.sample[0]) == 600
    assert it.counts.restarts == 1


def test_what_comes_twice_or_late_from_a_dot_is_counted() -> None:
    us = [round(i * 1e6 / 60) for i in range(10)]
    order = [0, 1, 2, 2, 5, 3, 6, 7, 3, 8]
    it = decoder("movella_dot")
    block = it.push([Notification(1.0 + i / 60, dot_payload(us[k])) for i, k in enumerate(order)])
    assert (block.sample - block.sample[0]).tolist() == [0, 1, 2, 5, 3, 6, 7, 8]
    assert (it.counts.repeated, it.counts.out_of_order, it.counts.restarts) == (2, 1, 0)


@pytest.mark.parametrize(
    "data", [b"", dot_payload(1)[:43], struct.pack("<I10f", 1, *[0.0] * 10), dot_payload(1, float("nan"))]
)
def test_a_bad_dot_payload_is_counted(data: bytes) -> None:
    it = decoder("movella_dot")
    assert len(it.push([Notification(1.0, dot_payload(0)), Notification(1.1, data)])) == 1
    assert it.counts.corrupt == 1


def test_phyphox_channels_by_either_library() -> None:
    # docs/protocol.md of phyphox-arduino: float32, little-endian; five of them, or as many as the sketch writes.
    channels = Channel.FLEX | Channel.RANGE
    five, two = struct.pack("<5f", 812.5, 43.25, 0, 0, 0), struct.pack("<2f", 812.5, 43.25)
    for data in (five, two):
        (row,) = values_of(channels, data).tolist()
        assert row[6:9] == [812.5, pytest.approx(float("nan"), nan_ok=True), pytest.approx(0.04325)]
    assert len(values_of(channels, five * 3)) == 3
    assert np.isnan(values_of(channels, struct.pack("<2f", float("inf"), 1.0))[0, 6])
    it = decoder("phyphox")
    assert len(it.push([Notification(1.0, two), Notification(1.1, b"abc"), Notification(1.2, b"")])) == 1
    assert it.counts.corrupt == 2


@pytest.mark.parametrize(("volts_100", "percent"), [(420, 100), (393, 90), (388, 75), (369, 15), (345, 5)])
def test_a_witmotion_battery(volts_100: int, percent: int) -> None:
    assert charge_pct(volts_100) == percent


# Axes are those printed on each device, right-handed; lying flat, specific force points up (docs/devices.md).
FLAT = {
    "witmotion": [b"\x55\x61" + struct.pack("<9h", 0, 0, 2048, 0, 0, 1638, 0, 0, 0)] * 2,
    "metawear": [
        b"\x03\x1c" + struct.pack("<9h", *[0, 0, 4096] * 3),
        b"\x13\x07" + struct.pack("<9h", *[0, 0, 1640] * 3),
    ],
    "movella_dot": [struct.pack("<I10f", 0, 1, 0, 0, 0, 0, 0, G, 0, 0, 100.0)],
}


@pytest.mark.parametrize("driver", FLAT)
def test_a_device_that_lies_flat_feels_the_table_push_it_up(driver: str) -> None:
    block = decoded(driver, FLAT[driver])
    np.testing.assert_allclose(block.acc_m_s2[0], [0.0, 0.0, G], rtol=1e-6)
    np.testing.assert_allclose(np.rad2deg(block.gyr_rad_s[0]), [0.0, 0.0, 100.0], rtol=3e-4)


def stream(driver: str, samples: int) -> bytes | list[bytes]:
    """What a device sends; a stream of bytes can be cut anywhere."""
    rng = Random(7)
    if driver == "witmotion":
        return b"".join(_wit_piece(rng, i) for i in range(samples))
    if driver == "movella_dot":
        return [dot_payload(round(i * 1e6 / 60), rng.uniform(-9, 9)) for i in range(samples)]
    if driver == "phyphox":
        return [struct.pack("<2f", rng.random(), rng.random()) for _ in range(samples)]
    heads = (b"\x03\x1c", b"\x13\x07")
    return [heads[i % 2] + rng.randbytes(18) for i in range(samples)]


def _wit_piece(rng: Random, i: int) -> bytes:
    """Frames, and now and then an answer, a torn frame, or a frame whose data look like the start of one."""
    if i % 17 == 5:
        return WIT_REPLY
    if i % 23 == 9:
        return rng.randbytes(rng.randrange(1, 19))
    body = rng.randbytes(18) if i % 5 else b"\x55\x61" * 9
    return b"\x55\x61" + body


@pytest.mark.parametrize("driver", INFOS)
@settings(max_examples=25, deadline=None)
@given(cuts=st.lists(st.integers(0, 20_000), max_size=25), grouping=st.lists(st.integers(0, 400), max_size=8))
def test_random_cuts_give_the_same_samples(driver: str, cuts: list[int], grouping: list[int]) -> None:
    sent = stream(driver, 200)
    if isinstance(sent, bytes):
        borders = sorted({0, len(sent), *(cut % len(sent) for cut in cuts)})
        # All within the burst of one connection event: only the bytes count.
        whole = [Notification(3.0, sent)]
        pieces = [Notification(3.0, sent[a:b]) for a, b in itertools.pairwise(borders)]
    else:
        whole = pieces = [Notification(3.0 + i / 60, data) for i, data in enumerate(sent)]
    once, cut = decoder(driver), decoder(driver)
    expected = join([once.push(whole), once.finish()])
    groups = sorted({0, len(pieces), *(g % (len(pieces) + 1) for g in grouping)})
    parts = [cut.push(pieces[a:b]) for a, b in itertools.pairwise(groups)]
    got = join([*parts, cut.finish()])
    for name in ARRAYS:
        np.testing.assert_array_equal(getattr(got, name), getattr(expected, name), name)
    assert cut.counts == once.counts
    assert len(got) > 100


@pytest.mark.parametrize("driver", INFOS)
@settings(max_examples=60, deadline=None)
@given(sent=st.lists(st.tuples(st.floats(0, 5.0), st.binary(max_size=90)), max_size=40))
def test_random_bytes_raise_nothing(driver: str, sent: list[tuple[float, bytes]]) -> None:
    it, now_s = decoder(driver), 0.0
    blocks: list[SampleBlock] = []
    for waited_s, data in sent:
        now_s += waited_s
        blocks.append(it.push([Notification(now_s, data)]))
    blocks.append(it.finish())
    block = join(blocks)
    assert np.all(np.isfinite(block.device_s))
    assert np.all(np.diff(block.arrival_s) >= 0)
    assert it.counts.corrupt <= sum(1 + data.count(b"\x55") for _, data in sent)


@pytest.mark.parametrize("junk", [b"\x55" * 200_000, b"\x55\x61" * 100_000, bytes(200_000)])
def test_a_flood_of_nonsense_is_quickly_over(junk: bytes) -> None:
    it = decoder("witmotion")
    it.push([Notification(1.0, junk)])
    it.finish()


@pytest.mark.parametrize("driver", DRIVERS, ids=lambda d: d.name)
def test_what_a_driver_knows_of_a_device_survives_a_recording(driver: Driver) -> None:
    if driver is not OWN:
        info = INFOS[driver.name]
        assert decode_info(encode_info(info)) == info


def cut_off(make: Callable[[], Decoder]) -> tuple[SampleBlock, int]:
    """Two connections, of which the first ends in the middle of a frame."""
    it = make()
    it.push([Notification(1.0, WIT_REAL * 4 + WIT_TURNING[:9])])
    it.inform(INFOS["witmotion"])
    return join([it.push([Notification(4.0, WIT_REAL * 5)]), it.finish()]), it.counts.corrupt


def test_half_a_frame_of_a_lost_connection_is_not_completed_by_the_next() -> None:
    block, corrupt = cut_off(lambda: decoder("witmotion"))
    assert corrupt == 0
    np.testing.assert_array_equal(block.gyr_rad_s, 0.0)
