"""What the wearer is told at the end."""

from collections.abc import Mapping

from monitor.coach.signals import Ending
from monitor.language import N_
from monitor.language import gettext as _
from monitor.wording.names import strap_place
from sensor.samples import Placement

_ADVICE: Mapping[Ending, str] = {
    Ending.FINISHED: N_("Finished."),
    Ending.STOPPED: N_("Stopped. What was recorded is kept."),
    Ending.PAIN: N_("Stop. Let go, loosen straps and band, rest. If the pain stays, ask a doctor."),
    Ending.NUMBNESS: N_("Stop. Loosen straps and band now, move your feet. If feeling does not return, ask a doctor."),
    Ending.NO_ANSWER: N_("No answer: stopped to be safe. Untie and loosen everything."),
    Ending.NOT_TODAY: N_("Not today: this exercise is not for you now. Ask a professional first."),
    Ending.LEFT: N_("Nobody came back, so the session was ended. What was recorded is kept and can be continued."),
}


def advice(ending: Ending) -> str:
    """What to do now."""
    return _(_ADVICE[ending])


def swapped_text() -> str:
    """That straps sit on each other's legs, which needs nothing to be done."""
    return _("The straps are on each other's legs. That is put right: leave them as they are and go on.")


def turned_text(placement: Placement) -> str:
    """What to do with a strap that has turned round the leg: the gap is less sure until the knees touch again."""
    said = _("The {strap} strap has turned on your leg. Leave it as it is, and touch your knees together once.")
    return said.format(strap=strap_place(placement))
