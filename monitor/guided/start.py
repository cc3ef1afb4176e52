"""What the start page offers: the exercises with today's plan, who wears the straps, what came of the last session.

Invariant: read from the store anew each time, so that a session that just ended counts already.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from typing import Protocol

from monitor.coach.plan_files import exercises
from monitor.coach.plans import load_plan
from monitor.coach.safety import read_safety
from monitor.day_plan.standing import DayStanding, GoalStanding
from monitor.guided.guide import Screen
from monitor.guided.own_settings import OwnSettings
from monitor.guided.resume import unfinished
from monitor.history.text import session_text
from monitor.history.totals import history
from monitor.language import gettext as _
from monitor.language import ngettext
from monitor.live_window.kept_sessions import KeptSessions
from monitor.live_window.start_offer import ExerciseOffer, StartChoice, StartOffer, WearerOffer
from monitor.memory.recall import last_calibrated
from monitor.store import Session, Store
from monitor.store.folder_entry import read_entry
from monitor.store.wearers import Wearers
from monitor.wording.names import exercise_name
from sensor.errors import KneeGapError

USUAL = "clamp"


class Chooser(Protocol):
    """The window: a start page, and the screens of a session."""

    def choose(
        self,
        offer: Callable[[str], StartOffer],
        kept: Callable[[str], KeptSessions],
        own: Callable[[str], OwnSettings],
    ) -> StartChoice | None: ...

    @property
    def show_session(self) -> Screen: ...

    @property
    def show_desk(self) -> Screen: ...


def sit_down(
    window: Chooser, store: Store, lead: Callable[[StartChoice, Screen], str], *, simulated: bool = False
) -> None:
    """One session after another, as chosen; `lead` leads one and says what came of it."""
    message = ""

    def offer(wearer: str) -> StartOffer:
        found = replace(start_offer(store, wearer), message=message)
        # A simulated person has sizes of his own.
        return replace(found, unsized="") if simulated else found

    def kept(wearer: str) -> KeptSessions:
        return KeptSessions(store, wearer or None)

    def own(wearer: str) -> OwnSettings:
        return OwnSettings(store, wearer, simulated=simulated)

    while (choice := window.choose(offer, kept, own)) is not None:
        try:
            message = lead(choice, window.show_desk if choice.desk else window.show_session)
        except KneeGapError as error:
            message = str(error)


def came_of(session: Session) -> str:
    """What came of a session that just ended, for who sits before the start page again."""
    uncounted = _("A session on simulated straps counts in no plan.") if session.meta.simulated else ""
    return f"{session_text(read_entry(session))}. {uncounted}".strip()


def start_offer(store: Store, wearer: str = "", today: date | None = None) -> StartOffer:
    """All that can be chosen by the wearer of this id, of the last one if empty."""
    found = history(store, wearer or None)
    standing = found.standing(today or date.today())
    known = Wearers(store.home).known()
    missing = [g.goal.exercise for g in standing.missing]
    going_on = unfinished(found, datetime.now().astimezone())
    safety = read_safety(Wearers(store.home).folder(found.wearer.id if found.wearer else ""))
    # Who answered yes is asked again before wrap, but is not invited to it.
    refused = _("Ask a professional first.") if safety is not None and safety.yes else ""
    return StartOffer(
        exercises=tuple(
            replace(e, refused=refused) if refused and e.name == "wrap" else e for e in _exercises(standing)
        ),
        unfinished=going_on.sentence() if going_on else "",
        last_calibration=_calibrated(last_calibrated(store.home, found.wearer.id if found.wearer else "")),
        suggested=missing[0] if missing else USUAL,
        wearers=tuple(WearerOffer(w.id, w.shown) for w in known),
        wearer=found.wearer.id if found.wearer else "",
        day=_day(standing),
        unsized="" if found.wearer and found.wearer.sizes else _("No sizes yet: the gap's scale is a guess."),
    )


def _calibrated(last: datetime | None) -> str:
    """How old the last calibration is, and how far to trust it."""
    if last is None:
        return ""
    days = (date.today() - last.astimezone().date()).days
    aged = ngettext("Calibrated {n} day ago.", "Calibrated {n} days ago.", days) if days else _("Calibrated today.")
    trust = _("After one touch the gap is told within a few millimetres, as long as the straps sit as they did.")
    return f"{aged.format(n=days)} {trust}"


def _exercises(standing: DayStanding) -> tuple[ExerciseOffer, ...]:
    """In the plan's order, then those that it does not ask for."""
    goals = {g.goal.exercise: g for g in standing.goals}
    names = [*(name for name in goals if name in exercises()), *(name for name in exercises() if name not in goals)]
    return tuple(_exercise(name, goals.get(name)) for name in names)


def _exercise(name: str, goal: GoalStanding | None) -> ExerciseOffer:
    offer = ExerciseOffer(name, exercise_name(name), _standing(goal) if goal else _("as you like"))
    try:
        plan = load_plan(name)
        return replace(offer, done=goal is not None and goal.reached, about=plan.about, picture=plan.drawing)
    except KneeGapError as error:
        # A file that somebody changed by hand keeps nobody from the other exercises.
        return replace(offer, refused=str(error))


def _standing(standing: GoalStanding) -> str:
    goal = standing.goal
    asked = goal.each * goal.times
    if goal.in_minutes:
        told = _("today {done:.0f} of {asked:.0f} min")
        week = _("in {days} days {done:.0f} of {asked:.0f} min")
    else:
        told = _("today {done:.0f} of {asked:.0f} repetitions")
        week = _("in {days} days {done:.0f} of {asked:.0f} repetitions")
    text = told if goal.every_days == 1 else week
    return text.format(done=standing.amount, asked=asked, days=goal.every_days)


def _day(standing: DayStanding) -> str:
    days, practised = standing.streak.days, standing.streak.practised
    if days <= 1:
        return ""
    return ngettext(
        "You practised on {practised} of the last {n} day.", "You practised on {practised} of the last {n} days.", days
    ).format(practised=practised, n=days)
