"""What a wearer answered before the first session, in a file that says when: `safety.toml` in the wearer's folder.

Invariant: whoever has not answered is asked; the file can be read, and deleted to be asked again.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from monitor.coach.plan import Phase
from monitor.coach.plans import load_screen
from monitor.coach.signals import Answered
from monitor.config import read_config
from monitor.owner_files import make_folder, write_text

FILE = "safety.toml"
HEAD = "# Recent surgery, circulation trouble, reduced sensation, pregnancy or knee pain: asked on this day.\n"


@dataclass(frozen=True, slots=True)
class Safety:
    """The last answer; `yes` where something of it was so."""

    asked: date
    yes: bool


def read_safety(folder: Path) -> Safety | None:
    """The answer of the wearer whose folder this is; None before the first; raises ConfigError."""
    path = folder / FILE
    return read_config(path, Safety) if path.exists() else None


def first_questions(folder: Path) -> tuple[Phase, ...]:
    """What is to be asked before a session of this wearer."""
    return load_screen().ask_first if read_safety(folder) is None else ()


class SafetyKeeper:
    """An observer of a session that keeps the answers; `today` tells the wearer's day."""

    def __init__(self, folder: Path, today: Callable[[], date] = date.today) -> None:
        self._folder, self._today = folder, today

    def __call__(self, event: object) -> None:
        """Keeps an answer as soon as it was given."""
        if isinstance(event, Answered):
            make_folder(self._folder)
            text = f"{HEAD}asked = {self._today().isoformat()}\nyes = {str(event.yes).lower()}\n"
            write_text(self._folder / FILE, text)
