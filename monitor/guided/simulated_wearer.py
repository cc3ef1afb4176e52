"""A simulated person as one more observer of the coach: hears the prompts, does as asked and answers questions.

Invariant: nothing else of the program knows that the wearer is simulated.
"""

from collections.abc import Callable, Mapping, Sequence

from analysis.exercises import mistakes as seen
from analysis.update import LiveUpdate
from firmware_sim.person.actions import Action, Cue, Leg, Mistake
from firmware_sim.person.virtual_person import VirtualPerson
from monitor.coach import signals
from monitor.coach.plan import Doing
from monitor.coach.signals import CoachEvent, Cued, Prompted
from monitor.session.heard import Heard

# A pose is kept a little longer than asked, as nobody lets go at the very moment.
LONGER_S = 3.0
# Longer than anybody is asked to keep their knees together.
UNTIL_TOLD_S = 7200.0

_SIMPLE: Mapping[Doing, tuple[Action, ...]] = {
    Doing.LAY_DOWN: (Action.LAY_ON_TABLE,),
    Doing.PUT_ON: (Action.PUT_ON,),
    Doing.SIT: (Action.SIT,),
    Doing.STAND: (Action.STAND,),
    Doing.LIE: (Action.LIE,),
    Doing.ANKLES_TOGETHER: (Action.ANKLES_TOGETHER,),
    Doing.FEET_IN: (Action.FEET_IN,),
    Doing.WIDEN: (Action.WIDEN,),
    Doing.TIE: (Action.WRAP_ON,),
    Doing.TOUCH: (Action.TOUCH,),
    Doing.SPACER: (Action.SPACER,),
    Doing.LEG_RAISE: (Action.LEG_RAISE,),
    Doing.RELAX: (Action.RELAX,),
    Doing.REST: (Action.RELAX,),
    Doing.STOP: (Action.RELAX,),
    Doing.SQUEEZE: (Action.SQUEEZE,),
    Doing.CLOSE: (Action.PRESS,),
    Doing.TWIST_LEFT: (Action.TWIST,),
    Doing.TWIST_RIGHT: (Action.TWIST,),
    Doing.PRESS_LEFT: (Action.PRESS_ACROSS,),
    Doing.PRESS_RIGHT: (Action.PRESS_ACROSS,),
    Doing.WALK: (Action.WALK,),
    Doing.SQUAT: (Action.SQUAT,),
}
_STANDING: Mapping[Doing, tuple[Action, ...]] = {
    Doing.CLOSE: (Action.KNEES_IN,),
    Doing.REST: (Action.KNEES_OUT,),
}
_LEGS = {
    Doing.TWIST_LEFT: Leg.LEFT,
    Doing.TWIST_RIGHT: Leg.RIGHT,
    Doing.PRESS_LEFT: Leg.LEFT,
    Doing.PRESS_RIGHT: Leg.RIGHT,
}
# A question of the exercise is answered without hands; one with a key is answered by whoever holds the straps.
_ANSWERS = {Doing.ANSWER: signals.Action.NO, Doing.AGREE: signals.Action.YES}
_DURING = frozenset({Mistake.REOPENS, Mistake.OPENS_SLOWLY, Mistake.BREAKS_OFF, Mistake.LEANS, Mistake.SWAYS})
_KEPT = frozenset({Doing.TOUCH, Doing.SPACER, Doing.RELAX, Doing.SQUEEZE})


class SimulatedWearer:
    """Lets `person` follow the coach; `now_s` is the person's clock, `put_on_s` how quick he is with straps.

    `act` takes his answers; `mistakes` are made in turn, each time that he is asked for that (None: done right).
    """

    def __init__(
        self,
        person: VirtualPerson,
        now_s: Callable[[], float],
        exercise: str,
        spacer_mm: float,
        put_on_s: float,
        act: Callable[[signals.Action], None],
        mistakes: Mapping[Doing, Sequence[Mistake | None]] | None = None,
    ) -> None:
        self._person, self._now_s, self._act = person, now_s, act
        self._exercise, self._spacer_mm, self._put_on_s = exercise, spacer_mm, put_on_s
        self._mistakes = {doing: list(made) for doing, made in (mistakes or {}).items()}
        self._prompted: Prompted | None = None

    def __call__(self, event: CoachEvent | LiveUpdate | Heard) -> None:
        """Follows a prompt, and mends a lost contact when told; all else is none of his business."""
        if isinstance(event, Cued) and event.mistake is seen.Mistake.APART and self._prompted is not None:
            self._follow(self._prompted, None)
        if not isinstance(event, Prompted):
            return
        self._prompted = event
        if event.doing in _ANSWERS:
            self._act(_ANSWERS[event.doing])
        to_make = self._mistakes.get(event.doing)
        self._follow(event, to_make.pop(0) if to_make else None)

    def _follow(self, event: Prompted, mistake: Mistake | None) -> None:
        cues = [self._cue(action, event, mistake) for action in self._actions(event.doing)]
        if cues:
            self._person.prompt(cues[0], heard_s=self._now_s())
        for cue in cues[1:]:
            self._person.add(cue)

    def _actions(self, doing: Doing) -> tuple[Action, ...]:
        if self._exercise == "knees_in" and doing in _STANDING:
            return _STANDING[doing]
        return _SIMPLE.get(doing, ())

    def _cue(self, action: Action, event: Prompted, mistake: Mistake | None) -> Cue:
        width_m = self._spacer_mm / 1000.0 if action is Action.SPACER else None
        leg = _LEGS.get(event.doing)
        # What goes wrong in the course of a pose goes by its length; all else is kept until told.
        seconds = (event.seconds or None) if mistake in _DURING and leg is None else self._seconds(event)
        return Cue(action, seconds, leg=leg, width_m=width_m, mistake=mistake, marked=False)

    def _seconds(self, event: Prompted) -> float | None:
        if event.doing is Doing.PUT_ON:
            return self._put_on_s
        if event.doing is Doing.CLOSE:
            return UNTIL_TOLD_S
        if event.doing in _LEGS:
            # Each has his own way of how long a leg takes.
            return None
        if event.doing in _KEPT:
            return event.seconds + LONGER_S
        return event.seconds or None
