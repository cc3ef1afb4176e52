"""A session as it was chosen: the plan, what is asked before, the calibration, and what is kept of the wearer.

Invariant: nothing of a simulated session is kept of a wearer, and he is asked nothing for it.
"""

from datetime import datetime

from monitor.coach.plan import Calibration, Plan
from monitor.coach.plans import load_calibration, load_plan
from monitor.coach.safety import SafetyKeeper, first_questions
from monitor.guided.guide import Guided
from monitor.guided.resume import resumed, unfinished
from monitor.guided.spacer import TENNIS_BALL_MM, own_spacer_mm
from monitor.history.totals import history
from monitor.live_window.start_offer import StartChoice
from monitor.settings import read_settings
from monitor.store import Store
from monitor.store.wearers import Wearers
from sensor.errors import KneeGapError

DESK = "desk"


class NothingToResume(KneeGapError):
    """There is no session that could go on."""

    def __init__(self) -> None:
        super().__init__("no session of the last three hours was broken off: start one without --resume")


def prepared(choice: StartChoice, store: Store, spacer_mm: float | None, *, simulated: bool, mute: bool) -> Guided:
    """What `guide` needs; `spacer_mm` None takes the wearer's own spacer."""
    wearers = Wearers(store.home)
    known = None if simulated else wearers.find(choice.wearer) if choice.wearer else wearers.last()
    folder = wearers.folder(known.id if known else "")
    return Guided(
        _plan(choice, store),
        _calibration(choice),
        known.sizes if known else None,
        (spacer_mm or TENNIS_BALL_MM) if simulated else own_spacer_mm(folder, spacer_mm),
        simulated=simulated,
        mute=mute,
        worn_by=known.id if known else "",
        first=() if simulated else first_questions(folder),
        settings=read_settings(store.home),
        desk=choice.desk,
        observers=() if simulated else (SafetyKeeper(folder),),
    )


def _plan(choice: StartChoice, store: Store) -> Plan:
    if choice.desk:
        return load_plan(DESK)
    if not choice.resume:
        return load_plan(choice.exercise)
    found = unfinished(history(store, choice.wearer or None), datetime.now().astimezone())
    if found is None:
        raise NothingToResume
    return resumed(load_plan(found.exercise), found.share)


def _calibration(choice: StartChoice) -> Calibration:
    return load_calibration("calibration" if choice.calibrate else "calibration_short")
