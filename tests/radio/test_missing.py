"""What is asked for again, when, and what is given up."""

from dataclasses import replace
from random import Random

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from sensor import gatt
from sensor.control import Resend
from sensor.gatt import Channel
from sensor.link.missing import MissingSamples
from sensor.packet import StreamPacket
from tests.radio.plain_sensors import FULL


def packet(
    counter: int, samples: int = 10, epoch: int = 1, resent: bool = False, channels: Channel = FULL
) -> StreamPacket:
    """A packet whose values do not matter."""
    counter %= gatt.COUNTER_MODULUS
    return StreamPacket(epoch, counter, 0, channels, np.zeros((samples, 8), dtype=np.int32), resent=resent)


def following(since: int = 0) -> MissingSamples:
    """A strap that has said where it starts."""
    missing = MissingSamples(FULL, 100.0)
    missing.begin(1, since, 100.0, 0.0)
    return missing


def test_a_hole_is_asked_for_once_patience_ends() -> None:
    missing = following()
    missing.take(packet(0), 0.1)
    missing.take(packet(30), 0.4)
    assert missing.asks(0.6) == []
    assert missing.asks(0.75) == [Resend(1, 10, 20)]
    assert missing.asks(0.9) == []
    assert missing.asks(2.3) == [Resend(1, 10, 20)]
    missing.take(packet(10, 20, resent=True), 2.4)
    assert (missing.count, missing.asks(9.0)) == (0, [])


def test_samples_lost_before_the_first_packet_are_missing_too() -> None:
    missing = following(500)
    missing.take(packet(520), 0.3)
    assert missing.asks(1.0) == [Resend(1, 500, 20)]


def test_a_packet_that_was_only_late_is_not_asked_for() -> None:
    missing = following()
    missing.take(packet(10), 0.2)
    missing.take(packet(0), 0.3)
    assert missing.asks(1.0) == []


def test_no_more_is_asked_for_than_can_come_soon() -> None:
    missing = following()
    missing.take(packet(2000), 20.0)
    assert missing.asks(20.5) == [Resend(1, 0, 300)]
    assert missing.asks(20.6) == []
    missing.take(packet(0, 100, resent=True), 20.7)
    assert missing.asks(20.8) == [Resend(1, 300, 100)]


def test_while_answers_come_nothing_is_asked_for_twice() -> None:
    missing = following()
    missing.take(packet(300), 3.0)
    assert missing.asks(3.5) == [Resend(1, 0, 300)]
    for i in range(10):
        missing.take(packet(10 * i, resent=True), 4.5 + i)
        assert missing.asks(5.0 + i) == []
    assert missing.asks(15.1) == [Resend(1, 100, 200)]


def test_what_the_strap_no_longer_keeps_is_given_up() -> None:
    missing = following()
    missing.take(packet(4000), 40.0)
    assert missing.asks(40.5) == [Resend(1, 1010, 300)]
    assert missing.given_up == 1010
    missing.refused(Resend(1, 1010, 300))
    assert missing.given_up == 1310


def test_another_epoch_starts_afresh() -> None:
    missing = following()
    missing.take(packet(100), 1.0)
    missing.take(packet(7, epoch=2), 2.0)
    assert (missing.count, missing.given_up) == (0, 100)


def test_a_counter_from_the_future_is_not_believed_before_five_agree() -> None:
    missing = following()
    missing.take(packet(0), 0.1)
    missing.take(packet(900_000), 0.2)
    missing.take(packet(900_000, resent=True), 0.2)
    missing.take(packet(10), 0.3)
    assert missing.count == 0
    for i in range(5):
        missing.take(packet(500_000 + 10 * i), 0.4 + 0.1 * i)
    missing.take(packet(500_060), 1.0)
    assert missing.asks(2.0) == [Resend(1, 500_050, 10)]


def test_a_split_sample_has_come_when_all_its_parts_have() -> None:
    missing = following()
    motion, rest = Channel.ACC | Channel.FLEX, Channel.GYR | Channel.TENSION
    for counter, channels in ((0, motion), (0, rest), (1, rest), (2, motion), (2, rest), (2, Channel.ORIENTATION)):
        missing.take(packet(counter, 1, channels=channels), 0.1)
    assert missing.asks(1.0) == [Resend(1, 1, 1)]


def test_counters_wrap() -> None:
    missing = following(gatt.COUNTER_MODULUS - 15)
    missing.take(packet(gatt.COUNTER_MODULUS - 15), 0.1)
    missing.take(packet(15), 0.4)
    assert missing.asks(1.0) == [Resend(1, gatt.COUNTER_MODULUS - 5, 20)]
    missing.take(packet(-5, 20, resent=True), 1.1)
    assert missing.count == 0


def test_the_tail_is_known_from_the_straps_status() -> None:
    missing = following()
    missing.take(packet(0), 0.1)
    missing.ends_at(1, 35, 0.5)
    assert missing.asks(1.0) == [Resend(1, 10, 25)]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.booleans(), min_size=1, max_size=120), st.randoms(use_true_random=False))
def test_asking_until_everything_came_ends(lost: list[bool], chance: Random) -> None:
    missing = following()
    arrived: set[int] = set()
    now_s = 0.0
    for i, gone in enumerate(lost):
        now_s += 0.1
        if not gone:
            missing.take(packet(10 * i), now_s)
            arrived.update(range(10 * i, 10 * i + 10))
    missing.ends_at(1, 10 * len(lost), now_s)
    for _ in range(400):
        now_s += 0.1
        for request in missing.asks(now_s):
            for counter in range(request.counter, request.counter + request.samples, 10):
                assert not set(range(counter, counter + 10)) <= arrived
                if chance.random() < 0.7:
                    missing.take(packet(counter, resent=True), now_s)
                    arrived.update(range(counter, counter + 10))
    assert missing.count + missing.given_up == 0
    assert len(arrived) == 10 * len(lost)


def test_a_late_packet_of_an_epoch_that_has_ended_forgets_no_hole() -> None:
    missing = following()
    missing.take(packet(0), 0.1)
    missing.begin(2, 0, 100.0, 0.2)
    missing.take(replace(packet(30), epoch=2), 0.3)
    missing.take(packet(10), 0.4)
    missing.take(replace(packet(40), epoch=2), 0.5)
    assert missing.asks(1.0) == [Resend(2, 0, 30)]
