"""Trouble on the way: the wearer leaves, the laptop sleeps, no calibration, two programs that want the straps."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta, timezone
from itertools import pairwise
from pathlib import Path

import pytest

from analysis.exercises.mistakes import Mistake
from analysis.results import Repetition, RepVerdict, Side, UnderWay
from firmware_sim.person.virtual_person import Mishap
from monitor.coach.coach import TICK_S, Coach
from monitor.coach.plan import Doing, Plan, Tone
from monitor.coach.plans import load_calibration, load_plan
from monitor.coach.signals import (
    Action,
    CoachEvent,
    Counted,
    Cued,
    Ended,
    Ending,
    Judged,
    Prompted,
    Reached,
    Seen,
    Zeroed,
)
from monitor.coach.steps import steps
from monitor.guided import start
from monitor.guided.one_at_a_time import AnotherSession, the_only_session
from monitor.guided.prepared import NothingToResume, prepared
from monitor.guided.resume import resumed, unfinished
from monitor.guided.spacer import own_spacer_mm
from monitor.history.totals import history
from monitor.live_window import display, shown
from monitor.live_window.start_offer import StartChoice
from monitor.settings import Settings
from monitor.store import HOME_VARIABLE, Store
from monitor.store.wearers import Wearers
from sensor.samples import THIGHS, Placement
from tests.monitor.coached_person import Coached, coached
from tests.monitor.command_line import CommandLine
from tests.monitor.test_history import clamp, stored

STILL: dict[Placement, bool] = dict.fromkeys(THIGHS, True)
MOVING: dict[Placement, bool] = dict.fromkeys(THIGHS, False)
WORN = Seen(resting=MOVING, still=STILL, gap_m=0.0, together=True)
LAID = Seen(resting=STILL, still=STILL, gap_m=0.0, together=True)
AWAY = Seen(resting=MOVING, still=MOVING, lost=frozenset({THIGHS[0]}))


def holding(name: str = "clamp") -> Coach:
    plan = load_plan(name)
    return Coach(plan, [s for s in steps(plan, None) if s.round])


def pushed(coach: Coach, from_s: float, until_s: float, seen: Seen, actions: Sequence[Action] = ()) -> list[CoachEvent]:
    events: list[CoachEvent] = []
    for k in range(round(from_s / TICK_S), round(until_s / TICK_S)):
        events += coach.tick(k * TICK_S, seen, actions if k == round(from_s / TICK_S) else ())
    return events


def test_straps_that_nobody_wears_pause_and_putting_them_on_goes_on() -> None:
    coach = holding()
    pushed(coach, 0, 20, WORN)
    pushed(coach, 20, 60, LAID)
    assert coach.paused
    assert "Nobody seems to wear" in coach.view().note
    pushed(coach, 60, 61, WORN)
    assert not coach.paused
    assert not coach.ended


@pytest.mark.parametrize("seen", [LAID, AWAY])
def test_a_wearer_who_does_not_come_back_ends_the_session_and_it_can_be_continued(seen: Seen) -> None:
    coach = holding()
    pushed(coach, 0, 20, WORN)
    events = pushed(coach, 20, 1000, seen)
    assert [e.ending for e in events if isinstance(e, Ended)] == [Ending.LEFT]
    assert "can be continued" in coach.view().text


def test_a_laptop_that_slept_for_ten_minutes_has_lost_no_time_of_the_exercise() -> None:
    coach = holding("walk")
    pushed(coach, 0, 20, WORN)
    pushed(coach, 20, 620, AWAY)
    assert not coach.ended
    pushed(coach, 620, 621, WORN)
    assert coach.view().progress == pytest.approx((21 + 3) / 300, abs=0.005)


def test_a_skipped_put_on_still_makes_session_zero() -> None:
    plan = load_plan("clamp")
    coach = Coach(plan, steps(plan, load_calibration()))
    events: list[CoachEvent] = []
    for k in range(60):
        events += coach.tick(k * TICK_S, WORN, [Action.SKIP])
    assert sum(isinstance(e, Zeroed) for e in events) == 1


def test_without_a_calibration_worn_straps_make_session_zero_and_the_gap_is_said_to_be_unknown() -> None:
    plan = load_plan("clamp")
    coach = Coach(plan, steps(plan, load_calibration("calibration_short")))
    blind = Seen(resting=MOVING, still=STILL)
    lying = pushed(coach, 0, 10, Seen(resting=STILL, still=STILL))
    assert not any(isinstance(e, Zeroed) for e in lying)
    events = [*pushed(coach, 10, 20, blind), *pushed(coach, 20, 60, blind, [Action.SKIP])]
    assert sum(isinstance(e, Zeroed) for e in events) == 1
    assert not [e for e in events if isinstance(e, Cued)]
    assert "gap is not known" in coach.view().note


def test_two_programs_do_not_share_straps(tmp_path: Path) -> None:
    another = pytest.raises(AnotherSession, match="another session is running")
    with the_only_session(tmp_path), another, the_only_session(tmp_path):
        pass
    with the_only_session(tmp_path):
        pass


NOW = datetime(2026, 3, 20, 18, 30, tzinfo=timezone(timedelta(hours=1)))


def test_a_session_broken_off_goes_on_with_what_is_left(tmp_path: Path) -> None:
    store = Store(tmp_path)
    stored(store, NOW - timedelta(minutes=20), "clamp", clamp(540))
    found = unfinished(history(store), NOW)
    assert found is not None
    assert found.share == pytest.approx(0.6)
    assert found.sentence() == "Clamp of 18:10: 60 % done"
    assert resumed(load_plan("clamp"), found.share).round[0].seconds == pytest.approx(360)
    assert resumed(load_plan("seated_twist"), 0.55).rounds == 5


@pytest.mark.parametrize(("ago_min", "net_s"), [(20, 895), (20, 5), (200, 540), (-5, 540)])
def test_what_is_done_or_old_or_hardly_begun_does_not_go_on(tmp_path: Path, ago_min: float, net_s: float) -> None:
    store = Store(tmp_path)
    stored(store, NOW - timedelta(minutes=ago_min), "clamp", clamp(net_s))
    assert unfinished(history(store), NOW) is None
    with pytest.raises(NothingToResume):
        prepared(StartChoice("clamp", resume=True), store, None, simulated=False, mute=True)


def test_the_spacer_is_measured_once(tmp_path: Path) -> None:
    assert own_spacer_mm(tmp_path / "a") == 67.0
    assert own_spacer_mm(tmp_path / "a", 91.5) == 91.5
    assert own_spacer_mm(tmp_path / "a") == 91.5


def test_a_first_session_asks_and_a_simulated_one_keeps_nothing(tmp_path: Path) -> None:
    store = Store(tmp_path)
    real = prepared(StartChoice("clamp"), store, None, simulated=False, mute=True)
    assert len(real.first) == 2
    assert len(real.observers) == 1
    simulated = prepared(StartChoice("clamp"), store, 80.0, simulated=True, mute=True)
    assert (simulated.first, simulated.observers, simulated.spacer_mm) == ((), (), 80.0)


def test_beside_work_cues_are_few_and_the_night_is_silent(tmp_path: Path) -> None:
    desk = prepared(StartChoice("clamp", desk=True), Store(tmp_path), None, simulated=True, mute=False)
    plan: Plan = desk.plan
    coach = Coach(plan, [s for s in steps(plan, None) if s.round])
    apart = Seen(resting=MOVING, still=STILL, gap_m=0.06)
    cues = [e.time_s for e in pushed(coach, 0, 300, apart) if isinstance(e, Cued)]
    assert len(cues) == 3
    assert cues[0] == pytest.approx(6.0, abs=0.2)
    again = [e.time_s for e in [*pushed(coach, 300, 310, WORN), *pushed(coach, 310, 320, apart)] if isinstance(e, Cued)]
    assert again == pytest.approx([312.0], abs=0.2)
    night = Settings(silent_from=time(22), silent_until=time(7))
    assert [night.silent_at(time(h)) for h in (21, 22, 3, 7)] == [False, True, True, False]
    noon = Settings(silent_from=time(12), silent_until=time(13))
    assert [noon.silent_at(time(h)) for h in (11, 12, 13)] == [False, True, False]


def test_a_good_repetition_is_heard_and_a_short_one_says_why() -> None:
    coach = holding("seated_twist")
    reps = (
        Repetition("seated_twist", Side.LEFT, 1, 3, RepVerdict.SHORT, "turned in less than half-way"),
        Repetition("seated_twist", Side.LEFT, 4, 6, RepVerdict.OK),
    )
    pushed(coach, 0, 3, WORN)
    short = pushed(coach, 3, 4, Seen(resting=MOVING, still=STILL, repetitions=reps[:1]))
    assert coach.view().note == "not complete: turned in less than half-way"
    good = pushed(coach, 4, 5, Seen(resting=MOVING, still=STILL, repetitions=reps))
    judged = [e for e in (*short, *good) if isinstance(e, Judged)]
    assert [(e.verdict, e.tone) for e in judged] == [(RepVerdict.SHORT, Tone.NONE), (RepVerdict.OK, Tone.GOOD)]


def test_a_press_that_lasted_may_be_let_go_of() -> None:
    coach = holding("lying_press")
    pressed = [replace(WORN, working=UnderWay(Side.LEFT, 0.1 * k, 1.0)) for k in range(120)]
    pushed(coach, 0, 1, WORN)
    told: dict[float, tuple[str, float | None]] = {}
    events: list[CoachEvent] = []
    for k, seen in enumerate(pressed):
        events += pushed(coach, 1 + 0.1 * k, 1.1 + 0.1 * k, seen)
        told[round(0.1 * k, 1)] = coach.view().word, coach.view().countdown_s
    assert told[4.0] == ("Hold", pytest.approx(6.0))
    assert told[10.5] == ("Let go", None)
    assert [e.left_s for e in events if isinstance(e, Counted)] == [3, 2, 1]
    reached = [(e.time_s, e.text, e.tone) for e in events if isinstance(e, Reached)]
    assert reached == [(pytest.approx(11.0, abs=0.15), "Let go", Tone.GOOD)]
    other = coach.tick(14.0, replace(WORN, working=UnderWay(Side.RIGHT, 5.0, 1.0)))
    assert not any(isinstance(e, Reached | Counted) for e in other)
    assert coach.view().word == "Left leg"


def test_a_hold_stands_while_rows_wait_for_a_strap() -> None:
    def away(now_s: float) -> frozenset[Placement]:
        return frozenset({THIGHS[0]}) if 55.0 <= now_s < 56.2 or 60.0 <= now_s < 66.0 else frozenset()

    plan = load_plan("clamp")
    found = coached(replace(plan, round=tuple(replace(p, seconds=20.0) for p in plan.round)), lost=away)
    ended = 0
    for before, after in pairwise(found.updates):
        if before.running is not None and after.running is None:
            ended += 1
            assert after.holds
    assert ended >= 2
    cut = [h.cut for u in found.updates for h in u.holds]
    assert cut == [False, True, False]


def test_a_hold_that_does_not_count_in_the_end_is_said() -> None:
    coach = holding("clamp")
    pushed(coach, 0, 1, WORN)
    pushed(coach, 1, 30, replace(WORN, net_s=45.0))
    assert coach.view().note == ""
    pushed(coach, 30, 31, replace(WORN, net_s=2.0))
    assert "does not count" in coach.view().note
    pushed(coach, 31, 60, replace(WORN, net_s=20.0))
    assert coach.view().note == ""
    assert coach.view().progress == pytest.approx(20 / 900)


def test_how_far_a_twist_has_come_is_shown() -> None:
    coach = holding("seated_twist")
    pushed(coach, 0, 2, replace(WORN, working=UnderWay(Side.LEFT, 0.3, 0.6)))
    assert coach.view().progress == pytest.approx(0.6)
    pushed(coach, 2, 3, replace(WORN, working=UnderWay(Side.RIGHT, 0.3, 0.6)))
    assert coach.view().progress == 0.0


@pytest.mark.parametrize("turned_rad", [0.35, 0.9])
def test_a_strap_that_turns_round_the_leg_is_said(turned_rad: float) -> None:
    plan = load_plan("clamp")
    plan = replace(plan, round=tuple(replace(p, seconds=25.0) for p in plan.round))
    turned: list[float] = []

    def hands(found: Coached, now_s: float) -> tuple[()]:
        closing = [e for e in found.events if isinstance(e, Prompted) and e.doing is Doing.CLOSE]
        if closing and not turned and now_s > closing[0].time_s + 10.0:
            turned.append(now_s)
            found.person.suffer(Mishap("slip", THIGHS[0], now_s + 0.2, 1.0, turned_rad))
        return ()

    found = coached(plan, hands=hands)
    cues = [e for e in found.events if isinstance(e, Cued) and e.mistake is Mistake.STRAP_TURNED]
    assert len(cues) == 1
    assert "The left strap has turned" in cues[0].text
    assert 0 < cues[0].time_s - turned[0] < 5.0


def test_a_spacer_given_with_the_command_is_kept_once_so_that_the_page_can_change_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path))
    given: list[float | None] = []

    def sits_down(window: object, store: Store, lead: object, *, simulated: bool) -> None:
        del window, lead
        given.append(None if simulated else own_spacer_mm(Wearers(store.home).folder("")))

    monkeypatch.setattr(display, "why_no_window", lambda: None)
    monkeypatch.setattr(shown, "Screens", object)
    monkeypatch.setattr(start, "sit_down", sits_down)
    kneegap = CommandLine(monkeypatch, capsys)
    assert kneegap("live", "--spacer-mm", "80").status == 0
    assert kneegap("live").status == 0
    assert kneegap("live", "--sim", "--spacer-mm", "90").status == 0
    assert kneegap("live").status == 0
    assert given == [80.0, 80.0, None, 80.0]
