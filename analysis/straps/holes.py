"""The turn of a strap while its samples were lost, from the orientation that it integrates itself.

Invariant: only what arrived with the first packet after the hole is used, so that nothing depends on where blocks are
cut.
"""

import numpy as np

from analysis.quaternion import conjugate, from_rotvec, multiply, normalized
from analysis.straps.timebase import GYR, Q_STRAP, TimedSamples
from sensor.samples import Floats, Ints

PACKET_MAX = 64


def turns_in_holes(before: Floats, timed: TimedSamples, at: Ints, dt_s: float) -> Floats:
    """Turns (H, 4) of the strap over the samples lost before the rows `at` (H,), biased as its gyroscope is.

    `before` (H, 14) are the values of the rows before the holes. A row turns the strap by its rate times `dt_s`. NaN
    where the strap did not tell.
    """
    ends = _packet_ends(timed, at)
    q = multiply(conjugate(before[:, Q_STRAP]), timed.values[ends, Q_STRAP])
    for back in range(int((ends - at).max(initial=-1)) + 1):
        row = ends - back
        inside = row >= at
        turn = from_rotvec(timed.values[np.maximum(row, 0), GYR] * dt_s)
        q = np.where(inside[:, None], multiply(q, conjugate(turn)), q)
    return normalized(q)


def _packet_ends(timed: TimedSamples, at: Ints) -> Ints:
    """The last row (H,) that arrived together with each of the rows `at`."""
    ends = at.copy()
    for _ in range(PACKET_MAX):
        following = np.minimum(ends + 1, len(timed) - 1)
        together = (timed.arrival_s[following] == timed.arrival_s[at]) & (
            timed.number[following] == timed.number[ends] + 1
        )
        if not together.any():
            break
        ends = np.where(together, following, ends)
    return ends
