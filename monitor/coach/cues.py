"""When a correction is given: after its mistake has lasted a while, not again too soon, and not for ever.

Invariant: a cue is shown while its mistake lasts and for SHOWN_S after it was said.
"""

from collections.abc import Collection, Sequence

from analysis.exercises.mistakes import Mistake
from monitor.coach.plan import Cue
from monitor.coach.signals import Cued

SHOWN_S = 2.5
# A mistake that was over and comes back is said again, but not in one breath.
BREATH_S = 3.0


class Cues:
    """The cues of one exercise; see `tick`."""

    def __init__(self, cues: Sequence[Cue]) -> None:
        self._cues = tuple(cues)
        self._since_s: dict[Mistake, float] = {}
        self._said_s: dict[Mistake, float] = {}
        self._times: dict[Mistake, int] = {}
        self.shown = ""

    def tick(self, now_s: float, mistakes: Collection[Mistake]) -> list[Cued]:
        """The cues to give at `now_s`, when `mistakes` are seen."""
        self._since_s = {m: self._since_s.get(m, now_s) for m in mistakes}
        self._times = {m: self._times.get(m, 0) for m in mistakes}
        given = [cue for cue in self._cues if self._due(cue, now_s)]
        for cue in given:
            self._said_s[cue.when] = now_s
            self._times[cue.when] += 1
        self.shown = self._text(now_s)
        return [Cued(now_s, cue.when, cue.say, cue.tone) for cue in given]

    def _due(self, cue: Cue, now_s: float) -> bool:
        since_s = self._since_s.get(cue.when)
        if since_s is None or now_s - since_s < cue.after_s:
            return False
        if cue.most is not None and self._times[cue.when] >= cue.most:
            return False
        every_s = cue.every_s if self._times[cue.when] else min(BREATH_S, cue.every_s)
        return now_s - self._said_s.get(cue.when, -float("inf")) >= every_s

    def _text(self, now_s: float) -> str:
        for cue in self._cues:
            said_s = self._said_s.get(cue.when)
            if said_s is not None and (now_s - said_s < SHOWN_S or cue.when in self._since_s):
                return cue.say
        return ""
