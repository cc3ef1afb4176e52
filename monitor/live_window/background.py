"""Work that takes longer than a frame, off the window's thread.

Invariant: what comes of it is told on the window's thread, and never to a page that is gone.
"""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Generic, TypeVar

from PySide6.QtCore import QObject, Qt, Signal

from sensor.errors import KneeGapError

T = TypeVar("T")
_workers = ThreadPoolExecutor(1, thread_name_prefix="window")


class _Teller(QObject):
    """Carries the end of a work over to the thread it was made in."""

    done = Signal()


class Work(Generic[T]):
    """Runs `work` once; then calls `then` with what it gives, or `failed` with the sentence of its error."""

    def __init__(
        self, parent: QObject, work: Callable[[], T], then: Callable[[T], None], failed: Callable[[str], None]
    ) -> None:
        self._then, self._failed = then, failed
        self._teller = _Teller(parent)
        self._teller.done.connect(self._tell, Qt.ConnectionType.QueuedConnection)
        self._future: Future[T] = _workers.submit(work)
        self._future.add_done_callback(self._finished)

    def _finished(self, future: Future[T]) -> None:
        del future
        try:
            self._teller.done.emit()
        except RuntimeError:
            # The page was closed and took the teller with it: nobody waits any more.
            return

    def _tell(self) -> None:
        error = self._future.exception()
        if isinstance(error, KneeGapError | OSError):
            self._failed(str(error))
        else:
            self._then(self._future.result())
