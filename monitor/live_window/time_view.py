"""Which stretch of the session is looked at: the newest minute, or one that the wearer chose.

Invariant: a chosen stretch lies within the session and is at least SHORTEST_S long.
"""

from dataclasses import dataclass

from monitor.live_buffer import MINUTE_S

SHORTEST_S = 2.0


@dataclass(frozen=True, slots=True)
class Stretch:
    """From `start_s` to `end_s` of the session."""

    start_s: float
    end_s: float


class TimeView:
    """Follows the newest minute until a stretch is chosen."""

    def __init__(self) -> None:
        self.chosen: Stretch | None = None

    def follow(self) -> None:
        """Back to the newest minute."""
        self.chosen = None

    def choose(self, start_s: float, end_s: float, now_s: float) -> None:
        """Looks at a stretch, as far as it lies in the session."""
        length_s = min(max(end_s - start_s, SHORTEST_S), max(now_s, SHORTEST_S))
        start_s = min(max(start_s, 0.0), max(now_s - length_s, 0.0))
        self.chosen = Stretch(start_s, start_s + length_s)

    def whole(self, now_s: float) -> None:
        """Looks at everything so far."""
        self.choose(0.0, now_s, now_s)

    def zoom(self, factor: float, now_s: float) -> None:
        """Shows `factor` times as much, around the middle; of the newest minute around its end."""
        shown = self.shown(now_s)
        length_s = (shown.end_s - shown.start_s) * factor
        middle_s = (shown.start_s + shown.end_s) / 2
        start_s = shown.end_s - length_s if self.chosen is None else middle_s - length_s / 2
        self.choose(start_s, start_s + length_s, now_s)

    def pan(self, share: float, now_s: float) -> None:
        """Moves by a share of what is shown, later if positive."""
        shown = self.shown(now_s)
        by_s = share * (shown.end_s - shown.start_s)
        self.choose(shown.start_s + by_s, shown.end_s + by_s, now_s)

    def shown(self, now_s: float) -> Stretch:
        """What is on the screen."""
        return self.chosen or Stretch(now_s - MINUTE_S, now_s)
