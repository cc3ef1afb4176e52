"""What really happened to a virtual person: the truth beside the gap itself.

Invariant: times are on the person's clock (0 when the straps were switched on); only the simulation reads it.
"""

from dataclasses import dataclass, field
from enum import StrEnum

from sensor.markers import Marker
from sensor.samples import Placement


class Posture(StrEnum):
    """What the body does as a whole."""

    STANDING = "standing"
    SITTING = "sitting"
    LYING = "lying"
    WALKING = "walking"


@dataclass(frozen=True, slots=True)
class TrueRep:
    """A repetition as it was done; `held` True where its bounds are those of the true gap's hold inside."""

    exercise: str
    side: str
    start_s: float
    end_s: float
    verdict: str
    held: bool = False


@dataclass(frozen=True, slots=True)
class TrueStep:
    """A foot flat on the ground; toe-out positive."""

    side: str
    start_s: float
    end_s: float
    foot_progression_rad: float


@dataclass(frozen=True, slots=True)
class TrueEvent:
    """A cause of drift; size in rad for slip, a fraction for tension, unused for opening (the true gap gives it)."""

    cause: str
    placement: Placement | None
    start_s: float
    end_s: float
    size: float


@dataclass(slots=True)
class Diary:
    """Everything noted so far, in the order in which it was planned."""

    markers: list[Marker] = field(default_factory=list[Marker])
    postures: list[tuple[float, Posture]] = field(default_factory=list[tuple[float, Posture]])
    reps: list[TrueRep] = field(default_factory=list[TrueRep])
    steps: list[TrueStep] = field(default_factory=list[TrueStep])
    events: list[TrueEvent] = field(default_factory=list[TrueEvent])
    donned_s: float | None = None

    def forget_from(self, time_s: float) -> None:
        """Strike out what was planned to begin at or after `time_s` and will not happen."""
        self.markers = [m for m in self.markers if m.start_s < time_s]
        self.postures = [p for p in self.postures if p[0] < time_s]
        self.reps = [r for r in self.reps if r.start_s < time_s]
        self.steps = [s for s in self.steps if s.start_s < time_s]
        self.events = [e for e in self.events if e.start_s < time_s]
        if self.donned_s is not None and self.donned_s >= time_s:
            self.donned_s = None
