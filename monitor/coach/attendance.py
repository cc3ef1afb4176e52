"""Whether somebody is there: pauses by the wearer's wish, for a lost strap, and when nobody wears the straps.

Invariant: time stands still in a pause and what was reached is kept; a pause that nobody ends is the end.
"""

from monitor.coach.signals import Seen
from monitor.language import gettext as _

LOST_PAUSES_S = 3.0
# Worn straps always move a little; when none does for so long they lie on a table.
LAID_DOWN_S = 30.0
LEFT_AFTER_S = 900.0


class Attendance:
    """Follows the straps and the wearer's wish to pause."""

    def __init__(self) -> None:
        self._wished = False
        self._lost_s = 0.0
        self._laid_s = 0.0
        self._away_s = 0.0

    @property
    def paused(self) -> bool:
        """Whether time stands still."""
        return self._wished or self._lost_s >= LOST_PAUSES_S or self._laid_s >= LAID_DOWN_S

    @property
    def gone(self) -> bool:
        """Whether the pause was never ended."""
        return self._away_s >= LEFT_AFTER_S

    @property
    def note(self) -> str:
        """Why time stands still, where the wearer did not wish it."""
        if self._lost_s >= LOST_PAUSES_S:
            return _("Waiting for a strap that is out of reach. Your time is kept.")
        if self._laid_s >= LAID_DOWN_S:
            return _("Nobody seems to wear the straps. Put them on to go on, or finish.")
        return _("Break. Press it again to go on.") if self._wished else ""

    def wish(self) -> None:
        """Pause, or go on."""
        self._wished = not self._wished

    def tick(self, passed_s: float, seen: Seen, *, exercising: bool) -> None:
        """Follows the straps for `passed_s`; straps may lie on a table before the exercise."""
        laid = exercising and bool(seen.resting) and all(seen.resting.values()) and not seen.lost
        self._lost_s = self._lost_s + passed_s if seen.lost else 0.0
        self._laid_s = self._laid_s + passed_s if laid else 0.0
        self._away_s = self._away_s + passed_s if self.paused else 0.0
