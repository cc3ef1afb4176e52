"""Every mistake of the table of exercises, made by a simulated person, gets its cue within two seconds and no other.

What is done right between the mistakes gets none. The times of the mistakes are the person's own.
"""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from analysis.exercises.mistakes import Mistake
from analysis.results import RepVerdict, Side
from firmware_sim.person.actions import Mistake as Wrong
from firmware_sim.person.pose import Ch
from monitor.coach.asked import REACT_S
from monitor.coach.plan import Doing
from monitor.coach.signals import Action, Cued, Ending, MarkerOpened
from sensor.markers import Label
from sensor.samples import THIGHS, Placement
from tests.monitor.coached_person import Coached, coached
from tests.monitor.made_mistakes import FEET, SCENARIOS, asked_for, once, plan_of

WITHIN_S = 2.0
SEED = 7
VERDICTS = {
    "knees_in": [RepVerdict.OK, RepVerdict.SHORT, RepVerdict.OK, RepVerdict.OK],
    "lying_press": [RepVerdict.OK, RepVerdict.SHORT],
}
SHORT = {
    "knees_in": [(Side.BOTH, "released early")],
    "seated_twist": [(Side.LEFT, "turned in less than half-way")],
}


def assert_cued(found: Coached, expected: Sequence[tuple[float, Mistake]]) -> None:
    """Each cue comes within two seconds of its mistake, and there is no other."""
    assert [m for _, m in found.cues] == [m for _, m in expected]
    for (cued_s, mistake), (made_s, _) in zip(found.cues, expected, strict=True):
        assert -0.3 < cued_s - made_s <= WITHIN_S, (mistake, made_s, cued_s)


@pytest.mark.parametrize("name", SCENARIOS)
def test_mistakes_get_their_cues_and_repetitions_their_verdicts(name: str) -> None:
    made = SCENARIOS[name](SEED, 0.0)
    assert_cued(made.found, made.expected)
    verdicts = VERDICTS.get(name, [])
    assert [j.verdict for j in made.found.judged][: len(verdicts)] == verdicts
    short = [(j.side, j.reason) for j in made.found.judged if j.verdict is RepVerdict.SHORT]
    assert short[:1] == SHORT.get(name, short[:1])


def test_knees_in_feet_that_point_out() -> None:
    found = coached(plan_of("knees_in", 1), optional=FEET, mistakes={Doing.FEET_IN: [Wrong.TOES_OUT]})
    assert {m for _, m in found.cues} == {Mistake.FEET_OUT}
    assert 0 <= found.cues[0][0] - found.asked_s(Doing.CLOSE) <= WITHIN_S


def test_check_ankles_apart_and_standing_still() -> None:
    swayed: list[float] = []

    def sway(found: Coached, now_s: float) -> None:
        swayed.append(now_s)
        found.person.course.by(Ch.SWAY, 8.0, now_s, 0.1)
        found.person.course.by(Ch.SWAY, -8.0, now_s + 1.5, 0.1)

    made = {Doing.ANKLES_TOGETHER: [Wrong.IGNORES]}
    found = coached(plan_of("check", 1), mistakes=made, hands=once(asked_for(Doing.SQUEEZE, 4.0), sway))
    asked_s = found.asked_s(Doing.ANKLES_TOGETHER)
    apart = [t for t, m in found.cues if m is Mistake.FEET_APART]
    assert 0 < apart[0] - asked_s - REACT_S <= WITHIN_S
    rest = [(t, m) for t, m in found.cues if m is not Mistake.FEET_APART]
    assert {m for _, m in rest} == {Mistake.MOVING, Mistake.AGAIN}
    assert 0 < rest[0][0] - swayed[0] <= WITHIN_S
    assert rest[-1][1] is Mistake.AGAIN
    assert 0 < rest[-1][0] - max(t for t, m in rest if m is Mistake.MOVING) <= WITHIN_S
    squeezed = [e for e in found.events if isinstance(e, MarkerOpened) and e.label == Label.SQUEEZED]
    assert len(squeezed) >= 2


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
