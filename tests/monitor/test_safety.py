"""Safety questions: asked before the first session, kept with their day, and before wrap each time."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest

from monitor.coach.coach import TICK_S, Coach
from monitor.coach.plan import Plan
from monitor.coach.plans import load_plan
from monitor.coach.safety import SafetyKeeper, first_questions, read_safety
from monitor.coach.signals import Action, Answered, CoachEvent, Ended, Ending, MarkerOpened, Prompted, Seen
from monitor.coach.steps import steps
from sensor.errors import ConfigError
from sensor.samples import THIGHS, Placement

DAY = date(2026, 3, 20)
STILL: dict[Placement, bool] = dict.fromkeys(THIGHS, True)
MOVING: dict[Placement, bool] = dict.fromkeys(THIGHS, False)
WORN = Seen(resting=MOVING, still=STILL)


def led(coach: Coach, seconds: float, actions: dict[float, Action], seen: Seen = WORN) -> list[CoachEvent]:
    """What the coach says while these actions are taken."""
    events: list[CoachEvent] = []
    for k in range(round(seconds / TICK_S)):
        now_s = round(k * TICK_S, 6)
        events += coach.tick(now_s, seen, [actions[now_s]] if now_s in actions else [])
    return events


def said(events: Sequence[CoachEvent]) -> list[str]:
    return [e.text for e in events if isinstance(e, Prompted)]


def first_session(tmp_path: Path, answer: Action, exercise: str = "clamp") -> list[CoachEvent]:
    plan = load_plan(exercise)
    coach = Coach(plan, steps(plan, None, screen=first_questions(tmp_path)))
    events = led(coach, 8.0, {2.0: answer})
    keeper = SafetyKeeper(tmp_path, lambda: DAY)
    for event in events:
        keeper(event)
    return events


def test_the_first_session_asks_and_the_answer_is_kept_with_its_day(tmp_path: Path) -> None:
    events = first_session(tmp_path, Action.NO)
    assert "pregnancy" in said(events)[0]
    assert "Sit upright" in said(events)[1]
    kept = read_safety(tmp_path)
    assert kept is not None
    assert (kept.asked, kept.yes) == (DAY, False)
    assert first_questions(tmp_path) == ()
    assert (tmp_path / "safety.toml").stat().st_mode & 0o077 == 0


def test_a_yes_is_kept_and_sends_to_a_professional(tmp_path: Path) -> None:
    events = first_session(tmp_path, Action.YES)
    assert "doctor or physiotherapist" in said(events)[1]
    assert "Wrap is not for you" in said(events)[1]
    kept = read_safety(tmp_path)
    assert kept is not None
    assert kept.yes


def test_wrap_asks_each_time_and_a_yes_ends_it_with_the_advice(tmp_path: Path) -> None:
    first_session(tmp_path, Action.NO)
    events = first_session(tmp_path, Action.YES, "wrap")
    assert [e.ending for e in events if isinstance(e, Ended)] == [Ending.NOT_TODAY]
    assert "Ask a professional" in said(events)[-1]
    kept = read_safety(tmp_path)
    assert kept is not None
    assert kept.yes


def test_a_kept_answer_that_cannot_be_read_is_said(tmp_path: Path) -> None:
    (tmp_path / "safety.toml").write_text('asked = "once"\nyes = false\n', encoding="utf-8")
    with pytest.raises(ConfigError, match="asked must be a date"):
        read_safety(tmp_path)


def tied() -> tuple[Plan, Coach]:
    """Wrap, from where its minutes begin."""
    plan = load_plan("wrap")
    return plan, Coach(plan, [s for s in steps(plan, None) if s.round])


@pytest.mark.parametrize(
    ("still", "action", "ending"),
    [
        (STILL, Action.TAP, None),
        (MOVING, Action.TAP, Ending.NO_ANSWER),
        (MOVING, Action.NO, None),
        (STILL, Action.YES, Ending.PAIN),
        (STILL, Action.MARK, Ending.NO_ANSWER),
    ],
)
def test_a_double_tap_answers_after_a_second_of_standing_still(
    still: dict[Placement, bool], action: Action, ending: Ending | None
) -> None:
    _, coach = tied()
    events = led(coach, 330.0, {310.0: action}, Seen(resting=MOVING, still=still))
    asked = [e for e in events if isinstance(e, Prompted) and "numbness" in e.text]
    assert [round(e.time_s) for e in asked] == [300]
    assert coach.view().ending is ending
    if ending is Ending.NO_ANSWER:
        assert 319.0 < next(e.time_s for e in events if isinstance(e, Ended)) < 321.0


@pytest.mark.parametrize(("at_s", "ending"), [(2.0, None), (310.0, None), (290.0, Ending.PAIN)])
def test_a_knock_before_the_straps_are_on_or_in_a_question_is_no_pain(at_s: float, ending: Ending | None) -> None:
    plan = load_plan("wrap")
    coach = Coach(plan, steps(plan, None)) if at_s < 100 else tied()[1]
    events = led(coach, at_s + 1.0, {at_s: Action.TAP})
    assert coach.view().ending is ending
    assert any(isinstance(e, MarkerOpened) and e.label == "pain" for e in events) is (ending is Ending.PAIN)


def test_nothing_is_kept_of_a_question_that_was_not_answered(tmp_path: Path) -> None:
    plan = load_plan("clamp")
    events = led(Coach(plan, steps(plan, None, screen=first_questions(tmp_path))), 62.0, {})
    assert not [e for e in events if isinstance(e, Answered)]
    assert [e.ending for e in events if isinstance(e, Ended)] == [Ending.NO_ANSWER]
