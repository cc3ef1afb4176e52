"""Whether both feet stay turned in, with straps on them; without these it cannot be known.

Invariant: how a strap sits on its foot does not matter: what counts is how far the feet have turned about the vertical,
left against right, since the wearer stood with straight toes (marker `toes_straight`).
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from analysis.motion import Motion
from analysis.quaternion import conjugate, multiply
from sensor.markers import Label
from sensor.samples import Floats, Placement

# Outward is to the left for the left foot, to the right for the other.
OUTWARD: Mapping[Placement, float] = {Placement.LEFT_FOOT: 1.0, Placement.RIGHT_FOOT: -1.0}


@dataclass(frozen=True, slots=True)
class FeetTurnedParams:
    """How far in a foot is to be, mean of both; a gyroscope tells it for `sure_s` after the toes were straight.

    By then what the table did not tell of its error may have turned it by half of what is asked.
    """

    least_rad: float = 0.07
    sure_s: float = 100.0


class FeetTurned:
    """Follows both feet; see `out`."""

    def __init__(self, params: FeetTurnedParams | None = None) -> None:
        self._p = params or FeetTurnedParams()
        self._straight: Mapping[Placement, Floats] = {}
        self._straight_s = -np.inf
        self.out = False

    def push(self, motion: Motion) -> None:
        """Takes the feet's newest orientations, and those at the end of the marker."""
        feet = [p for p in OUTWARD if p in motion.segments]
        if len(feet) < len(OUTWARD) or not len(motion):
            return
        for edge in motion.edges:
            if edge.closed and edge.marker.label == Label.TOES_STRAIGHT:
                row = max(int(np.searchsorted(motion.time_s, edge.time_s, side="right")) - 1, 0)
                self._straight = {p: motion.segments[p].q_earth_from_segment[row] for p in feet}
                self._straight_s = edge.time_s
        self.out = self._turned_out(motion)

    def _turned_out(self, motion: Motion) -> bool:
        if float(motion.time_s[-1]) - self._straight_s > self._p.sure_s:
            return False
        inward = [-OUTWARD[p] * _yaw(self._straight[p], motion.segments[p].q_earth_from_segment[-1]) for p in OUTWARD]
        # NaN where a foot is out of reach: nothing is known then.
        return sum(inward) / len(inward) < self._p.least_rad


def _yaw(q_earth_before: Floats, q_earth_after: Floats) -> float:
    """Turn about the vertical from one orientation to another, to the left."""
    turn = multiply(q_earth_after, conjugate(q_earth_before))
    return float(2 * np.arctan(turn[3] / turn[0])) if turn[0] != 0 else float("nan")
