"""Lengths as people read them: whole millimetres with their uncertainty (95 %).

Invariant: the one place that puts millimetres into words; what is not known is said to be unknown.
"""

import math

from monitor.language import gettext as _
from monitor.store.entry import Measured

Z95 = 1.96


def length_text(length_m: float) -> str:
    """A length."""
    return f"{_whole_mm(length_m)} mm" if math.isfinite(length_m) else _("unknown")


def uncertain_text(length_m: float, sd_m: float | None) -> str:
    """A length with the half-width of its 95 % interval, where that is known."""
    if sd_m is None or not (math.isfinite(length_m) and math.isfinite(sd_m)):
        return length_text(length_m)
    return f"{_whole_mm(length_m)} ± {_whole_mm(Z95 * sd_m)} mm"


def measured_text(found: Measured | None) -> str:
    """What the checks of a session measured."""
    return uncertain_text(found.value_mm / 1e3, found.sd_mm / 1e3) if found else _("unknown")


def change_text(length_m: float) -> str:
    """A difference of lengths, with its sign."""
    return f"{1e3 * length_m:+.1f} mm" if math.isfinite(length_m) else _("unknown")


def _whole_mm(length_m: float) -> str:
    # Adding nothing turns the -0 of a rounded small negative into 0.
    return f"{round(1e3 * length_m) + 0}"
