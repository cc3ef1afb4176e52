"""Somebody in bands that feel no motion: that he is ready nobody can see, so he tells it by key, as he is asked to.

Invariant: a key is for the prompt that it answers; a later prompt takes it back.
"""

import asyncio
from collections.abc import Callable

from analysis.update import LiveUpdate
from monitor.coach.plan import Doing
from monitor.coach.signals import Action, CoachEvent, Prompted
from monitor.session.heard import Heard

# A person is in a pose by then.
THERE_S = 2.5
# The last strap was put on so long ago.
SAT_DOWN_S = 2.0
_POSES = frozenset({Doing.TOUCH, Doing.SPACER})


class KeyPresser:
    """An observer of the coach; `act` takes the key, `put_on_s` is how long putting the straps on takes."""

    def __init__(self, act: Callable[[Action], None], put_on_s: float) -> None:
        self._act, self._put_on_s = act, put_on_s
        self._pressing: asyncio.TimerHandle | None = None

    def __call__(self, event: CoachEvent | LiveUpdate | Heard) -> None:
        """Takes the key in hand where something is asked that ends by key."""
        if not isinstance(event, Prompted):
            return
        if self._pressing is not None:
            self._pressing.cancel()
        after_s = self._put_on_s + SAT_DOWN_S if event.doing is Doing.PUT_ON else THERE_S
        if event.doing is Doing.PUT_ON or event.doing in _POSES:
            loop = asyncio.get_running_loop()
            self._pressing = loop.call_later(after_s, self._act, Action.CONFIRM)
