"""When a correction is given: after its signal has lasted a while, and not again too soon.

Invariant: a cue is shown while its signal lasts and for SHOWN_S after it was said.
"""

from collections.abc import Collection, Sequence

from monitor.coach.plan import Cue, Signal
from monitor.coach.signals import Cued

SHOWN_S = 2.5


class Cues:
    """The cues of one exercise; see `tick`."""

    def __init__(self, cues: Sequence[Cue]) -> None:
        self._cues = tuple(cues)
        self._since_s: dict[Signal, float] = {}
        self._said_s: dict[Signal, float] = {}
        self.shown = ""

    def tick(self, now_s: float, signals: Collection[Signal]) -> list[Cued]:
        """The cues to give at `now_s`, when `signals` are seen."""
        self._since_s = {s: self._since_s.get(s, now_s) for s in signals}
        given = [cue for cue in self._cues if self._due(cue, now_s)]
        for cue in given:
            self._said_s[cue.when] = now_s
        self.shown = self._text(now_s)
        return [Cued(now_s, cue.when, cue.say, cue.tone) for cue in given]

    def _due(self, cue: Cue, now_s: float) -> bool:
        since_s = self._since_s.get(cue.when)
        if since_s is None or now_s - since_s < cue.after_s:
            return False
        return now_s - self._said_s.get(cue.when, -float("inf")) >= cue.every_s

    def _text(self, now_s: float) -> str:
        for cue in self._cues:
            said_s = self._said_s.get(cue.when)
            if said_s is not None and (now_s - said_s < SHOWN_S or cue.when in self._since_s):
                return cue.say
        return ""
