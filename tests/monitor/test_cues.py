"""Every mistake of the table of exercises, made by a simulated person, gets its cue within two seconds and no other.

What is done right between the mistakes gets none. The times of the mistakes are the person's own.
"""

from dataclasses import replace
from functools import cache

import pytest

from analysis.exercises.mistakes import Mistake
from analysis.results import RepVerdict, Side
from monitor.coach.plan import Doing
from monitor.coach.plans import load_plan
from monitor.coach.signals import Action, Cued, Ending, MarkerOpened
from sensor.markers import Label
from sensor.samples import THIGHS, Placement
from tests.monitor.coached_person import coached
from tests.monitor.made_mistakes import SCENARIOS, WITHIN_S, Made, asked_for, plan_of

SEED = 7
VERDICTS = {
    "knees_in": [RepVerdict.OK, RepVerdict.OK, RepVerdict.SHORT, RepVerdict.OK],
    "lying_press": [RepVerdict.OK, RepVerdict.OK, RepVerdict.SHORT, RepVerdict.SHORT],
}
SHORT = {
    "knees_in": [(Side.BOTH, "released early")],
    "seated_twist": [(Side.LEFT, "turned in less than half-way"), (Side.RIGHT, "turned in less than half-way")],
    "lying_press": [(Side.LEFT, "released early"), (Side.RIGHT, "released early")],
}


@cache
def made_in(name: str) -> Made:
    """The session of a scenario."""
    return SCENARIOS[name](SEED, 0.0)


@pytest.mark.parametrize("name", SCENARIOS)
def test_mistakes_get_their_cues_and_repetitions_their_verdicts(name: str) -> None:
    made = made_in(name)
    waits, besides = made.judged()
    assert not [(fault, took_s) for fault, took_s in waits if took_s > WITHIN_S]
    assert not besides
    verdicts = VERDICTS.get(name, [])
    assert [j.verdict for j in made.found.judged][: len(verdicts)] == verdicts
    short = [(j.side, j.reason) for j in made.found.judged if j.verdict is RepVerdict.SHORT]
    assert short == SHORT.get(name, [])
    if name == "check":
        squeezed = [e for e in made.found.events if isinstance(e, MarkerOpened) and e.label == Label.SQUEEZED]
        assert len(squeezed) >= 2


def test_every_cue_of_the_exercises_is_made() -> None:
    asked = {cue.when for name in SCENARIOS for cue in load_plan(name.split()[0]).cues}
    made = {fault.mistake for name in SCENARIOS for fault in made_in(name).faults}
    assert asked - made == {Mistake.STRAP_LOST}


def test_wrap_a_knock_outside_of_questions_is_pain() -> None:
    plan = plan_of("wrap", 1, 40.0)
    hands = [Action.TAP]
    tied = asked_for(Doing.STAND, 5.0, 1)
    found = coached(replace(plan, before=plan.before[:1]), hands=lambda f, t: hands if tied(f, t) else ())
    assert found.ending is Ending.PAIN
    assert found.events[-1].time_s - found.asked_s(Doing.STAND, 1) < 5.0 + WITHIN_S


def test_a_lost_strap_is_said_within_two_seconds_and_time_waits() -> None:
    def lost(now_s: float) -> frozenset[Placement]:
        return frozenset({THIGHS[0]}) if 50.0 <= now_s < 60.0 else frozenset()

    found = coached(plan_of("clamp", 1, 20.0), lost=lost)
    cues = [e for e in found.events if isinstance(e, Cued)]
    assert [c.mistake for c in cues] == [Mistake.STRAP_LOST]
    assert 0 < cues[0].time_s - 50.0 <= WITHIN_S
