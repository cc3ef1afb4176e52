"""What the wearer does, from a screen's thread to the session's.

Invariant: nothing waits; order is kept.
"""

from queue import Empty, SimpleQueue

from monitor.coach.signals import Action


class ActionQueue:
    """Filled by `put` on any thread, emptied by `drain` on the session's."""

    def __init__(self) -> None:
        self._queue: SimpleQueue[Action] = SimpleQueue()

    def put(self, action: Action) -> None:
        """Adds an action."""
        self._queue.put(action)

    def drain(self) -> list[Action]:
        """All actions since the last call."""
        actions: list[Action] = []
        while True:
            try:
                actions.append(self._queue.get_nowait())
            except Empty:
                return actions
