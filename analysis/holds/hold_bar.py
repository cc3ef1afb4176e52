"""Where closeness of the knees is no clamp: exercises in which they pass each other or cannot close.

Invariant: an exercise counts from its marker's start to its end, the session's own exercise outside of markers.
"""

import numpy as np

from analysis.motion import Motion
from sensor.markers import Label
from sensor.samples import Floats

WITHOUT_HOLDS = frozenset({"walk", "lying_press", "check"})


class HoldBar:
    """Marks rows in which no hold counts."""

    def __init__(self, exercise: str | None) -> None:
        self._session = exercise in WITHOUT_HOLDS
        self._barred = self._session

    def push(self, motion: Motion) -> Floats:
        """1 on rows (N,) without holds, else 0."""
        out = np.full(len(motion), float(self._barred))
        for edge in motion.edges:
            if edge.marker.label == Label.EXERCISE:
                self._barred = self._session if edge.closed else edge.marker.value in WITHOUT_HOLDS
                out[int(np.searchsorted(motion.time_s, edge.time_s)) :] = float(self._barred)
        out[motion.time_s <= 0] = 1.0  # not worn yet
        return out
