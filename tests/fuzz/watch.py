"""One reader under watch: it may raise declared errors only, takes no longer than it may, and holds on to nothing.

Invariant: a reader is slow by the process' own time, so that a busy machine does not look like one. (To ask for that
time takes longer than many an input, so only what may be the slowest is timed by it.)
"""

import time
import traceback
import warnings
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

import psutil

from sensor.errors import KneeGapError

LONGEST_S = 0.1
# Pools fill and caches warm up at first; what comes on top afterwards is growth.
WARM_UP_SHARE = 0.25
GROWTH_MB = 24.0
MB = 1 << 20


@dataclass(frozen=True, slots=True)
class Finding:
    """An input that did what none may do."""

    data: bytes
    what: str


@dataclass(slots=True)
class Watch:
    """Feeds `reader`; what it did wrong is in `findings`, each kind once."""

    reader: Callable[[bytes], object]
    inputs: int
    judge_growth: bool = True
    fed: int = 0
    refused: int = 0
    slowest_s: float = 0.0
    growth_mb: float = 0.0
    findings: dict[str, Finding] = field(default_factory=dict[str, Finding])
    _process: psutil.Process = field(default_factory=psutil.Process)
    _warm_mb: float = 0.0

    def feed(self, data: bytes) -> None:
        """One more input."""
        self.fed += 1
        began_s = time.perf_counter()
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            try:
                self.reader(data)
            except KneeGapError as error:
                self._refused(data, error)
            except Exception as error:  # noqa: BLE001 - whatever it is, it is what we look for
                self._found(data, _place_of(error), "".join(traceback.format_exception(error)))
        self._took(data, time.perf_counter() - began_s)
        if self.fed == round(self.inputs * WARM_UP_SHARE):
            self._warm_mb = self._memory_mb()
        if self.fed == self.inputs and self.judge_growth:
            self._judge_growth()

    def figures(self) -> dict[str, float]:
        """What came of it, in numbers."""
        return {
            "inputs": self.fed,
            "read": self.fed - self.refused,
            "slowest_ms": 1000.0 * self.slowest_s,
            "growth_mb": self.growth_mb,
        }

    def _refused(self, data: bytes, error: KneeGapError) -> None:
        self.refused += 1
        if "\n" in str(error):
            self._found(data, f"{type(error).__name__} of several lines", str(error))

    def _took(self, data: bytes, took_s: float) -> None:
        if took_s <= self.slowest_s:
            return
        # A busy machine, a collection of garbage or a first import is not the input's: it is slow again, or it was not.
        took_s = min(took_s, *(self._own_time_s(data) for _ in range(2)))
        self.slowest_s = max(self.slowest_s, took_s)
        if took_s > LONGEST_S:
            self._found(data, "slow", f"took {took_s:.3f} s")

    def _own_time_s(self, data: bytes) -> float:
        """What the input takes of the process' own time."""
        began_s = time.process_time()
        # What it raises is noted already.
        with suppress(Exception):
            self.reader(data)
        return time.process_time() - began_s

    def _judge_growth(self) -> None:
        self.growth_mb = self._memory_mb() - self._warm_mb
        if self.growth_mb > GROWTH_MB:
            self._found(b"", "growth", f"memory grew by {self.growth_mb:.1f} MB")

    def _memory_mb(self) -> float:
        return self._process.memory_info().rss / MB

    def _found(self, data: bytes, kind: str, what: str) -> None:
        self.findings.setdefault(kind, Finding(data, what))


def _place_of(error: Exception) -> str:
    """The same mistake at the same place is one finding."""
    frames = traceback.extract_tb(error.__traceback__)
    return f"{type(error).__name__} in {frames[-1].name}" if frames else type(error).__name__
