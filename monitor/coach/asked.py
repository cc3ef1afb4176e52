"""Mistakes that only show against what was asked: knees apart, the wrong side, feet apart, a pose not kept.

Invariant: nothing is a mistake before the wearer had REACT_S to answer a prompt.
"""

from math import isnan

from analysis.exercises.mistakes import Mistake
from monitor.coach.plan import Feet, Phase, PhaseKind
from monitor.coach.progress import Progress
from monitor.coach.signals import Seen

REACT_S = 4.0
RETURN_S = 1.0
# Ankles that come together from the hips' width take the knees along by half of it, some 50 mm; half of that decides.
NARROWER_M = 0.02
# Knees nearer than this may touch, as far as their distance can be known.
TOUCHING_M = 0.010
# A pose that was lost: for so long the wearer is to stand still, and then to do it again.
STILL_S = 1.0
AGAIN_S = 2.0


class Asked:
    """Follows what is asked and done; see `mistakes`."""

    def __init__(self) -> None:
        self._apart_m = float("nan")
        self._lost_s = -AGAIN_S

    def mistakes(self, phase: Phase, t_s: float, seen: Seen, progress: Progress) -> set[Mistake]:
        """The mistakes at `t_s` of the phase."""
        found = self._pose_lost(t_s, seen, progress)
        if seen.lost:
            return found
        if phase.feet is Feet.APART and not isnan(seen.gap_m) and all(seen.still.values()):
            self._apart_m = seen.gap_m
        if t_s < REACT_S:
            return found
        # An unknown gap is nobody's mistake.
        if phase.kind is PhaseKind.HOLD and not seen.together and seen.gap_m > TOUCHING_M:
            found.add(Mistake.APART)
        if phase.feet is Feet.TOGETHER and seen.gap_m > self._apart_m - NARROWER_M:
            found.add(Mistake.FEET_APART)
        return found

    @staticmethod
    def wrong_side(phase: Phase, t_s: float, seen: Seen) -> set[Mistake]:
        """Whether the side that works is not the one asked for, once the other had the time to come to rest."""
        if phase.kind is not PhaseKind.REPS or t_s < RETURN_S or seen.working is None:
            return set()
        return {Mistake.WRONG_SIDE} if seen.working.side not in phase.sides else set()

    def _pose_lost(self, t_s: float, seen: Seen, progress: Progress) -> set[Mistake]:
        # Time of a phase begins at 0 again.
        self._lost_s = self._lost_s if self._lost_s <= t_s else -AGAIN_S
        if progress.again:
            # Who stood still while his strap was out of reach only has to do it again.
            self._lost_s = t_s - STILL_S if seen.lost else t_s
        since_s = t_s - self._lost_s
        if since_s < STILL_S:
            return {Mistake.MOVING}
        return {Mistake.AGAIN} if since_s < AGAIN_S else set()
