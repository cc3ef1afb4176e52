"""Which act answers which cue.

Invariant: every `Action` has an act.
"""

from collections.abc import Callable

from firmware_sim.person.actions import Action, Leg
from firmware_sim.person.acts import lying, preparing, pressing, seated, standing, walking
from firmware_sim.person.acts.acting import Acting
from sensor.samples import THIGHS

Act = Callable[[Acting, float], float]


def double_tap(a: Acting, start_s: float) -> float:
    """Two knocks with a finger on a thigh strap."""
    strap = a.straps[THIGHS[1 if a.cue.leg is Leg.RIGHT else 0]]
    strap.taps_s += [start_s, start_s + 0.28]
    return start_s + 0.6


ACTS: dict[Action, Act] = {
    Action.LAY_ON_TABLE: preparing.lay_on_table,
    Action.PUT_ON: preparing.put_on,
    Action.SIT: preparing.sit,
    Action.STAND: preparing.stand,
    Action.LIE: preparing.lie,
    Action.TOUCH: preparing.touch,
    Action.SPACER: preparing.spacer,
    Action.LEG_RAISE: preparing.leg_raise,
    Action.PRESS: pressing.press,
    Action.RELAX: standing.relax,
    Action.FIDGET: seated.fidget,
    Action.WIDEN: seated.widen,
    Action.TWIST: seated.twist,
    Action.PRESS_ACROSS: lying.press_across,
    Action.FEET_IN: standing.feet_in,
    Action.KNEES_IN: standing.knees_in,
    Action.KNEES_OUT: standing.knees_out,
    Action.ANKLES_TOGETHER: standing.ankles_together,
    Action.SQUEEZE: standing.squeeze,
    Action.WRAP_ON: standing.wrap_on,
    Action.SQUAT: standing.squat,
    Action.WALK: walking.walk,
    Action.TURN_ROUND: walking.turn_round,
    Action.DOUBLE_TAP: double_tap,
    Action.SWIVEL: seated.swivel,
    Action.RIDE: seated.ride,
}
