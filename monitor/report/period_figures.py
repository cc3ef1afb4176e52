"""A period's days as SVG figures.

Invariant: as in `figures`: said in words what it shows, nothing told by colour alone; a point names its value.
"""

from collections.abc import Sequence
from datetime import date

import numpy as np

from monitor.language import gettext as _
from monitor.report import svg
from monitor.report.figures import LEFT, RIGHT, WIDTH, framed
from monitor.report.period import Outcome, Period, Practice
from monitor.report.svg import Plot
from monitor.store.tape import Quantity, TapeEntry
from monitor.wording.lengths import Z95, uncertain_text

TAPED = {Quantity.RELAXED_GAP: "+", Quantity.SQUEEZED_GAP: "x"}
DAY_STEPS = (1, 2, 7, 14, 28, 56, 91, 182, 364)
MOST_DATES = 13
WIDEST_BAR = 22.0


def outcome_figure(practice: Practice) -> str:
    """Relaxed and squeezed gap by day with 95 % bars, the trend, and what a tape said; empty without any of them."""
    taped = [t for t in practice.tape if t.quantity in TAPED]
    outcomes = (practice.relaxed, practice.squeezed)
    tops = [m.value_mm + Z95 * m.sd_mm for o in outcomes for _day, m in o.measured] + [t.value_mm for t in taped]
    if not tops:
        return ""
    top = max(20.0, 1.1 * max(tops))
    plot = _plot(practice.period, 34.0, 210.0, top)
    parts = [_date_axes(plot, practice.period, svg.ticks(0.0, top, 6), "mm")]
    parts.append(svg.text(plot.x + 60, plot.y - 10, _legend(bool(taped)), "note"))
    for outcome, filled in zip(outcomes, (True, False), strict=True):
        parts.append(_trend_line(plot, outcome))
        parts += [_point(plot, day, m.value_mm, m.sd_mm, filled=filled) for day, m in outcome.measured]
    parts += [_taped(plot, t) for t in taped]
    return framed(parts, 280.0, _("Relaxed and squeezed knee gap by day."))


def minutes_figure(practice: Practice, goal_min: float | None) -> str:
    """Held minutes of clamping a day as bars, with the goal as a line, and counted holds below."""
    minutes = {d.day: d.clamp_min for d in practice.days}
    holds = {d.day: float(sum(done.holds for done in d.done.values())) for d in practice.days}
    top = max(10.0, 1.1 * max([*minutes.values(), goal_min or 0.0], default=0.0))
    most = max(2.0, *holds.values(), 0.0) if holds else 2.0
    upper = _plot(practice.period, 34.0, 110.0, top)
    lower = _plot(practice.period, 180.0, 44.0, most)
    parts = [svg.text(upper.x, upper.y - 8, _("minutes together a day"), "unit"), *_grid(upper, svg.ticks(0, top, 4))]
    parts += [_bar(upper, day, value, _("{day}: {value:.1f} min")) for day, value in minutes.items() if value > 0]
    if goal_min:
        _x, y = upper.at(upper.x_from, goal_min)
        parts.append(svg.line(upper.x, y, upper.x + upper.width, y, "limit"))
        parts.append(
            svg.text(upper.x + upper.width, y - 4, _("goal {minutes:.0f} min").format(minutes=goal_min), "note", "end")
        )
    parts.append(_date_axes(lower, practice.period, [0.0, most], _("holds a day")))
    parts += [_bar(lower, day, value, _("{day}: {value:.0f} holds")) for day, value in holds.items() if value > 0]
    return framed(parts, 250.0, _("Minutes together and counted holds on each day."))


def _plot(period: Period, y: float, height: float, top: float) -> Plot:
    first = float(period.first.toordinal())
    return Plot(LEFT, y, WIDTH - LEFT - RIGHT, height, first - 0.5, first + period.length - 0.5, 0.0, top)


def _grid(plot: Plot, ticks: Sequence[float]) -> list[str]:
    out: list[str] = []
    for value in ticks:
        _x, y = plot.at(plot.x_from, value)
        out.append(svg.line(plot.x, y, plot.x + plot.width, y, "grid"))
        out.append(svg.text(plot.x - 5, y + 4, f"{value:g}", "tick", "end"))
    return out


def _date_axes(plot: Plot, period: Period, ticks: Sequence[float], unit: str) -> str:
    out = [svg.text(plot.x, plot.y - 10, unit, "unit"), *_grid(plot, ticks)]
    step = next((s for s in DAY_STEPS if period.length / s <= MOST_DATES), period.length)
    bottom = plot.y + plot.height
    for day in period.days[::step]:
        x, _y = plot.at(day.toordinal(), 0.0)
        out.append(svg.line(x, bottom, x, bottom + 4, "axis"))
        out.append(
            svg.text(x, bottom + 17, f"{day:%m-%d}" if period.length <= 364 else f"{day:%Y-%m}", "tick", "middle")
        )
    out.append(svg.line(plot.x, bottom, plot.x + plot.width, bottom, "axis"))
    return "".join(out)


def _legend(taped: bool) -> str:
    words = _("● relaxed · ○ squeezed · bars: 95 %")
    return words + " · " + _("+ x relaxed and squeezed, by tape") if taped else words


def _trend_line(plot: Plot, outcome: Outcome) -> str:
    """The robust line through the measurements, only where its change is said."""
    found = outcome.trend
    if found is None or not found.announced:
        return ""
    day = np.array([float(d.toordinal()) for d, _m in outcome.measured])
    value = np.array([m.value_mm for _d, m in outcome.measured])
    middle = float(np.median(value - found.slope_per_day * (day - day.mean())))
    ends = np.array([day.min(), day.max()])
    return svg.path(plot.px(ends), plot.py(middle + found.slope_per_day * (ends - day.mean())), "curve dashed")


def _point(plot: Plot, day: date, value_mm: float, sd_mm: float, *, filled: bool) -> str:
    x, y = plot.at(day.toordinal(), value_mm)
    _x, low = plot.at(day.toordinal(), value_mm - Z95 * sd_mm)
    _x, high = plot.at(day.toordinal(), value_mm + Z95 * sd_mm)
    words = f"{day.isoformat()}: {uncertain_text(value_mm / 1e3, sd_mm / 1e3)}"
    return svg.line(x, low, x, high, "bar") + svg.dot(x, y, 4.5, "dot" if filled else "ring", words)


def _taped(plot: Plot, entry: TapeEntry) -> str:
    x, y = plot.at(entry.day.toordinal(), entry.value_mm)
    return svg.text(x + 10, y + 5, TAPED[entry.quantity], "note", "middle")


def _bar(plot: Plot, day: date, value: float, words: str) -> str:
    width = min(0.7 * plot.width / (plot.x_to - plot.x_from), WIDEST_BAR)
    x, y = plot.at(day.toordinal(), value)
    title = words.format(day=day.isoformat(), value=value)
    return svg.box(x - width / 2, y, width, plot.y + plot.height - y, "amount", title)
