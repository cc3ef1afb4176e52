"""The memory of one session: recalled once its straps are known, and added to when it was analyzed.

Invariant: what cannot be remembered or kept costs no session.
"""

import logging
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from analysis.pipeline import Analysis
from analysis.priors import NO_PRIORS, Priors
from monitor.memory.learning import learn
from monitor.memory.recall import recalled
from sensor.errors import KneeGapError
from sensor.recorded import Recorded
from sensor.samples import Placement
from sensor.wearer import Wearer

SIMULATED = "simulated"

_log = logging.getLogger(__name__)


class SessionMemory:
    """What is remembered below the data folder `home` of a wearer (his id, and sizes) and the straps of a session.

    Simulated straps and persons have a memory of their own.
    """

    def __init__(
        self, home: Path, worn_by: str, now: datetime, wearer: Wearer | None = None, *, simulated: bool = False
    ) -> None:
        self._home = home / SIMULATED if simulated else home
        self._worn_by, self._now, self._wearer = worn_by, now, wearer
        self._serials: Mapping[Placement, str] = {}

    def recall(self, serials: Mapping[Placement, str]) -> Priors:
        """What the session starts from with these straps."""
        self._serials = dict(serials)
        try:
            return recalled(self._home, self._worn_by, self._serials, self._now, self._wearer)
        except OSError as error:
            _log.warning("nothing can be remembered: %s", error)
            return NO_PRIORS

    def learn(self, recorded: Recorded, analysis: Analysis) -> None:
        """Keeps what the session showed."""
        if not self._serials:
            return
        try:
            learn(self._home, self._worn_by, self._serials, self._now, recorded, analysis)
        except (KneeGapError, OSError) as error:
            _log.warning("nothing can be kept for the next session: %s", error)

    def knows_mounting(self, serials: Mapping[Placement, str]) -> bool:
        """Whether these straps were calibrated on this wearer before, so that a touch is enough to start."""
        return len(self.recall(serials).mountings) == len(serials) > 0
