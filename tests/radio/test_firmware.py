"""The strap's firmware against the golden bytes and the rules of docs/protocol.md, without a radio."""

from dataclasses import replace

import numpy as np
import pytest

from firmware_sim.air.firmware import StrapFirmware
from firmware_sim.air.notifications import granted_rate_hz, layout
from sensor import gatt
from sensor.control import (
    Answer,
    AskStatus,
    Cue,
    Identify,
    Request,
    Resend,
    Resending,
    SetPlacement,
    SetRate,
    Start,
    Started,
    Stop,
    StrapStatus,
    decode_control,
    encode_request,
)
from sensor.gatt import Ability, Channel, Haptic, Opcode, Status
from sensor.packet import StreamPacket, decode_advertisement, decode_info, decode_stream
from sensor.samples import Placement
from tests.radio.plain_sensors import FULL, IMU, PlainSensors, info

THIGH = info(Placement.LEFT_THIGH)


def ask(firmware: StrapFirmware, request: Request, now_s: float = 0.0) -> Answer:
    """The strap's answer to a request."""
    answer = decode_control(firmware.control(encode_request(request, 5), now_s))
    assert isinstance(answer, Answer)
    assert answer.number == 5
    return answer


def connected(mtu: int = 247, strap: PlainSensors | None = None) -> StrapFirmware:
    """A strap with a host that has subscribed."""
    firmware = StrapFirmware(strap or PlainSensors(THIGH))
    firmware.link_up(mtu)
    firmware.subscribe(on=True)
    return firmware


def stream(firmware: StrapFirmware, since_s: float, until_s: float) -> list[StreamPacket]:
    """What the strap notifies in a span of time."""
    ticks = np.arange(since_s, until_s + 1e-9, 0.05)
    return [decode_stream(data) for tick in ticks for data in firmware.tick(float(tick))]


def test_nothing_is_sent_before_start() -> None:
    assert stream(connected(), 0.0, 1.0) == []


def test_packets_follow_each_other_and_hold_100_ms() -> None:
    firmware = connected()
    firmware.tick(2.0)
    started = ask(firmware, Start(), 2.0).data
    assert started == Started(100.0, 1, 0, 2_000_000)
    packets = stream(firmware, 2.05, 5.0)
    assert [len(p.samples) for p in packets] == [10] * 30
    assert [p.counter for p in packets] == list(range(0, 300, 10))
    assert [p.clock for p in packets] == [2_000_000 + 100_000 * i for i in range(30)]
    assert {p.epoch for p in packets} == {1}
    assert {p.temperature_centi_c for p in packets} == {3125}
    assert packets[0].samples[0, 0] == 200


def test_a_running_stream_is_not_started_again() -> None:
    firmware = connected()
    ask(firmware, Start())
    stream(firmware, 0.05, 1.0)
    assert ask(firmware, Start(), 1.0).data == Started(100.0, 1, 100, 1_000_000)
    ask(firmware, Stop())
    assert ask(firmware, Start(), 1.0).data == Started(100.0, 2, 0, 1_000_000)


def test_what_a_disconnected_host_missed_is_sent_again_from_the_memory() -> None:
    firmware = connected()
    ask(firmware, Start())
    stream(firmware, 0.05, 1.0)
    firmware.link_down(1.0)
    assert stream(firmware, 1.05, 11.0) == []
    firmware.link_up(247)
    firmware.subscribe(on=True)
    assert ask(firmware, Resend(1, 100, 1000)).data == Resending(100, 1000)
    again = [p for p in stream(firmware, 11.05, 14.0) if p.resent]
    assert [n for p in again for n in range(p.counter, p.counter + len(p.samples))] == list(range(100, 1100))
    assert firmware.unsent_samples == 1000


def test_only_30_s_are_kept() -> None:
    firmware = connected()
    ask(firmware, Start())
    stream(firmware, 0.05, 40.0)
    assert ask(firmware, Resend(1, 0, 1500)).data == Resending(1000, 500)
    assert ask(firmware, Resend(1, 0, 1000)).status == Status.NOT_KEPT
    assert ask(firmware, Resend(7, 3000, 10)).status == Status.NOT_KEPT
    status = ask(firmware, AskStatus()).data
    assert status == StrapStatus(
        streaming=True, rate_hz=100.0, epoch=1, oldest=1000, next_counter=4000, clock=39_990_000
    )


def test_stop_keeps_what_is_kept_and_sends_the_rest() -> None:
    firmware = connected()
    ask(firmware, Start())
    packets = stream(firmware, 0.05, 1.07)
    ask(firmware, Stop(), 1.07)
    packets += stream(firmware, 1.1, 5.0)
    assert sum(len(p.samples) for p in packets) == 105
    assert ask(firmware, Resend(1, 0, 105)).data == Resending(0, 105)


def test_a_strap_alone_stops_after_ten_minutes() -> None:
    firmware = connected()
    ask(firmware, Start())
    firmware.link_down(1.0)
    firmware.tick(600.0)
    assert decode_advertisement(firmware.advertisement()).streaming
    firmware.tick(602.0)
    assert not decode_advertisement(firmware.advertisement()).streaming


def test_a_power_cycle_begins_another_epoch_and_forgets() -> None:
    firmware = connected()
    ask(firmware, Start())
    stream(firmware, 0.05, 5.0)
    firmware.power_cycle(5.0)
    firmware.link_up(247)
    firmware.subscribe(on=True)
    assert ask(firmware, Resend(1, 100, 100)).status == Status.NOT_KEPT
    started = ask(firmware, Start()).data
    assert started == Started(100.0, 3, 0, 10_000)


def test_another_rate_takes_every_so_many_samples() -> None:
    firmware = connected()
    assert ask(firmware, SetRate(40.0)).data == Started(25.0, 0, 0, 10_000)
    assert decode_info(firmware.information()).rate_hz == 25.0
    assert ask(firmware, Start()).data == Started(25.0, 1, 0, 40_000)
    packets = stream(firmware, 0.05, 2.0)
    values = np.concatenate([p.samples[:, 0] for p in packets])
    assert values.tolist() == list(range(0, 4 * len(values), 4))
    assert np.diff([p.clock for p in packets]).tolist() == [40_000 * len(p.samples) for p in packets[:-1]]


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (Identify(3), Status.OK),
        (Cue(Haptic.DOUBLE, 128), Status.UNSUPPORTED),
        (SetPlacement(Placement.RIGHT_THIGH), Status.OK),
        (SetRate(0.0), Status.BAD_VALUE),
    ],
)
def test_other_requests(request_: Request, status: Status) -> None:
    strap = PlainSensors(replace(THIGH, abilities=Ability.BLINK))
    assert ask(connected(strap=strap), request_).status == status


@pytest.mark.parametrize(
    ("written", "answer"),
    [
        ("02 02", "82 02 00"),
        ("04 04 02", "84 04 00"),
        ("05 05 03", "85 05 00"),
        ("04 04 09", "84 04 03"),
        ("55 09", "d5 09 01"),
        ("01 01 00", "81 01 02"),
        ("01", "80 00 02"),
        ("", "80 00 02"),
    ],
)
def test_answers_by_the_byte(written: str, answer: str) -> None:
    assert connected().control(bytes.fromhex(written), 0.0) == bytes.fromhex(answer)


@pytest.mark.parametrize(
    ("mtu", "samples", "parts", "slow"),
    [
        (247, 10, (FULL,), ()),
        (64, 2, (FULL,), ()),
        (41, 1, (FULL,), ()),
        (
            36,
            1,
            (Channel.ACC | Channel.GYR | Channel.FLEX | Channel.TENSION,),
            (Channel.TEMPERATURE | Channel.ORIENTATION,),
        ),
        (
            23,
            1,
            (Channel.ACC | Channel.FLEX, Channel.GYR | Channel.TENSION),
            (Channel.TEMPERATURE, Channel.ORIENTATION),
        ),
    ],
)
def test_fitting(mtu: int, samples: int, parts: tuple[Channel, ...], slow: tuple[Channel, ...]) -> None:
    plan = layout(FULL, mtu, 100.0)
    assert (plan.samples, plan.parts, plan.slow) == (samples, parts, slow)


@pytest.mark.parametrize(("channels", "mtu", "granted"), [(FULL, 247, 100.0), (FULL, 23, 25.0), (IMU, 36, 50.0)])
def test_a_small_mtu_slows_the_strap(channels: Channel, mtu: int, granted: float) -> None:
    assert granted_rate_hz(100.0, [100.0, 50.0, 25.0, 20.0, 10.0], channels, mtu) == granted


def test_parts_at_the_smallest_mtu_make_whole_samples() -> None:
    firmware = connected(mtu=gatt.SMALLEST_MTU)
    assert ask(firmware, Start()).opcode == Opcode.START
    sizes = [len(data) for tick in range(1, 60) for data in firmware.tick(0.05 * tick)]
    assert max(sizes) <= 20
    firmware = connected(mtu=gatt.SMALLEST_MTU)
    ask(firmware, Start())
    packets = stream(firmware, 0.05, 3.0)
    by_counter: dict[int, Channel] = {}
    for packet in packets:
        before = by_counter.get(packet.counter, Channel(0))
        assert not before & packet.channels
        by_counter[packet.counter] = before | packet.channels
    assert all(FULL & gatt.PER_SAMPLE in channels for channels in by_counter.values())
    oriented = [counter for counter, channels in by_counter.items() if Channel.ORIENTATION in channels]
    assert max(np.diff(oriented)) / 25.0 <= gatt.ORIENTATION_EVERY_S
