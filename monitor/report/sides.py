"""Left against right: a row for everything that was measured on both sides.

Invariant: medians over what is known; a row is left out where neither side is known.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from analysis.results import Repetition, RepVerdict, Side, Tables
from monitor.language import gettext as _
from sensor.samples import Placement

SIDES = (Side.LEFT, Side.RIGHT)
TENSION = {Side.LEFT: Placement.LEFT_THIGH, Side.RIGHT: Placement.RIGHT_THIGH}


@dataclass(frozen=True, slots=True)
class Sided:
    """A quantity of both sides, in words."""

    quantity: str
    left: str
    right: str


def side_rows(tables: Tables) -> tuple[Sided, ...]:
    """What can be compared."""
    done = tables.repetitions
    one_sided = [r for r in done if r.side in SIDES]
    rows: list[Sided] = []
    if one_sided:
        complete = [str(sum(r.verdict is RepVerdict.OK for r in one_sided if r.side is side)) for side in SIDES]
        rows.append(Sided(_("complete repetitions"), *complete))
    rows += _row(_("range of movement"), _degrees, lambda side: _ranges(one_sided, side))
    rows += _row(_("part of the way"), _percent, lambda side: _shares(done, side))
    rows += _row(_("toes point out by"), _degrees, lambda side: _toes(tables, side))
    rows += _row(_("strap tension at the end"), _percent, lambda side: _tension(tables, side))
    return tuple(rows)


def lag_sentence(repetitions: Sequence[Repetition]) -> str:
    """Which knee starts later; empty where that is not known."""
    lags_s = [r.movement.left_lag_s for r in repetitions if np.isfinite(r.movement.left_lag_s)]
    if not lags_s:
        return ""
    lag_s = float(np.median(lags_s))
    words = (
        _("The left knee starts {seconds:.1f} s after the right (median).")
        if lag_s > 0
        else _("The right knee starts {seconds:.1f} s after the left (median).")
    )
    return words.format(seconds=abs(lag_s)) if abs(lag_s) >= 0.05 else _("Both knees start together.")


def _row(quantity: str, text: Callable[[float], str], values: Callable[[Side], Sequence[float]]) -> list[Sided]:
    found = [np.array([v for v in values(side) if np.isfinite(v)]) for side in SIDES]
    if not any(len(f) for f in found):
        return []
    left, right = (text(float(np.median(f))) if len(f) else _("unknown") for f in found)
    return [Sided(quantity, left, right)]


def _ranges(repetitions: Sequence[Repetition], side: Side) -> list[float]:
    return [r.movement.range_rad for r in repetitions if r.side is side]


def _shares(repetitions: Sequence[Repetition], side: Side) -> list[float]:
    left = [r.movement.left_share for r in repetitions]
    return left if side is Side.LEFT else [1.0 - share for share in left]


def _toes(tables: Tables, side: Side) -> list[float]:
    return [s.foot_progression_rad for s in tables.steps if s.side is side]


def _tension(tables: Tables, side: Side) -> list[float]:
    known = [s.tension[np.isfinite(s.tension)] for s in tables.tightness if s.placement is TENSION[side]]
    return [float(k[-1]) for k in known if len(k)]


def _degrees(angle_rad: float) -> str:
    return f"{np.degrees(angle_rad):.0f}°"


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"
