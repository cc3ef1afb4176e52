"""A session's curves as SVG figures.

Invariant: a figure says in words what it shows and carries no information by colour alone.
"""

import json
from html import escape

import numpy as np

from analysis.results import CheckRow, DriftEvent, GapSeries, Hold, HoldVerdict, Tables
from monitor.language import gettext as _
from monitor.report import svg
from monitor.report.svg import Plot
from monitor.wording import names
from monitor.wording.lengths import Z95
from sensor.markers import Label, Marker
from sensor.samples import Floats, Placement

WIDTH = 960.0
LEFT, RIGHT = 46.0, 14.0
COLUMNS = 900
LONGEST_LABEL = 24
HOLD_STARTS_MM, HOLD_ENDS_MM = 10.0, 20.0
HATCH = (
    '<defs><pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    '<rect width="6" height="6" class="hatchground"/><line x1="0" y1="0" x2="0" y2="6" class="hatch"/></pattern></defs>'
)
_DASH = {Placement.LEFT_THIGH: "curve", Placement.RIGHT_THIGH: "curve dashed"}


def span_s(tables: Tables) -> tuple[float, float]:
    """First and last session second that figures show."""
    time_s = tables.gap.time_s
    if not len(time_s):
        return 0.0, 1.0
    return max(float(time_s[0]), 0.0), max(float(time_s[-1]), 1.0)


def gap_figure(tables: Tables, markers: tuple[Marker, ...]) -> str:
    """The gap with its 95 % band, hold zones, holds and markers."""
    start_s, end_s = span_s(tables)
    gap = _since(tables.gap, start_s)
    top = _ceiling(1e3 * gap.gap_m)
    plot = Plot(LEFT, 34.0, WIDTH - LEFT - RIGHT, 230.0, start_s, end_s, 0.0, top)
    parts = [HATCH, _zone(plot), svg.axes(plot, svg.ticks(0.0, top, 6), "mm")]
    parts += [_hold_boxes(plot, tables), _marker_lines(plot, markers), _gap_curve(plot, gap)]
    _x, ends = plot.at(0.0, HOLD_ENDS_MM)
    parts.append(svg.line(plot.x, ends, plot.x + plot.width, ends, "limit"))
    words = _("Knee gap over time with its 95 % band; counted holds are hatched along the bottom.")
    return framed(parts, 290.0, words, plot, _hover(gap, tables.holds, markers))


def tension_figure(tables: Tables) -> str:
    """Tension of each strap in % of donning."""
    start_s, end_s = span_s(tables)
    series = [s for s in tables.tightness if np.isfinite(s.tension).any()]
    values = np.concatenate([1e2 * s.tension for s in series]) if series else np.array([])
    known = values[np.isfinite(values)]
    if not len(known):
        return ""
    low, high = min(float(known.min()) - 2, 90.0), max(float(known.max()) + 2, 104.0)
    plot = Plot(LEFT, 34.0, WIDTH - LEFT - RIGHT, 130.0, start_s, end_s, low, high)
    parts = [svg.axes(plot, svg.ticks(low, high, 5), _("% of donned"))]
    for row, s in enumerate(series):
        time_s, lowest, highest = svg.columns(s.time_s, 1e2 * s.tension, COLUMNS)
        kind = _DASH.get(s.placement, "curve dotted")
        parts.append(svg.path(plot.px(time_s), plot.py((lowest + highest) / 2), kind))
        x = plot.x + 120 + 190 * row
        parts.append(svg.line(x, 23, x + 34, 23, kind))
        parts.append(svg.text(x + 40, 27, names.strap_name(s.placement), "note"))
    return framed(parts, 190.0, _("Tension of each strap relative to when it was put on."))


def check_figure(check: tuple[CheckRow, ...]) -> str:
    """Relaxed and squeezed gap of each repetition with 95 % bars."""
    values = [v for r in check for v in (r.relaxed_m, r.squeezed_m) if np.isfinite(v)]
    if not values:
        return ""
    top = _ceiling(1e3 * np.array(values))
    plot = Plot(LEFT, 34.0, 420.0, 200.0, 0.5, len(check) + 0.5, 0.0, top)
    parts = [svg.text(plot.x, plot.y - 6, "mm", "unit")]
    for value in svg.ticks(0.0, top, 6):
        _x, y = plot.at(1.0, value)
        parts.append(svg.line(plot.x, y, plot.x + plot.width, y, "grid"))
        parts.append(svg.text(plot.x - 5, y + 4, f"{value:g}", "tick", "end"))
    for i, row in enumerate(check):
        parts.append(_check_point(plot, i + 0.85, row.relaxed_m, row.relaxed_sd_m, filled=True))
        parts.append(_check_point(plot, i + 1.15, row.squeezed_m, row.squeezed_sd_m, filled=False))
        x, _y = plot.at(i + 1.0, 0.0)
        parts.append(svg.text(x, plot.y + plot.height + 17, str(i + 1), "tick", "middle"))
    parts.append(svg.text(plot.x + 60, plot.y - 6, _("● relaxed · ○ squeezed · bars: 95 %"), "note"))
    return framed(parts, 260.0, _("Relaxed and squeezed gap of each repetition."))


def drift_strip(events: tuple[DriftEvent, ...], start_s: float, end_s: float, names: list[str]) -> str:
    """One bar per cause along the session's time."""
    if not events:
        return ""
    height = 20.0 * len(events)
    plot = Plot(LEFT, 14.0, WIDTH - LEFT - RIGHT, height, start_s, end_s, 0.0, 1.0)
    parts = [svg.axes(plot, [], "")]
    for row, (event, name) in enumerate(zip(events, names, strict=True)):
        x0, _y = plot.at(max(event.start_s, start_s), 0.0)
        x1, _y = plot.at(min(event.end_s, end_s), 0.0)
        y = 14.0 + 20.0 * row
        parts.append(svg.box(x0, y + 4, max(x1 - x0, 3.0), 11.0, "cause", name))
        parts.append(_beside(plot, x0, x1, y + 14, name))
    return framed(parts, height + 40.0, _("When each cause of drift was at work."))


def marker_value(marker: Marker) -> str:
    """The text behind a marker; an exercise by its name for people."""
    return names.exercise_name(marker.value) if marker.label == Label.EXERCISE and marker.value else marker.value


def _beside(plot: Plot, x0: float, x1: float, y: float, name: str) -> str:
    """A bar's label to its right, else to its left, else in its middle: wherever the figure has the room."""
    width = svg.text_width(name)
    if x1 + 6 + width <= plot.x + plot.width:
        return svg.text(x1 + 6, y, name, "note")
    if x0 - 6 - width >= plot.x:
        return svg.text(x0 - 6, y, name, "note", "end")
    x = (x0 + x1 - width) / 2
    return svg.box(x - 3, y - 13, width + 4, 17, "ground") + svg.text(x, y, name, "note")


def framed(parts: list[str], height: float, words: str, plot: Plot | None = None, hover: str = "") -> str:
    """The parts as a figure; `hover` is what can be read out over `plot`."""
    data = f" data-hover='{escape(hover)}' data-x='{plot.x}' data-w='{plot.width}'" if plot and hover else ""
    body = "".join(parts)
    return f'<svg viewBox="0 0 {WIDTH:g} {height:g}" role="img" aria-label="{escape(words)}"{data}>{body}</svg>'


def _zone(plot: Plot) -> str:
    _x, y = plot.at(0.0, HOLD_STARTS_MM)
    return svg.box(plot.x, y, plot.width, plot.y + plot.height - y, "zone")


def _hold_words(hold: Hold) -> str:
    return _("hold {start} to {end}, {seconds:.0f} s together, {verdict}").format(
        start=svg.clock(hold.start_s),
        end=svg.clock(hold.end_s),
        seconds=hold.net_s,
        verdict=names.hold_verdict_name(hold.verdict),
    )


def _hold_boxes(plot: Plot, tables: Tables) -> str:
    out: list[str] = []
    for hold in tables.holds:
        x0, y = plot.at(hold.start_s, 0.0)
        x1, _y = plot.at(hold.end_s, 0.0)
        kind = "hold" if hold.verdict is HoldVerdict.OK else "hold unsure"
        out.append(svg.box(x0, y - 9, max(x1 - x0, 1.0), 9.0, kind, _hold_words(hold)))
    return "".join(out)


def _marker_words(marker: Marker) -> str:
    if marker.label == Label.EXERCISE and marker.value:
        return marker_value(marker)
    return " ".join(word for word in (names.marker_name(marker.label), marker.value) if word)


def _marker_lines(plot: Plot, markers: tuple[Marker, ...]) -> str:
    out: list[str] = []
    free_x = -np.inf
    for marker in sorted(markers, key=lambda m: m.start_s):
        if not plot.x_from <= marker.start_s <= plot.x_to:
            continue
        x, _y = plot.at(marker.start_s, 0.0)
        out.append(svg.line(x, plot.y, x, plot.y + plot.height, "marker"))
        name = _short(_marker_words(marker))
        width = svg.text_width(name)
        # A label without room is left to what the page says under the pointer.
        if x >= free_x and x + 3 + width <= plot.x + plot.width:
            out.append(svg.text(x + 3, plot.y + 10, name, "note"))
            free_x = x + 8 + width
    return "".join(out)


def _short(name: str) -> str:
    return name if len(name) <= LONGEST_LABEL else name[: LONGEST_LABEL - 1] + "…"


def _gap_curve(plot: Plot, gap: GapSeries) -> str:
    if not len(gap.time_s):
        return ""
    time_s, low, high = svg.columns(gap.time_s, 1e3 * gap.gap_m, COLUMNS)
    _t, _low, sd_mm = svg.columns(gap.time_s, 1e3 * gap.sd_m, COLUMNS)
    x = plot.px(time_s)
    wide = svg.band(x, plot.py(low - Z95 * sd_mm), plot.py(high + Z95 * sd_mm), "band")
    inside = svg.band(x, plot.py(low), plot.py(high), "range")
    return wide + inside + svg.path(x, plot.py((low + high) / 2), "curve")


def _hover(gap: GapSeries, holds: tuple[Hold, ...], markers: tuple[Marker, ...]) -> str:
    """What the page's script reads out under the pointer: time, gap and its 95 %; what was going on; its words."""
    if not len(gap.time_s):
        return ""
    time_s, low, high = svg.columns(gap.time_s, 1e3 * gap.gap_m, COLUMNS // 2)
    _t, _low, sd_mm = svg.columns(gap.time_s, 1e3 * gap.sd_m, COLUMNS // 2)
    rows = zip(time_s, (low + high) / 2, Z95 * sd_mm, strict=True)
    known = [[round(float(v), 1) if np.isfinite(v) else None for v in row] for row in rows]
    spans = [[round(h.start_s, 1), round(h.end_s, 1), _hold_words(h)] for h in holds]
    spans += [[round(m.start_s, 1), round(m.end_s, 1), _marker_words(m)] for m in markers if np.isfinite(m.end_s)]
    return json.dumps({"rows": known, "spans": spans, "unknown": _("unknown")}, separators=(",", ":"))


def _check_point(plot: Plot, at: float, gap_m: float, sd_m: float, *, filled: bool) -> str:
    if not np.isfinite(gap_m):
        return ""
    x, y = plot.at(at, 1e3 * gap_m)
    reach_mm = 1e3 * Z95 * sd_m if np.isfinite(sd_m) else 0.0
    _x, low = plot.at(at, 1e3 * gap_m - reach_mm)
    _x, high = plot.at(at, 1e3 * gap_m + reach_mm)
    dot = svg.dot(x, y, 5.5, "dot" if filled else "ring")
    side = svg.text(x + 9, y + 4, f"{1e3 * gap_m:.0f}", "note")
    return svg.line(x, low, x, high, "bar") + dot + side


def _ceiling(values_mm: Floats) -> float:
    known = values_mm[np.isfinite(values_mm)]
    top = float(np.percentile(known, 99.5)) if len(known) else 0.0
    return next((c for c in (30.0, 40.0, 60.0, 80.0, 120.0, 160.0, 240.0) if c > 1.05 * top), 320.0)


def _since(gap: GapSeries, start_s: float) -> GapSeries:
    use = gap.time_s >= start_s
    return GapSeries(gap.time_s[use], gap.gap_m[use], gap.sd_m[use], gap.contact[use])
