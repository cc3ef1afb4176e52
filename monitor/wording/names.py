"""What the terms of the data are called for people, in the wearer's language.

Invariant: a term that is not known here, such as a marker's label of one's own, is shown as it is.
"""

from collections.abc import Mapping

from analysis.results import Cause, HoldVerdict, Posture, RepVerdict, Side
from monitor.language import N_
from monitor.language import gettext as _
from sensor.markers import Label
from sensor.samples import Placement

_EXERCISES: Mapping[str, str] = {
    "check": N_("Check"),
    "clamp": N_("Clamp"),
    "knees_in": N_("Knees in"),
    "seated_twist": N_("Seated twist"),
    "lying_press": N_("Lying press"),
    "walk": N_("Walk"),
    "wrap": N_("Wrap"),
    "squat": N_("Squat"),
}
_STRAPS: Mapping[Placement, str] = {
    Placement.LEFT_THIGH: N_("Left strap"),
    Placement.RIGHT_THIGH: N_("Right strap"),
    Placement.LEFT_SHANK: N_("Left shank"),
    Placement.RIGHT_SHANK: N_("Right shank"),
    Placement.LEFT_FOOT: N_("Left foot"),
    Placement.RIGHT_FOOT: N_("Right foot"),
    Placement.PELVIS: N_("Pelvis"),
}
# Translators: these stand for {strap} in sentences such as "The {strap} strap slid".
_PLACES: Mapping[Placement, str] = {
    Placement.LEFT_THIGH: N_("left"),
    Placement.RIGHT_THIGH: N_("right"),
    Placement.LEFT_SHANK: N_("left shank"),
    Placement.RIGHT_SHANK: N_("right shank"),
    Placement.LEFT_FOOT: N_("left foot"),
    Placement.RIGHT_FOOT: N_("right foot"),
    Placement.PELVIS: N_("pelvis"),
}
_SIDES: Mapping[str, str] = {
    Side.LEFT: N_("left"),
    Side.RIGHT: N_("right"),
    Side.BOTH: N_("both knees"),
    "squat": N_("squats"),
}
_POSTURES: Mapping[str, str] = {
    Posture.STANDING: N_("standing"),
    Posture.SITTING: N_("sitting"),
    Posture.LYING: N_("lying"),
    Posture.WALKING: N_("walking"),
}
_VERDICTS: Mapping[str, str] = {
    RepVerdict.OK: N_("complete"),
    RepVerdict.SHORT: N_("not complete"),
    RepVerdict.UNKNOWN: N_("could not be judged"),
}
_HOLD_VERDICTS: Mapping[str, str] = {HoldVerdict.OK: N_("counted"), HoldVerdict.UNKNOWN: N_("could not be judged")}
_REASONS = (N_("released early"), N_("samples were lost"), N_("turned in less than half-way"))
_CAUSES: Mapping[str, str] = {
    Cause.OPENING: N_("knees opening"),
    Cause.SLIP: N_("slip"),
    Cause.LOOSENING: N_("loosening"),
    Cause.TIGHTENING: N_("tightening"),
    Cause.CREEP: N_("settling"),
    Cause.HEADING: N_("direction drift"),
    Cause.DATA_GAP: N_("no data"),
}
_MARKERS: Mapping[str, str] = {
    Label.TABLE: N_("table rest"),
    Label.TOUCH: N_("knees touch"),
    Label.SPACER: N_("spacer"),
    Label.LEG_RAISE: N_("leg raise"),
    Label.EXERCISE: N_("exercise"),
    Label.RELAXED: N_("relaxed"),
    Label.SQUEEZED: N_("squeezed"),
    Label.POSTURE: N_("posture"),
    Label.PAIN: N_("pain"),
    Label.NUMBNESS: N_("numbness"),
    Label.TOES_STRAIGHT: N_("toes straight"),
    "mark": N_("marker"),
}


def exercise_name(exercise: str | None) -> str:
    """An exercise."""
    return _(_EXERCISES.get(exercise, _plain(exercise).capitalize())) if exercise else _("Session")


def strap_name(placement: Placement) -> str:
    """A strap, where it stands alone."""
    return _(_STRAPS[placement])


def strap_place(placement: Placement | None) -> str:
    """Where a strap sits, for `{strap}` in a sentence."""
    return "" if placement is None else _(_PLACES[placement])


def side_name(side: str) -> str:
    """What repetitions are counted by: a side of the body, or squats."""
    return _(_SIDES.get(side, side))


def posture_name(posture: str) -> str:
    """A posture."""
    return _(_POSTURES.get(posture, posture))


def verdict_name(verdict: RepVerdict) -> str:
    """What was thought of a repetition."""
    return _(_VERDICTS[verdict])


def hold_verdict_name(verdict: HoldVerdict) -> str:
    """What was thought of a hold."""
    return _(_HOLD_VERDICTS[verdict])


def reason_text(reason: str) -> str:
    """Why a repetition was not complete."""
    return _(reason)


def cause_name(cause: str) -> str:
    """A cause of drift."""
    return _(_CAUSES.get(cause, _plain(cause)))


def marker_name(label: str) -> str:
    """A marker's label."""
    return _(_MARKERS.get(label, _plain(label)))


def _plain(term: str) -> str:
    return term.replace("_", " ")
