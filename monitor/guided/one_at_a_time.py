"""One live session at a time: straps belong to whoever is connected to them.

Invariant: the lock goes with its process, however that ends; replays, reports and simulated sessions need none.
"""

from collections.abc import Generator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from monitor.owner_files import make_folder
from monitor.store.locks import SessionBusy, busy
from sensor.errors import KneeGapError


class AnotherSession(KneeGapError):
    """Another process of this user leads a session."""

    def __init__(self) -> None:
        super().__init__("another session is running on this computer: finish it first (F in its window)")


@contextmanager
def the_only_session(home: Path) -> Generator[None]:
    """Holds the straps for this process; `AnotherSession` where another one has them."""
    make_folder(home)
    with ExitStack() as held:
        try:
            held.enter_context(busy(home / "live"))
        except SessionBusy as error:
            raise AnotherSession from error
        yield
