"""Every mistake of the table of exercises, made by a simulated person, gets its cue within two seconds and no other.

What is done right between the mistakes gets none. The times of the mistakes are the person's own.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from analysis.exercises.mistakes import Mistake
from analysis.results import RepVerdict, Side
from firmware_sim.person.actions import Mistake as Wrong
from firmware_sim.person.diary import TrueRep
from firmware_sim.person.pose import Ch
from firmware_sim.person.truth_ticks import join_truth
from monitor.coach.asked import REACT_S
from monitor.coach.plan import Doing, Plan, load_plan
from monitor.coach.signals import Action, Cued, Ending, MarkerOpened, Prompted
from sensor.markers import Label
from sensor.samples import THIGHS, Placement
from tests.monitor.coached_person import Coached, coached

WITHIN_S = 2.0
PELVIS = (Placement.PELVIS,)
FEET = (Placement.LEFT_FOOT, Placement.RIGHT_FOOT)


def plan_of(name: str, rounds: int, seconds: float | None = None) -> Plan:
    """An exercise with fewer rounds, its free and held phases no longer than `seconds`."""
    plan = load_plan(name)
    phases = tuple(replace(p, seconds=min(p.seconds, seconds) if seconds else p.seconds) for p in plan.round)
    return replace(plan, rounds=rounds, round=phases)


def assert_cued(found: Coached, expected: Sequence[tuple[float, Mistake]]) -> None:
    """Each cue comes within two seconds of its mistake, and there is no other."""
    assert [m for _, m in found.cues] == [m for _, m in expected]
    for (cued_s, mistake), (made_s, _) in zip(found.cues, expected, strict=True):
        assert -0.3 < cued_s - made_s <= WITHIN_S, (mistake, made_s, cued_s)


def wrong_reps(found: Coached, count: int) -> list[TrueRep]:
    assert len(found.person.diary.reps) >= count
    return found.person.diary.reps


def parted_s(found: Coached, after_s: float) -> float:
    """When the true gap next went over 20 mm."""
    truth = join_truth(found.person.truth)
    apart = (truth.time_s > after_s) & (truth.gap_m > 0.02)
    return float(truth.time_s[np.argmax(apart)])


def once(when: Callable[[Coached, float], bool], then: Callable[[Coached, float], None]) -> Callable[..., tuple[()]]:
    """Meddles the first time that `when` holds."""
    done: list[float] = []

    def hands(found: Coached, now_s: float) -> tuple[()]:
        if not done and when(found, now_s):
            done.append(now_s)
            then(found, now_s)
        return ()

    return hands


def asked_for(doing: Doing, ago_s: float, nth: int = 0) -> Callable[[Coached, float], bool]:
    """That this was asked for `ago_s` ago."""

    def when(found: Coached, now_s: float) -> bool:
        asked = [e.time_s for e in found.events if isinstance(e, Prompted) and e.doing is doing]
        return len(asked) > nth and now_s >= asked[nth] + ago_s

    return when


def bends(
    channels: Sequence[Ch], degrees: float, notes: list[float], back_s: float | None = None
) -> Callable[..., None]:
    """Turns channels of the body by an angle within 0.8 s, and back after a while."""

    def then(found: Coached, now_s: float) -> None:
        notes.append(now_s + 0.8)
        for channel in channels:
            found.person.course.by(channel, float(np.deg2rad(degrees)), now_s + 0.1, 0.7)
            if back_s is not None:
                found.person.course.by(channel, -float(np.deg2rad(degrees)), now_s + back_s, 0.7)

    return then


def test_clamp_knees_that_part() -> None:
    found = coached(plan_of("clamp", 1, 20.0), mistakes={Doing.CLOSE: [Wrong.BREAKS_OFF]})
    asked_s = found.asked_s(Doing.CLOSE)
    assert_cued(found, [(parted_s(found, asked_s + REACT_S), Mistake.APART)])


def test_knees_in_knees_that_part_lag_and_come_right() -> None:
    made = {Doing.CLOSE: [Wrong.ONE_KNEE_LAGS, Wrong.BREAKS_OFF]}
    found = coached(plan_of("knees_in", 3), mistakes=made)
    lagged, broken, *_ = wrong_reps(found, 3)
    apart_s = parted_s(found, broken.start_s + REACT_S)
    assert_cued(found, [(lagged.start_s, Mistake.RIGHT_LAGS), (apart_s, Mistake.APART)])
    assert [j.verdict for j in found.judged] == [RepVerdict.OK, RepVerdict.SHORT, RepVerdict.OK, RepVerdict.OK]
    assert found.judged[1].reason == "released early"


def test_knees_in_a_body_that_leans() -> None:
    leant: list[float] = []
    hands = once(asked_for(Doing.CLOSE, 5.0), bends([Ch.LEAN], 22.0, leant, back_s=4.0))
    found = coached(plan_of("knees_in", 1), optional=PELVIS, hands=hands)
    assert_cued(found, [(leant[0], Mistake.LEANING)])


def test_knees_in_feet_that_point_out() -> None:
    found = coached(plan_of("knees_in", 1), optional=FEET, mistakes={Doing.FEET_IN: [Wrong.TOES_OUT]})
    assert {m for _, m in found.cues} == {Mistake.FEET_OUT}
    assert 0 <= found.cues[0][0] - found.asked_s(Doing.CLOSE) <= WITHIN_S


def test_seated_twist_every_kind() -> None:
    made = {
        Doing.TWIST_LEFT: [None, Wrong.TOO_LITTLE],
        Doing.TWIST_RIGHT: [Wrong.OTHER_THIGH_MOVES, Wrong.TOO_FAST, Wrong.WRONG_SIDE],
    }
    plan = plan_of("seated_twist", 3)
    found = coached(replace(plan, round=tuple(replace(p, limit_s=9.0) for p in plan.round)), mistakes=made)
    _, both, little, fast, _, wrong = wrong_reps(found, 6)
    expected = [
        (both.start_s, Mistake.BOTH_KNEES),
        (little.end_s, Mistake.NOT_FAR),
        (fast.end_s, Mistake.TOO_FAST),
        (wrong.start_s, Mistake.WRONG_SIDE),
    ]
    assert_cued(found, expected)
    short = [j for j in found.judged if j.verdict is RepVerdict.SHORT]
    assert [(j.side, j.reason) for j in short] == [(Side.LEFT, "turned in less than half-way")]


def test_lying_press_every_kind() -> None:
    made = {Doing.PRESS_RIGHT: [Wrong.BREAKS_OFF, Wrong.WRONG_SIDE]}
    turned: list[float] = []
    hands = once(asked_for(Doing.PRESS_LEFT, 8.0), bends([Ch.ROLL], 18.0, turned, back_s=3.0))
    plan = plan_of("lying_press", 2)
    plan = replace(plan, round=tuple(replace(p, limit_s=18.0) for p in plan.round))
    found = coached(plan, optional=PELVIS, mistakes=made, hands=hands)
    _, broken, _, wrong = wrong_reps(found, 4)
    expected = [
        (turned[0], Mistake.HIPS_TURNED),
        (broken.end_s, Mistake.RELEASED_EARLY),
        (wrong.start_s, Mistake.WRONG_SIDE),
    ]
    assert_cued(found, [*expected, (wrong.start_s + 8.0, Mistake.WRONG_SIDE)])
    assert [j.verdict for j in found.judged][:2] == [RepVerdict.OK, RepVerdict.SHORT]


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


def test_walk_toes_that_turn_out_are_told_per_side() -> None:
    left, right = list[float](), list[float]()
    hands = [
        once(asked_for(Doing.WALK, 10.0), bends([Ch.TOE_L], 18.0, left, back_s=3.0)),
        once(asked_for(Doing.WALK, 18.0), bends([Ch.TOE_R], 18.0, right)),
    ]
    found = coached(plan_of("walk", 1, 24.0), optional=FEET, hands=lambda f, t: [a for h in hands for a in h(f, t)])
    # A step is made when its foot leaves the ground again.
    made = [
        next(s.end_s for s in found.person.diary.steps if s.side == side and s.start_s > turned_s - 0.4)
        for side, turned_s in (("left", left[0]), ("right", right[0]))
    ]
    assert_cued(found, [(made[0], Mistake.LEFT_TOES_OUT), (made[1], Mistake.RIGHT_TOES_OUT)])


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
