"""Squats in `wrap`: both thighs lean forward from standing and come back; counted out and back."""

from dataclasses import dataclass, field

from analysis.exercises.body_tick import BodyTick, Lean
from analysis.exercises.excursions import Excursion, ExcursionParams, Excursions
from analysis.movement.body_ticks import TICK_S
from analysis.results import Movement, Repetition, RepVerdict, Side

EXERCISE = "wrap"
NAME = "squat"


@dataclass(frozen=True, slots=True)
class SquatParams:
    """Leans are sines of the thighs' forward angle; a longer stay is no squat but sitting."""

    lean: ExcursionParams = field(
        default_factory=lambda: ExcursionParams(leave=0.1, least=0.15, share=0.1, longest_s=15.0)
    )


class Squats:
    """Squats, both legs together."""

    def __init__(self, params: SquatParams | None = None) -> None:
        self._leans = Excursions((params or SquatParams()).lean, TICK_S)
        self._pelvis = Lean()

    def reset(self) -> None:
        """Forgets what is on."""
        self._leans.reset()

    def tick(self, tick: BodyTick) -> list[Repetition]:
        """Squats that this tick ends."""
        if not self._leans.out:
            self._pelvis.start(tick.pelvis_up)
        else:
            self._pelvis.tick(tick.pelvis_up)
        excursion = self._leans.tick(tick.time_s, min(tick.left.front, tick.right.front))
        return [] if excursion is None else [self._repetition(excursion)]

    def _repetition(self, excursion: Excursion) -> Repetition:
        verdict, reason = (RepVerdict.OK, "") if excursion.whole else (RepVerdict.UNKNOWN, "samples were lost")
        movement = Movement(range_rad=excursion.peak, trunk_rad=self._pelvis.angle_rad)
        return Repetition(NAME, Side.BOTH, excursion.start_s, excursion.end_s, verdict, reason, movement)
