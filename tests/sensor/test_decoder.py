"""The decoder gives back what the strap measured, and counts what the air did to it."""

import itertools
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sensor.decoding.decoder import StrapDecoder
from sensor.decoding.stream_batch import Notification
from sensor.gatt import Channel
from sensor.packet import StrapInfo, encode_stream
from sensor.recorded import LinkCounts
from sensor.samples import ARRAYS, Placement, SampleBlock, join
from tests.sensor.strap_bytes import DELAY_S, INFO, Stream, parts

LEFT = Placement.LEFT_THIGH


def decoded(
    notifications: Sequence[Notification], borders: Sequence[int] = (), info: StrapInfo = INFO
) -> tuple[SampleBlock, LinkCounts]:
    decoder = StrapDecoder(info, LEFT)
    edges = [0, *sorted(borders), len(notifications)]
    blocks = [decoder.push(notifications[a:b]) for a, b in itertools.pairwise(edges)]
    return join([*blocks, decoder.finish()]), decoder.counts


def assert_same(block: SampleBlock, other: SampleBlock) -> None:
    for name in ARRAYS:
        np.testing.assert_array_equal(getattr(block, name), getattr(other, name), err_msg=name)


def test_samples_in_si_units() -> None:
    s = Stream()
    block, counts = decoded(s.notifications(0, 100))
    truth = s.counts(0, 100)
    np.testing.assert_allclose(block.acc_m_s2, truth[:, :3] * 80.0 / 32768)
    np.testing.assert_allclose(block.gyr_rad_s, truth[:, 3:6] * 40.0 / 32768)
    np.testing.assert_array_equal(block.flex, truth[:, 6])
    np.testing.assert_array_equal(block.tension, truth[:, 7])
    np.testing.assert_array_equal(block.sample, 1000 + np.arange(100))
    np.testing.assert_allclose(block.device_s, 5.0 + np.arange(100) / 100)
    np.testing.assert_allclose(block.arrival_s, 50.0 + DELAY_S + (np.arange(100) // 5 + 1) * 0.05)
    np.testing.assert_allclose(block.temperature_c, 25.0 + (np.arange(100) // 5 * 5) / 100)
    assert np.isnan(block.range_m).all()
    assert counts == LinkCounts()


def test_orientation_belongs_to_the_last_sample_of_its_packet() -> None:
    block, _ = decoded(Stream().notifications(0, 20))
    known = np.isfinite(block.q_start_from_strap[:, 0])
    np.testing.assert_array_equal(np.flatnonzero(known), [4, 9, 14, 19])
    half = np.arctan2(block.q_start_from_strap[known, 3], block.q_start_from_strap[known, 0])
    np.testing.assert_allclose(half, 0.0005 * np.array([4, 9, 14, 19]), atol=4e-5)


@pytest.mark.parametrize("channels", [0x08, 0x20, 0x38, 0x47, 0x4F, 0x5F, 0x67, 0x7F, 0x0C])
def test_any_combination_of_channels(channels: int) -> None:
    s = Stream(info=replace(INFO, channels=Channel(channels)))
    block, counts = decoded(s.notifications(0, 50), info=s.info)
    assert len(block) == 50
    assert counts == LinkCounts()
    found = {
        Channel.ACC: block.acc_m_s2[:, 0],
        Channel.GYR: block.gyr_rad_s[:, 0],
        Channel.FLEX: block.flex,
        Channel.TENSION: block.tension,
        Channel.RANGE: block.range_m,
        Channel.TEMPERATURE: block.temperature_c,
    }
    for channel, values in found.items():
        assert np.isfinite(values).all() == (channel in s.info.channels)


def test_no_value_is_nan() -> None:
    s = Stream()
    counts = s.packet(0).samples.copy()
    counts[2, 6:] = 0xFFFF
    packet = replace(s.packet(0), samples=counts, temperature_centi_c=-32768)
    block, _ = decoded([Notification(50.1, encode_stream(packet))])
    assert np.isnan(block.flex[2])
    assert np.isnan(block.tension[2])
    assert np.isfinite(block.flex[[0, 1, 3, 4]]).all()
    assert np.isnan(block.temperature_c).all()


def test_counter_and_clock_wrap_around() -> None:
    s = Stream(counter=2**24 - 52, clock=2**32 - 300_000)
    block, counts = decoded(s.notifications(0, 200))
    np.testing.assert_array_equal(np.diff(block.sample), 1)
    np.testing.assert_allclose(np.diff(block.device_s), 0.01, atol=1e-9)
    assert counts == LinkCounts()


def test_clock_wraps_unseen_in_a_long_gap() -> None:
    s = Stream()
    an_hour_and_a_half = 540_000
    block, counts = decoded([*s.notifications(0, 10), *[s.notification(an_hour_and_a_half + i) for i in (0, 5)]])
    assert block.device_s[10] - block.device_s[0] == pytest.approx(5400.0, abs=1e-6)
    assert counts.clock_jumps == 0


def test_lost_packets_leave_a_hole_and_resent_ones_fill_it_later() -> None:
    s = Stream()
    sent = s.notifications(0, 100)
    block, counts = decoded(sent[:4] + sent[6:10] + [s.notification(20, 10, resent_at_s=50.9)] + sent[10:])
    assert set(block.sample.tolist()) == set(range(1000, 1100))
    late = np.flatnonzero(np.diff(block.sample) < 0)
    assert block.sample[late[0] + 1] == 1020
    assert block.arrival_s[late[0] + 1] == 50.9
    np.testing.assert_allclose(block.acc_m_s2[np.argsort(block.sample)], s.counts(0, 100)[:, :3] * 80.0 / 32768)
    assert counts == LinkCounts(resent=10)


def test_what_is_sent_again_before_the_first_new_sample_waits_for_it() -> None:
    """As where a program goes on after one that was killed: what it asks for may come before anything new."""
    s = Stream()
    other_life = Notification(75.0, encode_stream(replace(s.packet(30, 10, resent=True), epoch=99)))
    again = [s.notification(i, 10, resent_at_s=75.0 + t / 100) for t, i in enumerate((0, 20, 10))]
    new = s.notifications(2500, 2520)
    for borders in ([], [1], [2, 3], [1, 2, 3, 4, 5], [4]):
        block, counts = decoded([other_life, *again, *new], borders)
        assert block.sample.tolist() == [*range(1000, 1010), *range(1020, 1030), *range(1010, 1020), *range(3500, 3520)]
        assert (np.diff(block.arrival_s) >= 0).all()
        assert counts == LinkCounts(resent=30, strays=1)


def test_of_a_resent_packet_only_what_was_missing_is_taken() -> None:
    s = Stream()
    sent = s.notifications(0, 60)
    block, counts = decoded(sent[:3] + sent[4:] + [s.notification(10, 15, resent_at_s=51.0)])
    np.testing.assert_array_equal(block.sample[-5:], 1000 + np.arange(15, 20))
    np.testing.assert_array_equal(block.flex[-5:], s.counts(15, 20)[:, 6])
    assert len(block) == 60
    assert counts == LinkCounts(resent=5)


def test_repeated_packets_are_counted_and_left_out() -> None:
    sent = Stream().notifications(0, 50)
    block, counts = decoded([*sent[:5], sent[4], sent[2], *sent[5:], sent[9]])
    assert_same(block, decoded(sent)[0])
    assert counts == LinkCounts(repeated=3)


def test_swapped_packets_are_taken_and_counted() -> None:
    sent = Stream().notifications(0, 50)
    block, counts = decoded([*sent[:3], sent[4], sent[3], *sent[5:]])
    assert sorted(block.sample.tolist()) == list(range(1000, 1050))
    assert counts == LinkCounts(out_of_order=1)


def test_corrupt_packets_are_counted_and_left_out() -> None:
    sent = Stream().notifications(0, 50)
    other = encode_stream(replace(Stream().packet(50), channels=Channel(0x7F), samples=np.zeros((5, 9), np.int32)))
    turned = encode_stream(replace(Stream().packet(50), q_start_from_strap=(1, 2, 3, 4)))
    bad = [b"", b"\x15", sent[0].data[:-1], sent[0].data + b"\0", bytes(100), b"\xff" * 100, other, turned]
    spoilt = [Notification(50.0 + i, data) for i, data in enumerate(bad)]
    block, counts = decoded([*spoilt[:3], *sent[:5], *spoilt[3:], *sent[5:]])
    assert_same(block, decoded(sent)[0])
    assert counts == LinkCounts(corrupt=len(bad))


def test_a_packet_from_the_future_is_left_out() -> None:
    s = Stream()
    sent = s.notifications(0, 50)
    future = replace(s.packet(0), counter=500_000)
    block, counts = decoded([*sent[:5], Notification(sent[4].arrival_s, encode_stream(future)), *sent[5:]])
    assert_same(block, decoded(sent)[0])
    assert counts == LinkCounts(strays=1)


def test_a_packet_from_the_past_is_left_out() -> None:
    s = Stream()
    sent = s.notifications(1000, 1050)
    past = Notification(sent[4].arrival_s, s.notification(0).data)
    block, counts = decoded([*sent[:5], past, *sent[5:]])
    assert_same(block, decoded(sent)[0])
    assert counts == LinkCounts(strays=1)


def test_a_restarted_strap_goes_on_in_host_time() -> None:
    before = Stream().notifications(0, 100)
    again = Stream(epoch=8, counter=0, clock=77, start_s=54.0).notifications(0, 50)
    block, counts = decoded([*before, *again])
    assert counts == LinkCounts(restarts=1)
    assert len(block) == 150
    # Its last sample before came at 51 s, its first after at 54 s.
    assert block.sample[100] - block.sample[99] == pytest.approx(300, abs=6)
    np.testing.assert_array_equal(np.diff(block.sample[100:]), 1)
    assert block.device_s[100] == pytest.approx(77e-6)


def test_a_counter_that_starts_anew_in_the_same_epoch_is_a_restart_and_nothing_is_lost() -> None:
    before = Stream(counter=100_000).notifications(0, 100)
    again = Stream(counter=0, clock=0, start_s=53.0, seed=2).notifications(0, 50)
    block, counts = decoded([*before, *again])
    assert counts == LinkCounts(restarts=1)
    assert len(block) == 150
    np.testing.assert_array_equal(block.flex[100:], Stream(seed=2).counts(0, 50)[:, 6])
    assert (np.diff(block.sample) > 0).all()


def test_words_of_a_past_epoch_are_left_out() -> None:
    before, again = Stream().notifications(0, 20), Stream(epoch=8, start_s=50.3).notifications(0, 20)
    block, counts = decoded([*before[:3], *again[:2], before[3], *again[2:]])
    assert counts == LinkCounts(restarts=1, strays=1)
    assert len(block) == 15 + 20


def test_a_jumping_clock_is_counted_and_shown_as_it_is() -> None:
    s = Stream()
    later = replace(s, clock=s.clock + 9_000_000)
    block, counts = decoded([*s.notifications(0, 50), *later.notifications(50, 100)])
    assert counts == LinkCounts(clock_jumps=1)
    np.testing.assert_array_equal(np.diff(block.sample), 1)
    assert block.device_s[50] - block.device_s[49] == pytest.approx(9.01)


def test_after_a_change_of_rate_numbers_go_on_at_the_first_rate() -> None:
    slow = replace(INFO, rate_hz=25.0)
    decoder = StrapDecoder(INFO, LEFT)
    first = decoder.push(Stream().notifications(0, 100))
    decoder.inform(slow)
    second = decoder.push(Stream(info=slow, epoch=8, counter=3, start_s=51.0).notifications(0, 50))
    assert second.rate_hz == 100.0
    np.testing.assert_array_equal(np.diff(second.sample), 4)
    np.testing.assert_allclose(np.diff(second.device_s), 0.04)
    assert second.sample[0] > first.sample[-1]


SPLITS = (Channel(0x09), Channel(0x12), Channel(0x04), Channel(0x40))


def split_notifications(stop: int) -> list[Notification]:
    s = Stream(info=replace(INFO, rate_hz=25.0), samples_per_packet=1)
    out: list[Notification] = []
    for i in range(stop):
        splits = SPLITS if i % 10 == 0 else SPLITS[:2]
        arrival = s.notification(i).arrival_s
        out += [Notification(arrival + 0.001 * k, encode_stream(p)) for k, p in enumerate(parts(s.packet(i), splits))]
    return out


def test_samples_split_for_a_small_mtu_are_joined() -> None:
    s = Stream(info=replace(INFO, rate_hz=25.0), samples_per_packet=1)
    sent = split_notifications(50)
    assert max(len(n.data) for n in sent) <= 20
    block, counts = decoded(sent, info=s.info)
    np.testing.assert_array_equal(block.flex, s.counts(0, 50)[:, 6])
    np.testing.assert_allclose(block.gyr_rad_s, s.counts(0, 50)[:, 3:6] * 40.0 / 32768)
    np.testing.assert_array_equal(np.flatnonzero(np.isfinite(block.q_start_from_strap[:, 0])), np.arange(0, 50, 10))
    assert counts == LinkCounts()


def test_a_sample_that_lacks_a_part_is_missing_until_it_is_sent_again() -> None:
    s = Stream(info=replace(INFO, rate_hz=25.0), samples_per_packet=1)
    sent = split_notifications(50)
    again = [Notification(53.0, encode_stream(p)) for p in parts(s.packet(5, resent=True), SPLITS[:2])]
    without = [n for i, n in enumerate(sent) if i != 13]
    block, counts = decoded(without, info=s.info)
    assert set(range(1000, 1050)) - set(block.sample.tolist()) == {1005}
    assert counts.incomplete == 1
    block, counts = decoded([*without, *again], info=s.info)
    assert sorted(block.sample.tolist()) == list(range(1000, 1050))
    assert np.isfinite(block.gyr_rad_s).all()
    assert counts == LinkCounts(resent=1, incomplete=1)


def misbehaving() -> list[Notification]:
    s, again = Stream(), Stream(epoch=8, counter=5, start_s=53.0)
    sent = s.notifications(0, 100)
    future = Notification(sent[6].arrival_s, encode_stream(replace(s.packet(0), counter=900_000)))
    jumped = Stream(epoch=8, counter=600_000, start_s=54.0).notifications(0, 50)
    air = [*sent[:4], sent[7], future, future, sent[6], *sent[8:], s.notification(20, 10, resent_at_s=51.5)]
    air += [Notification(51.6, b"\x15\x5f"), sent[3], *again.notifications(0, 40), *jumped, future]
    return air


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 1000), max_size=8))
def test_nothing_depends_on_where_notifications_are_cut(borders: list[int]) -> None:
    for sent, info in ((misbehaving(), INFO), (split_notifications(30), replace(INFO, rate_hz=25.0))):
        whole, counts = decoded(sent, info=info)
        pieces, counts_of_pieces = decoded(sent, [b % (len(sent) + 1) for b in borders], info=info)
        assert_same(pieces, whole)
        assert counts_of_pieces == counts


@settings(max_examples=200, deadline=None)
@given(st.lists(st.binary(max_size=60), max_size=20), st.randoms(use_true_random=False))
def test_any_bytes_are_counted_and_harmless(garbage: list[bytes], random: np.random.Generator) -> None:
    sent = Stream().notifications(0, 30)
    mixed = [*sent, *[Notification(50.1, data) for data in garbage]]
    random.shuffle(mixed)  # pyright: ignore[reportArgumentType] - Hypothesis gives the standard library's
    block, counts = decoded(mixed)
    assert counts.corrupt == len(garbage)
    assert len(block) <= 30
