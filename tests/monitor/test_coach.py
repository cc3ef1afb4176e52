"""The coach on a person who does as asked, and on one who does not."""

from collections.abc import Callable, Mapping

import pytest

from analysis.exercises.mistakes import Mistake
from analysis.results import Repetition, RepVerdict, Side
from monitor.coach.coach import TICK_S, Coach
from monitor.coach.plan import Doing, Plan
from monitor.coach.plan_files import exercises
from monitor.coach.plans import load_calibration, load_plan
from monitor.coach.signals import (
    Action,
    CoachEvent,
    Cued,
    Ended,
    Ending,
    MarkerClosed,
    MarkerOpened,
    Prompted,
    Seen,
    Zeroed,
)
from monitor.coach.steps import steps
from sensor.samples import THIGHS, Placement

LEFT, RIGHT = THIGHS
STILL: dict[Placement, bool] = {LEFT: True, RIGHT: True}
MOVING: dict[Placement, bool] = {LEFT: False, RIGHT: False}
RESTED: dict[Placement, bool] = {LEFT: False, RIGHT: False}
MOVED: dict[Placement, bool] = {LEFT: True, RIGHT: True}

Person = Callable[[Doing, float, float], Seen]


class Obedient:
    """Does what is asked one second later; `reps` counts what the analysis would."""

    def __init__(self) -> None:
        self.hold_s = 0.0
        self.net_s = 0.0
        self.reps: list[Repetition] = []
        self._doing = Doing.STOP

    def __call__(self, doing: Doing, since_s: float, now_s: float) -> Seen:
        together = doing is Doing.CLOSE and since_s >= 1.0
        self.hold_s = self.hold_s + TICK_S if together else 0.0
        self.net_s += TICK_S if together else 0.0
        if doing in _SIDES and abs(since_s - 3.0) < TICK_S / 2:
            self.reps.append(Repetition("x", _SIDES[doing], now_s - 2, now_s, RepVerdict.OK))
        handling = doing is Doing.PUT_ON and since_s < 3.0
        still = MOVING if handling or doing is Doing.LEG_RAISE else STILL
        resting = STILL if doing is Doing.LAY_DOWN else MOVING
        going = doing is Doing.LEG_RAISE or (doing in (Doing.TOUCH, Doing.SPACER) and since_s < 1.0)
        turning = MOVED if going else RESTED
        gap_m = 0.09 if doing is Doing.STAND else 0.0 if together else 0.03
        return Seen(resting, still, turning, gap_m, together, self.hold_s, self.net_s, tuple(self.reps))


_SIDES = {
    Doing.TWIST_LEFT: Side.LEFT,
    Doing.TWIST_RIGHT: Side.RIGHT,
    Doing.PRESS_LEFT: Side.LEFT,
    Doing.PRESS_RIGHT: Side.RIGHT,
}


def coached(
    name: str,
    person: Person,
    actions: Mapping[float, Action] | None = None,
    calibration: str | None = "calibration",
    limit_s: float = 3000.0,
) -> list[CoachEvent]:
    """All events of a session; `actions` by time, questions are answered with no after 3 s."""
    plan = load_plan(name)
    coach = Coach(plan, steps(plan, load_calibration(calibration) if calibration else None))
    doing, since_s, events = Doing.STOP, 0.0, list[CoachEvent]()
    for k in range(int(limit_s / TICK_S)):
        now_s = round(k * TICK_S, 6)
        acting = [a for t, a in (actions or {}).items() if abs(t - now_s) < 1e-6]
        if doing is Doing.ANSWER and abs(now_s - since_s - 3.0) < 1e-6:
            acting.append(Action.NO)
        if doing is Doing.AGREE and abs(now_s - since_s - 3.0) < 1e-6:
            acting.append(Action.YES)
        new = coach.tick(now_s, person(doing, now_s - since_s, now_s), acting)
        events += new
        for event in new:
            if isinstance(event, Prompted):
                doing, since_s = event.doing, event.time_s
        if coach.ended:
            break
    return events


def markers(events: list[CoachEvent]) -> list[tuple[str, float, float, str]]:
    """Closed markers as (label, start, end, value)."""
    opened: dict[str, MarkerOpened] = {}
    out: list[tuple[str, float, float, str]] = []
    for event in events:
        if isinstance(event, MarkerOpened):
            opened[event.label] = event
        if isinstance(event, MarkerClosed):
            out.append((event.label, opened[event.label].time_s, event.time_s, opened[event.label].value))
    return out


def ending(events: list[CoachEvent]) -> Ending:
    return next(e.ending for e in events if isinstance(e, Ended))


@pytest.mark.parametrize("name", [*exercises(), "demo"])
def test_who_does_as_asked_finishes_without_a_correction(name: str) -> None:
    events = coached(name, Obedient())
    assert ending(events) is Ending.FINISHED
    assert not [e for e in events if isinstance(e, Cued)]
    assert sum(isinstance(e, Zeroed) for e in events) == 1


def test_calibration_is_marked_in_order_and_the_exercise_once() -> None:
    marked = markers(coached("clamp", Obedient()))
    assert [m[0] for m in marked] == ["table", "touch", "spacer", "leg_raise", "exercise"]
    assert marked[2][3] == "67"
    assert marked[-1][3] == "clamp"
    assert all(end - start >= 2.9 for _, start, end, _ in marked)


def test_check_marks_three_relaxed_and_three_squeezed_phases_inside_the_exercise() -> None:
    marked = markers(coached("check", Obedient()))
    phases = [m for m in marked if m[0] in ("relaxed", "squeezed")]
    exercise = marked[-1]
    assert [m[0] for m in phases] == ["relaxed", "squeezed"] * 3
    assert all(end - start == pytest.approx(5.0, abs=0.21) for _, start, end, _ in phases)
    assert exercise[1] <= phases[0][1]
    assert exercise[2] >= phases[-1][2]


def test_the_clamp_lasts_until_its_net_time_is_reached() -> None:
    person = Obedient()
    coached("clamp", person)
    assert person.net_s == pytest.approx(900.0, abs=0.3)


def test_zero_comes_after_both_straps_were_handled_and_still() -> None:
    def only_left(doing: Doing, since_s: float, _now: float) -> Seen:
        moving = doing is Doing.PUT_ON and since_s < 2
        return Seen(STILL, {LEFT: not moving, RIGHT: True}, RESTED)

    assert not any(isinstance(e, Zeroed) for e in coached("clamp", only_left, limit_s=60))
    confirmed = coached("clamp", only_left, {30.0: Action.CONFIRM}, limit_s=60)
    assert [e.time_s for e in confirmed if isinstance(e, Zeroed)] == [30.0]


def test_a_strap_that_moves_in_a_pose_is_named_and_the_pose_repeated() -> None:
    plan, calibration = load_plan("clamp"), load_calibration()
    coach = Coach(plan, [s for s in steps(plan, calibration) if s.phase.marker == "touch"])
    notes: list[str] = []
    events: list[CoachEvent] = []
    for k in range(200):
        t_s = k * TICK_S
        moves = 6.5 <= t_s < 7.5
        turning = {LEFT: moves or 0.5 <= t_s < 1.0, RIGHT: False}
        events += coach.tick(t_s, Seen(MOVING, {LEFT: not moves, RIGHT: True}, turning))
        notes.append(coach.view().note)
    assert "The left strap moved: once more." in notes
    first, second = (m for m in markers(events) if m[0] == "touch")
    assert first[2] - first[1] < 1.8
    assert second[2] - second[1] == pytest.approx(3.0, abs=0.15)


def test_apart_knees_are_cued_within_two_seconds_and_not_too_often() -> None:
    obedient = Obedient()
    closed_s: list[float] = []

    def lapses(doing: Doing, since_s: float, now_s: float) -> Seen:
        apart = doing is Doing.CLOSE and 20.0 <= since_s < 40.0
        if apart:
            closed_s.append(now_s)
        return obedient(Doing.REST if apart else doing, since_s, now_s)

    events = coached("clamp", lapses)
    cues = [e.time_s for e in events if isinstance(e, Cued)]
    assert cues
    assert cues[0] - closed_s[0] <= 2.0
    assert 1 < len(cues) <= 3
    assert cues[-1] <= closed_s[-1]


def test_a_hold_broken_off_early_is_said_and_repeated() -> None:
    plan = load_plan("knees_in")
    coach = Coach(plan, [s for s in steps(plan, None) if s.round == 1])
    for k in range(120):
        coach.tick(k * TICK_S, Seen(MOVING, STILL, gap_m=0.0, together=k < 70, hold_s=k * TICK_S if k < 70 else 0.0))
    assert coach.view().note == "That was 7 of 10 s: once more."
    assert coach.view().title == "Knees in"


@pytest.mark.parametrize("action", [Action.PAIN, Action.NUMBNESS])
@pytest.mark.parametrize("at_s", [2.0, 40.0, 100.0])
def test_pain_or_numbness_stops_at_once_and_says_what_to_do(action: Action, at_s: float) -> None:
    events = coached("clamp", Obedient(), {at_s: action})
    last = events[-1]
    assert isinstance(last, Ended)
    assert last.ending.value == action.value
    assert last.time_s == pytest.approx(at_s)
    assert any(m[0] == action.value for m in markers(events))
    assert {e.label for e in events if isinstance(e, MarkerOpened)} == {m[0] for m in markers(events)}
    said = [e.text for e in events if isinstance(e, Prompted)][-1]
    assert said.startswith("Stop.")
    assert "loosen" in said.lower()


def test_stop_closes_what_is_open() -> None:
    events = coached("clamp", Obedient(), {100.0: Action.STOP})
    assert ending(events) is Ending.STOPPED
    assert markers(events)[-1][0] == "exercise"


def test_pause_and_a_lost_strap_stop_the_clock_of_a_phase() -> None:
    plan = load_plan("walk")

    def lasts(lost: frozenset[Placement], actions: tuple[Action, ...]) -> float:
        coach = Coach(plan, steps(plan, None))
        for k in range(10_000):
            away = lost if 100 <= k < 200 else frozenset[Placement]()
            coach.tick(k * TICK_S, Seen(MOVING, STILL, lost=away), actions if k in (100, 200) else ())
            if coach.ended:
                return k * TICK_S
        return float("inf")

    whole = lasts(frozenset(), ())
    assert lasts(frozenset(), (Action.PAUSE,)) - whole == pytest.approx(10.0, abs=0.2)
    assert lasts(frozenset({LEFT}), ()) - whole == pytest.approx(7.0, abs=0.2)


def test_a_lost_strap_is_cued() -> None:
    plan = load_plan("clamp")
    coach = Coach(plan, steps(plan, None))
    events = [e for k in range(60) for e in coach.tick(k * TICK_S, Seen(MOVING, STILL, lost=frozenset({LEFT})))]
    assert [e.mistake for e in events if isinstance(e, Cued)] == [Mistake.STRAP_LOST]


def wrap_answers(answers: list[Action]) -> Ending | None:
    plan: Plan = load_plan("wrap")
    coach = Coach(plan, steps(plan, None))
    for k in range(20_000):
        asked = coach.view().asking and k % 20 == 0
        coach.tick(k * TICK_S, Seen(MOVING, STILL), [answers.pop(0)] if asked and answers else ())
        if coach.ended:
            break
    return coach.view().ending


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ([Action.YES], Ending.NOT_TODAY),
        ([Action.NO, Action.NO], Ending.NOT_TODAY),
        ([Action.NO], Ending.NO_ANSWER),
        ([Action.NO, Action.YES, Action.NO, Action.NO], Ending.FINISHED),
        ([Action.NO, Action.YES, Action.NO], Ending.NO_ANSWER),
        ([Action.NO, Action.YES, Action.NO, Action.YES], Ending.PAIN),
    ],
)
def test_wrap_asks_before_and_every_five_minutes(answers: list[Action], expected: Ending) -> None:
    assert wrap_answers(answers) is expected


def test_the_same_input_gives_the_same_events() -> None:
    assert coached("knees_in", Obedient()) == coached("knees_in", Obedient())


def test_skip_leaves_a_phase() -> None:
    plan = load_plan("clamp")
    coach = Coach(plan, steps(plan, load_calibration()))
    coach.tick(0.0, Seen(MOVING, STILL))
    coach.tick(0.1, Seen(MOVING, STILL), [Action.SKIP])
    assert coach.view().title == "Put the straps on"
