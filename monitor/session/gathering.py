"""When to work on what the straps have sent: on packets of several straps together where they come close to each other.

Each strap sends in a rhythm of its own, and what their packets make known takes hardly longer to work out together than
alone. Invariant: nothing waits longer than `WAIT_S`, and nothing for a strap that is not about to send.
"""

from dataclasses import dataclass

from sensor.samples import Placement

# Nobody sees so short a wait, and most rhythms come that close to each other: there are ten packets a second.
WAIT_S = 0.03
# Where packets are small there are many: work is done this much apart.
APART_S = 0.03
# A strap that was not heard for this long is not waited for.
SILENT_S = 0.5
# Of the newest interval between two packets in the usual one: jitter is averaged out.
NEWEST = 0.2


@dataclass(slots=True)
class _Rhythm:
    heard_s: float
    interval_s: float = SILENT_S

    def beat(self, now_s: float) -> None:
        interval_s = min(now_s - self.heard_s, SILENT_S)
        first = self.interval_s == SILENT_S
        self.interval_s = interval_s if first else self.interval_s + NEWEST * (interval_s - self.interval_s)
        self.heard_s = now_s


class Gathering:
    """Told of what comes and of what was worked on; all times are of one clock, in s."""

    def __init__(self) -> None:
        self._rhythms: dict[Placement, _Rhythm] = {}
        self._here: set[Placement] = set()
        self._first_s: float | None = None
        self._worked_s = float("-inf")

    def heard(self, now_s: float, strap: Placement | None = None) -> float:
        """Something came, of `strap` where it sent samples: the time to work on all that is here."""
        if self._first_s is None:
            self._first_s = now_s
        latest_s = self._first_s + WAIT_S
        if strap is None:
            return latest_s
        self._here.add(strap)
        rhythm = self._rhythms.setdefault(strap, _Rhythm(now_s))
        if now_s > rhythm.heard_s:
            rhythm.beat(now_s)
        return max(latest_s if self._more_until(latest_s, now_s) else now_s, self._worked_s + APART_S)

    def worked(self, now_s: float) -> None:
        """All that was here is being worked on."""
        self._worked_s, self._first_s = now_s, None
        self._here.clear()

    def _more_until(self, latest_s: float, now_s: float) -> bool:
        """Whether a strap that is not here yet is expected by then."""
        return any(
            now_s - r.heard_s < SILENT_S and r.heard_s + r.interval_s <= latest_s
            for strap, r in self._rhythms.items()
            if strap not in self._here
        )
