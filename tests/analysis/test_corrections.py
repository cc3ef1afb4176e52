"""What the live gap was corrected by."""

import numpy as np
from numpy.random import default_rng

from analysis.gap.corrections import LEAST_M, Correction, Source
from analysis.gap.live_gap import GapParams, GapStage
from analysis.motion import Motion
from tests.analysis.made_up_knees import WEARER, Knees, course, motion, times

TIME_S = times(120.0)
MOVED = motion(TIME_S, course(TIME_S, (29.0, 0.0), (80.0, 0.0), (81.0, 60.0), (120.0, 60.0)), Knees(drift_rad_s=4e-3))


def found(*parts: Motion) -> list[Correction]:
    """All corrections of motion in pieces."""
    stage, out = GapStage(WEARER, GapParams()), list[Correction]()
    for part in parts:
        stage.push(part)
        out += stage.corrections()
    return out


def test_a_touch_and_a_cord_take_the_drift_off_and_say_so() -> None:
    told = found(MOVED)
    assert {Source.TOUCH, Source.CORD} <= {c.source for c in told}
    assert all(abs(c.size_m) >= LEAST_M for c in told)
    # A heading that drifts by 4 mrad/s opens the gap by 1.7 mm/s until something is known.
    touched = [c for c in told if c.source is Source.TOUCH and 29 < c.time_s < 40]
    assert touched
    assert sum(c.size_m for c in touched) < 0


def test_what_drifts_by_nothing_is_hardly_corrected() -> None:
    still = motion(TIME_S, course(TIME_S, (120.0, 80.0)), Knees(drift_rad_s=0.0, cord=False))
    assert not found(still)


def test_pieces_change_nothing() -> None:
    cuts = np.sort(default_rng(3).integers(0, len(TIME_S), 40)).tolist()
    edges = zip([0, *cuts], [*cuts, len(TIME_S)], strict=True)
    assert found(*(MOVED.take(slice(a, b)) for a, b in edges)) == found(MOVED)
