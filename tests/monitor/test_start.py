"""What the start page offers: the plan as it stands, and one session after another."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from monitor.coach.plan_files import exercises
from monitor.guided.guide import Screen
from monitor.guided.own_settings import OwnSettings
from monitor.guided.start import sit_down, start_offer
from monitor.live_buffer import LiveBuffer
from monitor.live_window.kept_sessions import KeptSessions
from monitor.live_window.start_offer import StartChoice, StartOffer
from monitor.session.actions import ActionQueue
from monitor.store import Store
from monitor.store.wearers import Wearers
from sensor.radio_errors import NoAdapter
from sensor.wearer import Wearer
from tests.monitor.stores import clamp, stored

NOW = datetime(2026, 3, 2, 18, 0, tzinfo=UTC)


def test_every_exercise_is_offered_and_the_plan_s_next_is_suggested(tmp_path: Path) -> None:
    offer = start_offer(Store(tmp_path), today=NOW.date())
    assert {e.name for e in offer.exercises} == set(exercises())
    assert offer.suggested == "clamp"
    assert offer.exercises[0].standing == "today 0 of 45 min"
    assert offer.day == ""


def test_what_was_done_today_counts_and_the_next_goal_is_suggested(tmp_path: Path) -> None:
    store = Store(tmp_path)
    for day in (0, 1, 2):
        for i in range(3):
            stored(store, NOW - timedelta(days=day, hours=i), "clamp", clamp(900.0))
    offer = start_offer(store, today=NOW.date())
    standing = {e.name: e for e in offer.exercises}
    assert standing["clamp"].done
    assert standing["clamp"].standing == "today 45 of 45 min"
    assert offer.suggested == "knees_in"
    assert offer.day == "You practised on 3 of the last 3 days."


class Chooses:
    """A window whose wearer starts a clamp, then one beside work, and leaves."""

    def __init__(self) -> None:
        self.said: list[str] = []
        self.shown: list[str] = []
        self.unsized, self.people = "", False

    def choose(
        self,
        offer: Callable[[str], StartOffer],
        kept: Callable[[str], KeptSessions],
        own: Callable[[str], OwnSettings],
    ) -> StartChoice | None:
        del kept
        self.unsized, self.people = offer("").unsized, own("").offer.people
        self.said.append(offer("").message)
        return (StartChoice("clamp"), StartChoice("clamp", desk=True), None)[len(self.said) - 1]

    def show_session(self, buffer: LiveBuffer, actions: ActionQueue, running: Callable[[], bool]) -> None:
        del buffer, actions, running
        self.shown.append("session")

    def show_desk(self, buffer: LiveBuffer, actions: ActionQueue, running: Callable[[], bool]) -> None:
        del buffer, actions, running
        self.shown.append("desk")


def test_a_session_that_fails_is_told_on_the_start_page(tmp_path: Path) -> None:
    window = Chooses()

    def lead(choice: StartChoice, screen: Screen) -> str:
        screen(LiveBuffer(), ActionQueue(), lambda: False)
        if choice.desk:
            raise NoAdapter
        return "Kept."

    sit_down(window, Store(tmp_path), lead)
    assert window.shown == ["session", "desk"]
    assert window.said[:2] == ["", "Kept."]
    assert "no Bluetooth adapter" in window.said[2]


def test_sizes_are_wanted_until_they_are_known_and_never_of_a_simulated_person(tmp_path: Path) -> None:
    store, window = Store(tmp_path), Chooses()
    sit_down(window, store, lambda _choice, _screen: "")
    assert (window.unsized, window.people) == ("No sizes yet: the gap's scale is a guess.", True)
    window = Chooses()
    sit_down(window, store, lambda _choice, _screen: "", simulated=True)
    assert (window.unsized, window.people) == ("", False)
    Wearers(tmp_path).add(Wearer(0.42))
    assert start_offer(store).unsized == ""
