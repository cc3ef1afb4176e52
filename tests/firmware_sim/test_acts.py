"""A person does what he is asked to do, and each mistake is the mistake that it is called."""

from copy import deepcopy

import numpy as np
import pytest

from firmware_sim.person.actions import Action, Cue, Leg, Mistake
from firmware_sim.person.acts.repertoire import ACTS
from firmware_sim.person.diary import Posture
from firmware_sim.person.pose import Ch
from firmware_sim.person.truth_ticks import TruthTicks, join_truth
from firmware_sim.person.virtual_person import Mishap, VirtualPerson
from firmware_sim.sessions.truth import held_span
from sensor.samples import THIGHS, Floats

START = (Cue(Action.LAY_ON_TABLE, seconds=1.0), Cue(Action.PUT_ON, seconds=3.0))


def done(cue: Cue, before: tuple[Cue, ...] = (), seed: int = 3) -> tuple[VirtualPerson, TruthTicks, float]:
    """The person after a cue, the truth, and when the cue began."""
    person, _, start = asked(cue, before, seed)
    person.live_until(person.planned_until_s + 1.0)
    return person, join_truth(person.truth), start


def asked(cue: Cue, before: tuple[Cue, ...] = (), seed: int = 3) -> tuple[VirtualPerson, Floats, float]:
    """The person before living it, the pose planned from the cue on (15 s, rows of 10 ms), and when the cue begins."""
    person = VirtualPerson(seed, START + before, keeps_truth=True)
    start = person.planned_until_s + 0.4
    person.add(cue)
    plan = deepcopy(person.course).values(start + np.arange(1500) / 100.0)
    return person, plan, start


def gap_of(cue: Cue, before: tuple[Cue, ...] = ()) -> Floats:
    _, truth, start = done(cue, before)
    return truth.gap_m[truth.time_s >= start]


def test_every_action_has_an_act() -> None:
    assert set(ACTS) == set(Action)


@pytest.mark.parametrize("action", list(Action))
def test_every_action_can_be_prompted_at_any_time(action: Action) -> None:
    person = VirtualPerson(2, START, keeps_truth=True)
    for heard_s in (1.5, 9.0, 9.3):
        person.live_until(heard_s)
        person.prompt(Cue(action, seconds=4.0), heard_s)
    person.live_until(20.0)
    truth = join_truth(person.truth)
    assert np.all(truth.gap_m >= 0)
    assert np.all(np.isfinite(truth.gap_m))


def test_a_touch_brings_the_knees_together_and_apart_again() -> None:
    person, truth, start = done(Cue(Action.TOUCH))
    mark = next(m for m in person.diary.markers if m.label == "touch")
    inside = (truth.time_s > mark.start_s + 0.2) & (truth.time_s < mark.end_s - 0.2)
    assert np.max(truth.gap_m[inside]) < 0.0015
    assert truth.gap_m[truth.time_s < start][-1] > 0.03
    assert truth.gap_m[-1] > 0.03


def test_the_spacers_width_is_the_gap_while_it_is_held() -> None:
    person, truth, _ = done(Cue(Action.SPACER, width_m=0.067))
    mark = next(m for m in person.diary.markers if m.label == "spacer")
    inside = (truth.time_s > mark.start_s + 0.3) & (truth.time_s < mark.end_s - 0.3)
    assert mark.value == "67"
    assert np.median(truth.gap_m[inside]) == pytest.approx(0.067, abs=0.002)


@pytest.mark.parametrize(("action", "posture"), [(Action.STAND, Posture.STANDING), (Action.LIE, Posture.LYING)])
def test_postures_change(action: Action, posture: Posture) -> None:
    person, _, _ = done(Cue(action))
    assert person.diary.postures[-1][1] is posture


def test_a_press_is_held_without_a_lapse() -> None:
    gap = gap_of(Cue(Action.PRESS, seconds=10.0))
    assert np.max(gap[200:1000]) < 0.003


def test_reopening_parts_the_knees_and_closes_them_again() -> None:
    gap = gap_of(Cue(Action.PRESS, seconds=15.0, mistake=Mistake.REOPENS))
    assert np.max(gap[300:]) > 0.02
    assert gap[-110] < 0.003


def test_opening_slowly_is_slow() -> None:
    gap = gap_of(Cue(Action.PRESS, seconds=40.0, mistake=Mistake.OPENS_SLOWLY))
    after = gap[500:]
    top = int(np.argmax(after))
    assert after[top] > 0.010
    assert np.max(np.diff(after[: top - 20 : 20])) / 0.2 < 0.006


@pytest.mark.parametrize(("mistake", "sign"), [(Mistake.LEFT_LAGS, -1), (Mistake.RIGHT_LAGS, 1)])
def test_one_knee_lags_half_a_second_behind(mistake: Mistake, sign: int) -> None:
    _, plan, _ = asked(Cue(Action.PRESS, seconds=15.0, mistake=mistake))
    half = [_half_way(plan[:, c]) for c in (Ch.OPEN_L, Ch.OPEN_R)]
    assert 0.4 < sign * (half[1] - half[0]) < 1.0


def _half_way(x: Floats) -> float:
    return 0.01 * float(np.argmax(np.abs(x - x[0]) > 0.5 * abs(x[-1] - x[0])))


@pytest.mark.parametrize("leg", list(Leg))
def test_a_twist_moves_one_thigh_and_the_wrong_side_the_other(leg: Leg) -> None:
    other = Leg.RIGHT if leg is Leg.LEFT else Leg.LEFT
    for mistake, moving in ((None, leg), (Mistake.WRONG_SIDE, other)):
        person, plan, _ = asked(Cue(Action.TWIST, leg=leg, mistake=mistake), (Cue(Action.WIDEN),))
        turned = {side: np.ptp(plan[:, c]) for side, c in _TWISTS}
        assert turned[moving] > np.deg2rad(18)
        assert person.diary.reps[-1].side == moving.value
        assert turned[Leg.RIGHT if moving is Leg.LEFT else Leg.LEFT] < np.deg2rad(1)


_TWISTS = ((Leg.LEFT, Ch.TWIST_L), (Leg.RIGHT, Ch.TWIST_R))


def test_too_little_is_less_than_half_and_short() -> None:
    full, full_plan, _ = asked(Cue(Action.TWIST, leg=Leg.LEFT))
    little, little_plan, _ = asked(Cue(Action.TWIST, leg=Leg.LEFT, mistake=Mistake.TOO_LITTLE))
    ways = [np.ptp(plan[:, Ch.TWIST_L]) for plan in (full_plan, little_plan)]
    assert ways[1] < 0.5 * ways[0]
    assert [p.diary.reps[-1].verdict for p in (full, little)] == ["ok", "short"]


def test_the_other_thigh_moves_too() -> None:
    _, plan, _ = asked(Cue(Action.TWIST, leg=Leg.LEFT, mistake=Mistake.OTHER_THIGH_MOVES))
    assert np.ptp(plan[:, Ch.TWIST_R]) > np.deg2rad(8)


def test_too_fast_is_fast() -> None:
    usual, hasty = (asked(Cue(Action.TWIST, leg=Leg.LEFT, mistake=m))[0] for m in (None, Mistake.TOO_FAST))
    took = [p.diary.reps[-1].end_s - p.diary.reps[-1].start_s for p in (usual, hasty)]
    assert took[1] < 0.6 * took[0]


def test_leaning_takes_the_pelvis_along() -> None:
    cue = Cue(Action.KNEES_IN, seconds=11.0, mistake=Mistake.LEANS)
    _, plan, _ = asked(cue, (Cue(Action.STAND), Cue(Action.FEET_IN)))
    assert np.max(plan[:, Ch.LEAN]) > np.deg2rad(14)


@pytest.mark.parametrize(("mistake", "verdict"), [(None, "ok"), (Mistake.BREAKS_OFF, "short")])
def test_knees_in_is_held_for_ten_seconds_unless_broken_off(mistake: Mistake | None, verdict: str) -> None:
    cue = Cue(Action.KNEES_IN, seconds=11.0, mistake=mistake)
    person, truth, _ = done(cue, (Cue(Action.STAND), Cue(Action.FEET_IN)))
    assert held_span(person.diary.reps[-1].start_s, person.diary.reps[-1].end_s, truth)[2] == verdict


def test_breaking_off_a_lying_press_is_short() -> None:
    before = (Cue(Action.LIE),)
    kept = done(Cue(Action.PRESS_ACROSS, seconds=11.0, leg=Leg.LEFT), before)[0]
    broken = done(Cue(Action.PRESS_ACROSS, seconds=11.0, leg=Leg.LEFT, mistake=Mistake.BREAKS_OFF), before)[0]
    assert [p.diary.reps[-1].verdict for p in (kept, broken)] == ["ok", "short"]


def test_the_check_finds_a_bow_that_squeezing_makes_less() -> None:
    before = (Cue(Action.STAND), Cue(Action.ANKLES_TOGETHER), Cue(Action.RELAX, seconds=5.0))
    person, truth, start = done(Cue(Action.SQUEEZE, seconds=5.0), before)
    relaxed = truth.gap_m[(truth.time_s > start - 4) & (truth.time_s < start - 1)]
    squeezed = truth.gap_m[(truth.time_s > start + 2) & (truth.time_s < start + 5)]
    assert np.median(relaxed) == pytest.approx(person.build.bow_m, abs=0.004)
    assert np.std(relaxed) < 0.001
    assert 0.012 < np.median(relaxed) - np.median(squeezed) < 0.030


def test_swaying_is_seen_in_the_check() -> None:
    before = (Cue(Action.STAND), Cue(Action.ANKLES_TOGETHER))
    rates: list[float] = []
    for mistake in (None, Mistake.SWAYS):
        person, _, start = done(Cue(Action.RELAX, seconds=6.0, mistake=mistake), before)
        counts = person.sensors[THIGHS[0]].read(start + 5.5)
        rates.append(float(np.std(counts.samples[counts.time_s > start + 2.0, 3:6], axis=0).max()))
    assert rates[1] > 2 * rates[0]


@pytest.mark.parametrize(("mistake", "least", "most"), [(None, -4.0, 16.0), (Mistake.TOES_OUT, 14.0, 32.0)])
def test_walking_places_the_feet(mistake: Mistake | None, least: float, most: float) -> None:
    person, _, _ = done(Cue(Action.WALK, seconds=12.0, mistake=mistake), (Cue(Action.STAND),))
    steps = person.diary.steps
    assert len(steps) > 15
    assert person.course.goal(Ch.STEP_L) == pytest.approx(person.course.goal(Ch.STEP_R))
    assert {s.side for s in steps} == {"left", "right"}
    assert least < np.rad2deg(np.mean([s.foot_progression_rad for s in steps])) < most


def test_a_prompt_is_followed_after_the_reaction_time_and_ends_what_was_planned() -> None:
    person = VirtualPerson(4, (*START, Cue(Action.PRESS, seconds=60.0)), keeps_truth=True)
    person.live_until(15.0)
    person.prompt(Cue(Action.RELAX), heard_s=15.0)
    person.live_until(20.0)
    truth = join_truth(person.truth)
    closed = truth.gap_m[(truth.time_s > 12.0) & (truth.time_s < 15.0 + 0.9 * person.temper.reaction_s)]
    assert np.max(closed) < 0.003
    assert truth.gap_m[-1] > 0.03


def test_an_ignored_prompt_changes_nothing() -> None:
    person = VirtualPerson(4, (*START, Cue(Action.PRESS, seconds=60.0)), keeps_truth=True)
    person.live_until(15.0)
    person.prompt(Cue(Action.RELAX, mistake=Mistake.IGNORES), heard_s=15.0)
    person.live_until(20.0)
    assert join_truth(person.truth).gap_m[-1] < 0.003


def test_a_slip_turns_the_strap_and_a_loosening_takes_tension() -> None:
    person = VirtualPerson(4, START, keeps_truth=True)
    person.suffer(Mishap("slip", THIGHS[0], 8.0, 0.6, float(np.deg2rad(6.0))))
    person.suffer(Mishap("loosening", THIGHS[1], 8.0, 1.0, -0.2))
    person.live_until(12.0)
    truth = join_truth(person.truth)
    before, after = truth.time_s < 8.0, truth.time_s > 10.0
    lost = [float(np.min(truth.tension[p][before]) - np.max(truth.tension[p][after])) for p in THIGHS]
    assert 0.03 < lost[0] < 0.1
    assert 0.2 < lost[1] < 0.23


@pytest.mark.parametrize("leg", list(Leg))
def test_a_double_tap_is_two_knocks_on_one_strap(leg: Leg) -> None:
    person = VirtualPerson(4, START, keeps_truth=True)
    tapped, other = (THIGHS[::-1] if leg is Leg.RIGHT else THIGHS)[:2]
    at = person.planned_until_s + 0.4
    person.add(Cue(Action.DOUBLE_TAP, leg=leg))
    knocks: list[int] = []
    for placement in (tapped, other):
        counts = person.sensors[placement].read(at + 1.0)
        push = counts.samples[counts.time_s > at - 0.2, 2].astype(np.float64)
        strong = np.abs(push - np.median(push)) > 0.8 * 32768 / 8
        knocks.append(int(np.count_nonzero(np.diff(strong.astype(int)) == 1)))
    assert knocks == [2, 0]
