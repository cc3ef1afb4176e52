"""Lying press: one knee bent up is pressed across the body; counted from half-way in to half-way out, per side.

Gravity sees all of it: the bent thigh points up, and pressing tips it inward.
"""

from dataclasses import dataclass, field

from analysis.exercises.body_tick import BodyTick, Lean
from analysis.exercises.excursions import Excursion, ExcursionParams, Excursions
from analysis.movement.body_ticks import TICK_S
from analysis.results import Movement, Repetition, RepVerdict, Side, UnderWay

NAME = "lying_press"


@dataclass(frozen=True, slots=True)
class LyingPressParams:
    """`raised` is the least sine of the bent thigh's rise towards the knee; tilts are sines of angles."""

    tilt: ExcursionParams = field(
        default_factory=lambda: ExcursionParams(leave=0.12, least=0.15, share=0.5, longest_s=60.0)
    )
    raised: float = 0.4
    least_s: float = 1.0
    hold_s: float = 10.0


class LyingPress:
    """Repetitions of the lying press."""

    def __init__(self, params: LyingPressParams | None = None) -> None:
        self._p = params or LyingPressParams()
        self._tilts = {side: Excursions(self._p.tilt, TICK_S) for side in (Side.LEFT, Side.RIGHT)}
        self._lean = Lean()

    def reset(self) -> None:
        """Forgets what is on."""
        for tilts in self._tilts.values():
            tilts.reset()

    def tick(self, tick: BodyTick) -> list[Repetition]:
        """Repetitions that this tick ends."""
        if not any(tilts.out for tilts in self._tilts.values()):
            self._lean.start(tick.pelvis_up)
        else:
            self._lean.tick(tick.pelvis_up)
        ended: list[Repetition] = []
        for side, thigh in ((Side.LEFT, tick.left), (Side.RIGHT, tick.right)):
            tilts = self._tilts[side]
            if thigh.upright > -self._p.raised:
                tilts.reset()
                continue
            excursion = tilts.tick(tick.time_s, thigh.inward)
            if excursion is not None and excursion.end_s - excursion.start_s > self._p.least_s:
                ended.append(self._repetition(side, excursion))
        return ended

    @property
    def pressing(self) -> UnderWay | None:
        """The side that is pressed in."""
        on = ((side, tilts) for side, tilts in self._tilts.items() if tilts.out)
        return next((UnderWay(side, t.held_s, min(t.amount / self._p.tilt.least, 1.0)) for side, t in on), None)

    def _repetition(self, side: Side, excursion: Excursion) -> Repetition:
        movement = Movement(range_rad=excursion.peak, trunk_rad=self._lean.angle_rad)
        verdict, reason = RepVerdict.OK, ""
        if not excursion.whole:
            verdict, reason = RepVerdict.UNKNOWN, "samples were lost"
        elif excursion.end_s - excursion.start_s < self._p.hold_s:
            verdict, reason = RepVerdict.SHORT, "released early"
        return Repetition(NAME, side, excursion.start_s, excursion.end_s, verdict, reason, movement)
