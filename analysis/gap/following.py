"""The filter of the slow errors, led from tick to tick.

Invariant: a step depends on the ticks up to it, on the slips that it is told of and, where somebody knows better, on
whether the knees touch.
"""

from dataclasses import dataclass, field, replace
from math import isnan
from typing import Protocol, Self

from analysis.gap.corrections import Corrections
from analysis.gap.gap_filter import (
    TICK_S,
    Errors,
    GapFilterParams,
    Tick,
    can_meet,
    correct,
    correct_cord,
    inertial_gap,
    meet,
    predict,
    rise,
    slip,
    stay,
)
from analysis.gap.gap_slips import SlipNow
from analysis.gap.heading import Geometry
from analysis.gap.smoothing import FilterRecord

TURNED = 5  # place of `turned_rad` in a tick's values


class KnownSlips(Protocol):
    """What is known of slips, at each step."""

    def at(self, end_s: float, since_s: float) -> list[SlipNow]:
        """Slips that count at the step that ends at `end_s`."""
        ...

    def note(self, end_s: float, gap_m: float) -> None:
        """Remembers the filter's gap after a step."""
        ...


@dataclass(slots=True)
class Nearness:
    """Steps (their ends) and whether the knees could touch there."""

    time_s: list[float] = field(default_factory=list[float])
    possible: list[bool] = field(default_factory=list[bool])


@dataclass(slots=True)
class Following:
    """The filter after the tick that ended at `noted_s`, and what is kept of its way."""

    errors: Errors
    noted_s: float
    taped: Geometry
    params: GapFilterParams
    nearness: Nearness | None = None
    record: FilterRecord | None = None
    corrections: Corrections | None = None

    def beginning(self) -> Self:
        """The same state, to be led anew."""
        e = self.errors
        return replace(self, errors=replace(e, x=e.x.copy(), p=e.p.copy()), nearness=None, corrections=None)

    def step(
        self,
        end_s: float,
        values: tuple[float, ...],
        slips: KnownSlips,
        *,
        can_touch: bool,
        touching: bool | None = None,
    ) -> bool:
        """Takes in a tick (`values` of `Ticks` without the first), if anything: while nothing moves only now and then.

        Whether the knees touch is told from the tremor so far where `touching` does not say it.
        """
        e, p = self.errors, self.params
        as_before = touching is None or touching == e.touching
        if as_before and values[TURNED] < p.still_rad and round(end_s / TICK_S) % round(p.still_every_s / TICK_S):
            return False
        tick = Tick(end_s - self.noted_s, *values)
        predict(e, tick, p)
        e.shifted = 0.0
        moves = not isnan(tick.relative_rad)
        if moves:
            rise(e, tick, p)
            meet(e, self._touching(tick, can_touch=can_touch) if touching is None else touching, p)
        now = slips.at(end_s, tick.since_s)
        for s in now:
            slip(e, s.turned_rad, s.share, self.taped, p)
        if self.record is not None:
            self.record.note_before(e)
        if moves:
            for s in now:
                stay(e, s.gap_before_m, tick, self.taped, p)
            gaps_m = correct(e, tick, self.taped, p)
            gap_m = inertial_gap(e.x, tick, self.taped).gap_m
            slips.note(end_s, gap_m)
            if self.corrections is not None:
                self.corrections.add(end_s, (*gaps_m, gap_m))
        else:
            correct_cord(e, tick, p)
        if self.record is not None:
            self.record.note_after(e, end_s, tick.since_s)
        self.noted_s = end_s
        return True

    def _touching(self, tick: Tick, *, can_touch: bool) -> bool:
        """Whether the knees touch, from the tremor up to now."""
        e, p = self.errors, self.params
        possible = can_touch and can_meet(e, tick, self.taped, p)
        if self.nearness is not None:
            self.nearness.time_s.append(self.noted_s + tick.since_s)
            self.nearness.possible.append(possible)
        return possible and tick.touch_odds > (p.apart_odds if e.touching else p.touch_odds)
