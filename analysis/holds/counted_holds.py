"""Holds: counted clamps, by the contract's rule, from the gap and its standard deviation.

Invariant: a row without a gap neither breaks a span of closed or open knees nor counts towards its length; too many of
them in a row end whatever is running.
"""

from dataclasses import dataclass, field

from analysis.holds.gap_spans import BARRED, CLOSED, MISSING, OPEN, Extent, GapRows, Span, spans
from analysis.motion import GRID_HZ
from analysis.results import Hold, HoldVerdict


@dataclass(frozen=True, slots=True)
class HoldParams:
    """The contract's rule, and how sure the gap must be for a hold to be credited."""

    close_m: float = 0.010
    closed_min_s: float = 0.3
    open_m: float = 0.020
    open_min_s: float = 0.5
    grace_s: float = 1.0
    missing_max_s: float = 1.5
    # Mean probability, over a hold's rows, that the knees were in truth apart.
    doubt_max: float = 0.15
    # Probability that the knees were not closed, in the surest row of what started it.
    unclosed_max: float = 0.1
    # Share of a hold's rows that must be as surely closed as that.
    closed_share_min: float = 0.05


@dataclass(frozen=True, slots=True)
class RunningHold:
    """The hold that is on at the last row; one that ended less than the grace ago stands still."""

    start_s: float
    gross_s: float
    net_s: float
    lapses: int


@dataclass(slots=True)
class OpenHold:
    """A hold not yet closed for good; `end_s` is None while it runs, its end while a lapse may still join it."""

    start_s: float
    sure: bool = False
    end_s: float | None = None
    inside: Extent = field(default_factory=Extent)
    after: Extent = field(default_factory=Extent)
    lapses: int = 0
    lapse_s: float = 0.0

    def take(self, extent: Extent) -> None:
        """Adds rows to the side of the hold's end on which they lie."""
        (self.inside if self.end_s is None else self.after).add(extent)

    def join(self, start_s: float) -> None:
        """Goes on after a lapse that ended at `start_s`."""
        if self.end_s is not None:
            self.lapse_s += start_s - self.end_s
        self.lapses += 1
        self.inside.add(self.after)
        self.after, self.end_s = Extent(), None


class HoldStage:
    """Closed holds from gap rows, each as soon as nothing can change it any more."""

    def __init__(self, params: HoldParams | None = None, rate_hz: float = GRID_HZ) -> None:
        self._params = params or HoldParams()
        self._row_s = 1.0 / rate_hz
        self._hold: OpenHold | None = None
        self._run_kind = BARRED
        self._run_start_s = 0.0
        self._run = Extent()
        self._missing_start_s = 0.0
        self._missing_rows = 0
        self._now_s = 0.0

    @property
    def running(self) -> RunningHold | None:
        """The hold that is on at the last row pushed, or that has ended but may yet go on: none is gone untold."""
        hold = self._hold
        if hold is None:
            return None
        gross_s = (self._now_s if hold.end_s is None else hold.end_s) - hold.start_s
        return RunningHold(hold.start_s, gross_s, gross_s - hold.lapse_s, hold.lapses)

    def push(self, block: GapRows) -> tuple[Hold, ...]:
        """Holds that these rows close."""
        params = self._params
        closed: list[Hold] = []
        for span in spans(block, params.close_m, params.open_m, params.unclosed_max):
            closed += self._follow(span)
            self._now_s = span.end_s
        return tuple(closed)

    def finish(self) -> tuple[Hold, ...]:
        """The hold that the end of the session closes, if one is on."""
        return tuple(self._end_run(self._now_s + self._row_s, known=True))

    def _follow(self, span: Span) -> list[Hold]:
        if span.kind == MISSING:
            return self._miss(span)
        self._missing_rows = 0
        if span.kind == BARRED:
            return self._end_run(span.start_s, known=True)
        if span.kind != self._run_kind:
            self._retire_run()
            self._run_kind, self._run_start_s = span.kind, span.start_s
        self._run.add(span.extent)
        closed = self._close_after_grace(span) + self._start_surely()
        self._open_or_end()
        return closed + self._close_after_grace(span)

    def _start_surely(self) -> list[Hold]:
        """Ends a hold whose start was doubtful where the knees are surely closed, so that a sure one starts there."""
        hold, long_enough = self._hold, self._run_s >= self._params.closed_min_s
        surely = self._run_kind == CLOSED and long_enough and self._run_is_sure
        if hold is None or hold.sure or not surely:
            return []
        if self._run_start_s <= hold.start_s:
            hold.sure = True
            return []
        if hold.end_s is not None:
            hold.join(self._run_start_s)
        return self._close(hold, self._run_start_s, known=False)

    def _open_or_end(self) -> None:
        """Starts, joins or ends a hold once the run is long enough."""
        run_s, hold = self._run_s, self._hold
        if self._run_kind == CLOSED and run_s >= self._params.closed_min_s:
            if hold is None:
                self._hold = OpenHold(self._run_start_s, sure=self._run_is_sure)
            elif hold.end_s is not None:
                hold.join(self._run_start_s)
        ends = self._run_kind == OPEN and run_s >= self._params.open_min_s
        if ends and hold is not None and hold.end_s is None:
            hold.end_s = self._run_start_s

    def _close_after_grace(self, span: Span) -> list[Hold]:
        hold = self._hold
        if hold is None or hold.end_s is None:
            return []
        latest_s = hold.end_s + self._params.grace_s + 1e-9
        # Knees that closed within the grace may yet join.
        reached_s = self._run_start_s if self._run_kind == CLOSED else span.end_s
        return self._close(hold, hold.end_s, known=True) if reached_s > latest_s else []

    def _miss(self, span: Span) -> list[Hold]:
        if not self._missing_rows:
            self._missing_start_s = span.start_s
        self._missing_rows += span.extent.rows
        if self._missing_rows * self._row_s <= self._params.missing_max_s + 1e-9:
            return []
        return self._end_run(self._missing_start_s, known=False)

    def _end_run(self, end_s: float, known: bool) -> list[Hold]:
        """Closes what is running at `end_s`; a hold that had ended before stays as it was."""
        self._retire_run()
        self._run_kind = BARRED
        hold = self._hold
        if hold is None:
            return []
        if hold.end_s is None:
            return self._close(hold, end_s, known, cut=not known)
        return self._close(hold, hold.end_s, known=True)

    @property
    def _run_s(self) -> float:
        return self._run.rows * self._row_s + 1e-9

    @property
    def _run_is_sure(self) -> bool:
        return self._run.unclosed_min <= self._params.unclosed_max

    def _retire_run(self) -> None:
        if self._hold is not None:
            self._hold.take(self._run)
        self._run = Extent()

    def _close(self, hold: OpenHold, end_s: float, known: bool, cut: bool = False) -> list[Hold]:
        self._hold = None
        rows = max(hold.inside.rows, 1)
        params, inside = self._params, hold.inside
        closed = hold.sure and inside.closed_rows >= params.closed_share_min * rows
        sure = closed and inside.doubt_sum / rows <= params.doubt_max
        gross_s = end_s - hold.start_s
        return [
            Hold(
                start_s=hold.start_s,
                end_s=end_s,
                gross_s=gross_s,
                net_s=gross_s - hold.lapse_s,
                lapses=hold.lapses,
                mean_gap_m=hold.inside.gap_sum_m / rows,
                max_gap_m=hold.inside.gap_max_m,
                verdict=HoldVerdict.OK if known and sure else HoldVerdict.UNKNOWN,
                cut=cut and sure,
            )
        ]
