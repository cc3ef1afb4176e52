"""When packets of both straps are worked on: together where they come close, and never after more than a moment."""

from collections.abc import Iterator

import numpy as np
import pytest

from monitor.session.gathering import APART_S, SILENT_S, WAIT_S, Gathering
from sensor.samples import THIGHS, Placement

LEFT, RIGHT = THIGHS
PACKET_S = 0.1
BEGUN_S = 2.0


def arrivals(behind_s: float, until_s: float, packet_s: float = PACKET_S) -> list[tuple[float, Placement]]:
    """Packets of both straps, the right one's `behind_s` after the left one's, each a little late."""
    late = np.random.default_rng(3).exponential(0.003, (2, round(until_s / packet_s)))
    times = (np.arange(len(late[0])) * packet_s + late[0], np.arange(len(late[0])) * packet_s + behind_s + late[1])
    return sorted((t, p) for p, ts in zip(THIGHS, times, strict=True) for t in ts.tolist())


def worked(sent: list[tuple[float, Placement]]) -> Iterator[tuple[float, list[float]]]:
    """When what was worked on, each with the arrivals that it was made of."""
    gathering = Gathering()
    here: list[float] = []
    due_s = float("inf")
    for at_s, strap in [*sent, (float("inf"), LEFT)]:
        if at_s > due_s:
            gathering.worked(due_s)
            yield due_s, here
            here, due_s = [], float("inf")
        here.append(at_s)
        due_s = min(due_s, gathering.heard(at_s, strap))


@pytest.mark.parametrize("behind_s", [0.0, 0.01, 0.02, 0.085, 0.09])
def test_close_packets_are_worked_on_together_once_the_second_is_here(behind_s: float) -> None:
    steps = [(at_s, here) for at_s, here in worked(arrivals(behind_s, 30.0)) if at_s > BEGUN_S]
    together = [at_s == here[-1] for at_s, here in steps if len(here) == 2]
    assert len(together) > 0.9 * len(steps)
    assert np.mean(together) > 0.9


@pytest.mark.parametrize("behind_s", [0.0, 0.02, 0.03, 0.05, 0.07])
@pytest.mark.parametrize("packet_s", [PACKET_S, 0.016])
def test_nothing_waits_long(behind_s: float, packet_s: float) -> None:
    for at_s, here in worked(arrivals(behind_s, 20.0, packet_s)):
        assert at_s - here[0] <= WAIT_S + 1e-9


def test_packets_far_apart_do_not_wait_in_vain() -> None:
    waits = [at_s - here[0] for at_s, here in worked(arrivals(0.05, 30.0)) if at_s > BEGUN_S and len(here) == 1]
    assert np.median(waits) == 0.0


def test_small_packets_do_not_make_work_more_often() -> None:
    steps = [at_s for at_s, _here in worked(arrivals(0.005, 20.0, 0.016))]
    assert min(np.diff(steps)) >= APART_S - 1e-9


def test_a_strap_that_fell_silent_is_not_waited_for() -> None:
    gathering = Gathering()
    for k in range(20):
        for strap in THIGHS:
            gathering.heard(k * PACKET_S, strap)
        gathering.worked(k * PACKET_S)
    after_s = 19 * PACKET_S + SILENT_S + 0.01
    assert gathering.heard(after_s, LEFT) == after_s


def test_what_is_no_sample_waits_for_samples_that_come_soon() -> None:
    gathering = Gathering()
    assert gathering.heard(1.0) == 1.0 + WAIT_S
    assert gathering.heard(1.01, RIGHT) == 1.01
