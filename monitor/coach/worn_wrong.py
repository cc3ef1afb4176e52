"""Straps on each other's legs, and straps that turned round the leg: each is said once.

Invariant: what is told here needs no pause: swapped straps are put right by the analysis.
"""

from analysis.exercises.mistakes import Mistake
from monitor.coach.advice import swapped_text, turned_text
from monitor.coach.plan import Tone
from monitor.coach.signals import Cued, Seen
from sensor.samples import Placement

SWAP_SHOWN_S = 8.0


class WornWrong:
    """Follows how the straps are worn; see `tick`."""

    def __init__(self) -> None:
        self._swap_said_s: float | None = None
        self._turned: Placement | None = None
        self.shown = ""

    def tick(self, now_s: float, seen: Seen) -> list[Cued]:
        """What is to be said now."""
        told: list[Cued] = []
        if seen.swapped and self._swap_said_s is None:
            self._swap_said_s = now_s
            told.append(Cued(now_s, Mistake.STRAPS_SWAPPED, swapped_text(), Tone.CUE))
        if seen.turned is not None and seen.turned is not self._turned:
            told.append(Cued(now_s, Mistake.STRAP_TURNED, turned_text(seen.turned), Tone.CUE))
        self._turned = seen.turned
        swapped = self._swap_said_s is not None and now_s - self._swap_said_s < SWAP_SHOWN_S
        self.shown = swapped_text() if swapped else ""
        return told
