"""Attempts to connect become rarer and longer with each failure, and start afresh after a success."""

from sensor.link.patience import Patience
from sensor.radio_errors import StrapUnreachable
from sensor.samples import Placement
from sensor.slots import Slot

LEFT, RIGHT = Slot(Placement.LEFT_THIGH), Slot(Placement.RIGHT_THIGH)


def test_pauses_double_up_to_the_longest() -> None:
    patience, now_s = Patience(), 100.0
    for pause_s in (0.5, 1.0, 2.0, 2.0):
        patience.failed(LEFT, now_s, StrapUnreachable("x"))
        assert patience.pausing(LEFT, now_s + pause_s - 0.01)
        assert not patience.pausing(LEFT, now_s + pause_s)
        assert not patience.pausing(RIGHT, now_s)
        now_s += pause_s


def test_attempts_get_longer_for_slow_machines() -> None:
    patience = Patience()
    allowed: list[tuple[float, ...]] = []
    for _ in range(4):
        allowed.append(tuple(patience.connect_within_s(LEFT, was_lost=lost) for lost in (True, False)))
        patience.failed(LEFT, 0.0, StrapUnreachable("x"))
    assert allowed == [(5.0, 12.0), (10.0, 20.0), (20.0, 20.0), (20.0, 20.0)]
    assert isinstance(patience.error(LEFT), StrapUnreachable)
    patience.succeeded(LEFT)
    assert patience.connect_within_s(LEFT, was_lost=True) == 5.0
    assert patience.error(LEFT) is None
