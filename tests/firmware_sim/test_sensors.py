"""What the straps' sensors read: gravity, noise, bias, integration, and independence of cuts."""

from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from firmware_sim.person import quaternion
from firmware_sim.person.actions import Action, Cue
from firmware_sim.person.virtual_person import VirtualPerson
from firmware_sim.person.wearer import TICK_HZ
from firmware_sim.worn.imu import Imu, random_errors
from firmware_sim.worn.strap_fit import ModuleTicks
from firmware_sim.worn.strap_sensors import StrapCounts, join_counts
from sensor.gatt import Channel
from sensor.packet import column_count
from sensor.samples import THIGHS, Floats, Placement

LEFT = Placement.LEFT_THIGH
CUES = (Cue(Action.LAY_ON_TABLE, seconds=3.0), Cue(Action.PUT_ON, seconds=6.0), Cue(Action.TOUCH))


@cache
def lived(seed: int) -> tuple[VirtualPerson, dict[Placement, StrapCounts]]:
    person = VirtualPerson(seed, CUES, keeps_truth=True)
    end = person.planned_until_s
    return person, {p: person.sensors[p].read(end) for p in THIGHS}


def specific_force(person: VirtualPerson, counts: StrapCounts) -> Floats:
    return counts.samples[:, :3].astype(np.float64) * (person.sensors[LEFT].info.acc_full_scale_m_s2 / 32768)


@pytest.mark.parametrize("seed", range(4))
def test_a_still_strap_feels_gravity_alone(seed: int) -> None:
    person, counts = lived(seed)
    still = (counts[LEFT].time_s > 1.0) & (counts[LEFT].time_s < 3.0)
    force = specific_force(person, counts[LEFT])[still]
    # Bias of up to 20 mg on each axis and 0.3 % of scale.
    assert np.sqrt(np.sum(force.mean(axis=0) ** 2)) == pytest.approx(9.81, abs=0.42)
    assert force.std(axis=0) == pytest.approx(np.full(3, 0.011), abs=0.003)


def test_samples_are_numbered_and_timed_by_the_straps_own_clock() -> None:
    person, counts = lived(1)
    for placement, c in counts.items():
        assert np.array_equal(c.number, np.arange(len(c)))
        assert np.all(np.diff(c.clock) == 10_000)
        ppm = 1e6 * (len(c) - 1) / (100.0 * (c.time_s[-1] - c.time_s[0])) - 1e6
        assert abs(ppm) < 41
        assert c.samples.shape[1] == column_count(person.sensors[placement].info.channels)


def test_cumulative_orientation_follows_the_module_when_the_sensor_is_perfect() -> None:
    errors = random_errors(3, LEFT)
    zero = np.zeros(3)
    perfect = type(errors)(zero, zero, np.eye(3), np.zeros((3, 3)), 0.0, 0.0, zero, np.eye(3), 0.0, 0.0, 0.005)
    imu = Imu(perfect, 3, LEFT, 100.0)
    n = 8 * 500
    time_s = np.arange(n) / TICK_HZ
    # A slow cone: all axes turn, none commutes.
    rate = np.stack([0.8 * np.sin(2 * time_s), 0.5 * np.cos(1.3 * time_s), 0.3 + 0 * time_s], axis=-1)
    turned = rate / TICK_HZ
    q = np.array([1.0, 0.0, 0.0, 0.0])
    for step in quaternion.from_rotation_vector(turned):
        q = quaternion.multiply(q, step)
    nothing = np.zeros((n, 3))
    module = ModuleTicks(np.zeros((n, 4)), turned, nothing, nothing, nothing, np.zeros((n, 6)))
    got = imu.next(time_s, module, np.zeros(n))
    apart = quaternion.small_rotation_vector(quaternion.multiply(quaternion.conjugate(got.q_start_from_strap[-1]), q))
    # The low-pass of 40 Hz delays by about 6 ms and the last sample is up to 10 ms old.
    assert np.sqrt(np.sum(apart**2)) < 0.02


def test_integrated_samples_agree_with_the_straps_own_orientation() -> None:
    person, counts = lived(2)
    c = counts[LEFT]
    gyr = c.samples[:, 3:6] * (person.sensors[LEFT].info.gyr_full_scale_rad_s / 32768)
    steps = quaternion.from_rotation_vector(0.5 * (gyr[1:] + gyr[:-1]) / 100.0)
    still = int(np.searchsorted(c.time_s, 3.0))
    q = c.q_start_from_strap[0]
    for step in steps[:still]:
        q = quaternion.multiply(q, step)
    apart = quaternion.multiply(quaternion.conjugate(q), c.q_start_from_strap[still])
    assert np.sqrt(np.sum(quaternion.small_rotation_vector(apart) ** 2)) < np.deg2rad(0.05)


@settings(max_examples=15, deadline=None)
@given(st.lists(st.floats(0.001, 3.0), min_size=1, max_size=40))
def test_however_time_is_cut_the_samples_are_the_same(spans_s: list[float]) -> None:
    _, whole = lived(5)
    person = VirtualPerson(5, CUES, keeps_truth=True)
    end = min(float(np.sum(spans_s)), person.planned_until_s)
    for placement in THIGHS:
        borders = np.minimum(np.cumsum(spans_s), end)
        parts = join_counts([person.sensors[placement].read(float(t)) for t in borders])
        n = len(parts)
        assert n == int(np.searchsorted(whole[placement].time_s, end, side="right"))
        expected = whole[placement].take(slice(0, n))
        for name in ("time_s", "clock", "samples", "temperature_centi_c", "q_start_from_strap"):
            np.testing.assert_array_equal(getattr(parts, name), getattr(expected, name))


def test_other_straps_do_not_change_what_a_strap_reads() -> None:
    _, two = lived(6)
    usual = VirtualPerson(6, keeps_truth=True).modules
    more = {p: usual[p].info.channels for p in THIGHS} | {Placement.LEFT_FOOT: Channel.ACC | Channel.GYR}
    person = VirtualPerson(6, CUES, straps=more, keeps_truth=True)
    alone = person.sensors[LEFT].read(8.0).samples
    np.testing.assert_array_equal(alone, two[LEFT].samples[: len(alone)])


def test_flex_rises_with_the_gap_and_tension_with_pulling_tight() -> None:
    person, counts = lived(7)
    c, truth = counts[LEFT], person.truth
    gap = np.concatenate([t.gap_m for t in truth])[(c.time_s * 100).astype(int)]
    donned = person.diary.donned_s or 0.0
    flex, tension = c.samples[:, 6], c.samples[:, 7]
    worn = c.time_s > donned
    assert np.median(flex[worn & (gap > 0.05)]) > np.median(flex[worn & (gap < 0.003)]) + 200
    assert np.median(tension[worn]) > np.median(tension[c.time_s < 3.0]) + 500
