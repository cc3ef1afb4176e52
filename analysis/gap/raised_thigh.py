"""A thigh that is lifted while the other lies level: it says no more where the pelvis points, so its last word stands.

Invariant: a row rests on rows up to it. Lying or sitting, the pelvis does not turn while one knee is raised; the way of
the raised knee to the side is then told against the direction that its thigh had before.
"""

from cmath import isfinite
from dataclasses import dataclass, replace

import numpy as np

from analysis.gap.heading import Complex, ThighDirection

RAISED_UP = 0.5  # sine of the rise from hip to knee
LEVEL_UP = 0.4


@dataclass(slots=True)
class _Held:
    ahead: complex | None = None


class RaisedThigh:
    """Directions of both thighs, `ahead` of a raised one held."""

    def __init__(self) -> None:
        self._held = (_Held(), _Held())

    def push(self, left: ThighDirection, right: ThighDirection) -> tuple[ThighDirection, ThighDirection]:
        """The same directions (N,), as they are where no thigh is raised."""
        return _with_held(left, right, self._held[0]), _with_held(right, left, self._held[1])


def _with_held(thigh: ThighDirection, other: ThighDirection, held: _Held) -> ThighDirection:
    if not len(thigh.up):
        return thigh
    raised = (thigh.up > RAISED_UP) & (np.abs(other.up) < LEVEL_UP)
    if not raised.any():
        held.ahead = _last(thigh.ahead, held.ahead)
        return thigh
    index = np.maximum.accumulate(np.where(raised | np.isnan(thigh.ahead), -1, np.arange(len(raised))))
    before = np.where(index >= 0, thigh.ahead[np.maximum(index, 0)], np.nan if held.ahead is None else held.ahead)
    ahead = np.where(raised & np.isfinite(before), before, thigh.ahead)
    held.ahead = _last(before, held.ahead)
    return replace(thigh, ahead=ahead, reach=thigh.reach * thigh.ahead * np.conj(ahead))


def _last(ahead: Complex, before: complex | None) -> complex | None:
    last = complex(ahead[-1])
    if isfinite(last):
        return last
    known = np.flatnonzero(np.isfinite(ahead))
    return complex(ahead[known[-1]]) if len(known) else before
