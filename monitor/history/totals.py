"""What one wearer's stored sessions add up to: days, goals and the trend of the `check` measurement.

Invariant: a session counts once, on the day it began where the wearer was; a session that was not analyzed yet, or
whose results were lost, is listed without figures and never left out.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from monitor.day_plan.goals import DayPlan, read_plan
from monitor.day_plan.practised import Practised
from monitor.day_plan.standing import DayStanding, day_standing
from monitor.history.trends import Trend, trend
from monitor.language import gettext as _
from monitor.language import ngettext
from monitor.store import Store
from monitor.store.entry import Entry, Measured
from monitor.store.index import Indexed, Progress, indexed
from monitor.store.tape import TapeEntry, read_tape
from monitor.store.wearers import KnownWearer, Wearers

CLAMP = "clamp"


@dataclass(frozen=True, slots=True)
class Done:
    """What was done of one exercise on one day; `net_min` is the time held, `minutes` what the plan counts."""

    sessions: int = 0
    net_min: float = 0.0
    minutes: float = 0.0
    holds: int = 0
    good_repetitions: int = 0


@dataclass(frozen=True, slots=True)
class Day:
    """What was done on one day, by exercise."""

    day: date
    done: Mapping[str, Done]

    @property
    def sessions(self) -> int:
        """How many sessions there were."""
        return sum(d.sessions for d in self.done.values())

    @property
    def clamp_min(self) -> float:
        """Minutes of clamps that were held."""
        return self.done[CLAMP].net_min if CLAMP in self.done else 0.0


@dataclass(frozen=True, slots=True)
class History:
    """A wearer's sessions, oldest first, and what they add up to; simulated ones are listed and count nowhere."""

    wearer: KnownWearer | None
    entries: tuple[Entry, ...]
    days: Mapping[date, Day]
    tape: tuple[TapeEntry, ...]
    plan: DayPlan
    practised: tuple[Practised, ...]
    relaxed: Trend | None
    squeezed: Trend | None
    notices: tuple[str, ...] = ()

    def standing(self, day: date) -> DayStanding:
        """The plan's goals and the streak on a day."""
        return day_standing(self.plan, self.practised, day)


def history(store: Store, wearer: str | None = None, progress: Progress | None = None) -> History:
    """The history of the wearer of this id, of the last one if None; the empty id is whoever is not named."""
    return history_of(store, indexed(store, progress), wearer)


def history_of(store: Store, found: Indexed, wearer: str | None = None) -> History:
    """The history of a wearer in an index that was read already."""
    wearers = Wearers(store.home)
    known = wearers.known()
    own_id = _own_id(wearers, wearer)
    # With one wearer alone, what names nobody is his.
    own_ids = {own_id, ""} if len(known) <= 1 else {own_id}
    entries = tuple(e for e in found.entries if e.simulated or e.wearer in own_ids)
    counted = [e for e in entries if e.counts]
    folder = wearers.folder(own_id)
    return History(
        wearer=next((w for w in known if w.id == own_id), None),
        entries=entries,
        days=_days(counted),
        tape=read_tape(folder),
        plan=read_plan(folder),
        practised=tuple(p for e in counted if (p := e.practised) is not None),
        relaxed=_trend((e.day, e.relaxed) for e in counted),
        squeezed=_trend((e.day, e.squeezed) for e in counted),
        notices=(*found.notices, *_notices(found, [w.id for w in known])),
    )


def _own_id(wearers: Wearers, wearer: str | None) -> str:
    if wearer is not None:
        return wearer
    last = wearers.last()
    return last.id if last else ""


def _notices(found: Indexed, known: list[str]) -> list[str]:
    """What of the store nobody's history can show, or what is to be done about it."""
    nobodys = sum(not e.simulated and e.wearer not in known for e in found.entries) if len(known) > 1 else 0
    told: list[str] = []
    if nobodys:
        text = ngettext(
            "{n} session names none of the wearers: `kneegap note SESSION --wearer NAME` says whose it is.",
            "{n} sessions name none of the wearers: `kneegap note SESSION --wearer NAME` says whose they are.",
            nobodys,
        )
        told.append(text.format(n=nobodys))
    if found.dead:
        text = _("Nothing is left in {folders}: `kneegap delete` removes what is.")
        told.append(text.format(folders=", ".join(found.dead[:3]) + (" …" if len(found.dead) > 3 else "")))
    return told


def _days(entries: Iterable[Entry]) -> dict[date, Day]:
    days: dict[date, dict[str, Done]] = {}
    for e in entries:
        if e.day is not None:
            done = days.setdefault(e.day, {})
            before, f = done.get(e.exercise, Done()), e.figures
            done[e.exercise] = replace(
                before,
                sessions=before.sessions + 1,
                net_min=before.net_min + f.net_s / 60,
                minutes=before.minutes + f.exercise_minutes,
                holds=before.holds + f.holds,
                good_repetitions=before.good_repetitions + f.good_repetitions,
            )
    return {day: Day(day, done) for day, done in sorted(days.items())}


def _trend(measured: Iterable[tuple[date | None, Measured | None]]) -> Trend | None:
    rows = [(float(day.toordinal()), m.value_mm, m.sd_mm) for day, m in measured if day is not None and m is not None]
    if not rows:
        return None
    day, value, sd = np.array(rows, dtype=np.float64).T
    return trend(day, value, sd)
